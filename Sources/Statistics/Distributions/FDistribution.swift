internal import Foundation

/// Fisher's F distribution with any positive numbers of degrees of freedom.
public struct FDistribution: Hashable, Sendable {
    /// Of the numerator.
    public let numerator: Double
    /// Of the denominator.
    public let denominator: Double

    /// Nil unless both numbers of degrees of freedom are positive and finite.
    public init?(numerator: Double, denominator: Double) {
        guard numerator > 0, denominator > 0, numerator < .infinity, denominator < .infinity else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    /// P(F ≤ f), accurate relative to itself.
    public func cdf(_ f: Double) -> Double { tails(f).lower }

    /// P(F > f), accurate relative to itself.
    public func upperTail(_ f: Double) -> Double { tails(f).upper }

    /// I_x(ν₁/2, ν₂/2) at x = ν₁f/(ν₁f + ν₂), and its complement.
    private func tails(_ f: Double) -> Tails {
        guard f > 0 else { return Tails(lower: 0, upper: 1) }
        let ratio = numerator / denominator * f
        guard ratio < .infinity else { return Tails(lower: 1, upper: 0) }
        return Tails.beta(numerator / 2, denominator / 2, x: ratio / (1 + ratio), y: 1 / (1 + ratio))
    }

    /// The f with P(F ≤ f) = p; infinite at 1, nil outside 0...1.
    public func quantile(_ p: Double) -> Double? {
        guard p >= 0, p <= 1 else { return nil }
        guard p > 0 else { return 0 }
        guard p < 1 else { return .infinity }
        guard let beta = BetaDistribution(a: numerator / 2, b: denominator / 2) else { return nil }
        let (x, y) = beta.point(leaving: p <= 0.5 ? p : 1 - p, above: p > 0.5)
        return x / y * (denominator / numerator)
    }
}
