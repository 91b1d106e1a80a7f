import Evidence
import Messages
import MetaAnalysis
import Statistics
import StudyProtocol

// MARK: - Estimates with their variances

extension EndpointEstimation {
    /// One site's own numbers, as they go into a meta-analysis.
    private struct Entry {
        let contribution: EndpointResult.Contribution
        let positives: Int?
        let negatives: Int?
    }

    static func randomEffects(
        _ endpoint: Endpoint, _ transform: SynthesisPlan.Transform, _ releases: [ReleasePredicate]
    ) -> EndpointEstimation {
        if endpoint.combination.isExactBinomial { return exactBinomial(endpoint, releases) }
        if endpoint.metric == .auroc, !hasAskedVariance(endpoint, releases.compactMap(\.rocSummary)) {
            return undefined(endpoint, variancesDiffer)
        }
        let entries = releases.compactMap { entry($0, endpoint) }
        guard !entries.isEmpty else { return undefined(endpoint, noContribution(releases)) }
        guard entries.count > 1 else { return undefined(endpoint, "single-site") }
        let scale = transform.scale
        let effects = entries.compactMap { entry -> SiteEffect? in
            guard let estimate = entry.contribution.estimate, let variance = entry.contribution.variance else {
                return nil
            }
            return scale.effect(estimate: estimate, variance: variance).value
        }
        // A site at 0 or 1 has no logit; leaving it out would bias the summary, so there is none.
        guard effects.count == entries.count,
            let fit = RandomEffects.fit(effects, method: endpoint.combination.betweenVariance).value
        else { return undefined(endpoint, Undefined.noVariance.rawValue) }
        let test = ModelTest(rawValue: endpoint.interval?.method.rawValue ?? "") ?? .hartungKnappGuarded
        let level = endpoint.interval?.level ?? 0.95
        guard let inference = fit.inference(test, level: level).value else {
            return undefined(endpoint, Undefined.noVariance.rawValue)
        }
        let isNamed = endpoint.randomEffects != nil
        let positives = entries.compactMap(\.positives)
        let negatives = entries.compactMap(\.negatives)
        return EndpointEstimation(
            metric: Metric(
                endpoint.metric.rawValue, value: unit(scale.original(fit.estimate)),
                interval: Metric.Interval(unit(scale.original(inference.interval)), method: test.rawValue),
                parameters: parameters(of: endpoint),
                definition: "\(endpoint.combination.rawValue)-\(transform.rawValue)"),
            variance: inference.standardError * inference.standardError,
            heterogeneity: EndpointResult.Heterogeneity(
                fit,
                // Without a variance between sites there is nothing for an interval to be about.
                profile: isNamed && endpoint.combination != .fixedEffect ? fit.qProfile(level: level).value : nil,
                isFull: isNamed),
            predictionInterval: endpoint.predictionInterval.flatMap { form in
                PredictionForm(rawValue: form.rawValue)
                    .flatMap { fit.predictionInterval($0, level: level).value }
                    .map { Metric.Interval(unit(scale.original($0)), method: form.rawValue) }
            },
            sites: entries.map(\.contribution),
            positives: positives.count == entries.count ? positives.reduce(0, +) : nil,
            negatives: negatives.count == entries.count ? negatives.reduce(0, +) : nil,
            limits: EndpointLimits(
                interval: { fit.inference(test, level: $0).value.map { unit(scale.original($0.interval)) } },
                statistic: { bound in
                    scale.transformed(bound).value.map { (fit.estimate - $0) / inference.standardError }
                },
                degreesOfFreedom: inference.degreesOfFreedom))
    }

