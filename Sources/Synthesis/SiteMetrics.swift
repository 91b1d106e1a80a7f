import Statistics

/// What follows from one released aggregate alone: of one site, or of several added up.
enum SiteMetrics {
    static let level = 0.95

    static func of(_ aggregate: ReleasedAggregate) -> [Metric] {
        switch aggregate {
        case .flow, .scoreSteps: []
        case .moments(let moments): moments.groups.flatMap { Self.moments($0, of: moments) }
        case .histogram(let histogram): histogram.groups.flatMap { quantiles($0, of: histogram) }
        case .table(let table): self.table(table)
        case .confusion(let confusion): self.confusion(confusion)
        case .roc(let summary): roc(summary)
        case .coMoments(let coMoments): self.coMoments(coMoments)
        case .pairedConfusion(let pair): pairedConfusion(pair)
        case .calibration(let calibration): self.calibration(calibration)
        case .pairedROC(let summary): pairedROC(summary)
        case .scoreSums(let sums): scoreSums(sums)
        case .noisyCounts(let noisy): NoisyMetrics.of(noisy)
        }
    }

    private static func moments(_ group: ReleasedMoments.Group, of moments: ReleasedMoments) -> [Metric] {
        switch MomentsInference.infer(group, resolution: moments.resolution, level: level) {
        case .undefined(let reason):
            return [Metric("mean", undefined: reason.rawValue, variable: moments.variable, group: group.level)]
        case .value(let inference):
            func metric(_ name: String, _ value: Inferred<Double>, interval: Inferred<Interval>? = nil) -> Metric {
                switch value {
                case .value(let value):
                    Metric(
                        name, value: value, interval: interval?.value.map { Metric.Interval($0, method: "student-t") },
                        n: inference.n, variable: moments.variable, group: group.level)
                case .undefined(let reason):
                    Metric(
                        name, undefined: reason.rawValue, n: inference.n, variable: moments.variable, group: group.level
                    )
                }
            }
            guard inference.n > 0 || group.level == nil else { return [] }
            return [
                metric("mean", inference.mean, interval: inference.interval),
                metric("sd", inference.standardDeviation),
            ]
        }
    }

    private static func quantiles(_ group: ReleasedHistogram.Group, of histogram: ReleasedHistogram) -> [Metric] {
        guard case .value(let bounds) = QuantileBounds.infer(group, edges: histogram.edges) else { return [] }
        return bounds.compactMap { bound in
            guard let lower = Double(bound.lower), let upper = Double(bound.upper) else { return nil }
            return Metric(
                "quantile", bounds: Metric.Interval(lower: lower, upper: upper, level: nil, method: "histogram-bounds"),
                n: group.n.exact, variable: histogram.variable, group: group.level,
                parameters: ["percent": String(bound.percent)])
        }
    }

    private static func table(_ table: ReleasedTable) -> [Metric] {
        guard table.axes.count == 2 else { return [] }
        let name = table.axes.map(\.variable).joined(separator: " x ")
        switch ChiSquared.test(table) {
        case .undefined(let reason): return [Metric("chi_squared", undefined: reason.rawValue, variable: name)]
        case .value(let test):
            let parameters = ["df": String(test.degreesOfFreedom)]
            return [
                Metric(
                    "chi_squared", value: test.statistic, variable: name, parameters: parameters,
                    definition: "independent-cases"),
                Metric(
                    "chi_squared_p", value: test.pValue, variable: name, parameters: parameters,
                    definition: "independent-cases"),
                Metric("cramers_v", value: test.cramersV, variable: name),
            ]
        }
    }

    private static func roc(_ summary: ROCSummary) -> [Metric] {
        let method = AUROCInference.Method.waldLogit
        let n = summary.positives + summary.negatives
        let interval = AUROCInference.interval(summary, method: method, level: level).value
        return [
            Metric(
                "auroc", value: summary.area, interval: interval.map { Metric.Interval($0, method: method.rawValue) },
                n: n, classLabel: summary.classLabel),
            Metric(
                "auroc_variance", value: summary.variance, n: n, classLabel: summary.classLabel,
                definition: summary.varianceMethod.rawValue),
        ]
    }

    private static func confusion(_ confusion: ReleasedConfusion) -> [Metric] {
        let parameters = ["operatingPoint": confusion.operatingPoint, "threshold": confusion.threshold]
        func clustered(_ name: String, _ hits: Count, _ misses: Count, _ totals: ClusterTotals?) -> Metric {
            switch EffectiveSizeWilson.infer(hits: hits, misses: misses, totals: totals, level: level) {
            case .value(let inference):
                Metric(
                    name, value: inference.estimate,
                    interval: Metric.Interval(inference.interval, method: "wilson-effective-size"),
                    n: (hits + misses).exact, classLabel: confusion.classLabel, parameters: parameters)
            case .undefined(let reason):
                Metric(
                    name, undefined: reason.rawValue, n: (hits + misses).exact, classLabel: confusion.classLabel,
                    parameters: parameters)
            }
        }
        func plain(_ name: String, _ hits: Count, _ misses: Count) -> Metric {
            guard let h = hits.exact, let m = misses.exact else {
                return Metric(
                    name, undefined: Undefined.withheld.rawValue, classLabel: confusion.classLabel,
                    parameters: parameters)
            }
            guard h + m > 0 else {
                return Metric(
                    name, undefined: Undefined.noCases.rawValue, classLabel: confusion.classLabel,
                    parameters: parameters)
            }
            return Metric(
                name, value: Double(h) / Double(h + m),
                interval: Wilson.interval(successes: hits, failures: misses, level: level).value
                    .map { Metric.Interval($0, method: "wilson") },
                n: h + m, classLabel: confusion.classLabel, parameters: parameters, definition: "independent-cases")
        }
        return [
            clustered("sensitivity", confusion.tp, confusion.fn, confusion.positives),
            clustered("specificity", confusion.tn, confusion.fp, confusion.negatives),
            plain("ppv", confusion.tp, confusion.fp),
            plain("npv", confusion.tn, confusion.fn),
        ]
    }
}
