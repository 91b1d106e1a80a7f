public import TextCatalogue

/// Why a key, an envelope, a statement or a trust file was refused.
public struct EvidenceError: UserFacingError, Hashable {
    public enum Code: String, Sendable, CaseIterable {
        case invalidDigest = "invalid-digest"
        case invalidIdentifier = "invalid-identifier"
        case invalidKey = "invalid-key"
        case weakKey = "weak-key"
        case unsupportedSuite = "unsupported-suite"
        case signingFailed = "signing-failed"
        case keyFileExists = "key-file-exists"
        case keyFileUnreadable = "key-file-unreadable"
        case keyFileUnwritable = "key-file-unwritable"
        case keyFileExposed = "key-file-exposed"
        case invalidEnvelope = "invalid-envelope"
        case unsigned = "unsigned"
        case tooManySignatures = "too-many-signatures"
        case badSignature = "bad-signature"
        case unknownSigner = "unknown-signer"
        case belowThreshold = "below-threshold"
        case wrongPayloadType = "wrong-payload-type"
        case wrongPredicateType = "wrong-predicate-type"
        case wrongRole = "wrong-role"
        case untrustedRole = "untrusted-role"
        case invalidStatement = "invalid-statement"
        case invalidTrust = "invalid-trust"
    }

    public let kind: Code
    public let phrase: Phrase

    public init(_ kind: Code, _ phrase: Phrase) {
        self.kind = kind
        self.phrase = phrase
    }

    public var code: String { kind.rawValue }
}

extension EvidenceError: CustomStringConvertible {
    public var description: String { "\(code): \(phrase.english)" }
}
