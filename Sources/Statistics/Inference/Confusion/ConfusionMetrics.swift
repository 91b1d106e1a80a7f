/// The metrics of a binary classification at an operating point, with their intervals, as a report shows them.
public enum ConfusionMetrics {
    /// All of them: the four counts, and what follows from them. Without clusters the intervals are those of
    /// independent cases; with clusters those over patients; a metric whose method has no limits has no interval.
    /// - Parameters:
    ///   - clusters: the patient-wise sums of the same matrix, where cases are clustered in patients.
    ///   - threshold: the operating point, for the metrics' parameters.
    ///   - prevalence: where given, the predictive values restated at it are added.
    ///   - level: of the intervals, two-sided, 0...1.
    public static func metrics(
        _ counts: ConfusionCounts, clusters: ConfusionClusters? = nil, threshold: Double? = nil,
        prevalence: Double? = nil, level: Double = 0.95
    ) -> [Metric] {
        let report = ConfusionReport(
            counts: counts, clusters: clusters,
            parameters: threshold.map { ["threshold": ParameterText.of($0)] }, level: level)
        return report.countMetrics + report.proportions + report.indices + report.ratios
            + (prevalence.map(report.restated) ?? [])
    }

    /// The metrics of cases; one is called positive when its score is at or above the threshold. Cases that name their
    /// patients get the clustered intervals.
    public static func metrics(
        _ cases: BinaryCases, threshold: Double, prevalence: Double? = nil, level: Double = 0.95
    ) -> [Metric] {
        metrics(
            ConfusionCounts(cases, threshold: threshold), clusters: ConfusionClusters(cases, threshold: threshold),
            threshold: threshold, prevalence: prevalence, level: level)
    }
}

/// Doubles as texts of metric parameters: the shortest decimal that reads back the same, without a trailing ".0".
enum ParameterText {
    static func of(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

/// What the metrics at one operating point share.
private struct ConfusionReport {
    let counts: ConfusionCounts
    let clusters: ConfusionClusters?
    let parameters: [String: String]?
    let level: Double

    /// A method's name, marked where it is the clustered one.
    private func name(_ method: String) -> String { clusters == nil ? method : method + "-clustered" }

    private func metric(
        _ name: String, _ value: Inferred<Double>, _ interval: Inferred<Interval>, method: String, n: Int? = nil
    ) -> Metric {
        Metric(
            name, value, interval: interval.value.map { Metric.Interval($0, method: method) }, n: n ?? counts.total,
            parameters: parameters)
    }

    var countMetrics: [Metric] {
        [("tp", counts.tp), ("fp", counts.fp), ("fn", counts.fn), ("tn", counts.tn)].map {
            Metric($0.0, value: Double($0.1), n: counts.total, parameters: parameters)
        }
    }

    private func proportion(
        _ name: String, _ value: Inferred<Double>, hits: [Confusion.Cell], misses: [Confusion.Cell]
    ) -> Metric {
        let cases = counts.count(hits + misses)
        if let clusters {
            let interval = clusters.proportion(hits: hits, misses: misses, level: level).map(\.interval)
            return metric(name, value, interval, method: "wilson-effective-size", n: cases)
        }
        let interval = Wilson.interval(successes: counts.count(hits), trials: cases, level: level)
        return metric(name, value, interval, method: "wilson", n: cases)
    }

    var proportions: [Metric] {
        [
            proportion("sensitivity", counts.sensitivity, hits: [.truePositive], misses: [.falseNegative]),
            proportion("specificity", counts.specificity, hits: [.trueNegative], misses: [.falsePositive]),
            proportion("ppv", counts.ppv, hits: [.truePositive], misses: [.falsePositive]),
            proportion("npv", counts.npv, hits: [.trueNegative], misses: [.falseNegative]),
            proportion(
                "accuracy", counts.accuracy, hits: [.truePositive, .trueNegative],
                misses: [.falsePositive, .falseNegative]),
            proportion(
                "prevalence", counts.prevalence, hits: [.truePositive, .falseNegative],
                misses: [.falsePositive, .trueNegative]),
        ]
    }

    var indices: [Metric] {
        let wilson = clusters == nil ? "wilson" : "wilson-effective-size"
        let both = clusters == nil ? "square-and-add-wilson" : "delta-clustered"
        let overlap = counts.tp + counts.fp + counts.fn
        return [
            metric(
                "balanced_accuracy", counts.balancedAccuracy,
                ConfusionIntervals.balancedAccuracy(counts, clusters: clusters, level: level), method: both),
            metric(
                "f1", counts.f1, ConfusionIntervals.f1(counts, clusters: clusters, level: level),
                method: wilson + "-indirect", n: overlap),
            metric(
                "mcc", counts.matthews, ConfusionIntervals.matthews(counts, clusters: clusters, level: level),
                method: name("fisher-z-delta")),
            metric(
                "kappa", counts.kappa, ConfusionIntervals.kappa(counts, clusters: clusters, level: level),
                method: clusters == nil ? "fleiss-cohen-everitt" : "delta-clustered"),
            metric(
                "jaccard", counts.jaccard, ConfusionIntervals.jaccard(counts, clusters: clusters, level: level),
                method: wilson, n: overlap),
            metric(
                "youden", counts.youden, ConfusionIntervals.youden(counts, clusters: clusters, level: level),
                method: both),
        ]
    }

    var ratios: [Metric] {
        [
            metric(
                "lr_positive", LikelihoodRatios.positive(counts),
                LikelihoodRatios.positiveInterval(counts, clusters: clusters, level: level),
                method: name("simel-log")),
            metric(
                "lr_negative", LikelihoodRatios.negative(counts),
                LikelihoodRatios.negativeInterval(counts, clusters: clusters, level: level),
                method: name("simel-log")),
            metric(
                "diagnostic_odds_ratio", LikelihoodRatios.diagnosticOddsRatio(counts),
                LikelihoodRatios.diagnosticOddsRatioInterval(counts, clusters: clusters, level: level),
                method: name("woolf-log")),
        ]
    }

    func restated(at prevalence: Double) -> [Metric] {
        var stated = parameters ?? [:]
        stated["prevalence"] = ParameterText.of(prevalence)
        let values = [
            (
                "ppv", PredictiveValuesAtPrevalence.ppv(counts, prevalence: prevalence),
                PredictiveValuesAtPrevalence.ppvInterval(
                    counts, prevalence: prevalence, clusters: clusters, level: level)
            ),
            (
                "npv", PredictiveValuesAtPrevalence.npv(counts, prevalence: prevalence),
                PredictiveValuesAtPrevalence.npvInterval(
                    counts, prevalence: prevalence, clusters: clusters, level: level)
            ),
        ]
        return values.map { metricName, value, interval in
            Metric(
                metricName, value,
                interval: interval.value.map { Metric.Interval($0, method: name("mercaldo-logit")) }, n: counts.total,
                parameters: stated, definition: "at_prevalence")
        }
    }
}
