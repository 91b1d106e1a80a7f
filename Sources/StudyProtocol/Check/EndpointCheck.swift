internal import StrictJSON
internal import TextCatalogue

/// Whether each endpoint fits the evaluation and uses a method that answers its question.
struct EndpointCheck {
    let parts: ProtocolParts
    let faults: FaultList

    func run() {
        let pointer = JSONPointer(tokens: ["endpoints"])
        if !parts.endpoints.isEmpty, !parts.present.contains("evaluation") {
            faults.add(pointer, .evaluationRequired, .protocolEndpointsWithoutEvaluation)
        }
        for (index, endpoint) in parts.endpoints.enumerated() {
            guard let endpoint else { continue }
            let place = pointer.appending(index)
            checkOperatingPoint(endpoint, place)
            checkEstimator(endpoint, place)
            checkVariance(endpoint, place)
            checkCombination(endpoint, place)
            checkInterval(endpoint, place)
            checkHypothesis(endpoint, place)
        }
        let isDecided = parts.endpoints.contains { $0?.hypothesis != nil }
        if isDecided, !parts.present.contains("sampleSize") {
            faults.add(.root, .sampleSizeRequired, .protocolSampleSizeRequired)
        }
    }

    private func checkOperatingPoint(_ endpoint: Endpoint, _ place: JSONPointer) {
        let pointer = place.appending("operatingPoint")
        let declared = parts.evaluation?.operatingPoints.map(\.id.rawValue)
        switch (endpoint.metric, endpoint.operatingPoint) {
        case (.auroc, _?):
            faults.add(pointer, .operatingPointNotApplicable, .protocolOperatingPointNotApplicable)
        case (.auroc, nil): break
        case (.sensitivity, nil), (.specificity, nil):
            faults.add(
                place, .operatingPointRequired,
                .protocolOperatingPointRequired(endpoint.metric.rawValue, declared: declared ?? []))
        case (.sensitivity, let id?), (.specificity, let id?):
            let points = JSONPointer(tokens: ["evaluation", "operatingPoints"])
            let resolution = JSONPointer(tokens: ["evaluation", "scoreResolution"])
            guard let declared, !declared.contains(id.rawValue), !faults.contains(within: points),
                !faults.contains(within: resolution)
            else { return }
            let nearest = EditDistance.nearest(to: id.rawValue, among: declared)
            faults.add(
                pointer, .unknownOperatingPoint,
                .protocolUnknownOperatingPoint(id.rawValue, nearest: nearest, declared: declared))
        }
    }

    private func checkEstimator(_ endpoint: Endpoint, _ place: JSONPointer) {
        let metric = endpoint.metric.rawValue
        let estimators = EndpointRules.estimators(for: endpoint.metric)
        if !estimators.contains(endpoint.estimator) {
            faults.add(
                place.appending("estimator"), .estimatorNotApplicable,
                .protocolNotApplicable(endpoint.estimator.rawValue, of: metric, allowed: estimators.map(\.rawValue)))
        }
        guard let weights = endpoint.weights else { return }
        let decides = endpoint.hypothesis != nil
        let allowed =
            endpoint.estimator == .stratified ? EndpointRules.weights(for: endpoint.metric, decides: decides) : []
        if !allowed.contains(weights) {
            let question = decides ? "\(metric), hypothesis" : metric
            let subject = endpoint.estimator == .stratified ? question : endpoint.estimator.rawValue
            faults.add(
                place.appending("weights"), .weightsNotApplicable,
                .protocolNotApplicable(weights.rawValue, of: subject, allowed: allowed.map(\.rawValue)))
        }
    }

    private func checkVariance(_ endpoint: Endpoint, _ place: JSONPointer) {
        let pointer = place.appending("variance")
        let isClustered = parts.evaluation?.cluster != nil
        let any = EndpointRules.variances(for: endpoint.metric, clustered: false)
        let allowed = EndpointRules.variances(for: endpoint.metric, clustered: isClustered)
        guard endpoint.estimator != .pooledBounds else {
            guard let variance = endpoint.variance else { return }
            faults.add(
                pointer, .varianceNotApplicable,
                .protocolNotApplicable(variance.rawValue, of: endpoint.estimator.rawValue, allowed: []))
            return
        }
        guard let variance = endpoint.variance else {
            // A variance that is there but not one of the known names has its fault already.
            if !faults.contains(within: pointer) {
                faults.add(place, .varianceRequired, .protocolVarianceRequired(allowed: allowed.map(\.rawValue)))
            }
            return
        }
        if !any.contains(variance) {
            faults.add(
                pointer, .varianceNotApplicable,
                .protocolNotApplicable(
                    variance.rawValue, of: endpoint.metric.rawValue, allowed: allowed.map(\.rawValue)))
        } else if !allowed.contains(variance) {
            faults.add(
                pointer, .clusteredVarianceRequired,
                .protocolClusteredVariance(variance.rawValue, allowed: allowed.map(\.rawValue)))
        }
    }

