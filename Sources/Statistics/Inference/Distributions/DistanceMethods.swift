internal import TextCatalogue

/// What the metrics of distances between distributions are called and mean.
public enum DistanceMethods {
    /// What `--explain` prints of each.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "ks_distance",
            meaning: Phrase(
                en: "Largest difference of two empirical distribution functions, 0 to 1.",
                zh: "两个经验分布函数的最大差，0 到 1。"),
            formula: "sup |F1 - F2|; from histograms an interval that contains it",
            source: "N. V. Smirnov (1939), Bull Math Univ Moscou 2:3-14"),
        MetricDefinition(
            "psi",
            meaning: Phrase(
                en: "Shift of a distribution over named bins (population stability index), 0 when equal; what "
                    + "an empty bin counts as is a parameter.",
                zh: "分布在指定区间上的漂移（群体稳定性指数），相同为 0；空区间的计法为参数。"),
            formula: "sum (p - q) ln(p/q)",
            source: "H. Jeffreys (1946), Proc R Soc A 186:453-461; N. Siddiqi (2006), Credit Risk Scorecards, "
                + "chapter 8"),
    ]
}
