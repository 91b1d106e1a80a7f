public import Evidence
public import StudyProtocol

/// One study in a list (`GET /v1/studies`).
public struct StudySummary: Codable, Hashable, Sendable {
    public let id: StudyID
    public let identifier: ProtocolIdentifier
    public let version: String
    public let title: LocalizedText
    public let sponsor: String
    public let studyProtocol: Digest
    public let state: StudyState
    public let submitted: Timestamp
    public let expires: Timestamp

    public init(
        id: StudyID, identifier: ProtocolIdentifier, version: String, title: LocalizedText, sponsor: String,
        studyProtocol: Digest, state: StudyState, submitted: Timestamp, expires: Timestamp
    ) {
        self.id = id
        self.identifier = identifier
        self.version = version
        self.title = title
        self.sponsor = sponsor
        self.studyProtocol = studyProtocol
        self.state = state
        self.submitted = submitted
        self.expires = expires
    }

    enum CodingKeys: String, CodingKey {
        case id, identifier, version, title, sponsor
        case studyProtocol = "protocol"
        case state, submitted, expires
    }
}

/// The answer to `GET /v1/studies`.
public struct StudyList: Codable, Hashable, Sendable {
    public let studies: [StudySummary]

    public init(studies: [StudySummary]) { self.studies = studies }

    enum CodingKeys: String, CodingKey {
        case studies
    }
}

/// The answer to `POST /v1/studies` and `GET /v1/studies/{id}`.
public struct StudyStatus: Codable, Hashable, Sendable {
    public let summary: StudySummary
    /// Counts the study's changes: pass it as `since` to wait for the next one.
    public let revision: Int
    /// One for each invited site, in the protocol's order.
    public let sites: [SiteProgress]

    public init(summary: StudySummary, revision: Int, sites: [SiteProgress]) {
        self.summary = summary
        self.revision = revision
        self.sites = sites
    }

    enum CodingKeys: String, CodingKey {
        case summary, revision, sites
    }
}

/// Where one site stands in a study.
public struct SiteProgress: Codable, Hashable, Sendable {
    public let site: SiteID
    public let code: JobStatusCode
    /// The fixed code that goes with `refused`, `declined` and `failed`.
    public let reason: String?
    /// Nil until the site has enrolled and its job is signed.
    public let job: Digest?
    /// Nil until the site has released.
    public let release: Digest?
    public let updated: Timestamp

    public init(site: SiteID, status: JobStatus, job: Digest?, release: Digest?, updated: Timestamp) {
        self.site = site
        code = status.code
        reason = status.reason
        self.job = job
        self.release = release
        self.updated = updated
    }

    enum CodingKeys: String, CodingKey {
        case site, code, reason, job, release, updated
    }
}

/// Where a study stands as a whole.
public enum StudyState: String, Codable, Hashable, Sendable, CaseIterable {
    /// At least one site may still release.
    case running
    /// Every invited site has released.
    case complete
    /// Nothing more will come, and some but not all sites have released.
    case partial
    /// Nothing more will come, and nothing came.
    case failed

    /// The state that the sites' states make.
    public init(sites: some Collection<JobStatusCode>) {
        let released = sites.filter { $0 == .released }.count
        if !sites.allSatisfy(\.isTerminal) {
            self = .running
        } else if released == 0 {
            self = .failed
        } else {
            self = released == sites.count ? .complete : .partial
        }
    }
}
