/// The discrete Gaussian distribution on the whole numbers: P(x) ∝ exp(-x² / 2σ²). Its variance is at most σ², and equals
/// it to within 1e-7 from σ = 1 on.
public struct DiscreteGaussian: Hashable, Sendable {
    /// σ², positive: any ratio of two 64-bit numbers.
    public let sigmaSquared: Fraction

    /// `privacy-beyond-limits` unless σ² is positive.
    public init(sigmaSquared: Fraction) throws(PrivacyError) {
        guard !sigmaSquared.isZero else { throw PrivacyError(.beyondLimits, "sigma squared is positive") }
        self.sigmaSquared = sigmaSquared
    }

    /// One draw. C. L. Canonne, G. Kamath and T. Steinke (2020), arXiv:2004.00010, Algorithm 3.
    ///
    /// Exact, with t = ⌊σ⌋ + 1: y of the discrete Laplace of scale t is kept with probability exp(-(|y| - σ²/t)² / 2σ²). Kept
    /// values have P(y) ∝ exp(-|y|/t) · exp(-(|y| - σ²/t)² / 2σ²) = exp(-y²/2σ²) · exp(-σ²/2t²), and the last factor does not
    /// depend on y.
    ///
    /// Widths, for σ² = n/d with n, d < 2⁶⁴: |y| < 2²⁰ (t + 1) and d t² ≤ d (σ + 1)² ≤ 2n + 2d < 2⁶⁶, hence |y| d t < 2⁸⁸ and
    /// its square < 2¹⁷⁶; the denominator 2 n d t² is below 2¹³¹. All fit 256 bits.
    public func draw<Generator>(from bits: inout RandomBits<Generator>) throws(PrivacyError) -> Int64 {
        let (n, d) = (UInt128(sigmaSquared.numerator), UInt128(sigmaSquared.denominator))
        let t = UInt64(Self.squareRoot(sigmaSquared.numerator / sigmaSquared.denominator)) + 1
        let proposal = try DiscreteLaplace(scale: Fraction(whole: t))
        let wide = UInt128(t)
        let denominator = WideInteger256(n, times: 2 * d * wide * wide)
        for _ in 0..<RandomBits<Generator>.roundLimit {
            let y = try proposal.draw(from: &bits)
            // γ = (|y| - n/(d t))² / (2 n/d) = (|y| d t - n)² / (2 n d t²).
            let scaled = UInt128(y.magnitude) * d * wide
            let distance = scaled > n ? scaled - n : n - scaled
            if try bits.decay(WideInteger256(distance, times: distance), over: denominator) { return y }
        }
        throw RandomBits<Generator>.broken()
    }

    /// ⌊√value⌋, exactly: the Double is at most a few off, which the loops mend.
    static func squareRoot(_ value: UInt64) -> UInt64 {
        var root = UInt128(Double(value).squareRoot())
        while root * root > value { root -= 1 }
        while (root + 1) * (root + 1) <= value { root += 1 }
        return UInt64(root)
    }
}
