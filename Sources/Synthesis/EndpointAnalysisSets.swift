import Evidence
import Messages
import Statistics
import StudyProtocol

/// A sensitivity or specificity with failed cases counted against the model (`worst-case`) and left out
/// (`complete-case`).
///
/// A site releases one of the two, as the protocol's `missing.modelFailed` says, and in its flow how many cases failed, but
/// not of which class they are. The other one is therefore known up to that: as bounds, which some division of the
/// failed cases between the classes reaches.
enum EndpointAnalysisSets {
    static let worstCase = "worst-case"
    static let completeCase = "complete-case"

    /// - Returns: nil when no case failed, so that both are the same, and for other metrics and weights.
    static func metrics(
        of endpoint: Endpoint, in evaluation: Evaluation?, releases: [ReleasePredicate]
    ) -> [Metric]? {
        guard let evaluation, endpoint.metric != .auroc, endpoint.estimator == .stratified, endpoint.weights == .cases
        else { return nil }
        let parts = releases.compactMap { release in
            release.proportion(of: endpoint).map {
                (own: $0, other: release.proportion(of: endpoint, otherClass: true), failed: release.failedCases)
            }
        }
        guard parts.contains(where: { $0.failed != 0 }) else { return nil }
        let hits = parts.reduce(0) { $0 + $1.own.hits }
        let cases = parts.reduce(0) { $0 + $1.own.cases }
        let countsFailed = evaluation.missing.modelFailed == .worstCase
        let released = countsFailed ? worstCase : completeCase
        let derived = countsFailed ? completeCase : worstCase
        func metric(_ definition: String, atLeast: Double, atMost: Double) -> Metric {
            let parameters = EndpointEstimation.parameters(of: endpoint)
            return atLeast == atMost
                ? Metric(endpoint.metric.rawValue, value: atLeast, parameters: parameters, definition: definition)
                : Metric(
                    endpoint.metric.rawValue,
                    bounds: Metric.Interval(
                        lower: atLeast, upper: atMost, level: nil, method: "failed-cases-bounds"),
                    parameters: parameters, definition: definition)
        }
        func undefined(_ definition: String, _ reason: Undefined) -> Metric {
            Metric(
                endpoint.metric.rawValue, undefined: reason.rawValue,
                parameters: EndpointEstimation.parameters(of: endpoint), definition: definition)
        }
        guard cases > 0 else { return [undefined(released, .noCases), undefined(derived, .noCases)] }
        let share = Double(hits) / Double(cases)
        let own = metric(released, atLeast: share, atMost: share)
        // How many of the failed cases can be of this class, over the sites.
        var (fewest, most) = (0, 0)
        for part in parts {
            guard let failed = part.failed else { return [own, undefined(derived, .withheld)] }
            guard countsFailed else {
                most += failed
                continue
            }
            // Among the misses of this class, and the others among those of the other class.
            let otherMisses = part.other.map { $0.cases - $0.hits } ?? failed
            fewest += max(0, failed - otherMisses)
            most += min(failed, part.own.cases - part.own.hits)
        }
        guard fewest <= most else { return [own, undefined(derived, .badArgument)] }
        guard countsFailed else {
            return [own, metric(derived, atLeast: Double(hits) / Double(cases + most), atMost: share)]
        }
        guard cases > most else { return [own, undefined(derived, .noCases)] }
        return [
            own,
            metric(
                derived, atLeast: Double(hits) / Double(cases - fewest), atMost: Double(hits) / Double(cases - most)),
        ]
    }
}

extension EndpointResult.WithheldSites {
    /// The estimate's range over all cases of the sites that released anything, whatever those hold that withheld their
    /// part. Nil without any such site.
    init?(_ endpoint: Endpoint, evaluation: Evaluation?, releases: [ReleasePredicate]) {
        guard let evaluation, endpoint.estimator != .pooledBounds else { return nil }
        let isAUROC = endpoint.metric == .auroc
        let silent = releases.filter { $0.hasWithheld(endpoint) }
        guard !silent.isEmpty else { return nil }
        let counted = silent.compactMap { $0.evaluatedCases(evaluation.missing.modelFailed) }
        let isCounted = endpoint.estimator == .stratified && (endpoint.weights == .pairs || endpoint.weights == .cases)
        var bounds: Metric.Interval?
        if isCounted, counted.count == silent.count {
            // Everything wrong, or everything right, with as many cases of the class (pairs) as there can be.
            let (right, all, unknown): (Double, Double, Double) =
                if isAUROC {
                    (
                        releases.compactMap(\.rocSummary).reduce(0) { $0 + Double($1.twiceU.value) / 2 },
                        releases.compactMap(\.rocSummary).reduce(0) { $0 + Double($1.pairs) },
                        counted.reduce(0) { $0 + Double($1 / 2) * Double($1 - $1 / 2) }
                    )
                } else {
                    (
                        releases.compactMap { $0.proportion(of: endpoint) }.reduce(0) { $0 + Double($1.hits) },
                        releases.compactMap { $0.proportion(of: endpoint) }.reduce(0) { $0 + Double($1.cases) },
                        counted.reduce(0) { $0 + Double($1) }
                    )
                }
            if all > 0 {
                bounds = Metric.Interval(
                    lower: right / (all + unknown), upper: (right + unknown) / (all + unknown), level: nil,
                    method: "withheld-sites-bounds")
            }
        }
        self.init(sites: silent.map(\.site), bounds: bounds)
    }
}

extension ReleasePredicate {
    private var flow: ReleasedFlow? {
        guard case .released(.flow(let flow)) = answer(to: AnswerKey(name: .flow)) else { return nil }
        return flow
    }

    /// Whether the site's gate kept what an endpoint's estimate needs: not that the site could not compute it.
    fileprivate func hasWithheld(_ endpoint: Endpoint) -> Bool {
        let name = endpoint.metric == .auroc ? .roc : endpoint.operatingPoint.map { AnswerName.confusion($0) }
        guard let name else { return false }
        switch answer(to: AnswerKey(name: name)) {
        case .withheld: return true
        case .released(.confusion): return proportion(of: endpoint) == nil
        default: return false
        }
    }

    /// The cases of the cohort for which the model gave no score; nil when withheld.
    var failedCases: Int? {
        guard let boxes = flow?.boxes.filter({ $0.box == .failed }) else { return nil }
        let counts = boxes.compactMap(\.cases.exact)
        return counts.count == boxes.count ? counts.reduce(0, +) : nil
    }

    /// The cases that the performance answers are about; nil when withheld.
    func evaluatedCases(_ rule: MissingRules.ModelFailed) -> Int? {
        guard let analysed = flow?[.analysed]?.cases.exact else { return nil }
        switch rule {
        case .exclude: return analysed
        case .worstCase: return failedCases.map { analysed + $0 }
        }
    }
}
