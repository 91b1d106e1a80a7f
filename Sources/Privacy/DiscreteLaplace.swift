internal import Foundation

/// The discrete Laplace distribution (two-sided geometric) on the whole numbers: P(x) ∝ exp(-|x| / scale).
public struct DiscreteLaplace: Hashable, Sendable {
    /// The largest scale: with at most 2²⁰ rounds a draw is below 2⁶³.
    public static let largestScale: UInt64 = 1 << 42

    /// Positive.
    public let scale: Fraction

    /// `privacy-beyond-limits` unless the scale is positive and at most ``largestScale``.
    public init(scale: Fraction) throws(PrivacyError) {
        guard !scale.isZero, scale <= Fraction(whole: Self.largestScale) else {
            throw PrivacyError(.beyondLimits, "a Laplace scale is positive and at most 2^42")
        }
        self.scale = scale
    }

    /// One draw. Canonne, Kamath and Steinke 2020, Algorithm 2.
    ///
    /// Exact, with scale = t / s in whole numbers: U uniform on 0..<t kept with probability exp(-U/t), plus t times a
    /// geometric V of ratio exp(-1), is geometric with P(X = x) ∝ exp(-x/t), because x = U + tV in one way only. ⌊X / s⌋ is
    /// then geometric with ratio exp(-s/t). A fair sign, with the negative zero drawn again, makes it two-sided.
    public func draw<Generator>(from bits: inout RandomBits<Generator>) throws(PrivacyError) -> Int64 {
        let t = UInt128(scale.numerator)
        let denominator = WideInteger256(t)
        for _ in 0..<RandomBits<Generator>.roundLimit {
            let remainder = try bits.uniform(below: scale.numerator)
            guard try bits.decay(WideInteger256(UInt128(remainder)), over: denominator) else { continue }
            var rounds: UInt128 = 0
            while try bits.decayOfOne() {
                rounds += 1
                guard rounds < RandomBits<Generator>.roundLimit else { throw RandomBits<Generator>.broken() }
            }
            let magnitude = (UInt128(remainder) + t * rounds) / UInt128(scale.denominator)
            let isNegative = bits.bit()
            if isNegative, magnitude == 0 { continue }
            // magnitude < (t / s) · 2²⁰ ≤ 2⁶², see `largestScale`.
            return isNegative ? -Int64(magnitude) : Int64(magnitude)
        }
        throw RandomBits<Generator>.broken()
    }

    /// The variance: 2q / (1 - q)², q = exp(-1/b).
    public var variance: Double {
        let half = sinh(0.5 / scale.value)
        return 0.5 / (half * half)
    }

    /// P(X = x), to about 1e-14 relative where it is not below 1e-300: tanh(1/2b) · exp(-|x|/b).
    public func probability(_ x: Int64) -> Double {
        let b = scale.value
        return tanh(0.5 / b) * exp(-Double(x.magnitude) / b)
    }

    /// P(X > x).
    public func upperTail(_ x: Int64) -> Double {
        // For x ≥ 0 it is qˣ⁺¹ / (1 + q), q = exp(-1/b).
        guard x >= 0 else { return 1 - upperTail(-(x + 1)) }
        let b = scale.value
        return exp(-(Double(x) + 1) / b) / (1 + exp(-1 / b))
    }
}
