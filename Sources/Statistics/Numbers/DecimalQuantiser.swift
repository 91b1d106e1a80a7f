/// Decimal numbers that were already read as an integer and a power of ten, in units of a resolution: the fast path of
/// ``Resolution/reading(decimalUTF8:)``, with the same result to the last unit.
public struct DecimalQuantiser: Sendable {
    /// As in ``Resolution``.
    @usableFromInline let coefficient: UInt64
    @usableFromInline let exponent: Int

    /// Takes the resolution.
    public init(_ resolution: Resolution) {
        coefficient = resolution.coefficient
        exponent = resolution.exponent
    }

    /// At the resolution 1.
    public static let unit = DecimalQuantiser(coefficient: 1, exponent: 0)

    private init(coefficient: UInt64, exponent: Int) {
        self.coefficient = coefficient
        self.exponent = exponent
    }

    /// The units nearest to ±digits · 10^power, ties to even; nil where 64 bits do not hold the division, which says
    /// nothing about the number: ask ``Resolution/reading(decimalUTF8:)`` then.
    @inlinable
    @inline(__always)
    public func units(digits: UInt64, power: Int, isNegative: Bool) -> Int64? {
        let shift = power &- exponent
        var numerator = digits
        var denominator = coefficient
        if shift >= 0 {
            guard shift < 19 else { return nil }
            let product = digits.multipliedReportingOverflow(by: Self.power(shift))
            guard !product.overflow else { return nil }
            numerator = product.partialValue
        } else {
            guard shift > -19 else { return nil }
            let product = coefficient.multipliedReportingOverflow(by: Self.power(-shift))
            guard !product.overflow else { return nil }
            denominator = product.partialValue
        }
        var quotient = numerator
        if denominator != 1 {
            quotient = numerator / denominator
            let rest = numerator &- quotient &* denominator
            let other = denominator &- rest
            if rest > other || (rest == other && quotient & 1 == 1) { quotient &+= 1 }
        }
        guard quotient <= UInt64(Int64.max) - 2 else { return nil }
        return isNegative ? 0 &- Int64(truncatingIfNeeded: quotient) : Int64(truncatingIfNeeded: quotient)
    }

    /// 10^n for n from 0 to 18.
    @inlinable
    @inline(__always)
    static func power(_ n: Int) -> UInt64 {
        var result: UInt64 = n & 1 == 0 ? 1 : 10
        result &*= n & 2 == 0 ? 1 : 100
        result &*= n & 4 == 0 ? 1 : 10_000
        result &*= n & 8 == 0 ? 1 : 100_000_000
        result &*= n & 16 == 0 ? 1 : 10_000_000_000_000_000
        return result
    }
}
