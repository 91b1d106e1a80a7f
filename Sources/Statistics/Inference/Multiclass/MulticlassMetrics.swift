internal import TextCatalogue

/// The metrics of several exclusive classes, as a report shows them.
public enum MulticlassMetrics {
    /// What a report of several classes depends on.
    public struct Options: Hashable, Sendable {
        /// Of the intervals, two-sided, 0...1.
        public var level = 0.95
        /// The number of equal-width bins of the top-label calibration error.
        public var bins = 15
        /// Where given, probabilities are moved into clip...1 − clip for the log loss.
        public var clip: Double?
        /// Numbers of best-scored classes for the top-k accuracy; those above the number of classes are left out.
        public var topK: [Int] = [2]
        /// Whether the order of the classes has a meaning, so that the weighted kappas are given.
        public var areOrdered = false

        /// The defaults.
        public init() {}
    }

    /// The one-vs-rest numbers that are given by class and averaged.
    static var oneVersusRest: [(String, KeyPath<ConfusionCounts, Inferred<Double>>)] {
        [("sensitivity", \.sensitivity), ("specificity", \.specificity), ("ppv", \.ppv), ("f1", \.f1)]
    }

    /// The metrics of cases. Intervals assume independent cases.
    /// - Parameter classNames: one a class, for the metrics' `class`; the classes' numbers when there are fewer.
    public static func metrics(
        _ cases: MulticlassCases, classNames: [String], options: Options = Options()
    ) -> [Metric] {
        let count = cases.count
        let names = (0..<cases.classCount).map { classNames.count == cases.classCount ? classNames[$0] : String($0) }
        let confusion = MulticlassConfusion(cases)
        var metrics = metrics(confusion, classNames: names, options: options)
        let areas = MulticlassAUROC.oneVersusRest(cases)
        for (label, name) in names.enumerated() {
            var metric = auroc(areas[label], n: count, level: options.level)
            metric.classLabel = name
            metric.definition = "one_vs_rest"
            metrics.append(metric)
        }
        let pairs = MulticlassAUROC.pairs(cases)
        for average in [Metric.Average.macro, .weighted] {
            metrics.append(
                Metric(
                    "auroc", MulticlassAUROC.combined(areas, of: cases, average: average), n: count, average: average,
                    definition: "one_vs_rest"))
            let area: Inferred<Double> =
                switch pairs {
                case .value(let pairs): MulticlassAUROC.combined(pairs, average: average)
                case .undefined(let reason): .undefined(reason)
                }
            metrics.append(Metric("auroc", area, n: count, average: average, definition: "one_vs_one"))
        }
        metrics.append(
            Metric(
                "auroc", MulticlassAUROC.oneVersusRest(cases, average: .micro), n: count, average: .micro,
                definition: "one_vs_rest"))
        metrics.append(
            Metric(
                "log_loss", cases.logLoss(clip: options.clip), n: count,
                parameters: options.clip.map { ["clip": ParameterText.of($0)] }))
        metrics.append(Metric("brier", cases.brier, n: count, definition: "sum"))
        let errors: Inferred<CalibrationError>
        switch cases.topLabelBins(options.bins) {
        case .value(let bins): errors = bins.calibrationError
        case .undefined(let reason): errors = .undefined(reason)
        }
        metrics.append(
            Metric(
                "ece", errors.map(\.expected), n: count, parameters: ["bins": String(options.bins)],
                definition: "top_label"))
        for k in options.topK where k <= cases.classCount {
            metrics.append(topK(cases, k, level: options.level))
        }
        return metrics
    }

    /// The metrics of a confusion matrix.
    public static func metrics(
        _ confusion: MulticlassConfusion, classNames: [String], options: Options = Options()
    ) -> [Metric] {
        let count = confusion.total
        let wilson = Wilson.interval(successes: confusion.correct, trials: count, level: options.level).value
        var metrics = [
            Metric(
                "accuracy", confusion.accuracy, interval: wilson.map { Metric.Interval($0, method: "wilson") },
                n: count),
            Metric("balanced_accuracy", confusion.balancedAccuracy, n: count),
            Metric("mcc", confusion.matthews, n: count),
            kappa(confusion, .none, options),
        ]
        if options.areOrdered {
            metrics += [kappa(confusion, .linear, options), kappa(confusion, .quadratic, options)]
        }
        for label in 0..<confusion.classCount {
            let counts = confusion.oneVersusRest(label)
            let name = label < classNames.count ? classNames[label] : String(label)
            let shown: Set = ["tp", "fp", "fn", "tn", "sensitivity", "specificity", "ppv", "f1"]
            for var metric in ConfusionMetrics.metrics(counts, level: options.level) where shown.contains(metric.name) {
                metric.classLabel = name
                metrics.append(metric)
            }
        }
        for (name, number) in oneVersusRest {
            for average in [Metric.Average.macro, .micro, .weighted] {
                metrics.append(Metric(name, confusion.average(average, of: number), n: count, average: average))
            }
        }
        return metrics
    }

