/// A site's binding of a release to the data that it was computed from: `hmac-sha256:` and 64 lower-case hexadecimal
/// digits. The key stays at the site, so nobody else can try guesses of the data against it.
public struct CatalogueCommitment: RawRepresentable, Codable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init?(rawValue: String) {
        guard rawValue.hasPrefix(Self.prefix) else { return nil }
        let digits = String(rawValue.dropFirst(Self.prefix.count))
        guard digits.utf8.count == 64, LowercaseHex.accepts(digits) else { return nil }
        self.rawValue = rawValue
    }

    public var description: String { rawValue }

    private static let prefix = "hmac-sha256:"
}
