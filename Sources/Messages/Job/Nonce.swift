/// 128 random bits that make a job unique, in lower-case hexadecimal.
public struct Nonce: RawRepresentable, Codable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    /// Nil unless `rawValue` is 32 lower-case hexadecimal digits.
    public init?(rawValue: String) {
        guard rawValue.utf8.count == 32, LowercaseHex.accepts(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    /// The nonce of the generator's next 128 bits.
    public static func random(using generator: inout some RandomNumberGenerator) -> Nonce {
        Nonce(checked: LowercaseHex.text(generator.next()) + LowercaseHex.text(generator.next()))
    }

    private init(checked: String) { rawValue = checked }

    public var description: String { rawValue }
}

/// Lower-case hexadecimal digits.
enum LowercaseHex {
    static func accepts(_ text: String) -> Bool {
        text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
    }

    /// Sixteen digits.
    static func text(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
