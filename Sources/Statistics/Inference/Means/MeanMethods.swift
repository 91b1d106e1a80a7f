internal import TextCatalogue

/// What the metrics of means and variances are called and mean.
public enum MeanMethods {
    /// What `--explain` prints of each.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "mean_difference", definition: "student",
            meaning: Phrase(
                en: "Difference of two means, in the quantity's unit; equal variances assumed.",
                zh: "两个均值之差，单位同该量；假定方差相等。"),
            formula: "x1 - x2, se = s sqrt(1/n1 + 1/n2), t with n1 + n2 - 2 degrees of freedom",
            source: "Student (1908), Biometrika 6:1-25"),
        MetricDefinition(
            "mean_difference", definition: "welch",
            meaning: Phrase(
                en: "Difference of two means, in the quantity's unit; variances may differ.",
                zh: "两个均值之差，单位同该量；方差可不同。"),
            formula: "x1 - x2, se = sqrt(s1^2/n1 + s2^2/n2), t with Satterthwaite's degrees of freedom",
            source: "B. L. Welch (1947), Biometrika 34:28-35"),
        MetricDefinition(
            "mean", definition: "cluster-robust",
            meaning: Phrase(
                en: "Mean of cases clustered in patients, in the quantity's unit, with an interval over patients.",
                zh: "按患者聚集的病例的均值，单位同该量，区间以患者为单位。"),
            formula: "S/M, variance G/(G-1) sum (s - R m)^2 / M^2, t with G - 1 degrees of freedom",
            source: "W. G. Cochran (1977), Sampling Techniques, 3rd ed., section 6.3"),
        MetricDefinition(
            "variance",
            meaning: Phrase(
                en: "Sample variance, in the squared unit.",
                zh: "样本方差，单位为该量单位的平方。"),
            formula: "sum (x - mean)^2 / (n - 1), limits over chi-squared quantiles",
            source: "R. A. Fisher (1925), Statistical Methods for Research Workers"),
        MetricDefinition(
            "variance_ratio",
            meaning: Phrase(
                en: "Ratio of two sample variances.",
                zh: "两个样本方差之比。"),
            formula: "s1^2/s2^2, F with n1 - 1 and n2 - 1 degrees of freedom",
            source: "G. W. Snedecor and W. G. Cochran (1989), Statistical Methods, section 6.12"),
        MetricDefinition(
            "anova_f", definition: "fisher",
            meaning: Phrase(
                en: "Variance between groups over that within; equal variances assumed.",
                zh: "组间方差与组内方差之比；假定方差相等。"),
            formula: "(SSB/(k-1)) / (SSW/(N-k))",
            source: "R. A. Fisher (1925), Statistical Methods for Research Workers, chapter 7"),
        MetricDefinition(
            "anova_f", definition: "welch",
            meaning: Phrase(
                en: "Test statistic of equal means; variances may differ.",
                zh: "均值相等的检验统计量；方差可不同。"),
            formula: "sum w (x - x~)^2/(k-1) / (1 + 2(k-2) L), w = n/s^2",
            source: "B. L. Welch (1951), Biometrika 38:330-336"),
        MetricDefinition(
            "smd", definition: "cohens-d",
            meaning: Phrase(
                en: "Difference of two means in pooled standard deviations.",
                zh: "以合并标准差为单位的两均值之差。"),
            formula: "(x1 - x2)/s, s^2 = ((n1-1)s1^2 + (n2-1)s2^2)/(n1+n2-2)",
            source: "J. Cohen (1988), Statistical Power Analysis, section 2.5.1"),
        MetricDefinition(
            "smd", definition: "averaged-variances",
            meaning: Phrase(
                en: "Difference of two means over the root of the average variance.",
                zh: "两均值之差除以平均方差的平方根。"),
            formula: "(x1 - x2)/sqrt((s1^2 + s2^2)/2)",
            source: "P. C. Austin (2009), Stat Med 28:3083-3107"),
        MetricDefinition(
            "smd", definition: "hedges-g",
            meaning: Phrase(
                en: "Cohen's d corrected for small samples.",
                zh: "经小样本校正的 Cohen d。"),
            formula: "d J(n1+n2-2), variance 1/n1 + 1/n2 + g^2/(2(n1+n2))",
            source: "L. V. Hedges (1981), J Educ Stat 6:107-128"),
        MetricDefinition(
            "skewness",
            meaning: Phrase(
                en: "Asymmetry of a sample, zero when symmetric.",
                zh: "样本的不对称程度，对称时为零。"),
            formula: "m3 / m2^(3/2)",
            source: "D. N. Joanes and C. A. Gill (1998), J R Stat Soc D 47:183-189"),
        MetricDefinition(
            "excess_kurtosis",
            meaning: Phrase(
                en: "Weight of the tails, zero for the normal distribution.",
                zh: "尾部的厚度，正态分布为零。"),
            formula: "m4 / m2^2 - 3",
            source: "D. N. Joanes and C. A. Gill (1998), J R Stat Soc D 47:183-189"),
    ]
}
