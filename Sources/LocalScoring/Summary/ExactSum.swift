/// A sum of Doubles without any rounding: a fixed-point number over the whole range of exponents, in digits of 32 bits.
/// Order and partition cannot show. R. M. Neal (2015), "Fast exact summation using small and large superaccumulators",
/// arXiv:1505.05571 (the small one).
struct ExactSum {
    /// 2098 bits of the range and room for carries.
    private static let digitCount = 70
    private static let digitMask: Int64 = 0xffff_ffff

    /// Digit i counts 2^(32i − 1074). Each addend changes a digit by less than 2³³, so that 2³⁰ of them fit.
    private var digits = [Int64](repeating: 0, count: digitCount)
    /// Whether every addend was finite.
    private(set) var isFinite = true

    /// Adds a value.
    mutating func add(_ value: Double) {
        let bits = value.bitPattern
        let field = Int(bits >> 52 & 0x7ff)
        guard field < 0x7ff else {
            isFinite = false
            return
        }
        let fraction = bits & (1 << 52 - 1)
        let significand = field == 0 ? fraction : fraction | 1 << 52
        let position = max(field - 1, 0)
        let (digit, shift) = (position >> 5, UInt64(position & 31))
        let low = Int64((significand & 0xffff_ffff) << shift)
        let high = Int64((significand >> 32) << shift)
        let mask = Self.digitMask
        if value.sign == .minus {
            digits[digit] -= low & mask
            digits[digit + 1] -= (low >> 32) + (high & mask)
            digits[digit + 2] -= high >> 32
        } else {
            digits[digit] += low & mask
            digits[digit + 1] += (low >> 32) + (high & mask)
            digits[digit + 2] += high >> 32
        }
    }

    /// Adds another sum.
    mutating func merge(_ other: ExactSum) {
        for index in digits.indices { digits[index] += other.digits[index] }
        isFinite = isFinite && other.isFinite
    }

    /// The sum as an unevaluated sum of two Doubles, the first the nearest one.
    var value: (high: Double, low: Double) {
        guard isFinite else { return (.nan, 0) }
        let high = nearest
        guard high.isFinite else { return (high, 0) }
        var rest = self
        rest.add(-high)
        return (high, rest.nearest)
    }

    /// The nearest Double, ties to even.
    private var nearest: Double {
        var (isNegative, canonical) = Self.carried(digits)
        if isNegative { (isNegative, canonical) = (true, Self.carried(digits.map { -$0 }).digits) }
        guard let top = canonical.lastIndex(where: { $0 != 0 }) else { return 0 }
        var word: UInt128 = 0
        for index in stride(from: top, through: top - 2, by: -1) {
            word = word << 32 | (index >= 0 ? UInt128(canonical[index]) : 0)
        }
        // What lies below decides ties only.
        if top > 2, canonical[..<(top - 2)].contains(where: { $0 != 0 }) { word |= 1 }
        let magnitude = Double(sign: .plus, exponent: 32 * (top - 2) - 1074, significand: Double(word))
        return isNegative ? -magnitude : magnitude
    }

    private static func carried(_ digits: [Int64]) -> (isNegative: Bool, digits: [Int64]) {
        var result = digits
        var carry: Int64 = 0
        for index in result.indices {
            let sum = result[index] + carry
            result[index] = sum & digitMask
            carry = sum >> 32
        }
        return (carry < 0, result)
    }
}
