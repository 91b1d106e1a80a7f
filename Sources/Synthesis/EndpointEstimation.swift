import Evidence
import Foundation
import Messages
import MetaAnalysis
import Statistics
import StudyProtocol

/// An endpoint's estimate from a set of releases: the same for all sites and with one left out.
struct EndpointEstimation {
    let metric: Metric
    let variance: Double?
    let heterogeneity: EndpointResult.Heterogeneity?
    let sites: [EndpointResult.Contribution]
    /// Over the sites in the estimate; nil when a site withheld them.
    let positives: Int?
    let negatives: Int?
    private let limit: ((Double) -> Double?)?

    /// The lower one-sided confidence limit.
    func lowerLimit(confidence: Double) -> Double? { limit.flatMap { $0(2 * confidence - 1) } }

    init(_ endpoint: Endpoint, releases: [ReleasePredicate]) {
        switch (endpoint.metric, endpoint.estimator) {
        case (.auroc, .stratified): self = Self.stratifiedAUROC(endpoint, releases)
        case (.auroc, .randomEffects): self = Self.randomEffects(endpoint, releases)
        case (.auroc, .pooledBounds): self = Self.pooledBounds(endpoint, releases)
        case (.sensitivity, .stratified), (.specificity, .stratified):
            self = Self.stratifiedProportion(endpoint, releases)
        case (.sensitivity, .randomEffects), (.specificity, .randomEffects), (.sensitivity, .pooledBounds),
            (.specificity, .pooledBounds):
            // `EndpointRules` has no such combination: a proportion's random effects need the exact binomial model, and
            // cases at an operating point are counted, not bounded.
            self = Self.undefined(endpoint, "no-such-estimator")
        }
    }

    private init(
        metric: Metric, variance: Double? = nil, heterogeneity: EndpointResult.Heterogeneity? = nil,
        sites: [EndpointResult.Contribution] = [], positives: Int? = nil, negatives: Int? = nil,
        limit: ((Double) -> Double?)? = nil
    ) {
        self.metric = metric
        self.variance = variance
        self.heterogeneity = heterogeneity
        self.sites = sites
        self.positives = positives
        self.negatives = negatives
        self.limit = limit
    }

    /// Why no site is in the estimate: nothing was released at all is not the same as something was withheld.
    private static func noContribution(_ releases: [ReleasePredicate]) -> String {
        releases.isEmpty ? "no-release" : "withheld"
    }

    private static func undefined(_ endpoint: Endpoint, _ reason: String) -> EndpointEstimation {
        EndpointEstimation(
            metric: Metric(endpoint.metric.rawValue, undefined: reason, parameters: parameters(of: endpoint)))
    }

    private static func parameters(of endpoint: Endpoint) -> [String: String]? {
        endpoint.operatingPoint.map { ["operatingPoint": $0.rawValue] }
    }
}

// MARK: - Stratified

extension EndpointEstimation {
    private static let variancesDiffer = "variance-method-differs"

    /// Whether every site released the variance that the endpoint names: a variance of independent cases must not
    /// stand in for a clustered one.
    private static func hasAskedVariance(_ endpoint: Endpoint, _ summaries: [ROCSummary]) -> Bool {
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
            limit: { interval($0).value?.lower })
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
            limit: { StratifiedProportion(totals, method: method, level: $0)?.interval.lower })
    }
}

// MARK: - Random effects

extension EndpointEstimation {
    private static func randomEffects(_ endpoint: Endpoint, _ releases: [ReleasePredicate]) -> EndpointEstimation {
        let summaries = releases.compactMap(\.rocSummary)
        guard hasAskedVariance(endpoint, summaries) else { return undefined(endpoint, variancesDiffer) }
        let sites = releases.compactMap { release in
            release.rocSummary.map {
                EndpointResult.Contribution(site: release.site, estimate: $0.area, variance: $0.variance, share: nil)
            }
        }
        guard !sites.isEmpty else { return undefined(endpoint, noContribution(releases)) }
        guard sites.count > 1 else { return undefined(endpoint, "single-site") }
        let effects = sites.compactMap { site -> SiteEffect? in
            guard let estimate = site.estimate, let variance = site.variance, variance > 0,
                let logit = Logit.of(estimate)
            else { return nil }
            return SiteEffect(estimate: logit, variance: Logit.variance(of: estimate, variance: variance))
        }
        // A site at 0 or 1 has no logit; leaving it out would bias the summary, so there is none.
        guard effects.count == sites.count, let fit = RandomEffects(effects) else {
            return undefined(endpoint, "no-variance")
        }
        let level = endpoint.interval?.level ?? 0.95
        guard let interval = fit.guardedHartungKnapp(level: level) else { return undefined(endpoint, "bad-argument") }
        return EndpointEstimation(
            metric: Metric(
                endpoint.metric.rawValue, value: Logit.inverse(fit.estimate),
                interval: Metric.Interval(
                    lower: Logit.inverse(interval.lower), upper: Logit.inverse(interval.upper), level: level,
                    method: IntervalRequest.Method.hartungKnappGuarded.rawValue),
                parameters: parameters(of: endpoint), definition: "dersimonian-laird-logit"),
            variance: fit.guardedStandardError * fit.guardedStandardError,
            heterogeneity: EndpointResult.Heterogeneity(
                q: fit.q, degreesOfFreedom: fit.count - 1, tau2: fit.tau2, i2: fit.i2),
            sites: sites,
            positives: summaries.reduce(0) { $0 + $1.positives },
            negatives: summaries.reduce(0) { $0 + $1.negatives },
            limit: { fit.guardedHartungKnapp(level: $0).map { Logit.inverse($0.lower) } })
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
