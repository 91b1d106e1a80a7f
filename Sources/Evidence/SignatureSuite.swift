import TextCatalogue

/// The algorithms of a signature. A key names its suite in its record, so that others can join without a change of
/// the formats.
public enum SignatureSuite: String, Sendable, CaseIterable, Codable {
    /// Ed25519 (RFC 8032), pure, without context.
    case ed25519
}

/// A public key as trust files and site settings hold it.
public struct KeyRecord: Hashable, Sendable {
    public let suite: SignatureSuite
    public let key: VerificationKey

    public init(_ key: VerificationKey) {
        suite = .ed25519
        self.key = key
    }

    /// - Throws: `unsupported-suite`, `invalid-key` or `weak-key`.
    public init(suite: String, publicKey: String) throws(EvidenceError) {
        guard let suite = SignatureSuite(rawValue: suite) else {
            throw EvidenceError(.unsupportedSuite, .unsupportedSuite(suite))
        }
        self.suite = suite
        key = try VerificationKey(pem: publicKey)
    }
}

extension KeyRecord: Codable {
    private enum Member: String, CodingKey {
        case suite, publicKey
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Member.self)
        do {
            try self.init(
                suite: try container.decode(String.self, forKey: .suite),
                publicKey: try container.decode(String.self, forKey: .publicKey))
        } catch let error as EvidenceError {
            throw DecodingError.dataCorruptedError(
                forKey: .publicKey, in: container, debugDescription: error.phrase.english)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Member.self)
        try container.encode(suite, forKey: .suite)
        try container.encode(key.pem, forKey: .publicKey)
    }
}
