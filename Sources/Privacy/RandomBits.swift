/// Random bits from a generator, and the two primitives that everything else is made of: a uniform whole number and an
/// event of rational probability. Both are exact: no floating point, no modulo.
///
/// In the product the generator is `SystemRandomNumberGenerator`; tests pass one with a seed. Every loop that ends with
/// probability one has a limit of 2²⁰ rounds. A working source reaches none of them within the age of the universe (each
/// round fails to end with probability 1 - 1/e or less, but for a run of e⁻¹ events, which go on with 1/e), so a source
/// that does is broken: `privacy-broken-random-source`.
public struct RandomBits<Generator: RandomNumberGenerator> {
    /// The generator as it is now.
    public private(set) var generator: Generator
    private var word: UInt64 = 0
    private var left = 0

    public init(_ generator: Generator) { self.generator = generator }

    /// The most rounds of any loop.
    static var roundLimit: Int { 1 << 20 }

    static func broken() -> PrivacyError { PrivacyError(.brokenRandomSource, "no end within \(roundLimit) rounds") }

    /// One fair bit.
    mutating func bit() -> Bool {
        if left == 0 {
            word = generator.next()
            left = 64
        }
        let bit = word & 1 == 1
        word >>= 1
        left -= 1
        return bit
    }

    /// A uniform number of `count` bits, from 1 to 64.
    private mutating func bits(_ count: Int) -> UInt64 {
        if left >= count, count < 64 {
            let bits = word & (1 << UInt64(count) - 1)
            word >>= UInt64(count)
            left -= count
            return bits
        }
        return generator.next() >> UInt64(64 - count)
    }

    /// A uniform whole number from 0 to `bound - 1`; `bound` is at least 1.
    ///
    /// Exact: a number of as many bits as `bound - 1` has is uniform over a range that holds all outcomes; those outside
    /// are drawn again, so that what is kept has equal probabilities. At least half are kept.
    mutating func uniform(below bound: UInt64) throws(PrivacyError) -> UInt64 {
        guard bound > 1 else { return 0 }
        let width = 64 - (bound - 1).leadingZeroBitCount
        for _ in 0..<Self.roundLimit {
            let drawn = bits(width)
            if drawn < bound { return drawn }
        }
        throw Self.broken()
    }

    /// True with probability `numerator / denominator`, which is below 1; both are below 2²⁵⁵.
    ///
    /// Exact: the bits of a uniform real number U in [0, 1) are compared with the binary digits of the ratio, one by one,
    /// the digits by long division. The first that differs decides whether U is below the ratio.
    mutating func event(_ numerator: WideInteger256, over denominator: WideInteger256) throws(PrivacyError) -> Bool {
        var rest = numerator
        for _ in 0..<Self.roundLimit {
            // All further digits are zero: U is not below.
            if rest == .zero { return false }
            rest = rest.doubled
            let digit = rest >= denominator
            if digit { rest = rest - denominator }
            if bit() != digit { return digit }
        }
        throw Self.broken()
    }
}
