/// The net benefit of treating at a threshold probability t: (tp − fp · t/(1 − t)) / n, in true positives a case.
/// A. J. Vickers and E. B. Elkin (2006), "Decision curve analysis", Med Decis Making 26:565-574. A case is treated when
/// its predicted probability is at or above t.
public struct NetBenefit: Hashable, Sendable {
    /// The threshold probability, 0...1 without 1.
    public let threshold: Double
    /// Of treating by the model.
    public let model: Double
    /// Of treating everybody: ȳ − (1 − ȳ) t/(1 − t). Treating nobody is 0.
    public let treatAll: Double
    /// The standard error of ``model``: that of a mean of the per-case values 1, −t/(1 − t) and 0 (T. L. Marsh, H.
    /// Janes and M. S. Pepe 2020, Biometrics 76:843-852).
    public let standardError: Double
    /// Net benefit over prevalence, at most 1 (K. F. Kerr et al. 2016, J Clin Oncol 34:2534-2540); `single-class`
    /// without an event.
    public let standardized: Inferred<Double>

    /// The net benefit from the counts at the threshold; `no-cases`, or `bad-argument` for a threshold outside 0..<1.
    public static func of(_ counts: ConfusionCounts, threshold: Double) -> Inferred<NetBenefit> {
        guard threshold >= 0, threshold < 1 else { return .undefined(.badArgument) }
        let total = counts.total
        guard total > 0 else { return .undefined(.noCases) }
        let size = Double(total)
        let odds = threshold / (1 - threshold)
        let model = Double(counts.tp) / size - Double(counts.fp) / size * odds
        // Σ(value − mean)² over cases of the three values.
        let (treated, harmed, rest) = (1 - model, -odds - model, -model)
        let squares =
            Double(counts.tp) * treated * treated + Double(counts.fp) * harmed * harmed
            + Double(counts.calledNegative) * rest * rest
        let prevalence = Double(counts.positives) / size
        return .value(
            NetBenefit(
                threshold: threshold, model: model,
                treatAll: prevalence - Double(counts.negatives) / size * odds,
                standardError: squares.squareRoot() / size,
                standardized: counts.positives > 0 ? .value(model / prevalence) : .undefined(.singleClass)))
    }

    /// The decision curve at several thresholds, in the order given; `not-probabilities` when a score lies outside
    /// 0...1.
    public static func curve(_ cases: BinaryCases, thresholds: [Double]) -> Inferred<[NetBenefit]> {
        guard cases.areProbabilities else { return .undefined(.notProbabilities) }
        var curve: [NetBenefit] = []
        for threshold in thresholds {
            switch of(ConfusionCounts(cases, threshold: threshold), threshold: threshold) {
            case .value(let point): curve.append(point)
            case .undefined(let reason): return .undefined(reason)
            }
        }
        return .value(curve)
    }
}
