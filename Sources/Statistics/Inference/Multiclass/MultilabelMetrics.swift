/// The metrics of several labels that a case may have at once, as a report shows them.
public enum MultilabelMetrics {
    /// The metrics of cases. Intervals assume independent cases. A number averaged over cases has the definition
    /// `samples`.
    /// - Parameters:
    ///   - labelNames: one a label, for the metrics' `class`; the labels' numbers when there are fewer.
    ///   - thresholds: one a label, or one for all; a label is called at or above it. No metrics for another number.
    ///   - level: of the intervals, two-sided, 0...1.
    public static func metrics(
        _ cases: MultilabelCases, labelNames: [String], thresholds: [Double], level: Double = 0.95
    ) -> [Metric] {
        guard let confusion = MultilabelConfusion(cases, thresholds: thresholds) else { return [] }
        let count = confusion.count
        var metrics: [Metric] = []
        var areas: [Inferred<Double>] = []
        for (label, counts) in confusion.labels.enumerated() {
            let name = labelNames.count == cases.labelCount ? labelNames[label] : String(label)
            let threshold = thresholds.count == 1 ? thresholds[0] : thresholds[label]
            for var metric in ConfusionMetrics.metrics(counts, threshold: threshold, level: level) {
                metric.classLabel = name
                metrics.append(metric)
            }
            let statistics = statistics(cases, label: label)
            areas.append(statistics.map(\.area))
            var metric = MulticlassMetrics.auroc(statistics, n: count, level: level)
            metric.classLabel = name
            metrics.append(metric)
        }
        for (name, number) in MulticlassMetrics.oneVersusRest {
            for average in [Metric.Average.macro, .micro, .weighted] {
                metrics.append(Metric(name, confusion.average(average, of: number), n: count, average: average))
            }
            metrics.append(
                Metric(name, confusion.averageOverCases(of: number), n: count, definition: "samples"))
        }
        metrics.append(
            Metric(
                "auroc", ClassAverage.mean(areas, weights: areas.map { _ in 1 }), n: count, average: .macro))
        metrics.append(
            Metric(
                "auroc", ClassAverage.mean(areas, weights: confusion.labels.map { Double($0.positives) }), n: count,
                average: .weighted))
        let wilson = Wilson.interval(successes: confusion.exactMatches, trials: count, level: level).value
        metrics.append(
            Metric(
                "subset_accuracy", confusion.subsetAccuracy,
                interval: wilson.map { Metric.Interval($0, method: "wilson") }, n: count))
        metrics.append(Metric("hamming_loss", confusion.hammingLoss, n: count))
        metrics.append(
            Metric("label_ranking_average_precision", cases.labelRankingAveragePrecision, n: count))
        return metrics
    }

    private static func statistics(_ cases: MultilabelCases, label: Int) -> Inferred<ROCStatistics> {
        var positives: [Double] = []
        var negatives: [Double] = []
        for index in stride(from: label, to: cases.truths.count, by: cases.labelCount) {
            if cases.truths[index] == 1 {
                positives.append(cases.scores[index])
            } else {
                negatives.append(cases.scores[index])
            }
        }
        return MulticlassAUROC.statistics(positives, negatives)
    }
}
