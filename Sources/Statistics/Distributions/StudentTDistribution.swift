internal import Foundation

/// Student's t distribution with any positive number of degrees of freedom.
public struct StudentTDistribution: Hashable, Sendable {
    /// Beyond this the normal distribution is the same to the last digit.
    private static let normalLimit = 1e17

    /// Positive; infinity is the normal distribution.
    public let degreesOfFreedom: Double

    /// Nil unless the degrees of freedom are positive.
    public init?(degreesOfFreedom: Double) {
        guard degreesOfFreedom > 0 else { return nil }
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// P(T ≤ t), accurate relative to itself in both tails.
    public func cdf(_ t: Double) -> Double { upperTail(-t) }

    /// P(T > t), accurate relative to itself in both tails.
    public func upperTail(_ t: Double) -> Double {
        guard degreesOfFreedom < Self.normalLimit else { return NormalDistribution.upperTail(t) }
        guard t != 0 else { return 0.5 }
        let tails = tails(abs(t))
        return t > 0 ? tails.lower / 2 : 0.5 + tails.upper / 2
    }

    /// I_x(ν/2, ½) at x = ν/(ν + t²): twice the upper tail of |t|, and its complement.
    private func tails(_ t: Double) -> Tails {
        let (x, y) = coordinates(t)
        return Tails.beta(degreesOfFreedom / 2, 0.5, x: x, y: y)
    }

    private func coordinates(_ t: Double) -> (x: Double, y: Double) {
        let ratio = t / degreesOfFreedom.squareRoot()
        let square = ratio * ratio
        return square < .infinity ? (1 / (1 + square), square / (1 + square)) : (0, 1)
    }

    /// t · f(t) for the density f.
    private func scaledDensity(_ t: Double) -> Double {
        let (x, y) = coordinates(t)
        let a = degreesOfFreedom / 2
        return SaddlePoint.binomial(a, 0.5, x: x, y: y) * (a * 0.5 / (a + 0.5))
    }

    /// The t with P(T ≤ t) = p; infinite at 0 and 1, nil outside.
    public func quantile(_ p: Double) -> Double? {
        guard degreesOfFreedom < Self.normalLimit else { return NormalDistribution.quantile(p) }
        guard p >= 0, p <= 1 else { return nil }
        guard p > 0 else { return -.infinity }
        guard p < 1 else { return .infinity }
        guard p != 0.5, let start = NormalDistribution.quantile(p) else { return 0 }
        let sign = p < 0.5 ? -1.0 : 1.0
        // In u = ln t, where the logarithm of a tail is nearly straight.
        let isCentral = abs(p - 0.5) < 0.25
        let target = isCentral ? abs(p - 0.5) : min(p, 1 - p)
        let root = MonotoneRoot.find(in: -50...700, from: log(abs(start))) { u in
            let t = exp(u)
            let tails = tails(t)
            let probability = (isCentral ? tails.upper : tails.lower) / 2
            let slope = scaledDensity(t) / probability
            return (isCentral ? log(probability / target) : log(target / probability), slope)
        }
        return sign * exp(root)
    }
}
