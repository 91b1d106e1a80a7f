/// A name that a protocol's author chose and that travels in messages, file names and tables.
///
/// The alphabet is strict, so that a name is never mistaken for data and never needs escaping: it starts with
/// an ASCII letter or digit, goes on with ASCII letters, digits, `-`, `_` and `.`, and has at most 64 characters.
public protocol DeclaredName: RawRepresentable, Codable, Hashable, Comparable, Sendable, CustomStringConvertible
where RawValue == String {
    /// Trusts its argument; use `init?(rawValue:)`.
    init(validated: String)
}

extension DeclaredName {
    /// Nil when `rawValue` is not a well-formed name.
    public init?(rawValue: String) {
        guard DeclaredNameAlphabet.accepts(rawValue) else { return nil }
        self.init(validated: rawValue)
    }

    public var description: String { rawValue }

    /// By the bytes of the text, so that the order is the same everywhere.
    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let name = Self(rawValue: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a well-formed name")
        }
        self = name
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// What a `DeclaredName` may consist of.
public enum DeclaredNameAlphabet {
    public static let maximumLength = 64

    public static func accepts(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, bytes.count <= maximumLength, isAlphanumeric(first) else { return false }
        return bytes.allSatisfy {
            isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
