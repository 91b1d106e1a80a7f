public import Statistics

/// The numbers of a meta-analysis as people and programs see them.
public enum MetaMetrics {
    /// - Parameters:
    ///   - effects: one a site, on the scale of the synthesis; the numbers are on that scale too.
    ///   - sites: names for the leave-one-out rows, one an effect; nil for none.
    /// - Returns: `estimate` with its interval, `se`, `statistic`, `p`, `tau2`, `i2`, `h2`, `q`, `prediction_interval` (the
    ///   interval about the estimate), then an `estimate` and a `tau2` without each site. For the equal-effects
    ///   model `tau2` is 0 and there is no prediction interval. What needs several sites is `too-few-sites` when there is one.
    public static func metrics(
        effects: [SiteEffect], method: BetweenVarianceMethod, test: ModelTest, level: Double = 0.95,
        sites: [String]? = nil
    ) -> [Metric] {
        switch RandomEffects.fit(effects, method: method) {
        case .undefined(let reason):
            var names = ["estimate", "se", "statistic", "p"]
            if method != .equalEffects { names.append("tau2") }
            names += ["i2", "h2", "q"]
            if method != .equalEffects { names.append("prediction_interval") }
            return names.map {
                Metric($0, undefined: reason.rawValue, n: effects.count, definition: definition($0, method))
            }
        case .value(let model):
            let builder = MetricBuilder(model: model, test: test, level: level)
            return builder.summary() + builder.spread() + builder.leaveOneOut(sites ?? [])
        }
    }

    /// The definition that goes with a name: the estimator of τ² where the number hangs on it.
    fileprivate static func definition(_ name: String, _ method: BetweenVarianceMethod) -> String? {
        name == "q" ? nil : method.rawValue
    }
}

private struct MetricBuilder {
    let model: RandomEffects
    let test: ModelTest
    let level: Double

    private var count: Int { model.count }

    private func metric(
        _ name: String, _ value: Inferred<Double>, interval: Metric.Interval? = nil,
        parameters: [String: String]? = nil
    ) -> Metric {
        Metric(
            name, value, interval: interval, n: count, parameters: parameters,
            definition: MetaMetrics.definition(name, model.method))
    }

    /// A number that one site cannot tell.
    private func ofSeveral(_ value: Double) -> Inferred<Double> {
        count > 1 ? .value(value) : .undefined(.tooFewSites)
    }

    func summary() -> [Metric] {
        let inference = model.inference(test, level: level)
        let interval = inference.value.map { Metric.Interval($0.interval, method: $0.test.rawValue) }
        var parameters: [String: String] = [:]
        if let degrees = inference.value?.degreesOfFreedom { parameters["df"] = String(degrees) }
        let shown = parameters.isEmpty ? nil : parameters
        return [
            metric("estimate", .value(model.estimate), interval: interval),
            metric("se", inference.map(\.standardError)),
            metric("statistic", inference.map(\.statistic), parameters: shown),
            metric("p", inference.map(\.pValue), parameters: shown),
        ]
    }

    /// An interval of a share in per cent.
    private static func percent(_ interval: Metric.Interval) -> Metric.Interval {
        Metric.Interval(
            lower: 100 * interval.lower, upper: 100 * interval.upper, level: interval.level, method: interval.method)
    }

    func spread() -> [Metric] {
        let heterogeneity = model.heterogeneity
        let profile = model.qProfile(level: level).value
        // An empty set of values is no interval from zero to zero.
        let emptiness = profile?.isEmpty == true ? ["interval": "empty"] : nil
        let interval = { (part: KeyPath<QProfile, Interval>) -> Metric.Interval? in
            guard let profile, !profile.isEmpty, model.method != .equalEffects else { return nil }
            return Metric.Interval(profile[keyPath: part], method: "q-profile")
        }
        var result: [Metric] = []
        if model.method == .equalEffects {
            // Not estimated: what the model assumes.
            result.append(metric("tau2", .value(0)))
        } else {
            result.append(
                metric("tau2", ofSeveral(model.tau2), interval: interval(\.tau2), parameters: emptiness))
        }
        result.append(metric("i2", ofSeveral(100 * heterogeneity.i2), interval: interval(\.i2).map(Self.percent)))
        result.append(metric("h2", ofSeveral(heterogeneity.h2), interval: interval(\.h2)))
        result.append(
            metric(
                "q", ofSeveral(heterogeneity.q),
                parameters: ["df": String(heterogeneity.degreesOfFreedom), "p": heterogeneity.pValue.description]))
        if model.method != .equalEffects {
            let form = PredictionForm(for: test)
            let prediction = count > 1 ? model.predictionInterval(form, level: level) : .undefined(.tooFewSites)
            result.append(
                metric(
                    "prediction_interval", prediction.map { _ in model.estimate },
                    interval: prediction.value.map { Metric.Interval($0, method: form.rawValue) }))
        }
        return result
    }

    func leaveOneOut(_ sites: [String]) -> [Metric] {
        zip(sites, model.leaveOneOut()).flatMap { site, without in
            let parameters = ["left_out": site]
            guard let fit = without.value else {
                let reason = without.undefined?.rawValue ?? Undefined.tooFewSites.rawValue
                let names = model.method == .equalEffects ? ["estimate"] : ["estimate", "tau2"]
                return names.map {
                    Metric(
                        $0, undefined: reason, n: count - 1, parameters: parameters, definition: model.method.rawValue)
                }
            }
            let interval = fit.inference(test, level: level).value
            var rows = [
                Metric(
                    "estimate", value: fit.estimate,
                    interval: interval.map { Metric.Interval($0.interval, method: $0.test.rawValue) }, n: count - 1,
                    parameters: parameters, definition: model.method.rawValue)
            ]
            if model.method != .equalEffects, fit.count > 1 {
                rows.append(
                    Metric(
                        "tau2", value: fit.tau2, n: count - 1, parameters: parameters,
                        definition: model.method.rawValue))
            }
            return rows
        }
    }
}
