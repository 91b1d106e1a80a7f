/// A positive or zero ratio of whole numbers, in lowest terms: how scales, epsilons and deltas are held, so that the
/// noise drawn is exactly the noise that was said.
///
/// Numerator and denominator have 64 bits; what does not fit is refused, never rounded.
public struct Fraction: Hashable, Sendable {
    /// Any whole number.
    public let numerator: UInt64
    /// Positive, without a common divisor with the numerator.
    public let denominator: UInt64

    public static let zero = Fraction(whole: 0)
    public static let one = Fraction(whole: 1)

    /// A whole number.
    public init(whole: UInt64) {
        numerator = whole
        denominator = 1
    }

    /// A ratio, reduced; `malformed-fraction` when the denominator is zero.
    public init(_ numerator: UInt64, _ denominator: UInt64) throws(PrivacyError) {
        try self.init(reducing: UInt128(numerator), UInt128(denominator))
    }

    /// Reduces a ratio of wider numbers; `privacy-beyond-limits` when it does not fit 64 bits in lowest terms.
    init(reducing numerator: UInt128, _ denominator: UInt128) throws(PrivacyError) {
        guard denominator > 0 else { throw PrivacyError(.malformedFraction, "the denominator is zero") }
        let divisor = Self.greatestCommonDivisor(numerator, denominator)
        guard let top = UInt64(exactly: numerator / divisor), let bottom = UInt64(exactly: denominator / divisor) else {
            throw PrivacyError(.beyondLimits, "a ratio of whole numbers of at most 64 bits")
        }
        self.numerator = top
        self.denominator = bottom
    }

    private static func greatestCommonDivisor(_ a: UInt128, _ b: UInt128) -> UInt128 {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    /// The nearest Double, to within one unit in the last place.
    public var value: Double { Double(numerator) / Double(denominator) }
    public var isZero: Bool { numerator == 0 }

    /// The exact sum; `privacy-beyond-limits` when it does not fit.
    public func adding(_ other: Fraction) throws(PrivacyError) -> Fraction {
        let shared = Self.greatestCommonDivisor(UInt128(denominator), UInt128(other.denominator))
        let left = UInt128(numerator) * (UInt128(other.denominator) / shared)
        let right = UInt128(other.numerator) * (UInt128(denominator) / shared)
        // Two products of 64-bit numbers may exceed 128 bits by one.
        let (sum, overflows) = left.addingReportingOverflow(right)
        guard !overflows else { throw PrivacyError(.beyondLimits, "a ratio of whole numbers of at most 64 bits") }
        return try Fraction(reducing: sum, UInt128(denominator) * (UInt128(other.denominator) / shared))
    }

    /// The exact product; `privacy-beyond-limits` when it does not fit.
    public func multiplied(by other: Fraction) throws(PrivacyError) -> Fraction {
        try Fraction(
            reducing: UInt128(numerator) * UInt128(other.numerator), UInt128(denominator) * UInt128(other.denominator))
    }
}

extension Fraction: Comparable {
    public static func < (left: Fraction, right: Fraction) -> Bool {
        UInt128(left.numerator) * UInt128(right.denominator) < UInt128(right.numerator) * UInt128(left.denominator)
    }
}
