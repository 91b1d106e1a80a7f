public import Statistics

extension RandomEffects {
    /// The model without each site in turn. `too-few-sites` in every place when there is one site only.
    public func leaveOneOut() -> [Inferred<RandomEffects>] {
        effects.indices.map { index in
            guard count > 1 else { return .undefined(.tooFewSites) }
            return RandomEffects.fit(effects.indices.filter { $0 != index }.map { effects[$0] }, method: method)
        }
    }

    /// The model of the first site, of the first two, and so on, in the order given.
    public static func cumulative(
        _ effects: [SiteEffect], method: BetweenVarianceMethod = .dersimonianLaird
    ) -> [Inferred<RandomEffects>] {
        effects.indices.map { RandomEffects.fit(Array(effects[...$0]), method: method) }
    }
}

/// What each site does to a random-effects summary (Viechtbauer and Cheung 2010, Res Synth Methods 1:112).
public struct SiteInfluence: Hashable, Sendable {
    /// The site's estimate minus the summary of the others, over the standard error of that difference.
    public let externallyStandardisedResidual: Double
    /// By how many of its standard errors the summary's value for the site changes when the site is left out.
    public let dffits: Double
    /// (μ − μ without the site)² over the variance of μ.
    public let cooksDistance: Double
    /// The variance of μ without the site over that with it.
    public let covarianceRatio: Double
    /// τ² and Q without the site.
    public let tau2Without: Double
    public let qWithout: Double
    /// The site's share of the summary, 0…1.
    public let weight: Double

    /// One a site. Undefined: `too-few-sites` below three sites for t-based tests and below two for others, or the reason
    /// of a fit that has none.
    public static func of(_ model: RandomEffects, test: ModelTest = .normal) -> Inferred<[SiteInfluence]> {
        Inferred { () throws(Undefined) in
            guard model.count > 1 else { throw .tooFewSites }
            let whole = try model.inference(test).get()
            let wholeVariance = whole.standardError * whole.standardError
            var result: [SiteInfluence] = []
            for (index, without) in model.leaveOneOut().enumerated() {
                let others = try without.get()
                let effect = model.effects[index]
                let variance: Double
                let factor: Double
                if test == .hartungKnapp || test == .hartungKnappGuarded {
                    guard others.count > 1 else { throw .tooFewSites }
                    let error = try others.inference(test).get().standardError
                    (variance, factor) = (error * error, error * error / others.plainVariance)
                } else {
                    (variance, factor) = (others.plainVariance, 1)
                }
                let change = model.estimate - others.estimate
                let own = factor * (effect.variance + others.tau2)
                let weight = model.weights[index]
                result.append(
                    SiteInfluence(
                        externallyStandardisedResidual: (effect.estimate - others.estimate)
                            / (own + variance).squareRoot(),
                        dffits: change / (own * weight).squareRoot(), cooksDistance: change * change / wholeVariance,
                        covarianceRatio: variance / wholeVariance, tau2Without: others.tau2,
                        qWithout: others.heterogeneity.q, weight: weight))
            }
            return result
        }
    }
}
