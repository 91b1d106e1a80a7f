internal import Foundation

/// Confidence intervals of one site's area under the ROC curve, from its released summary.
public enum AUROCInference {
    /// How the limits are made from the area θ and its variance.
    public enum Method: String, Codable, Hashable, Sendable, CaseIterable {
        /// On the logit scale: logit θ ± z·se/(θ(1−θ)), transformed back. Undefined at θ = 0 and θ = 1.
        case waldLogit = "wald-logit"
        /// θ ± z·se, cut at 0 and 1, as pROC prints it.
        case wald
    }

    /// The interval; `no-variance` when the variance is zero, `on-boundary` where the logit has no value,
    /// `bad-argument` for a level outside (0, 1).
    public static func interval(_ summary: ROCSummary, method: Method, level: Double) -> Inferred<Interval> {
        interval(area: summary.area, variance: summary.variance, method: method, level: level)
    }

    /// The interval of any area with its variance, such as one combined over sites.
    public static func interval(
        area: Double, variance: Double, method: Method, level: Double
    ) -> Inferred<Interval> {
        guard let z = Interval.upperProbability(level).flatMap(NormalDistribution.quantile), area >= 0, area <= 1,
            variance >= 0, variance < .infinity
        else { return .undefined(.badArgument) }
        switch method {
        case .waldLogit:
            guard area > 0, area < 1 else { return .undefined(.onBoundary) }
            guard variance > 0 else { return .undefined(.noVariance) }
            let center = log(area / (1 - area))
            let half = z * variance.squareRoot() / (area * (1 - area))
            return .value(
                Interval(lower: expit(center - half), upper: expit(center + half), level: level))
        case .wald:
            guard variance > 0 else { return .undefined(.noVariance) }
            let half = z * variance.squareRoot()
            return .value(Interval(lower: max(0, area - half), upper: min(1, area + half), level: level))
        }
    }

    private static func expit(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
