/// Ratios of 128-bit integers as Doubles, rounded once.
enum ExactRatio {
    /// The Double nearest to `numerator / denominator`, ties to even; `denominator` is positive.
    static func double(_ numerator: Int128, over denominator: UInt128) -> Double {
        guard numerator != 0, denominator != 0 else { return 0 }
        let magnitude = numerator.magnitude
        let up = magnitude.leadingZeroBitCount
        let down = denominator.leadingZeroBitCount
        // Both lead with bit 127, so that the halved numerator is below the denominator, as a full-width division
        // asks, and the quotient of (n · 2¹²⁷) / d has at least 127 bits.
        let n = magnitude << UInt128(up)
        let d = denominator << UInt128(down)
        let (quotient, remainder) = d.dividingFullWidth((high: n >> 1, low: n << 127))
        // A sticky low bit decides ties far below the 53 bits kept.
        let sticky = remainder == 0 ? quotient : quotient | 1
        let scaled = Double(sign: .plus, exponent: down - up - 127, significand: Double(sticky))
        return numerator < 0 ? -scaled : scaled
    }
}