    private static func entry(_ release: ReleasePredicate, _ endpoint: Endpoint) -> Entry? {
        switch endpoint.metric {
        case .auroc:
            return release.rocSummary.map {
                Entry(
                    contribution: EndpointResult.Contribution(
                        site: release.site, estimate: $0.area, variance: $0.variance, share: nil),
                    positives: $0.positives, negatives: $0.negatives)
            }
        case .sensitivity, .specificity:
            guard let stratum = release.proportion(of: endpoint), stratum.cases > 0 else { return nil }
            let own = StratifiedProportion([stratum], method: StratifiedProportion.Method(endpoint), level: 0.95)
            let others = release.proportion(of: endpoint, otherClass: true)?.cases
            let isSensitivity = endpoint.metric == .sensitivity
            return Entry(
                contribution: EndpointResult.Contribution(
                    site: release.site, estimate: own?.estimate, variance: own?.variance, share: nil),
                positives: isSensitivity ? stratum.cases : others, negatives: isSensitivity ? others : stratum.cases)
        }
    }

    /// A limit beyond what an area or a proportion can be says no more than the end of the range.
    private static func unit(_ x: Double) -> Double { min(1, max(0, x)) }

    private static func unit(_ interval: Interval) -> Interval {
        Interval(lower: unit(interval.lower), upper: unit(interval.upper), level: interval.level)
    }
}

// MARK: - Counts

extension EndpointEstimation {
    /// The exact binomial models: counts of independent cases go in, so that a site at 0 or 1 is no obstacle.
    private static func exactBinomial(_ endpoint: Endpoint, _ releases: [ReleasePredicate]) -> EndpointEstimation {
        let isBivariate = endpoint.combination == .binomialBivariate
        let sites = releases.compactMap { release -> BinomialSite? in
            guard let own = release.proportion(of: endpoint), own.cases > 0 else { return nil }
            let other = release.proportion(of: endpoint, otherClass: true)
            // The bivariate model needs both classes of a site.
            if isBivariate, (other?.cases ?? 0) == 0 { return nil }
            return BinomialSite(site: release.site, own: own, other: other)
        }
        guard !sites.isEmpty else { return undefined(endpoint, noContribution(releases)) }
        guard sites.count > 1 else { return undefined(endpoint, "single-site") }
        let summary: LogitSummary
        switch isBivariate ? bivariate(endpoint, sites) : univariate(sites) {
        case .undefined(let reason): return undefined(endpoint, reason.rawValue)
        case .value(let value): summary = value
        }
        let level = endpoint.interval?.level ?? 0.95
        let interval = { (level: Double) -> Interval? in summary.interval(level) }
        let own = sites.reduce(0) { $0 + $1.own.cases }
        let others = sites.compactMap { $0.other?.cases }
        let otherCases = others.count == sites.count ? others.reduce(0, +) : nil
        let isSensitivity = endpoint.metric == .sensitivity
        return EndpointEstimation(
            metric: Metric(
                endpoint.metric.rawValue, value: EffectScale.logit.original(summary.estimate),
                interval: interval(level).map { Metric.Interval($0, method: IntervalRequest.Method.normal.rawValue) },
                n: own, parameters: parameters(of: endpoint),
                definition: "\(endpoint.combination.rawValue)-logit"),
            variance: summary.standardError * summary.standardError,
            heterogeneity: EndpointResult.Heterogeneity(tau2: summary.tau2),
            sites: sites.map(\.contribution),
            positives: isSensitivity ? own : otherCases, negatives: isSensitivity ? otherCases : own,
            limits: EndpointLimits(
                interval: interval,
                statistic: { bound in
                    EffectScale.logit.transformed(bound).value.map { (summary.estimate - $0) / summary.standardError }
                },
                degreesOfFreedom: nil))
    }

    /// The mean of the logits over sites, with the variance between them.
    private struct LogitSummary {
        let estimate: Double
        let standardError: Double
        let tau2: Double
        let interval: (Double) -> Interval?
    }

