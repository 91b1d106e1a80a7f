// Events of probability exp(-γ). C. L. Canonne, G. Kamath and T. Steinke (2020), "The Discrete Gaussian for
// Differential Privacy", NeurIPS 33, arXiv:2004.00010, Algorithm 1.
extension RandomBits {
    /// True with probability exp(-γ), γ = `numerator / denominator` ≥ 0; both are below 2²⁵⁵, the denominator is positive.
    ///
    /// Exact for γ ≤ 1: let A₁, A₂, ... be independent events of probability γ/k, and K the first k whose event fails. Then
    /// P(K > k) = γᵏ/k!, so P(K odd) = Σ (-γ)ᵏ/k! = exp(-γ). An event of probability γ/k is one of probability γ and,
    /// independently, one of 1/k. For γ > 1: exp(-γ) = exp(-1)^⌊γ⌋ · exp(-(γ - ⌊γ⌋)), a product of independent events.
    mutating func decay(_ numerator: WideInteger256, over denominator: WideInteger256) throws(PrivacyError) -> Bool {
        var rest = numerator
        var rounds = 0
        while rest >= denominator {
            guard try decayOfOne() else { return false }
            rest = rest - denominator
            rounds += 1
            guard rounds < Self.roundLimit else { throw Self.broken() }
        }
        for k in 1...UInt64(Self.roundLimit) {
            guard try event(rest, over: denominator), try uniform(below: k) == 0 else { return k % 2 == 1 }
        }
        throw Self.broken()
    }

    /// True with probability exp(-1): the same with γ = 1.
    mutating func decayOfOne() throws(PrivacyError) -> Bool {
        for k in 1...UInt64(Self.roundLimit) { guard try uniform(below: k) == 0 else { return k % 2 == 1 } }
        throw Self.broken()
    }
}
