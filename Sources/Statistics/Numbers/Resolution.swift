/// The declared resolution of a quantity, a positive decimal such as `"0.01"`. Values are held as the integer nearest to
/// value / resolution, ties to even, so that sums are exact and do not depend on order or partition.
///
/// A resolution is `coefficient × 10^exponent` with a coefficient of at most 10⁹ and an exponent from -18 to 9.
public struct Resolution: Sendable, CustomStringConvertible {
    /// The largest magnitude of units that ``Moments`` accepts, 2⁴⁷. With at most 2³¹ cases
    /// (``CaseColumns/caseLimit``) a sum is at most 2⁷⁸ and a sum of squares at most 2³¹ · 2⁹⁴ = 2¹²⁵ < 2¹²⁷, so that both
    /// fit `Int128`.
    public static let unitLimit: Int64 = 1 << 47

    /// The text as declared.
    public let text: String
    /// Positive, at most 10⁹, not a multiple of ten.
    let coefficient: UInt64
    /// The power of ten, from -18 to 9.
    let exponent: Int

    /// Reads a positive decimal; `malformed-resolution` otherwise.
    public init(_ text: String) throws(StatisticsError) {
        let parsed = Self.coefficient(of: text)
        guard let parsed else {
            throw StatisticsError(
                .malformedResolution, "a resolution is a positive decimal of at most 9 digits between 1e-18 and 1e9")
        }
        self.text = text
        (coefficient, exponent) = parsed
    }

    private static func coefficient(of text: String) -> (UInt64, Int)? {
        var utf8 = text
        return utf8.withUTF8 { utf8 -> (UInt64, Int)? in
            guard let number = DecimalText(utf8), !number.isNegative else { return nil }
            var coefficient: UInt64 = 0
            for index in 0..<number.digitCount {
                guard coefficient <= 1_000_000_000_000_000_000 else { return nil }
                coefficient = coefficient * 10 + UInt64(number.digit(index, in: utf8))
            }
            guard coefficient > 0 else { return nil }
            var exponent = number.exponent
            while coefficient % 10 == 0 {
                coefficient /= 10
                exponent += 1
            }
            guard coefficient <= 1_000_000_000, exponent >= -18, exponent <= 9 else { return nil }
            let (scaled, overflow) = coefficient.multipliedReportingOverflow(by: PowersOfTen.at(max(exponent, 0)))
            guard !overflow, exponent < 0 || scaled <= 1_000_000_000 else { return nil }
            return (coefficient, exponent)
        }
    }

    public var description: String { text }

    /// The value of a number of units, the nearest Double.
    public func value(_ units: Int64) -> Double {
        let scaled = Int128(units) * Int128(coefficient)
        if exponent >= 0 { return Double(scaled * Int128(PowersOfTen.at(exponent))) }
        return ExactRatio.double(scaled, over: UInt128(PowersOfTen.at(-exponent)))
    }

    /// `total / count` in the quantity's own scale, rounded once; for totals of up to 2⁷⁸ units.
    func mean(total: Int128, count: Int) -> Double {
        let scaled = total * Int128(coefficient) * Int128(PowersOfTen.at(max(exponent, 0)))
        return ExactRatio.double(scaled, over: UInt128(count) * UInt128(PowersOfTen.at(max(-exponent, 0))))
    }

    /// One unit as a Double.
    public var unit: Double { value(1) }

    /// The decimal text of a number of units, exact, without trailing zeros of the fraction: `"0.28"`, `"4"`, `"-1.5"`.
    public func text(_ units: Int64) -> String {
        let scaled = Int128(units) * Int128(coefficient)
        if exponent >= 0 { return String(scaled * Int128(PowersOfTen.at(exponent))) }
        let divisor = UInt128(PowersOfTen.at(-exponent))
        let (whole, rest) = scaled.magnitude.quotientAndRemainder(dividingBy: divisor)
        let sign = units < 0 ? "-" : ""
        guard rest != 0 else { return sign + String(whole) }
        var fraction = String(rest)
        fraction = String(repeating: "0", count: -exponent - fraction.count) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        return "\(sign)\(whole).\(fraction)"
    }
}

extension Resolution: Hashable {
    /// Resolutions are equal when their values are: `"0.10"` is `"0.1"`.
    public static func == (left: Resolution, right: Resolution) -> Bool {
        left.coefficient == right.coefficient && left.exponent == right.exponent
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(coefficient)
        hasher.combine(exponent)
    }
}

extension Resolution: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
