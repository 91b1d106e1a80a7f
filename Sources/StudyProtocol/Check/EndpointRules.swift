/// Which methods answer which question: one table, read by the checks and by whoever explains them.
///
/// A method is here when the engine has it. A clustered variance is the only one that is right for several cases of one
/// patient: DeLong's and plain Wilson's limits then cover 0.81 to 0.95 of what they promise.
public enum EndpointRules {
    public static func estimators(for metric: Endpoint.Metric) -> [Endpoint.Estimator] {
        switch metric {
        case .auroc: [.stratified, .randomEffects, .pooledBounds]
        case .sensitivity, .specificity: [.stratified]
        }
    }

    /// Of the stratified estimator.
    public static func weights(for metric: Endpoint.Metric) -> [Endpoint.Weights] {
        switch metric {
        case .auroc: [.pairs, .equal, .inverseVariance]
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

    public static func intervals(
        for metric: Endpoint.Metric, _ estimator: Endpoint.Estimator, _ variance: Endpoint.VarianceMethod?
    ) -> [IntervalRequest.Method] {
        switch (metric, estimator) {
        case (.auroc, .stratified): [.waldLogit, .wald]
        case (.auroc, .randomEffects): [.hartungKnappGuarded]
        case (.sensitivity, .stratified), (.specificity, .stratified):
            variance == .binomial ? [.wilson] : [.wilsonEffectiveSize]
        default: []
        }
    }

    /// The fewest sites on which a random-effects limit may decide anything.
    public static let minimumSitesForRandomEffects = 5
}
