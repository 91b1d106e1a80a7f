public import TextCatalogue

/// Why the agent could not do something. Equality is on the code alone.
public struct AgentError: UserFacingError, Hashable {
    /// The codes are stable. Those that `failed` may carry to the coordinator say nothing about the data.
    public enum Code: String, Sendable, CaseIterable {
        // Set-up.
        case stateUnwritable = "state-unwritable"
        case stateNotEmpty = "state-not-empty"
        case stateUnreadable = "state-unreadable"
        case diskFull = "disk-full"
        case alreadyServing = "already-serving"
        case alreadyJoined = "already-joined"
        case notJoined = "not-joined"
        case notIndexed = "not-indexed"
        case wrongSite = "wrong-site"
        case sponsorKeyUnreadable = "sponsor-key-unreadable"
        case invalidInvitation = "invalid-invitation"
        case invitationExpired = "invitation-expired"
        case fingerprintMismatch = "fingerprint-mismatch"
        case invalidCertificate = "invalid-certificate"
        // Decisions.
        case unknownJob = "unknown-job"
        case ambiguousJob = "ambiguous-job"
        case nothingToDecide = "nothing-to-decide"
        case nameRequired = "name-required"
        // Previews.
        case protocolUnreadable = "protocol-unreadable"
        case predictionsUnreadable = "predictions-unreadable"
        // Work on a job.
        case invalidTransition = "invalid-transition"
        case storeFailed = "store-failed"
    }

    public let kind: Code
    public let phrase: Phrase

    public init(_ kind: Code, _ phrase: Phrase) {
        self.kind = kind
        self.phrase = phrase
    }

    public var code: String { kind.rawValue }

    public static func == (left: AgentError, right: AgentError) -> Bool { left.kind == right.kind }

    public func hash(into hasher: inout Hasher) { hasher.combine(kind) }
}
