public import Evidence
public import StudyProtocol

/// What the coordinator signs for one site: run this protocol, once, before it expires.
public struct JobPredicate: Codable, Hashable, Sendable {
    public let schemaVersion: String
    /// The only site that may run it.
    public let site: SiteID
    public let study: StudyID
    /// Seen twice with another job digest means `replayed`.
    public let nonce: Nonce
    public let issued: Timestamp
    public let expires: Timestamp
    public let studyProtocol: EmbeddedProtocol
    /// Nil when the protocol has no model.
    public let model: ModelBinding?

    public init(
        site: SiteID, study: StudyID, nonce: Nonce, issued: Timestamp, expires: Timestamp,
        studyProtocol: EmbeddedProtocol, model: ModelBinding?
    ) {
        schemaVersion = MessageSchema.version
        self.site = site
        self.study = study
        self.nonce = nonce
        self.issued = issued
        self.expires = expires
        self.studyProtocol = studyProtocol
        self.model = model
    }

    enum CodingKeys: String, CodingKey {
        case schemaVersion, site, study, nonce, issued, expires
        case studyProtocol = "protocol"
        case model
    }
}

/// The protocol inside a job, as its sponsor signed it.
public struct EmbeddedProtocol: Codable, Hashable, Sendable {
    /// SHA-256 of the envelope's payload bytes.
    public let digest: Digest
    public let envelope: Envelope

    public init(digest: Digest, envelope: Envelope) {
        self.digest = digest
        self.envelope = envelope
    }

    enum CodingKeys: String, CodingKey {
        case digest, envelope
    }
}

/// The model package that a job is about.
public struct ModelBinding: Codable, Hashable, Sendable {
    /// SHA-256 of the package's manifest.
    public let digest: Digest

    public init(digest: Digest) { self.digest = digest }

    enum CodingKeys: String, CodingKey {
        case digest
    }
}
