public import TextCatalogue

/// Why a command of the coordinator could not do its work. Faults of requests are `Refusal`s instead.
public struct CoordinatorError: UserFacingError, Hashable {
    public enum Code: String, Sendable, CaseIterable {
        case stateExists = "state-exists"
        case stateMissing = "state-missing"
        case stateUnreadable = "state-unreadable"
        case fileUnwritable = "file-unwritable"
        case invalidHost = "invalid-host"
        case invalidName = "invalid-name"
        case invalidURL = "invalid-url"
        case invalidListenAddress = "invalid-listen-address"
        case invalidDuration = "invalid-duration"
        case invalidSite = "invalid-site"
        case invalidKey = "invalid-key"
        case siteEnrolled = "site-enrolled"
        case siteUnknown = "site-unknown"
        case addressUnavailable = "address-unavailable"
        case alreadyServing = "already-serving"
    }

    public let kind: Code
    public let phrase: Phrase

    init(_ kind: Code, _ phrase: Phrase) {
        self.kind = kind
        self.phrase = phrase
    }

    public var code: String { kind.rawValue }
}
