internal import TextCatalogue

/// What the metrics of adjusted p values are called and mean.
public enum MultiplicityMethods {
    /// What `--explain` prints of each.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "adjusted_p", definition: "bonferroni",
            meaning: Phrase(
                en: "P value adjusted for the number of hypotheses.",
                zh: "按假设个数校正的 p 值。"),
            formula: "min(1, m p)",
            source: "S. P. Wright (1992), Biometrics 48:1005-1013"),
        MetricDefinition(
            "adjusted_p", definition: "holm",
            meaning: Phrase(
                en: "P value adjusted step by step; keeps the family-wise error.",
                zh: "逐步校正的 p 值；控制总体错误率。"),
            formula: "max over j <= i of (m-j+1) p(j)",
            source: "S. Holm (1979), Scand J Stat 6:65-70"),
        MetricDefinition(
            "adjusted_p", definition: "benjamini-hochberg",
            meaning: Phrase(
                en: "P value adjusted for the false discovery rate.",
                zh: "控制错误发现率的校正 p 值。"),
            formula: "min over j >= i of m/j p(j)",
            source: "Y. Benjamini and Y. Hochberg (1995), J R Stat Soc B 57:289-300"),
        MetricDefinition(
            "adjusted_p", definition: "fixed-sequence",
            meaning: Phrase(
                en: "P value of hypotheses tested in a declared order.",
                zh: "按声明顺序检验的假设的 p 值。"),
            formula: "max of p up to each",
            source: "W. Maurer, L. A. Hothorn and W. Lehmacher (1995)"),
    ]
}
