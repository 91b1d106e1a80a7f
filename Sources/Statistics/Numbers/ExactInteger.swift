/// A signed integer of any size, for the last steps of a formula whose terms outgrow 128 bits and cancel.
struct ExactInteger: Hashable, Sendable {
    private let isNegative: Bool
    /// Least significant limb first, without leading zeros.
    private let limbs: [UInt64]

    private init(isNegative: Bool, limbs: [UInt64]) {
        var limbs = limbs
        while limbs.last == 0 { limbs.removeLast() }
        self.isNegative = isNegative && !limbs.isEmpty
        self.limbs = limbs
    }

    init(_ value: Int128) {
        let magnitude = value.magnitude
        self.init(
            isNegative: value < 0, limbs: [UInt64(truncatingIfNeeded: magnitude), UInt64(magnitude >> 64)])
    }

    init(_ value: Int) { self.init(Int128(value)) }

    var isZero: Bool { limbs.isEmpty }
    /// -1, 0 or 1.
    var sign: Int { isZero ? 0 : isNegative ? -1 : 1 }

    static prefix func - (value: ExactInteger) -> ExactInteger {
        ExactInteger(isNegative: !value.isNegative, limbs: value.limbs)
    }

    static func - (left: ExactInteger, right: ExactInteger) -> ExactInteger { left + (-right) }

    static func + (left: ExactInteger, right: ExactInteger) -> ExactInteger {
        if left.isNegative == right.isNegative {
            return ExactInteger(isNegative: left.isNegative, limbs: sum(left.limbs, right.limbs))
        }
        return isLess(left.limbs, right.limbs)
            ? ExactInteger(isNegative: right.isNegative, limbs: difference(right.limbs, left.limbs))
            : ExactInteger(isNegative: left.isNegative, limbs: difference(left.limbs, right.limbs))
    }

    static func * (left: ExactInteger, right: ExactInteger) -> ExactInteger {
        var limbs = [UInt64](repeating: 0, count: left.limbs.count + right.limbs.count)
        for (i, a) in left.limbs.enumerated() {
            var carry: UInt64 = 0
            for (j, b) in right.limbs.enumerated() {
                // a·b + limb + carry is at most 2¹²⁸ − 1.
                let sum = UInt128(a) * UInt128(b) + UInt128(limbs[i + j]) + UInt128(carry)
                limbs[i + j] = UInt64(truncatingIfNeeded: sum)
                carry = UInt64(sum >> 64)
            }
            limbs[i + right.limbs.count] = carry
        }
        return ExactInteger(isNegative: left.isNegative != right.isNegative, limbs: limbs)
    }

    /// To 106 bits; infinite beyond the range of a Double.
    var doubleDouble: DoubleDouble {
        var value = DoubleDouble.zero
        // Beyond four limbs a part is below 2⁻¹⁹² of the whole.
        for index in limbs.indices.reversed().prefix(4) {
            let limb = limbs[index]
            for (half, shift) in [(limb >> 32, 64 * index + 32), (limb & 0xffff_ffff, 64 * index)] where half > 0 {
                value = value + Double(sign: .plus, exponent: shift, significand: Double(half))
            }
        }
        return isNegative ? -value : value
    }

    private static func sum(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        var result: [UInt64] = []
        var carry: UInt64 = 0
        for index in 0..<max(left.count, right.count) {
            let sum = UInt128(limb(left, index)) + UInt128(limb(right, index)) + UInt128(carry)
            result.append(UInt64(truncatingIfNeeded: sum))
            carry = UInt64(sum >> 64)
        }
        return result + [carry]
    }

    private static func difference(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        var result: [UInt64] = []
        var borrow: UInt64 = 0
        for index in left.indices {
            let (first, under) = left[index].subtractingReportingOverflow(limb(right, index))
            let (second, underAgain) = first.subtractingReportingOverflow(borrow)
            result.append(second)
            borrow = under || underAgain ? 1 : 0
        }
        return result
    }

    private static func isLess(_ left: [UInt64], _ right: [UInt64]) -> Bool {
        guard left.count == right.count else { return left.count < right.count }
        for index in left.indices.reversed() where left[index] != right[index] { return left[index] < right[index] }
        return false
    }

    private static func limb(_ limbs: [UInt64], _ index: Int) -> UInt64 { index < limbs.count ? limbs[index] : 0 }
}
