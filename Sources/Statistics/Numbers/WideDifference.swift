/// n·Σx² − (Σx)², exact in 256 bits and never negative: n times the sum of squared deviations from the mean, without
/// the cancellation that a difference of binary doubles has.
struct WideDifference: Hashable, Sendable {
    let high: UInt128
    let low: UInt128

    /// Nil when the difference would be negative, which no real data give.
    init?(n: Int, sumSquares: Int128, sum: Int128) {
        guard n >= 0, sumSquares >= 0 else { return nil }
        let left = UInt128(n).multipliedFullWidth(by: sumSquares.magnitude)
        let right = sum.magnitude.multipliedFullWidth(by: sum.magnitude)
        let (low, borrow) = left.low.subtractingReportingOverflow(right.low)
        let (upper, under) = left.high.subtractingReportingOverflow(right.high)
        let (high, underBorrow) = upper.subtractingReportingOverflow(borrow ? 1 : 0)
        guard !under, !underBorrow else { return nil }
        self.high = high
        self.low = low
    }

    var isZero: Bool { high == 0 && low == 0 }

    /// The nearest Double, but for one more rounding when the difference exceeds 128 bits.
    var doubleValue: Double {
        // 2¹²⁸ is exact, and both halves round once.
        Double(high) * 0x1p128 + Double(low)
    }
}
