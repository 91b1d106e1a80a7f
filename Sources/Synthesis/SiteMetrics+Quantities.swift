import Statistics

// Several quantities together, and scores of each case.
extension SiteMetrics {
    static func coMoments(_ coMoments: ReleasedCoMoments) -> [Metric] {
        let n = coMoments.n.exact
        let names = coMoments.variables.map(\.variable)
        return names.indices.flatMap { first in
            ((first + 1)..<names.count).flatMap { second in
                let name = "\(names[first]) x \(names[second])"
                let correlation = coMoments.correlation(first, second, level: level)
                return [
                    Metric("covariance", coMoments.covariance(first, second), n: n, variable: name),
                    Metric(
                        "pearson_r", correlation.map(\.estimate),
                        interval: correlation.value?.interval.value.map { Metric.Interval($0, method: "fisher-z") },
                        n: n, variable: name),
                    Metric("r_squared", correlation.map { $0.estimate * $0.estimate }, n: n, variable: name),
                ]
            }
        }
    }

    static func scoreSums(_ sums: ReleasedScoreSums) -> [Metric] {
        let n = sums.n.exact
        let clustered = sums.clusteredMean(level: level)
        var metrics = [
            Metric(
                "mean", sums.mean,
                interval: clustered.value.map { Metric.Interval($0.interval, method: "cluster-robust") },
                n: n, variable: sums.score, definition: sums.definition),
            Metric("sd", sums.standardDeviation, n: n, variable: sums.score, definition: sums.definition),
        ]
        if case .value(let bounds) = QuantileBounds.infer(sums.histogram, edges: sums.edges) {
            metrics += bounds.compactMap { bound in
                guard let lower = Double(bound.lower), let upper = Double(bound.upper) else { return nil }
                return Metric(
                    "quantile",
                    bounds: Metric.Interval(lower: lower, upper: upper, level: nil, method: "histogram-bounds"), n: n,
                    variable: sums.score, parameters: ["percent": String(bound.percent)], definition: sums.definition)
            }
        }
        metrics += sums.undefined.map { part in
            let parameters = ["reason": part.reason, "countedAs": part.countedAs ?? "excluded"]
            return part.cases.exact.map {
                Metric("undefined_scores", value: Double($0), variable: sums.score, parameters: parameters)
            }
                ?? Metric(
                    "undefined_scores", undefined: Undefined.withheld.rawValue, variable: sums.score,
                    parameters: parameters)
        }
        return metrics
    }
}
