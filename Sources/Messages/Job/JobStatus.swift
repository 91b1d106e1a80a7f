/// Where a job stands. Fixed codes only: nothing of a site's data can be told by it.
public enum JobStatus: Hashable, Sendable {
    /// Signed, and not yet fetched by the site. Only the coordinator knows this state.
    case queued
    /// The agent holds the job's bytes: the receipt.
    case received
    case awaitingJobApproval
    case running
    case awaitingReleaseApproval
    case released
    case refused(RefusalCode)
    case declined(DeclineCode)
    case failed(FailureCode)

    public var code: JobStatusCode {
        switch self {
        case .queued: .queued
        case .received: .received
        case .awaitingJobApproval: .awaitingJobApproval
        case .running: .running
        case .awaitingReleaseApproval: .awaitingReleaseApproval
        case .released: .released
        case .refused: .refused
        case .declined: .declined
        case .failed: .failed
        }
    }

    /// Why, as a fixed code; nil for states that need no reason.
    public var reason: String? {
        switch self {
        case .refused(let code): code.rawValue
        case .declined(let code): code.rawValue
        case .failed(let code): code.rawValue
        default: nil
        }
    }

    /// Nil unless the reason belongs to the code: one of its closed list, or none where there is no list.
    public init?(code: JobStatusCode, reason: String?) {
        switch (code, reason) {
        case (.queued, nil): self = .queued
        case (.received, nil): self = .received
        case (.awaitingJobApproval, nil): self = .awaitingJobApproval
        case (.running, nil): self = .running
        case (.awaitingReleaseApproval, nil): self = .awaitingReleaseApproval
        case (.released, nil): self = .released
        case (.refused, let reason?):
            guard let code = RefusalCode(rawValue: reason) else { return nil }
            self = .refused(code)
        case (.declined, let reason?):
            guard let code = DeclineCode(rawValue: reason) else { return nil }
            self = .declined(code)
        case (.failed, let reason?):
            guard let code = FailureCode(rawValue: reason) else { return nil }
            self = .failed(code)
        default: return nil
        }
    }
}

/// The body of `POST /v1/jobs/{digest}/status`: `{"code": "refused", "reason": "expired"}`.
extension JobStatus: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let code = try container.decode(JobStatusCode.self, forKey: .code)
        let reason = try container.decodeIfPresent(String.self, forKey: .reason)
        guard let status = JobStatus(code: code, reason: reason) else {
            throw DecodingError.dataCorruptedError(
                forKey: .reason, in: container, debugDescription: "not a reason of this status code")
        }
        self = status
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(code, forKey: .code)
        try container.encodeIfPresent(reason, forKey: .reason)
    }

    enum CodingKeys: String, CodingKey {
        case code, reason
    }
}

public enum JobStatusCode: String, Codable, Hashable, Sendable, CaseIterable {
    case queued
    case received
    case awaitingJobApproval = "awaiting-job-approval"
    case running
    case awaitingReleaseApproval = "awaiting-release-approval"
    case released
    case refused
    case declined
    case failed

    /// Whether nothing more will happen to the job.
    public var isTerminal: Bool {
        switch self {
        case .released, .refused, .declined, .failed: true
        case .queued, .received, .awaitingJobApproval, .running, .awaitingReleaseApproval: false
        }
    }

    /// Whether an agent reports it as a status: `queued` is the coordinator's own, and a release speaks for itself.
    public var isReported: Bool { self != .queued && self != .released }
}

/// Why an agent does not run a job at all: what came is not what it may run.
public enum RefusalCode: String, Codable, Hashable, Sendable, CaseIterable {
    case wrongSite = "wrong-site"
    case notInvited = "not-invited"
    case trainingSite = "training-site"
    case expired
    case replayed
    case unknownSponsor = "unknown-sponsor"
    case badSignature = "bad-signature"
    case protocolDigestMismatch = "protocol-digest-mismatch"
    case modelDigestMismatch = "model-digest-mismatch"
    case schemaError = "schema-error"
}

/// Who at the site said no.
public enum DeclineCode: String, Codable, Hashable, Sendable, CaseIterable {
    /// A person did not approve the job.
    case jobDeclined = "job-declined"
    /// A person did not approve what would have left.
    case releaseDeclined = "release-declined"
    /// The site's policy does not allow studies of this kind.
    case policy
}

/// Why a job that the site was willing to run has no result.
public enum FailureCode: String, Codable, Hashable, Sendable, CaseIterable {
    /// The site has not indexed its data, or has lost its catalogue.
    case catalogueUnavailable = "catalogue-unavailable"
    /// The site does not declare a variable of the protocol, or declares it otherwise.
    case variableMismatch = "variable-mismatch"
    /// The model package could not be fetched.
    case modelUnavailable = "model-unavailable"
    /// The model package is not what its manifest says, or its form is wrong.
    case modelInvalid = "model-invalid"
    /// The model's process ended early, went over a limit, or gave back something unusable.
    case modelFailed = "model-failed"
    /// The same cases in another order had other scores.
    case modelNotDeterministic = "model-not-deterministic"
    /// Nothing of the answer may leave.
    case notReleasable = "not-releasable"
    case releaseTooLarge = "release-too-large"
    /// The job or protocol expired before its result was there.
    case expired
    /// Disk, memory or time ran out.
    case resourceExhausted = "resource-exhausted"
    case internalError = "internal-error"
}
