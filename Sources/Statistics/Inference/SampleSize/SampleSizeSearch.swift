internal import Foundation

/// The power of limits that are normal, and the smallest size that has it.
enum SampleSizeSearch {
    /// No plan is larger.
    static let limit = 1_000_000_000

    /// P(lower limit > bound, and upper limit < bound) for an estimate that is normal about `expected`: with one bound
    /// Φ[(θ - b - z √V(b)) / √V(θ)], with two the sum of both less 1, at least 0.
    ///
    /// - Parameter variance: of the estimate when the value is so much: at a bound for the test, at the expected value
    ///   for the power.
    static func power(
        _ aim: SampleSizeAim, expected: Double, goal: Double, variance: (Double) -> Double?
    ) -> Double? {
        let lower = aim.lowerBound(goal: goal)
        guard let z = NormalDistribution.quantile(1 - aim.oneSidedAlpha), let spread = variance(expected), spread > 0,
            let below = variance(lower), below >= 0
        else { return nil }
        let error = spread.squareRoot()
        let left = NormalDistribution.cdf((expected - lower - z * below.squareRoot()) / error)
        guard let upper = aim.upperBound(goal: goal) else { return left }
        guard let above = variance(upper), above >= 0 else { return nil }
        return max(0, left - NormalDistribution.upperTail((upper - expected - z * above.squareRoot()) / error))
    }

    /// The smallest size with at least the wanted power, of a power that grows with the size.
    ///
    /// Undefined: `bad-argument` when the power has no value, `not-finite` when no size up to ``limit`` has it.
    static func smallest(power wanted: Double, _ power: (Int) -> Double?) -> Inferred<PlannedSize> {
        var (low, high) = (0, 1)
        while true {
            guard let reached = power(high) else { return .undefined(.badArgument) }
            if reached >= wanted { break }
            guard high < limit else { return .undefined(.notFinite) }
            (low, high) = (high, min(limit, 2 * high))
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2
            guard let reached = power(middle) else { return .undefined(.badArgument) }
            if reached >= wanted { high = middle } else { low = middle }
        }
        guard let reached = power(high) else { return .undefined(.badArgument) }
        return .value(PlannedSize(cases: high, power: reached))
    }

    /// Rounded up, but for what rounding in the last digits leaves above a whole number.
    static func ceiling(_ x: Double) -> Inferred<Int> {
        guard x >= 0, x <= Double(limit) else { return .undefined(x > 0 ? .notFinite : .badArgument) }
        let nearest = x.rounded()
        return .value(Int(abs(x - nearest) <= 1e-12 * x ? nearest : x.rounded(.up)))
    }
}
