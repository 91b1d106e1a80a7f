public import Statistics

/// The interval of τ² whose ends make the generalised Q = Σ r²/(v + τ²) equal to the quantiles of its chi-squared
/// distribution on k − p degrees of freedom, and what follows for τ, I² and H².
///
/// Viechtbauer 2007, Stat Med 26:37. It does not hang on the estimator of τ², and can leave the estimate out.
public struct QProfile: Hashable, Sendable {
    public let tau2: Interval
    public let tau: Interval
    /// As a share, 0…1.
    public let i2: Interval
    public let h2: Interval
    /// The sites agree better than chance would have them, so that no τ² ≥ 0 belongs to the level; the interval is then
    /// 0…0, which must not be read as certainty.
    public let isEmpty: Bool

    init(_ model: ModelFit, level: Double) throws(Undefined) {
        guard level > 0, level < 1 else { throw .badArgument }
        guard let typical = model.typicalVariance,
            let chi = ChiSquaredDistribution(degreesOfFreedom: Double(model.degreesOfFreedom)),
            let small = chi.quantile((1 - level) / 2), let large = chi.quantile((1 + level) / 2)
        else { throw .tooFewSites }
        let problem = model.problem
        let lower = try problem.generalizedQ(equals: large)
        let upper = try problem.generalizedQ(equals: small)
        isEmpty = model.heterogeneity.q < small
        tau2 = Interval(lower: lower, upper: upper, level: level)
        tau = Interval(lower: lower.squareRoot(), upper: upper.squareRoot(), level: level)
        i2 = Interval(lower: lower / (typical + lower), upper: upper / (typical + upper), level: level)
        h2 = Interval(lower: lower / typical + 1, upper: upper / typical + 1, level: level)
    }
}
