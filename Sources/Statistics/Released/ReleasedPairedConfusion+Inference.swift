internal import TextCatalogue

extension ReleasedPairedConfusion {
    /// The joint counts of a class.
    public func pairs(positive: Bool) -> Inferred<PairedConfusion.Pairs> {
        let part = positive ? positives : negatives
        guard let both = part.both.exact, let first = part.firstOnly.exact, let second = part.secondOnly.exact,
            let neither = part.neither.exact
        else { return .undefined(.withheld) }
        return .value(
            PairedConfusion.Pairs(bothCorrect: both, onlyFirst: first, onlySecond: second, neither: neither))
    }

    /// The first call's rate of right calls in a class minus the second's, with the interval of a ratio over patients: with
    /// d = a − b right calls more by the first among a patient's m cases, Σd/Σm and ``ClusteredMean``'s variance and t.
    /// A. Donner and N. Klar (2000), Design and Analysis of Cluster Randomization Trials, section 6.3, for the ratio
    /// estimator; Cochran (1977), Sampling Techniques, section 6.3.
    public func clusteredDifference(positive: Bool, level: Double) -> Inferred<ClusteredMean> {
        let part = positive ? positives : negatives
        guard let clusters = part.clusters, let one = try? Resolution("1") else { return .undefined(.withheld) }
        switch pairs(positive: positive) {
        case .undefined(let reason): return .undefined(reason)
        case .value(let pairs):
            return ClusteredMean.infer(
                patients: clusters.patients, cases: Int128(pairs.total),
                sum: Int128(pairs.onlyFirst - pairs.onlySecond), casesSquared: clusters.m2.value,
                sumSquared: clusters.a2.value - 2 * clusters.ab.value + clusters.b2.value,
                product: clusters.am.value - clusters.bm.value, resolution: one, level: level)
        }
    }
}

extension ReleasedPairedConfusion {
    /// The names of this family.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "sensitivity_difference", definition: "clustered",
            meaning: Phrase(
                en: "First minus second model's sensitivity on the same cases, which are clustered in patients.",
                zh: "同一批病例上两个模型灵敏度之差（前者减后者），病例按患者聚类。"),
            formula: "sum d / sum m over patients; variance G/(G-1) * sum (d - R*m)^2 / (sum m)^2, Student's t, G-1 df",
            source: "Cochran 1977, Sampling Techniques, 3rd ed., section 6.3"),
        MetricDefinition(
            "sensitivity_difference", definition: "independent-cases",
            meaning: Phrase(
                en: "First minus second model's sensitivity on the same cases, each its own patient.",
                zh: "同一批病例上两个模型灵敏度之差（前者减后者），病例相互独立。"),
            formula: "(b - c) / n with Newcombe's interval from the two Wilson intervals and their correlation",
            source: "Newcombe 1998, Stat Med 17:2635-2650, method 10"),
        MetricDefinition(
            "specificity_difference", definition: "clustered",
            meaning: Phrase(
                en: "First minus second model's specificity on the same cases, which are clustered in patients.",
                zh: "同一批病例上两个模型特异度之差（前者减后者），病例按患者聚类。"),
            formula: "sum d / sum m over patients; variance G/(G-1) * sum (d - R*m)^2 / (sum m)^2, Student's t, G-1 df",
            source: "Cochran 1977, Sampling Techniques, 3rd ed., section 6.3"),
        MetricDefinition(
            "specificity_difference", definition: "independent-cases",
            meaning: Phrase(
                en: "First minus second model's specificity on the same cases, each its own patient.",
                zh: "同一批病例上两个模型特异度之差（前者减后者），病例相互独立。"),
            formula: "(b - c) / n with Newcombe's interval from the two Wilson intervals and their correlation",
            source: "Newcombe 1998, Stat Med 17:2635-2650, method 10"),
        MetricDefinition(
            "mcnemar_p",
            meaning: Phrase(
                en:
                    "P value of no difference between two models in one class, from the cases on which one alone is right.",
                zh: "某一类别中两个模型无差异的 P 值，仅由只有一个模型判断正确的病例得出。"),
            formula: "P(chi-squared with 1 df > (b - c)^2 / (b + c))",
            source: "McNemar 1947, Psychometrika 12:153-157"),
    ]
}
