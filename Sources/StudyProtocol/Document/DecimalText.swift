/// A decimal number as an author wrote it: `-0.5`, `20`, `0.000001`.
///
/// Documents write quantities as text, because a JSON number has no resolution and 0.285 has no exact double. Plain
/// digits only (no exponent, no `+`, no leading zero, no `-0`), at most 18 digits, so that exact arithmetic fits.
public struct DecimalText: Hashable, Sendable, CustomStringConvertible {
    public static let maximumDigits = 18

    public let text: String
    /// The number is `mantissa` / 10^`scale`.
    let mantissa: Int64
    let scale: Int

    /// Nil when `text` is not a plain decimal number of at most 18 digits.
    public init?(_ text: String) {
        var rest = Substring(text).utf8
        let negative = rest.first == UInt8(ascii: "-")
        if negative { rest = rest.dropFirst() }
        let parts = rest.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else {
            return nil
        }
        let fraction = parts.count == 2 ? parts[1] : Substring("").utf8
        guard parts.count == 1 || !fraction.isEmpty, whole.count + fraction.count <= Self.maximumDigits else {
            return nil
        }
        var mantissa: Int64 = 0
        for byte in [whole, fraction].joined() {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            mantissa = mantissa * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        guard !(negative && mantissa == 0) else { return nil }
        self.text = text
        self.mantissa = negative ? -mantissa : mantissa
        scale = fraction.count
    }

    public var description: String { text }

    /// How many times `step` this number is; nil unless exactly a whole number of times, within an Int64.
    public func multiple(of step: DecimalText) -> Int64? {
        // Both have at most 18 digits and a scale of at most 17, so each product stays under 10^35 < 2^127.
        let common = max(scale, step.scale)
        let value = Int128(mantissa) * Self.powerOfTen(common - scale)
        let unit = Int128(step.mantissa) * Self.powerOfTen(common - step.scale)
        guard unit != 0, value % unit == 0 else { return nil }
        return Int64(exactly: value / unit)
    }

    /// Whether this number is greater than zero.
    public var isPositive: Bool { mantissa > 0 }

    private static func powerOfTen(_ exponent: Int) -> Int128 {
        var result: Int128 = 1
        for _ in 0..<exponent { result *= 10 }
        return result
    }
}
