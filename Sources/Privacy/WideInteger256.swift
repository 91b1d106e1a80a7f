/// A whole number of 256 bits: what the products of the exact samplers need. Only what they use exists.
struct WideInteger256: Hashable, Comparable, Sendable {
    let high: UInt128
    let low: UInt128

    static let zero = WideInteger256(high: 0, low: 0)

    private init(high: UInt128, low: UInt128) {
        self.high = high
        self.low = low
    }

    init(_ value: UInt128) { self.init(high: 0, low: value) }

    /// The full product.
    init(_ left: UInt128, times right: UInt128) {
        let product = left.multipliedFullWidth(by: right)
        self.init(high: product.high, low: product.low)
    }

    static func < (left: WideInteger256, right: WideInteger256) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// The difference; `right` is at most `left`.
    static func - (left: WideInteger256, right: WideInteger256) -> WideInteger256 {
        let (low, borrows) = left.low.subtractingReportingOverflow(right.low)
        return WideInteger256(high: left.high &- right.high &- (borrows ? 1 : 0), low: low)
    }

    /// Twice the number, which is below 2²⁵⁵.
    var doubled: WideInteger256 { WideInteger256(high: high << 1 | low >> 127, low: low << 1) }

    /// The quotient rounded up, nil when it does not fit 128 bits or the divisor is zero.
    func dividedRoundingUp(by divisor: UInt128) -> UInt128? {
        guard divisor > high else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth((high: high, low: low))
        guard remainder > 0 else { return quotient }
        let (next, overflows) = quotient.addingReportingOverflow(1)
        return overflows ? nil : next
    }
}