    private static func bivariate(_ endpoint: Endpoint, _ sites: [BinomialSite]) -> Inferred<LogitSummary> {
        let isSensitivity = endpoint.metric == .sensitivity
        let counts = sites.compactMap { $0.counts(isSensitivity: isSensitivity) }
        return BinomialBivariate.fit(counts).map { fit in
            LogitSummary(
                estimate: isSensitivity ? fit.logitSensitivity : -fit.logitFalsePositiveRate,
                standardError: (isSensitivity ? fit.covariance.sensitivity : fit.covariance.falsePositiveRate)
                    .squareRoot(),
                tau2: isSensitivity ? fit.between.sensitivity : fit.between.falsePositiveRate,
                interval: {
                    (isSensitivity ? fit.sensitivityInterval(level: $0) : fit.specificityInterval(level: $0)).value
                })
        }
    }

    private static func univariate(_ sites: [BinomialSite]) -> Inferred<LogitSummary> {
        let groups = sites.compactMap { EventCounts(events: $0.own.hits, cases: $0.own.cases) }
        return BinomialRandomEffects.fit(groups).map { fit in
            LogitSummary(
                estimate: fit.estimate, standardError: fit.standardError, tau2: fit.tau2,
                interval: { fit.interval(level: $0).value })
        }
    }
}

/// A site's counts at an operating point.
private struct BinomialSite {
    let site: SiteID
    let own: StratifiedProportion.Stratum
    let other: StratifiedProportion.Stratum?

    var contribution: EndpointResult.Contribution {
        let binomial = StratifiedProportion.Method(hasEqualSites: false, isBinomial: true)
        let alone = StratifiedProportion([own], method: binomial, level: 0.95)
        return EndpointResult.Contribution(
            site: site, estimate: alone?.estimate, variance: alone?.variance, share: nil)
    }

    func counts(isSensitivity: Bool) -> DiagnosticCounts? {
        guard let other else { return nil }
        let (positives, negatives) = isSensitivity ? (own, other) : (other, own)
        return DiagnosticCounts(
            truePositives: positives.hits, falseNegatives: positives.cases - positives.hits,
            falsePositives: negatives.cases - negatives.hits, trueNegatives: negatives.hits)
    }
}

extension SynthesisPlan.Transform {
    fileprivate var scale: EffectScale {
        switch self {
        case .logit: .logit
        case .arcsine: .arcsine
        case .log: .log
        case .none: .raw
        }
    }
}

extension Endpoint.RandomEffectsMethod {
    /// Of the models that take estimates with their variances.
    fileprivate var betweenVariance: BetweenVarianceMethod {
        switch self {
        case .derSimonianLaird: .dersimonianLaird
        case .pauleMandel: .pauleMandel
        case .restrictedMaximumLikelihood: .restrictedMaximumLikelihood
        case .maximumLikelihood, .binomialUnivariate, .binomialBivariate: .maximumLikelihood
        case .fixedEffect: .equalEffects
        }
    }
}

extension EndpointResult.Heterogeneity {
    /// - Parameters:
    ///   - profile: the Q-profile interval of τ².
    ///   - isFull: whether the protocol names the method; a protocol from before that gets what it always got.
    fileprivate init(_ fit: RandomEffects, profile: QProfile?, isFull: Bool) {
        let spread = fit.heterogeneity
        let interval = profile.flatMap { $0.isEmpty ? nil : $0 }
        self.init(
            q: spread.q, degreesOfFreedom: spread.degreesOfFreedom, tau2: fit.tau2, i2: Self.percent * spread.i2,
            p: isFull ? spread.pValue : nil, h2: isFull ? spread.h2 : nil,
            tau2Interval: interval.map { Metric.Interval($0.tau2, method: "q-profile") },
            i2Interval: interval.map {
                Metric.Interval(
                    lower: Self.percent * $0.i2.lower, upper: Self.percent * $0.i2.upper, level: $0.i2.level,
                    method: "q-profile")
            })
    }

    /// `MetaAnalysis` gives I² as a share.
    private static let percent = 100.0
}
