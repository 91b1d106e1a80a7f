/// Which methods answer which question: one table, read by the checks and by whoever explains them.
///
/// A method is here when the engine has it. A clustered variance is the only one that is right for several cases of one
/// patient: DeLong's and plain Wilson's limits then cover 0.81 to 0.95 of what they promise.
public enum EndpointRules {
    public static func estimators(for metric: Endpoint.Metric) -> [Endpoint.Estimator] {
        switch metric {
        case .auroc: [.stratified, .randomEffects, .pooledBounds]
        case .sensitivity, .specificity: [.stratified, .randomEffects]
        }
    }

    /// Of the stratified estimator. Inverse variances favour the sites with a high area, because their variance is small:
    /// in simulation the interval covers 1 to 87 % of what 95 % promises, so that nothing is decided by it.
    /// - Parameter decides: whether the endpoint has a hypothesis.
    public static func weights(for metric: Endpoint.Metric, decides: Bool) -> [Endpoint.Weights] {
        switch metric {
        case .auroc: decides ? [.pairs, .equal] : [.pairs, .equal, .inverseVariance]
        case .sensitivity, .specificity: [.cases, .equal]
        }
    }

    /// - Parameter clustered: whether cases are clustered in patients.
    public static func variances(for metric: Endpoint.Metric, clustered: Bool) -> [Endpoint.VarianceMethod] {
        let all: [Endpoint.VarianceMethod] =
            switch metric {
            case .auroc: [.obuchowski, .delong]
            case .sensitivity, .specificity: [.cluster, .binomial]
            }
        return clustered ? all.filter(\.isClustered) : all
    }

    /// - Parameter named: how `random-effects` combines sites, where the protocol says so.
    public static func intervals(
        for metric: Endpoint.Metric, _ estimator: Endpoint.Estimator, _ variance: Endpoint.VarianceMethod?,
        _ named: Endpoint.RandomEffectsMethod? = nil
    ) -> [IntervalRequest.Method] {
        switch (metric, estimator) {
        case (.auroc, .stratified): return [.waldLogit, .wald]
        case (.sensitivity, .stratified), (.specificity, .stratified):
            return variance == .binomial ? [.wilson] : [.wilsonEffectiveSize]
        case (_, .randomEffects):
            // Hartung and Knapp's method learns the spread between sites from their estimates; without a variance
            // between them, and from counts, there is the normal interval.
            let combination = Endpoint.combination(named, variance)
            return combination == .fixedEffect || combination.isExactBinomial
                ? [.normal] : [.hartungKnappGuarded, .hartungKnapp, .normal]
        case (_, .pooledBounds): return []
        }
    }

    /// Of the estimator `random-effects`.
    public static func combinations(
        for metric: Endpoint.Metric, _ variance: Endpoint.VarianceMethod?
    ) -> [Endpoint.RandomEffectsMethod] {
        Endpoint.RandomEffectsMethod.allCases.filter { $0.isExactBinomial == (variance == .binomial) }
    }

    /// The scales on which a combination works.
    public static func transforms(for combination: Endpoint.RandomEffectsMethod) -> [SynthesisPlan.Transform] {
        combination.isExactBinomial ? [.logit] : SynthesisPlan.Transform.allCases
    }

    /// The fewest sites on which a random-effects limit may decide anything.
    public static let minimumSitesForRandomEffects = 5
}
