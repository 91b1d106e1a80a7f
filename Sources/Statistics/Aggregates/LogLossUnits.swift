/// The log loss of one case in whole units of 2⁻⁴⁰ nats, so that a sum over cases is exact and does not depend on order,
/// partition or the machine's mathematical library.
///
/// −ln p is computed from the exact ratio of score units with integers only (a binary logarithm by repeated squaring,
/// 52 binary places) and rounded once to 2⁻⁴⁰ ≈ 9·10⁻¹³; p is clipped to at least 2⁻⁵², the distance of 1 from the next
/// double, as scikit-learn's `log_loss` does.
enum LogLossUnits {
    /// Units in one nat.
    static let perNat = 0x1p40
    /// The largest loss of a case, −ln 2⁻⁵².
    static let largest = nats(twoExponent: 52 << 52)

    /// The loss of a case whose class had the probability `units / one`.
    /// - Parameters:
    ///   - units: from 0 to `one`.
    ///   - one: the units of probability 1, below 2⁶³.
    static func loss(units: Int64, one: Int64) -> Int64 {
        guard units > 0 else { return largest }
        return nats(twoExponent: binaryLogarithm(UInt64(one)) - binaryLogarithm(UInt64(units)))
    }

    /// log₂ of a positive number in units of 2⁻⁵², rounded down.
    private static func binaryLogarithm(_ value: UInt64) -> UInt64 {
        let exponent = 63 - value.leadingZeroBitCount
        // From 1 to 2, with 63 binary places. The error that a squaring brings is halved by every later place.
        var mantissa = value << UInt64(value.leadingZeroBitCount)
        var result = UInt64(exponent)
        for _ in 0..<52 {
            let square = mantissa.multipliedFullWidth(by: mantissa)
            let isTwoOrMore = square.high >> 63 == 1
            mantissa = isTwoOrMore ? square.high : square.high << 1 | square.low >> 63
            result = result << 1 | (isTwoOrMore ? 1 : 0)
        }
        return result
    }

    /// A number of binary places times ln 2, to the nearest unit.
    private static func nats(twoExponent: UInt64) -> Int64 {
        // ln 2 · 2⁶³; the product has 52 + 63 places, of which 40 stay.
        let product = UInt128(twoExponent) * 6_393_154_322_601_327_830
        return Int64((product + (1 << 74)) >> 75)
    }
}
