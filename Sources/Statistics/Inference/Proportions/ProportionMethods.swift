internal import TextCatalogue

/// What the metrics of proportions and their differences are called and mean.
public enum ProportionMethods {
    /// What `--explain` prints of each.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "proportion",
            meaning: Phrase(
                en: "Share of the cases with a property, from 0 to 1; the interval's method is named with it.",
                zh: "具有某属性的病例所占比例，0 到 1；区间方法随之注明。"),
            formula: "x/n",
            source: "E. B. Wilson (1927), JASA 22:209-212; C. J. Clopper and E. S. Pearson (1934), Biometrika "
                + "26:404-413; A. Agresti and B. A. Coull (1998), Am Stat 52:119-126; L. D. Brown, T. T. "
                + "Cai and A. DasGupta (2001), Stat Sci 16:101-133"),
        MetricDefinition(
            "proportion_difference", definition: "independent",
            meaning: Phrase(
                en: "Difference of the proportions of two independent groups, from -1 to 1.",
                zh: "两个独立组比例之差，-1 到 1。"),
            formula: "p1 - p2, limits d -/+ sqrt of squared distances to Wilson's limits",
            source: "R. G. Newcombe (1998), Stat Med 17:873-890, method 10"),
        MetricDefinition(
            "proportion_difference", definition: "paired",
            meaning: Phrase(
                en: "Difference of two proportions of the same cases, from -1 to 1.",
                zh: "同一批病例两个比例之差，-1 到 1。"),
            formula: "(b - c)/n, limits from Wilson's with the correlation phi",
            source: "R. G. Newcombe (1998), Stat Med 17:2635-2650, method 10"),
    ]
}
