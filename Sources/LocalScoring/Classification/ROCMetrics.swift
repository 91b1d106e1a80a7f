import Statistics
import TextCatalogue

/// The ROC and precision-recall numbers of a report.
enum ROCMetrics {
    /// The area with its variance and interval, and average precision.
    static func metrics(
        _ analysis: ROCAnalysis, isClustered: Bool, method: AUROCInference.Method, level: Double
    ) -> [Metric] {
        let statistics = analysis.statistics
        let count = statistics.value.map { $0.positives + $0.negatives }
        let variance: Inferred<Double> =
            switch statistics {
            case .undefined(let reason): .undefined(reason)
            case .value(let value):
                (isClustered ? value.obuchowskiVariance : value.deLongVariance).map { .value($0) }
                    ?? .undefined(isClustered ? .tooFewClusters : .tooFewCases)
            }
        let varianceMethod: ROCSummary.VarianceMethod = isClustered ? .obuchowski : .delong
        var interval: Metric.Interval?
        if case .value(let area) = statistics.map(\.area), case .value(let variance) = variance {
            interval = AUROCInference.interval(area: area, variance: variance, method: method, level: level).value
                .map { Metric.Interval($0, method: method.rawValue) }
        }
        let precision = analysis.averagePrecision
        let positives = statistics.value?.positives
        var precisionInterval: Metric.Interval?
        if case .value(let value) = precision, let positives, !isClustered {
            precisionInterval = PrecisionRecall.interval(
                averagePrecision: value, positives: positives, level: level
            ).value.map { Metric.Interval($0, method: "logit") }
        }
        return [
            Metric("auroc", statistics.map(\.area), interval: interval, n: count),
            Metric("auroc_variance", variance, n: count, definition: varianceMethod.rawValue),
            Metric(
                "auprc", precision, interval: precisionInterval, n: count, definition: "average-precision"),
        ]
    }

    /// Readings of the curve: the best Youden index, sensitivities at specificities and a partial area.
    static func metrics(
        _ curve: ROCCurve, atSpecificities specificities: [Double], partialFromSpecificity: Double?
    ) -> [Metric] {
        let count = curve.positives + curve.negatives
        var metrics: [Metric] = []
        for specificity in specificities {
            for reading in [ROCCurve.Reading.step, .linear] {
                metrics.append(
                    Metric(
                        "sensitivity_at_specificity", curve.sensitivity(atSpecificity: specificity, reading: reading),
                        n: curve.positives, parameters: ["specificity": ShortestDecimal.text(specificity)],
                        definition: reading.rawValue))
            }
        }
        if let lower = partialFromSpecificity {
            let area: Inferred<PartialArea> =
                lower >= 0 && lower < 1 ? curve.partialArea(specificity: lower...1) : .undefined(.badArgument)
            let parameters = ["specificity": "\(ShortestDecimal.text(lower))..1"]
            metrics.append(
                Metric("partial_auc", area.map(\.raw), n: count, parameters: parameters, definition: "raw"))
            metrics.append(
                Metric("partial_auc", area.map(\.mcclish), n: count, parameters: parameters, definition: "mcclish"))
        }
        return metrics
    }

    /// The difference of two models' areas on the same cases, first minus second, with its test.
    static func difference(
        _ statistics: Inferred<PairedROCStatistics>, isClustered: Bool, level: Double, n: Int
    ) -> [Metric] {
        let method: ROCSummary.VarianceMethod = isClustered ? .obuchowski : .delong
        let difference: Inferred<AUROCDifference> =
            switch statistics {
            case .undefined(let reason): .undefined(reason)
            case .value(let value): AUROCDifference.paired(value, method: method, level: level)
            }
        // Without a variance there is still a difference.
        let estimate = statistics.map(\.difference)
        let definition = method.rawValue
        return [
            Metric("auroc", statistics.map(\.second.area), n: n, variable: "compared"),
            Metric(
                "auroc_difference", estimate,
                interval: difference.value.map { Metric.Interval($0.interval, method: "wald") }, n: n,
                definition: definition),
            Metric("auroc_difference_p", difference.map(\.pValue), n: n, definition: definition),
        ]
    }

    static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "auroc_difference_p",
            meaning: Phrase(
                en: "Two-sided p value of no difference between the two areas.", zh: "两条曲线下面积无差异检验的双侧 p 值。"),
            formula: "2 * P(Z > |difference| / se)",
            source: "DeLong et al. 1988, Biometrics 44:837-845; Obuchowski 1997, Biometrics 53:567-578")
    ]
}
