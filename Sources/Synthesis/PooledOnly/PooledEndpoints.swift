import Evidence
import Messages
import Statistics
import StudyProtocol

/// The endpoints as the pooled-only view shows them.
struct PooledEndpoints {
    let shown: [PooledOnlyView.Outcome]
    /// Those that are over the sites of the answers, and so are shown as they are.
    private let unrounded: Set<EndpointID>

    init(_ results: StudyResults, released: PooledSites, rules: PooledRules) {
        // One metric over two sets of sites would give away the site by which they differ.
        var sets: [String: Set<SiteID>] = [:]
        var unrounded: Set<EndpointID> = []
        shown = results.endpoints.map { endpoint in
            let sites = endpoint.sites.map(\.site)
            let metric = endpoint.estimate.name + (endpoint.estimate.parameters?["operatingPoint"] ?? "")
            guard Self.allows(endpoint, released, rules), sets[metric, default: Set(sites)] == Set(sites) else {
                return PooledOnlyView.Outcome(endpoint, withheld: PooledOnlyView.notReleasable)
            }
            sets[metric] = Set(sites)
            let isWhole = released.isChosen(sites)
            if isWhole { unrounded.insert(endpoint.id) }
            return PooledOnlyView.Outcome(endpoint, isRounded: !isWhole)
        }
        self.unrounded = unrounded
    }

    /// The family with its p value where that is of estimates that are shown as they are.
    func shown(_ family: EndpointFamily) -> EndpointFamily {
        EndpointFamily(
            rule: family.rule, endpoints: family.endpoints, verdict: family.verdict, alpha: family.alpha,
            p: family.endpoints.allSatisfy { unrounded.contains($0) } ? family.p : nil)
    }

    /// Whether no site dominates the estimate, by its weight and by its cases.
    private static func allows(_ endpoint: EndpointResult, _ released: PooledSites, _ rules: PooledRules) -> Bool {
        guard endpoint.estimate.value != nil || endpoint.estimate.interval != nil,
            endpoint.sites.count >= rules.minimumSites
        else { return false }
        let shares = endpoint.sites.compactMap(\.share)
        guard shares.isEmpty || shares.count == endpoint.sites.count,
            shares.isEmpty || rules.allows(shares.map { Int128(($0 * 1e15).rounded()) })
        else { return false }
        let cases = endpoint.sites.map { Self.cases(endpoint, released, site: $0.site) }
        let known = cases.compactMap { $0 }
        return known.count == cases.count && rules.allows(counts: known.map(\.own))
            && (known.allSatisfy { $0.other == nil } || rules.allows(counts: known.map { $0.other ?? 0 }))
    }

    /// The cases that an endpoint's estimate is made of at a site: of an AUROC positives and negatives, else of the class.
    private static func cases(
        _ endpoint: EndpointResult, _ released: PooledSites, site: SiteID
    ) -> (own: Int, other: Int?)? {
        guard let point = endpoint.estimate.parameters?["operatingPoint"].flatMap(OperatingPointID.init(rawValue:))
        else {
            if case .roc(let summary)? = released.answer(AnswerKey(name: .roc), of: site) {
                return (summary.positives, summary.negatives)
            }
            guard case .scoreSteps(let steps)? = released.answer(AnswerKey(name: .scoreSteps), of: site),
                let positives = steps.positives.n.exact, let negatives = steps.negatives.n.exact
            else { return nil }
            return (positives, negatives)
        }
        guard case .confusion(let confusion)? = released.answer(AnswerKey(name: .confusion(point)), of: site) else {
            return nil
        }
        let isSensitivity = endpoint.estimate.name == Endpoint.Metric.sensitivity.rawValue
        return (isSensitivity ? confusion.tp + confusion.fn : confusion.tn + confusion.fp).exact.map { ($0, nil) }
    }
}

extension PooledOnlyView.Outcome {
    init(_ endpoint: EndpointResult, withheld code: String) {
        self.init(
            id: endpoint.id, role: endpoint.role, estimator: endpoint.estimator, weights: endpoint.weights,
            varianceMethod: endpoint.varianceMethod, contributing: nil, of: endpoint.of, estimate: nil,
            heterogeneity: nil, predictionInterval: nil, withheldSites: nil, decision: nil,
            descriptive: endpoint.descriptive, withheld: code)
    }

    /// - Parameter isRounded: to three decimals, so that numbers of cases do not follow from a fraction; p values and the
    ///   number of cases are then left out.
    init(_ endpoint: EndpointResult, isRounded: Bool) {
        let heterogeneity = endpoint.heterogeneity.map { spread in
            isRounded
                ? EndpointResult.Heterogeneity(
                    q: spread.q?.rounded3, degreesOfFreedom: spread.degreesOfFreedom, tau2: spread.tau2.rounded3,
                    i2: spread.i2?.rounded3)
                : spread
        }
        let decision = endpoint.decision.map { decision in
            isRounded
                ? EndpointResult.Decision(
                    verdict: decision.verdict, limit: decision.limit?.rounded3, bound: decision.bound,
                    upperLimit: decision.upperLimit?.rounded3, upperBound: decision.upperBound,
                    confidence: decision.confidence, p: nil, adjustedP: nil, reason: decision.reason)
                : decision
        }
        self.init(
            id: endpoint.id, role: endpoint.role, estimator: endpoint.estimator, weights: endpoint.weights,
            varianceMethod: endpoint.varianceMethod, contributing: endpoint.sites.count, of: endpoint.of,
            estimate: isRounded ? endpoint.estimate.rounded3 : endpoint.estimate, heterogeneity: heterogeneity,
            predictionInterval: isRounded ? endpoint.predictionInterval?.rounded3 : endpoint.predictionInterval,
            withheldSites: endpoint.withheldSites?.bounds?.outwards, decision: decision,
            descriptive: endpoint.descriptive, withheld: nil)
    }
}

extension Double {
    fileprivate var rounded3: Double { (self * 1000).rounded() / 1000 }
}

extension Metric.Interval {
    fileprivate var rounded3: Metric.Interval {
        // A confidence interval to the nearest, bounds that hold with certainty outwards.
        Metric.Interval(
            lower: level == nil ? (lower * 1000).rounded(.down) / 1000 : lower.rounded3,
            upper: level == nil ? (upper * 1000).rounded(.up) / 1000 : upper.rounded3, level: level, method: method)
    }

    /// How many cases a site withheld would follow from sharper bounds.
    fileprivate var outwards: Metric.Interval {
        Metric.Interval(
            lower: (lower * 10).rounded(.down) / 10, upper: (upper * 10).rounded(.up) / 10, level: level,
            method: method)
    }
}

extension Metric {
    fileprivate var rounded3: Metric {
        if let value {
            Metric(
                name, value: value.rounded3, interval: interval?.rounded3, parameters: parameters,
                definition: definition)
        } else if let interval {
            Metric(name, bounds: interval.rounded3, parameters: parameters, definition: definition)
        } else {
            Metric(name, undefined: undefined ?? "withheld", parameters: parameters, definition: definition)
        }
    }
}
