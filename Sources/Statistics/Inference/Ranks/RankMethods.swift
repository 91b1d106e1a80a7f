internal import TextCatalogue

/// What the metrics of ranks are called and mean.
public enum RankMethods {
    /// What `--explain` prints of each.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "mann_whitney_u",
            meaning: Phrase(
                en: "Pairs in which the first sample's value is larger, ties one half.",
                zh: "第一样本取值较大的配对数，相等计一半。"),
            formula: "U = R - n1(n1+1)/2",
            source: "H. B. Mann and D. R. Whitney (1947), Ann Math Stat 18:50-60"),
        MetricDefinition(
            "kruskal_wallis_h",
            meaning: Phrase(
                en: "Difference of several samples' mean ranks, corrected for ties.",
                zh: "多个样本平均秩的差异，已校正同分。"),
            formula: "12/(n(n+1)) sum R^2/n - 3(n+1), over 1 - sum(t^3-t)/(n^3-n)",
            source: "W. H. Kruskal and W. A. Wallis (1952), JASA 47:583-621"),
        MetricDefinition(
            "kendall_tau",
            meaning: Phrase(
                en: "Rank correlation from concordant and discordant pairs, -1 to 1 (tau-b).",
                zh: "由一致与不一致配对得到的秩相关，-1 到 1（tau-b）。"),
            formula: "S / sqrt((n0-n1)(n0-n2))",
            source: "M. G. Kendall (1945), Biometrika 33:239-251"),
        MetricDefinition(
            "spearman_rho",
            meaning: Phrase(
                en: "Correlation of ranks, -1 to 1.",
                zh: "秩的相关系数，-1 到 1。"),
            formula: "Pearson's r of average ranks",
            source: "C. Spearman (1904), Am J Psychol 15:72-101"),
    ]
}
