internal import Foundation

/// The chi-squared distribution with any positive number of degrees of freedom.
public struct ChiSquaredDistribution: Hashable, Sendable {
    public let degreesOfFreedom: Double

    /// Nil unless the degrees of freedom are positive and finite.
    public init?(degreesOfFreedom: Double) {
        guard degreesOfFreedom > 0, degreesOfFreedom < .infinity else { return nil }
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// P(X ≤ x), accurate relative to itself.
    public func cdf(_ x: Double) -> Double { Tails.gamma(degreesOfFreedom / 2, x / 2).lower }

    /// P(X > x), accurate relative to itself.
    public func upperTail(_ x: Double) -> Double { Tails.gamma(degreesOfFreedom / 2, x / 2).upper }

    /// The x with P(X ≤ x) = p; infinite at 1, nil outside 0...1.
    public func quantile(_ p: Double) -> Double? {
        guard p >= 0, p <= 1 else { return nil }
        guard p > 0 else { return 0 }
        guard p < 1 else { return .infinity }
        let shape = degreesOfFreedom / 2
        let usesLower = p <= 0.5
        let target = usesLower ? p : 1 - p
        let root = MonotoneRoot.find(in: -700...700, from: log(shape)) { u in
            let half = exp(u)
            let tails = Tails.gamma(shape, half)
            let probability = usesLower ? tails.lower : tails.upper
            let slope = shape * SaddlePoint.poisson(shape, mean: half) / probability
            return (usesLower ? log(probability / target) : log(target / probability), slope)
        }
        return 2 * exp(root)
    }
}
