/// The numbers that follow from the four counts. Each is one division of exact integers (or one square root); a zero
/// denominator is `zero-denominator` and no cases at all `no-cases`, never zero or one by convention.
///
/// Names and formulas: D. G. Altman and J. M. Bland (1994), BMJ 308:1552 (sensitivity, specificity) and 309:102
/// (predictive values); others at each.
extension ConfusionCounts {
    /// tp / (tp + fn), the true positive rate or recall.
    public var sensitivity: Inferred<Double> { ratio(tp, over: positives) }

    /// tn / (tn + fp), the true negative rate.
    public var specificity: Inferred<Double> { ratio(tn, over: negatives) }

    /// The positive predictive value or precision, tp / (tp + fp).
    public var ppv: Inferred<Double> { ratio(tp, over: calledPositive) }

    /// The negative predictive value, tn / (tn + fn).
    public var npv: Inferred<Double> { ratio(tn, over: calledNegative) }

    /// (tp + tn) / n.
    public var accuracy: Inferred<Double> { ratio(tp + tn, over: total) }

    /// The share of positive cases, (tp + fn) / n.
    public var prevalence: Inferred<Double> { ratio(positives, over: total) }

    /// (sensitivity + specificity) / 2. K. H. Brodersen et al. (2010), ICPR, 3121-3124.
    public var balancedAccuracy: Inferred<Double> {
        ratio(
            Int128(tp) * Int128(negatives) + Int128(tn) * Int128(positives),
            over: 2 * Int128(positives) * Int128(negatives))
    }

    /// Youden's index, sensitivity + specificity − 1, from −1 to 1. W. J. Youden (1950), Cancer 3:32-35.
    public var youden: Inferred<Double> {
        ratio(determinant, over: Int128(positives) * Int128(negatives))
    }

    /// The Jaccard index (intersection over union) of the called and the true positives, tp / (tp + fp + fn).
    /// P. Jaccard (1912), New Phytologist 11:37-50.
    public var jaccard: Inferred<Double> { ratio(tp, over: tp + fp + fn) }

    /// F1, the harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn). C. J. van Rijsbergen (1979), Information
    /// Retrieval, 2nd ed., chapter 7. It does not look at true negatives.
    public var f1: Inferred<Double> { ratio(2 * tp, over: 2 * tp + fp + fn) }

    /// F-beta, (1 + β²) tp / ((1 + β²) tp + β² fn + fp): recall counts β times as much as precision (van Rijsbergen).
    /// - Parameter beta: above 0 and finite, else `bad-argument`.
    public func f(beta: Double) -> Inferred<Double> {
        guard beta > 0, beta < .infinity else { return .undefined(.badArgument) }
        guard total > 0 else { return .undefined(.noCases) }
        guard tp + fp + fn > 0 else { return .undefined(.zeroDenominator) }
        let square = beta * beta
        let numerator = (1 + square) * Double(tp)
        return .value(numerator / (numerator + square * Double(fn) + Double(fp)))
    }

    /// The Matthews correlation coefficient, the correlation of call and class, from −1 to 1:
    /// (tp·tn − fp·fn) / √((tp+fp)(tp+fn)(tn+fp)(tn+fn)). B. W. Matthews (1975), Biochim Biophys Acta 405:442-451.
    /// Undefined when a margin is empty, where it is 0/0.
    public var matthews: Inferred<Double> {
        guard total > 0 else { return .undefined(.noCases) }
        let product = marginProduct
        guard product > 0 else { return .undefined(.zeroDenominator) }
        return .value(min(max(Double(determinant) / product.squareRoot(), -1), 1))
    }

    /// Cohen's kappa of call and class: see ``CohenKappa``.
    public var kappa: Inferred<Double> {
        guard total > 0 else { return .undefined(.noCases) }
        let chance =
            Int128(calledPositive) * Int128(negatives) + Int128(positives) * Int128(calledNegative)
        return ratio(2 * determinant, over: chance)
    }

    /// tp·tn − fp·fn.
    var determinant: Int128 { Int128(tp) * Int128(tn) - Int128(fp) * Int128(fn) }

    /// The product of the four margins.
    var marginProduct: Double {
        Double(Int128(positives) * Int128(calledPositive)) * Double(Int128(negatives) * Int128(calledNegative))
    }

    private func ratio(_ numerator: Int, over denominator: Int) -> Inferred<Double> {
        guard total > 0 else { return .undefined(.noCases) }
        guard denominator > 0 else { return .undefined(.zeroDenominator) }
        return .value(Double(numerator) / Double(denominator))
    }

    private func ratio(_ numerator: Int128, over denominator: Int128) -> Inferred<Double> {
        guard total > 0 else { return .undefined(.noCases) }
        guard denominator > 0 else { return .undefined(.zeroDenominator) }
        return .value(Double(numerator) / Double(denominator))
    }
}