    /// How random effects are combined, on which scale, and what is predicted from them.
    private func checkCombination(_ endpoint: Endpoint, _ place: JSONPointer) {
        let isCombined = endpoint.estimator == .randomEffects
        let allowed =
            isCombined ? EndpointRules.combinations(for: endpoint.metric, endpoint.variance) : []
        if let named = endpoint.randomEffects, !allowed.contains(named) {
            let subject =
                isCombined
                ? "\(endpoint.metric.rawValue), \(endpoint.variance?.rawValue ?? "variance")"
                : endpoint.estimator.rawValue
            faults.add(
                place.appending("randomEffects"), .combinationNotApplicable,
                .protocolNotApplicable(named.rawValue, of: subject, allowed: allowed.map(\.rawValue)))
            return
        }
        if let form = endpoint.predictionInterval,
            !isCombined || endpoint.combination == .fixedEffect || endpoint.combination.isExactBinomial
        {
            let subject = isCombined ? endpoint.combination.rawValue : endpoint.estimator.rawValue
            faults.add(
                place.appending("predictionInterval"), .predictionNotApplicable,
                .protocolNotApplicable(form.rawValue, of: subject, allowed: []))
        }
        guard isCombined, let transform = parts.synthesis?.transform else { return }
        let scales = EndpointRules.transforms(for: endpoint.combination)
        let pointer = JSONPointer(tokens: ["synthesis", "transform"])
        if !scales.contains(transform), !faults.contains(within: pointer) {
            faults.add(
                pointer, .transformNotApplicable,
                .protocolNotApplicable(
                    transform.rawValue, of: endpoint.combination.rawValue, allowed: scales.map(\.rawValue)))
        }
    }

    private func checkInterval(_ endpoint: Endpoint, _ place: JSONPointer) {
        let allowed = EndpointRules.intervals(
            for: endpoint.metric, endpoint.estimator, endpoint.variance, endpoint.randomEffects)
        switch endpoint.interval {
        case let interval?:
            // Where nothing is allowed for the pair of metric and estimator, the estimator is what is wrong.
            guard !allowed.contains(interval.method), !allowed.isEmpty || endpoint.estimator == .pooledBounds else {
                return
            }
            faults.add(
                place.appending("interval").appending("method"), .intervalNotApplicable,
                .protocolNotApplicable(
                    interval.method.rawValue, of: "\(endpoint.metric.rawValue), \(endpoint.estimator.rawValue)",
                    allowed: allowed.map(\.rawValue)))
        case nil:
            if !allowed.isEmpty, !faults.contains(within: place.appending("interval")) {
                faults.add(place, .intervalRequired, .protocolIntervalRequired(allowed: allowed.map(\.rawValue)))
            }
        }
    }

    private func checkHypothesis(_ endpoint: Endpoint, _ place: JSONPointer) {
        let pointer = place.appending("hypothesis")
        guard let hypothesis = endpoint.hypothesis else {
            if endpoint.role == .primary, !faults.contains(within: pointer) {
                faults.add(place, .hypothesisRequired, .protocolHypothesisRequired)
            }
            return
        }
        if endpoint.role == .sensitivityAnalysis || endpoint.estimator == .pooledBounds {
            faults.add(pointer, .hypothesisNotApplicable, .protocolHypothesisNotApplicable)
            return
        }
        switch (hypothesis.kind, hypothesis.margin) {
        case (.superiorityToGoal, _?):
            faults.add(pointer.appending("margin"), .marginNotApplicable, .protocolMarginNotApplicable)
        case (.nonInferiority, nil):
            faults.add(pointer, .marginRequired, .protocolMarginRequired)
        case (.equivalence, nil):
            faults.add(pointer, .marginRequired, .protocolEquivalenceMarginRequired)
        case (.nonInferiority, let margin?) where margin >= hypothesis.goal:
            let phrase = Phrase.protocolOutsideOpenRange(from: 0, to: hypothesis.goal)
            faults.add(pointer.appending("margin"), .outsideOpenRange, phrase)
        case (.equivalence, let margin?) where margin >= min(hypothesis.goal, 1 - hypothesis.goal):
            let phrase = Phrase.protocolOutsideOpenRange(from: 0, to: min(hypothesis.goal, 1 - hypothesis.goal))
            faults.add(pointer.appending("margin"), .outsideOpenRange, phrase)
        default: break
        }
        if let level = endpoint.interval?.level {
            let expected = 1 - 2 * hypothesis.oneSidedAlpha
            // Both are decimal fractions of a few digits; a difference beyond rounding is a contradiction.
            if abs(level - expected) > 1e-9 {
                faults.add(
                    place.appending("interval").appending("level"), .alphaIntervalMismatch,
                    .protocolAlphaInterval(level: level, expected: expected, alpha: hypothesis.alpha))
            }
        }
        if endpoint.estimator == .randomEffects, let minimum = parts.sampleSize?.minimumSites,
            minimum < EndpointRules.minimumSitesForRandomEffects
        {
            faults.add(
                place.appending("estimator"), .randomEffectsTooFewSites,
                .protocolRandomEffectsSites(minimum: EndpointRules.minimumSitesForRandomEffects))
        }
    }
}
