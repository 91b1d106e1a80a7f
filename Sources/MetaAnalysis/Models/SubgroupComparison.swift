public import Statistics

/// Whether the summaries of groups of sites differ (Borenstein et al. 2009, Introduction to Meta-Analysis, chapter 19).
public struct SubgroupComparison: Sendable {
    /// Which τ² the groups have.
    public enum Variance: String, Hashable, Sendable, CaseIterable {
        /// None: the equal-effects comparison.
        case none
        /// One τ² each, estimated in each group alone.
        case separate
        /// The same in all groups, estimated by the meta-regression on the groups.
        case common
    }

    /// Σ (μ_g − μ)²/se_g², with μ the mean of the groups weighted by 1/se_g².
    public let q: Double
    /// The number of groups less one.
    public let degreesOfFreedom: Int
    /// P(chi-squared above q) when the groups have one mean.
    public let pValue: Double
    /// The summaries of the groups with their standard errors by the normal test, in the order of `groups`.
    public let groups: [(estimate: Double, standardError: Double, tau2: Double, count: Int)]

    /// - Parameter group: one name a site.
    /// - Parameter groups: the names, each once; a site of no name is not used.
    ///
    /// Undefined: `bad-argument` when names and effects differ in number, `too-few-sites` with fewer than two groups or for
    /// an empty one, and the reasons of the fits.
    public static func compare(
        _ effects: [SiteEffect], group: [String], groups: [String], variance: Variance,
        method: BetweenVarianceMethod = .restrictedMaximumLikelihood
    ) -> Inferred<SubgroupComparison> {
        Inferred { () throws(Undefined) in
            guard group.count == effects.count, Set(groups).count == groups.count else { throw .badArgument }
            guard groups.count > 1 else { throw .tooFewSites }
            let parts = groups.map { name in zip(effects, group).filter { $0.1 == name }.map(\.0) }
            guard parts.allSatisfy({ !$0.isEmpty }) else { throw .tooFewSites }
            var summaries: [(estimate: Double, standardError: Double, tau2: Double, count: Int)] = []
            switch variance {
            case .none, .separate:
                for part in parts {
                    let fit = try RandomEffects.fit(part, method: variance == .none ? .equalEffects : method).get()
                    let error = fit.plainVariance.squareRoot()
                    summaries.append((fit.estimate, error, fit.tau2, fit.count))
                }
            case .common:
                let used = zip(effects, group).filter { groups.contains($0.1) }
                let indicators = MetaRegression.indicators(of: used.map(\.1), levels: groups)
                let tau2 = try MetaRegression.fit(used.map(\.0), covariates: indicators, method: method).get().tau2
                for part in parts {
                    let weights = part.map { 1 / ($0.variance + tau2) }
                    let means = Design(covariates: [], rows: part.count)
                    guard let fit = WeightedFit(y: part.map(\.estimate), weights: weights, design: means) else {
                        throw .notFinite
                    }
                    summaries.append((fit.coefficients[0], fit.inverse[0][0].squareRoot(), tau2, part.count))
                }
            }
            let between = summaries.map {
                SiteEffect(estimate: $0.estimate, variance: $0.standardError * $0.standardError)
            }
            let comparison = try RandomEffects.fit(between, method: .equalEffects).get().heterogeneity
            return SubgroupComparison(
                q: comparison.q, degreesOfFreedom: comparison.degreesOfFreedom, pValue: comparison.pValue,
                groups: summaries)
        }
    }
}
