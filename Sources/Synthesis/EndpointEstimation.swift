import Evidence
import Messages
import MetaAnalysis
import Statistics
import StudyProtocol

/// An endpoint's estimate from a set of releases: the same for all sites and with one left out.
struct EndpointEstimation {
    let metric: Metric
    let variance: Double?
    let heterogeneity: EndpointResult.Heterogeneity?
    let predictionInterval: Metric.Interval?
    let sites: [EndpointResult.Contribution]
    /// Over the sites in the estimate; nil when a site withheld them.
    let positives: Int?
    let negatives: Int?
    /// Nil for an estimate that has none.
    let limits: EndpointLimits?

    init(_ endpoint: Endpoint, transform: SynthesisPlan.Transform, releases: [ReleasePredicate]) {
        switch (endpoint.metric, endpoint.estimator) {
        case (.auroc, .stratified): self = Self.stratifiedAUROC(endpoint, releases)
        case (_, .randomEffects): self = Self.randomEffects(endpoint, transform, releases)
        case (.auroc, .pooledBounds): self = Self.pooledBounds(endpoint, releases)
        case (.sensitivity, .stratified), (.specificity, .stratified):
            self = Self.stratifiedProportion(endpoint, releases)
        case (.sensitivity, .pooledBounds), (.specificity, .pooledBounds):
            // `EndpointRules` has no such combination: cases at an operating point are counted, not bounded.
            self = Self.undefined(endpoint, "no-such-estimator")
        }
    }

    init(
        metric: Metric, variance: Double? = nil, heterogeneity: EndpointResult.Heterogeneity? = nil,
        predictionInterval: Metric.Interval? = nil, sites: [EndpointResult.Contribution] = [], positives: Int? = nil,
        negatives: Int? = nil, limits: EndpointLimits? = nil
    ) {
        self.metric = metric
        self.variance = variance
        self.heterogeneity = heterogeneity
        self.predictionInterval = predictionInterval
        self.sites = sites
        self.positives = positives
        self.negatives = negatives
        self.limits = limits
    }

    /// Why no site is in the estimate: nothing was released at all is not the same as something was withheld.
    static func noContribution(_ releases: [ReleasePredicate]) -> String {
        releases.isEmpty ? "no-release" : "withheld"
    }

    static func undefined(_ endpoint: Endpoint, _ reason: String) -> EndpointEstimation {
        EndpointEstimation(
            metric: Metric(endpoint.metric.rawValue, undefined: reason, parameters: parameters(of: endpoint)))
    }

    static func parameters(of endpoint: Endpoint) -> [String: String]? {
        endpoint.operatingPoint.map { ["operatingPoint": $0.rawValue] }
    }
}

// MARK: - Stratified

extension EndpointEstimation {
    static let variancesDiffer = "variance-method-differs"

    /// Whether every site released the variance that the endpoint names: a variance of independent cases must not
    /// stand in for a clustered one.
    static func hasAskedVariance(_ endpoint: Endpoint, _ summaries: [ROCSummary]) -> Bool {
        summaries.allSatisfy { $0.varianceMethod.rawValue == endpoint.variance?.rawValue }
    }

    private static func stratifiedAUROC(_ endpoint: Endpoint, _ releases: [ReleasePredicate]) -> EndpointEstimation {
        let summaries = releases.compactMap { release in release.rocSummary.map { (release.site, $0) } }
        guard !summaries.isEmpty else { return undefined(endpoint, noContribution(releases)) }
        guard hasAskedVariance(endpoint, summaries.map(\.1)) else { return undefined(endpoint, variancesDiffer) }
        // A released summary has pairs; what can fail is the weight 1 / variance of a site without variance.
        guard let pooled = StratifiedEstimate(summaries.map(\.1), weights: endpoint.weights ?? .pairs) else {
            return undefined(endpoint, Undefined.noVariance.rawValue)
        }
        let request = endpoint.interval
        let method = AUROCInference.Method(rawValue: request?.method.rawValue ?? "") ?? .waldLogit
        let interval = { (level: Double) in
            AUROCInference.interval(area: pooled.estimate, variance: pooled.variance, method: method, level: level)
        }
        return EndpointEstimation(
            metric: Metric(
                endpoint.metric.rawValue, value: pooled.estimate,
                interval: request.flatMap { request in
                    interval(request.level).value.map { Metric.Interval($0, method: request.method.rawValue) }
                },
                n: summaries.reduce(0) { $0 + $1.1.positives + $1.1.negatives }),
            variance: pooled.variance,
            sites: zip(summaries, pooled.shares).map {
                EndpointResult.Contribution(
                    site: $0.0, estimate: $0.1.area, variance: $0.1.variance, share: $1)
            },
            positives: summaries.reduce(0) { $0 + $1.1.positives },
            negatives: summaries.reduce(0) { $0 + $1.1.negatives },
            limits: EndpointLimits(
                interval: { interval($0).value },
                statistic: { statistic(pooled.estimate, pooled.variance, method, bound: $0) }, degreesOfFreedom: nil))
    }