    /// An area with its DeLong interval on the logit scale.
    static func auroc(_ statistics: Inferred<ROCStatistics>, n: Int, level: Double) -> Metric {
        let interval = statistics.value.flatMap { statistics in
            statistics.deLongVariance.flatMap {
                AUROCInference.interval(area: statistics.area, variance: $0, method: .waldLogit, level: level).value
            }
        }
        return Metric(
            "auroc", statistics.map(\.area),
            interval: interval.map { Metric.Interval($0, method: AUROCInference.Method.waldLogit.rawValue) }, n: n)
    }

    private static func kappa(
        _ confusion: MulticlassConfusion, _ weights: CohenKappa.Weights, _ options: Options
    ) -> Metric {
        let definition = weights == .none ? nil : weights.rawValue
        switch confusion.kappa(weights) {
        case .value(let kappa):
            let interval = kappa.interval(level: options.level).value
            return Metric(
                "kappa", kappa.estimate,
                interval: interval.map { Metric.Interval($0, method: "fleiss-cohen-everitt") }, n: kappa.count,
                definition: definition)
        case .undefined(let reason):
            return Metric("kappa", undefined: reason.rawValue, n: confusion.total, definition: definition)
        }
    }

    private static func topK(_ cases: MulticlassCases, _ k: Int, level: Double) -> Metric {
        let correct = cases.topCorrect(k)
        let interval = correct.value.flatMap {
            Wilson.interval(successes: $0, trials: cases.count, level: level).value
        }
        return Metric(
            "top_k_accuracy", correct.map { Double($0) / Double(cases.count) },
            interval: interval.map { Metric.Interval($0, method: "wilson") }, n: cases.count,
            parameters: ["k": String(k)])
    }

    /// What the metrics are that only several classes or labels have; the others are those of ``ConfusionMetrics`` and
    /// ``CalibrationMetrics``.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "auroc", definition: "one_vs_rest",
            meaning: Phrase(
                en: "Area under the ROC curve of one class against all others, or its average over classes, 0 to 1.",
                zh: "某一类别对其余所有类别的 ROC 曲线下面积,或其在各类别上的平均,0 至 1。"),
            formula: "P(score of the class higher in a case of it) + ½ P(equal)",
            source: "Provost and Domingos 2003, Mach Learn 52:199"),
        MetricDefinition(
            "auroc", definition: "one_vs_one",
            meaning: Phrase(
                en: "Area under the ROC curve averaged over pairs of classes, 0 to 1.",
                zh: "对类别两两配对求平均的 ROC 曲线下面积,0 至 1。"),
            formula: "mean over pairs of (A(i|j) + A(j|i)) / 2", source: "Hand and Till 2001, Mach Learn 45:171"),
        MetricDefinition(
            "top_k_accuracy",
            meaning: Phrase(
                en: "Share of cases whose class is among the k best scored, tied ones by class order, 0 to 1.",
                zh: "真实类别位于得分最高的 k 个类别之中的比例(同分按类别顺序),0 至 1。"),
            formula: "#(rank of the true class ≤ k) / n", source: "Russakovsky et al. 2015, Int J Comput Vis 115:211"),
        MetricDefinition(
            "subset_accuracy",
            meaning: Phrase(
                en: "Share of cases whose labels are all called right, 0 to 1.",
                zh: "所有标签均判断正确的病例比例,0 至 1。"),
            formula: "#(all labels right) / n", source: "Zhang and Zhou 2014, IEEE Trans Knowl Data Eng 26:1819"),
        MetricDefinition(
            "hamming_loss",
            meaning: Phrase(
                en: "Share of wrong calls over cases and labels, 0 to 1; lower is better.",
                zh: "全部病例与标签中判断错误的比例,0 至 1;越低越好。"),
            formula: "Σ (fp + fn) / (n · labels)", source: "Schapire and Singer 2000, Mach Learn 39:135"),
        MetricDefinition(
            "label_ranking_average_precision",
            meaning: Phrase(
                en: "Mean share of true labels among those ranked at or above each true label, 0 to 1.",
                zh: "在每个真实标签及其以上排名的标签中真实标签所占比例的平均,0 至 1。"),
            formula: "mean over cases and true labels of #(true at or above) / #(all at or above)",
            source: "Schapire and Singer 2000, Mach Learn 39:135"),
    ]
}
