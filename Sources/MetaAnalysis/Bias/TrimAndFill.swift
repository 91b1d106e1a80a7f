public import Statistics

/// Duval and Tweedie's trim and fill: how many studies seem missing on one side of the funnel, and the summary with their
/// mirror images put in (Duval and Tweedie 2000, Biometrics 56:455; J Am Stat Assoc 95:89).
public struct TrimAndFill: Sendable {
    public enum Side: String, Hashable, Sendable {
        case left, right
    }

    public enum Estimator: String, Hashable, Sendable, CaseIterable {
        case l0 = "L0"
        case r0 = "R0"
        case q0 = "Q0"
    }

    /// The number of studies that seem missing, and on which side.
    public let missing: Int
    public let side: Side
    /// The model of the studies with the mirror images after them.
    public let filled: RandomEffects

    /// - Parameter side: where studies are looked for; nil for the side that the slope of the estimates on their standard
    ///   errors names.
    ///
    /// Undefined: `too-few-sites` below three studies, `not-converged` when the count does not settle, `bad-argument` when
    /// all variances are the same and no side is given.
    public static func apply(
        _ effects: [SiteEffect], method: BetweenVarianceMethod = .dersimonianLaird, estimator: Estimator = .l0,
        side: Side? = nil
    ) -> Inferred<TrimAndFill> {
        Inferred { () throws(Undefined) in
            guard effects.count > 2 else { throw .tooFewSites }
            let chosen: Side
            if let side {
                chosen = side
            } else {
                let errors = effects.map { $0.variance.squareRoot() }
                let slope = try ModelFit(effects: effects, covariates: [errors], method: method).coefficients[1]
                chosen = slope < 0 ? .right : .left
            }
            // Studies missing on the right are studies missing on the left of the mirror image.
            let sign = chosen == .right ? -1.0 : 1.0
            let sorted = effects.map { SiteEffect(estimate: sign * $0.estimate, variance: $0.variance) }
                .enumerated().sorted { ($0.element.estimate, $0.offset) < ($1.element.estimate, $1.offset) }
                .map(\.element)
            let k = sorted.count
            var (missing, previous, center) = (0, -1, 0.0)
            var rounds = 0
            while missing != previous {
                rounds += 1
                guard rounds <= 100, missing < k else { throw .notConverged }
                previous = missing
                center = try RandomEffects.fit(Array(sorted[..<(k - missing)]), method: method).get().estimate
                missing = estimate(sorted.map { $0.estimate - center }, estimator)
            }
            let mirrored = sorted[(k - missing)...].map {
                SiteEffect(estimate: sign * (2 * center - $0.estimate), variance: $0.variance)
            }
            return TrimAndFill(
                missing: missing, side: chosen,
                filled: try RandomEffects.fit(effects + mirrored, method: method).get())
        }
    }

    private static func estimate(_ deviations: [Double], _ estimator: Estimator) -> Int {
        let k = Double(deviations.count)
        let order = deviations.indices.sorted { (abs(deviations[$0]), $0) < (abs(deviations[$1]), $1) }
        var (positiveRanks, largestNegative) = (0.0, 0.0)
        for (rank, index) in order.enumerated() {
            if deviations[index] > 0 { positiveRanks += Double(rank + 1) }
            if deviations[index] < 0 { largestNegative = Double(rank + 1) }
        }
        let raw: Double
        switch estimator {
        case .l0: raw = (4 * positiveRanks - k * (k + 1)) / (2 * k - 1)
        case .r0: raw = k - largestNegative - 1
        case .q0: raw = k - 0.5 - max(0, 2 * k * k - 4 * positiveRanks + 0.25).squareRoot()
        }
        return max(0, Int(raw.rounded(.toNearestOrEven)))
    }
}