    /// On the scale on which `AUROCInference` makes the limits.
    private static func statistic(
        _ area: Double, _ variance: Double, _ method: AUROCInference.Method, bound: Double
    ) -> Double? {
        guard variance > 0 else { return nil }
        let scale: EffectScale = method == .wald ? .raw : .logit
        guard let effect = scale.effect(estimate: area, variance: variance).value,
            let other = scale.transformed(bound).value
        else { return nil }
        return (effect.estimate - other) / effect.variance.squareRoot()
    }

    private static func stratifiedProportion(_ endpoint: Endpoint, _ releases: [ReleasePredicate]) -> EndpointEstimation
    {
        let confusions = releases.compactMap { release in release.proportion(of: endpoint).map { (release.site, $0) } }
        guard !confusions.isEmpty else { return undefined(endpoint, noContribution(releases)) }
        let level = endpoint.interval?.level ?? 0.95
        let totals = confusions.map(\.1)
        let method = StratifiedProportion.Method(endpoint)
        guard let pooled = StratifiedProportion(totals, method: method, level: level) else {
            return undefined(endpoint, "no-cases")
        }
        let others = releases.compactMap { $0.proportion(of: endpoint, otherClass: true)?.cases }
        let otherCases = others.count == confusions.count ? others.reduce(0, +) : nil
        return EndpointEstimation(
            metric: Metric(
                endpoint.metric.rawValue, value: pooled.estimate, interval: pooled.interval, n: pooled.cases,
                parameters: parameters(of: endpoint)),
            variance: pooled.variance,
            sites: zip(confusions, pooled.shares).compactMap { confusion, share in
                guard confusion.1.cases > 0 else { return nil }
                let own = StratifiedProportion([confusion.1], method: method, level: level)
                return EndpointResult.Contribution(
                    site: confusion.0, estimate: own?.estimate, variance: own?.variance, share: share)
            },
            positives: endpoint.metric == .sensitivity ? pooled.cases : otherCases,
            negatives: endpoint.metric == .specificity ? pooled.cases : otherCases,
            limits: EndpointLimits(
                interval: { level in
                    StratifiedProportion(totals, method: method, level: level)
                        .map { Interval(lower: $0.interval.lower, upper: $0.interval.upper, level: level) }
                },
                statistic: { pooled.scoreStatistic(at: $0) }, degreesOfFreedom: pooled.degreesOfFreedom))
    }
}

// MARK: - Pooled bounds

extension EndpointEstimation {
    private static func pooledBounds(_ endpoint: Endpoint, _ releases: [ReleasePredicate]) -> EndpointEstimation {
        let contributions = releases.compactMap { release in
            release.scoreSteps.flatMap { PooledBounds.Contribution(steps: $0, summary: release.rocSummary) }
                .map { (release.site, $0) }
        }
        guard !contributions.isEmpty else { return undefined(endpoint, noContribution(releases)) }
        do {
            let bounds = try PooledBounds(contributions.map(\.1))
            return EndpointEstimation(
                metric: Metric(
                    endpoint.metric.rawValue,
                    bounds: Metric.Interval(
                        lower: bounds.lower, upper: bounds.upper, level: nil, method: "pooled-bounds"),
                    n: bounds.positives + bounds.negatives),
                sites: contributions.map { site, contribution in
                    EndpointResult.Contribution(
                        site: site, estimate: contribution.summary?.area, variance: nil, share: nil)
                },
                // Bounds say nothing of chance, so they have no confidence limit and decide nothing.
                positives: bounds.positives, negatives: bounds.negatives)
        } catch {
            return undefined(endpoint, error.rawValue)
        }
    }
}

// MARK: - What a release says

extension ReleasePredicate {
    var rocSummary: ROCSummary? {
        guard case .released(.roc(let summary)) = answer(to: AnswerKey(name: .roc)) else { return nil }
        return summary
    }

    var scoreSteps: ReleasedScoreSteps? {
        guard case .released(.scoreSteps(let steps)) = answer(to: AnswerKey(name: .scoreSteps)) else { return nil }
        return steps
    }

    /// The class that a sensitivity or specificity is about, or the other one; nil when withheld in part.
    func proportion(of endpoint: Endpoint, otherClass: Bool = false) -> StratifiedProportion.Stratum? {
        guard let point = endpoint.operatingPoint,
            case .released(.confusion(let confusion)) = answer(to: AnswerKey(name: .confusion(point)))
        else { return nil }
        let isSensitivity = (endpoint.metric == .sensitivity) != otherClass
        guard let hits = (isSensitivity ? confusion.tp : confusion.tn).exact,
            let misses = (isSensitivity ? confusion.fn : confusion.fp).exact,
            let clusters = isSensitivity ? confusion.positives : confusion.negatives
        else { return nil }
        return StratifiedProportion.Stratum(hits: hits, cases: hits + misses, clusters: clusters)
    }
}
