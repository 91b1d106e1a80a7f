internal import Foundation

/// The beta distribution.
public struct BetaDistribution: Hashable, Sendable {
    public let a: Double
    public let b: Double

    /// Nil unless both shapes are positive and finite.
    public init?(a: Double, b: Double) {
        guard a > 0, b > 0, a < .infinity, b < .infinity else { return nil }
        self.a = a
        self.b = b
    }

    /// P(X ≤ x), accurate relative to itself.
    public func cdf(_ x: Double) -> Double { Tails.beta(a, b, x: x, y: 1 - x).lower }

    /// The x with P(X ≤ x) = p; nil outside 0...1.
    public func quantile(_ p: Double) -> Double? {
        guard p >= 0, p <= 1 else { return nil }
        guard p > 0 else { return 0 }
        guard p < 1 else { return 1 }
        // In u = ln(x/(1−x)), where both ends have full relative precision.
        let usesLower = p <= 0.5
        let target = usesLower ? p : 1 - p
        let root = MonotoneRoot.find(in: -700...700, from: log(a / b)) { u in
            let (x, y) = (1 / (1 + exp(-u)), 1 / (1 + exp(u)))
            let tails = Tails.beta(a, b, x: x, y: y)
            let probability = usesLower ? tails.lower : tails.upper
            let slope = SaddlePoint.binomial(a, b, x: x, y: y) * (a * b / (a + b)) / probability
            return (usesLower ? log(probability / target) : log(target / probability), slope)
        }
        return 1 / (1 + exp(-root))
    }
}
