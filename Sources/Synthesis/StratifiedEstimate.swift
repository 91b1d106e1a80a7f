public import Statistics
public import StudyProtocol

/// The stratified estimand: comparisons are made within sites only, and sites are combined with stated weights.
/// The variance is that of a weighted mean of independent sites, each with its own clustered variance.
public struct StratifiedEstimate: Hashable, Sendable {
    public let estimate: Double
    public let variance: Double
    /// The share of each site, in the order given; they add up to 1.
    public let shares: [Double]

    struct Stratum {
        let estimate: Double
        let variance: Double
        let weight: Double
    }

    init?(_ strata: [Stratum]) {
        let total = strata.reduce(0) { $0 + $1.weight }
        guard total > 0, total.isFinite else { return nil }
        shares = strata.map { $0.weight / total }
        estimate = strata.reduce(0) { $0 + $1.weight * $1.estimate } / total
        variance = strata.reduce(0) { $0 + $1.weight * $1.weight * $1.variance } / (total * total)
    }

    /// AUROC over within-site pairs. With weights by pairs the estimate is the share of all within-site pairs in which
    /// the positive case scores higher, ties counted half.
    public init?(_ summaries: [ROCSummary], weights: Endpoint.Weights) {
        guard summaries.allSatisfy({ $0.positives > 0 && $0.negatives > 0 }), !summaries.isEmpty else { return nil }
        self.init(
            summaries.map { summary in
                let weight: Double =
                    switch weights {
                    case .pairs: Double(summary.pairs)
                    case .cases: Double(summary.positives + summary.negatives)
                    case .equal: 1
                    case .inverseVariance: 1 / summary.variance
                    }
                return Stratum(estimate: summary.area, variance: summary.variance, weight: weight)
            })
    }
}
