internal import TextCatalogue

/// Precision and recall over all thresholds. Cases of one score share a threshold, so that no result depends on the order
/// of the cases. A random score has the prevalence m/N as its average precision, whatever the prevalence is: areas of
/// samples with different prevalences do not compare.
public enum PrecisionRecall {
    /// Average precision, Σ (Rₖ − Rₖ₋₁)·Pₖ over the distinct scores from the highest, with recall R and precision P: the
    /// mean over the positives of the precision at their score. A step function, without interpolation (as scikit-learn's
    /// `average_precision_score`). Undefined `no-cases`, or `single-class` without positives; 1 without negatives.
    public static func averagePrecision(_ curve: ROCCurve) -> Inferred<Double> {
        if let missing = missing(curve) { return .undefined(missing) }
        var sums = PlacementSums()
        var before = 0
        for index in 1..<curve.count {
            let point = curve[index]
            guard point.truePositives > before else { continue }
            sums.addPrecision(
                point.truePositives, of: point.truePositives + point.falsePositives,
                count: point.truePositives - before)
            before = point.truePositives
        }
        return .value(sums.averagePrecision(positives: curve.positives))
    }

    /// The area under straight lines between the points of the precision-recall curve, starting at recall 0 with precision
    /// 1. Optimistic: precision does not move on a straight line between two thresholds (J. Davis and M. Goadrich 2006,
    /// ICML, section 4); given for comparison with programs that report it.
    public static func trapezoid(_ curve: ROCCurve) -> Inferred<Double> {
        if let missing = missing(curve) { return .undefined(missing) }
        var area = NeumaierSum()
        var before = 0
        var precision = 1.0
        for index in 1..<curve.count {
            let point = curve[index]
            let next = Double(point.truePositives) / Double(point.truePositives + point.falsePositives)
            area.add(Double(point.truePositives - before) * ((precision + next) / 2))
            before = point.truePositives
            precision = next
        }
        return .value(area.double / Double(curve.positives))
    }

    /// The highest precision of a threshold whose recall is at least the given one.
    /// - Parameter recall: from 0 to 1; `bad-argument` outside.
    public static func precision(_ curve: ROCCurve, atRecall recall: Double) -> Inferred<Double> {
        if let missing = missing(curve) { return .undefined(missing) }
        guard (0...1).contains(recall) else { return .undefined(.badArgument) }
        var best = 0.0
        for index in 1..<curve.count {
            let point = curve[index]
            guard Double(point.truePositives) / Double(curve.positives) >= recall else { continue }
            best = max(best, Double(point.truePositives) / Double(point.truePositives + point.falsePositives))
        }
        return .value(best)
    }

    /// The logit interval of an average precision A from m positives, expit(logit A ± z / √(m·A(1−A))): K. Boyd, K. H. Eng
    /// and C. D. Page (2013), "Area under the precision-recall curve: point estimates and confidence intervals", ECML
    /// PKDD, section 3.2. For independent cases. `on-boundary` at 0 and 1, `single-class` without positives, `bad-argument`
    /// for a level outside (0, 1).
    public static func interval(averagePrecision: Double, positives: Int, level: Double) -> Inferred<Interval> {
        guard (0...1).contains(averagePrecision), positives >= 0 else { return .undefined(.badArgument) }
        guard positives > 0 else { return .undefined(.singleClass) }
        // On the logit scale the half width z / √(m·A(1−A)) is that of an area with the variance A(1−A)/m.
        return AUROCInference.interval(
            area: averagePrecision, variance: averagePrecision * (1 - averagePrecision) / Double(positives),
            method: .waldLogit, level: level)
    }

    private static func missing(_ curve: ROCCurve) -> Undefined? {
        if curve.positives > 0 { return nil }
        return curve.negatives == 0 ? .noCases : .singleClass
    }

    /// The names of this family.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "auprc", definition: "average-precision",
            meaning: Phrase(
                en: "Mean precision over the positives, each at its own score; a random score has the prevalence.",
                zh: "平均精确率：各阳性病例以其自身分值为阈值时精确率的均值；随机评分的值等于患病率。"),
            formula: "sum over distinct scores of (R_k - R_(k-1)) * P_k, without interpolation",
            source: "Davis and Goadrich 2006, ICML; scikit-learn average_precision_score"),
        MetricDefinition(
            "auprc", definition: "trapezoid",
            meaning: Phrase(
                en: "Area under straight lines between the precision-recall points: optimistic, for comparison only.",
                zh: "精确率-召回率各点以直线相连后的面积：偏乐观，仅供比较。"),
            formula: "sum over distinct scores of (R_k - R_(k-1)) * (P_k + P_(k-1)) / 2, with P_0 = 1",
            source: "Davis and Goadrich 2006, ICML, section 4 (why not to use it)"),
        MetricDefinition(
            "precision_at_recall",
            meaning: Phrase(
                en: "Highest precision of a threshold whose recall is at least the given one.",
                zh: "召回率不低于给定值的各阈值中的最高精确率。"),
            formula: "max of TP/(TP+FP) over thresholds with TP/m >= recall",
            source: "Davis and Goadrich 2006, ICML, section 2"),
    ]
}
