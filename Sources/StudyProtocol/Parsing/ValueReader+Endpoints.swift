internal import StrictJSON
internal import TextCatalogue

extension ValueReader where Value == Endpoint {
    static var endpoint: Self {
        .object { reader in
            let id = reader.required("id", ValueReader<EndpointID>.name)
            let role = reader.required("role", .choice(of: Endpoint.Role.self))
            let metric = reader.required("metric", .choice(of: Endpoint.Metric.self))
            let operatingPoint = reader.optional("operatingPoint", ValueReader<OperatingPointID>.name)
            let estimator = reader.required("estimator", .choice(of: Endpoint.Estimator.self))
            let weights = reader.optional("weights", .choice(of: Endpoint.Weights.self))
            let variance = reader.optional("variance", .choice(of: Endpoint.VarianceMethod.self))
            let randomEffects = reader.optional("randomEffects", .choice(of: Endpoint.RandomEffectsMethod.self))
            let prediction = reader.optional(
                "predictionInterval", .choice(of: Endpoint.PredictionIntervalForm.self))
            let hypothesis = reader.optional("hypothesis", .hypothesis)
            let interval = reader.optional("interval", .interval)
            guard let id, let role, let metric, let estimator else { return nil }
            return Endpoint(
                id: id, role: role, metric: metric, operatingPoint: operatingPoint, estimator: estimator,
                weights: weights ?? (estimator == .stratified ? metric.standardWeights : nil), variance: variance,
                randomEffects: randomEffects, predictionInterval: prediction, hypothesis: hypothesis,
                interval: interval)
        }
    }
}

extension Endpoint.Metric {
    /// The weights of the stratified estimator where the protocol names none.
    var standardWeights: Endpoint.Weights {
        switch self {
        case .auroc: .pairs
        case .sensitivity, .specificity: .cases
        }
    }
}

extension ValueReader where Value == Hypothesis {
    static var hypothesis: Self {
        .object { reader in
            let kind = reader.required("kind", .choice(of: Hypothesis.Kind.self))
            let goal = reader.required("goal", .number(between: 0, and: 1))
            let margin = reader.optional("margin", .number(between: 0, and: 1))
            let alpha = reader.required("alpha", .number(between: 0, and: 0.5))
            let sides = reader.integer("sides", in: 1...2)
            guard let kind, let goal, let alpha, let sides else { return nil }
            return Hypothesis(kind: kind, goal: goal, margin: margin, alpha: alpha, sides: sides)
        }
    }
}

extension ValueReader where Value == IntervalRequest {
    static var interval: Self {
        .object { reader in
            let method = reader.required("method", .choice(of: IntervalRequest.Method.self))
            let level = reader.required("level", .number(between: 0.5, and: 1))
            guard let method, let level else { return nil }
            return IntervalRequest(method: method, level: level)
        }
    }
}

extension ValueReader where Value == Multiplicity {
    static var multiplicity: Self {
        .object { reader in
            let family = reader.required(
                "family", .array(of: ValueReader<EndpointID>.name, count: 1...ProtocolLimits.endpoints))
            let rule = reader.required("rule", .choice(of: Multiplicity.Rule.self))
            guard let family, let rule else { return nil }
            let pointer = reader.pointer.appending("family")
            reader.faults.addDuplicates(
                family.enumerated().map { (pointer.appending($0.offset), $0.element.rawValue) })
            return Multiplicity(family: family, rule: rule)
        }
    }
}

extension ValueReader where Value == SampleSize {
    static var sampleSize: Self {
        .object { reader in
            let sites = reader.integer("minimumSites", in: 1...ProtocolLimits.sites)
            let positives = reader.integer("minimumPositives", in: 1...1_000_000_000)
            let negatives = reader.integer("minimumNegatives", in: 1...1_000_000_000)
            let rationale = reader.required("rationale", .localized())
            guard let sites, let positives, let negatives, let rationale else { return nil }
            return SampleSize(
                minimumSites: sites, minimumPositives: positives, minimumNegatives: negatives, rationale: rationale)
        }
    }
}

extension ValueReader where Value == SynthesisPlan {
    static var synthesis: Self {
        .object { reader in
            let transform = reader.required("transform", .choice(of: SynthesisPlan.Transform.self))
            let leaveOneOut = reader.required("leaveOneOut", .boolean)
            guard let transform, let leaveOneOut else { return nil }
            return SynthesisPlan(transform: transform, leaveOneOut: leaveOneOut)
        }
    }
}
