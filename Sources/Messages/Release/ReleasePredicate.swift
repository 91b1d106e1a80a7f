public import Evidence
public import Statistics
public import StudyProtocol

/// What a site signs and sends: everything that leaves it for one job.
public struct ReleasePredicate: Codable, Hashable, Sendable {
    public let schemaVersion: String
    public let site: SiteID
    public let study: StudyID
    /// The digest of the job that this answers.
    public let job: Digest
    public let studyProtocol: Digest
    /// Nil when the protocol has no model.
    public let model: Digest?
    public let agent: AgentDescription
    /// The digest of the policy under which the gate decided; the policy itself stays at the site.
    public let policy: Digest
    public let catalogue: CatalogueCommitment
    public let times: ReleaseTimes
    /// In the order of the protocol's plan, one for each planned answer.
    public let answers: [AnswerRecord]

    public init(
        site: SiteID, study: StudyID, job: Digest, studyProtocol: Digest, model: Digest?, agent: AgentDescription,
        policy: Digest, catalogue: CatalogueCommitment, times: ReleaseTimes, answers: [AnswerRecord]
    ) {
        schemaVersion = MessageSchema.version
        self.site = site
        self.study = study
        self.job = job
        self.studyProtocol = studyProtocol
        self.model = model
        self.agent = agent
        self.policy = policy
        self.catalogue = catalogue
        self.times = times
        self.answers = answers
    }

    /// The answer to that key; nil when the release has none.
    public func answer(to key: AnswerKey) -> Answer? { answers.first { $0.key == key }?.answer }

    enum CodingKeys: String, CodingKey {
        case schemaVersion, site, study, job
        case studyProtocol = "protocol"
        case model, agent, policy, catalogue, times, answers
    }
}

public struct AgentDescription: Codable, Hashable, Sendable {
    /// The version of the agent's program.
    public let version: String

    public init(version: String) { self.version = version }

    enum CodingKeys: String, CodingKey {
        case version
    }
}

/// When a site took a job on and when its release was made, no finer than a minute.
public struct ReleaseTimes: Codable, Hashable, Sendable {
    public let accepted: Timestamp
    public let completed: Timestamp

    /// Both are cut to the minute.
    public init(accepted: Timestamp, completed: Timestamp) {
        self.accepted = accepted.roundedToMinute
        self.completed = completed.roundedToMinute
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func minute(_ key: CodingKeys) throws -> Timestamp {
            let instant = try container.decode(Timestamp.self, forKey: key)
            guard instant == instant.roundedToMinute else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container, debugDescription: "a release tells no time finer than a minute")
            }
            return instant
        }
        accepted = try minute(.accepted)
        completed = try minute(.completed)
    }

    enum CodingKeys: String, CodingKey {
        case accepted, completed
    }
}

/// One answer of a release.
public struct AnswerRecord: Codable, Hashable, Sendable {
    public let name: AnswerName
    /// Nil for the whole cohort.
    public let subgroup: Subgroup?
    public let answer: Answer

    public init(key: AnswerKey, answer: Answer) {
        name = key.name
        subgroup = key.subgroup
        self.answer = answer
    }

    public var key: AnswerKey { AnswerKey(name: name, subgroup: subgroup) }

    enum CodingKeys: String, CodingKey {
        case name, subgroup, answer
    }
}
