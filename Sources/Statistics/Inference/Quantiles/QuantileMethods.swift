internal import TextCatalogue

/// What the metrics of quantiles are called and mean.
public enum QuantileMethods {
    /// What `--explain` prints of each.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "quantile",
            meaning: Phrase(
                en: "Value below which a share of the sample lies, in the quantity's unit; the type is a parameter.",
                zh: "样本中一定比例位于其下的值，单位同该量；类型为参数。"),
            formula: "(1-h) x(j) + h x(j+1) at the type's position",
            source: "R. J. Hyndman and Y. Fan (1996), Am Stat 50:361-365"),
        MetricDefinition(
            "median_absolute_deviation",
            meaning: Phrase(
                en: "Median distance from the median, in the quantity's unit, not scaled.",
                zh: "与中位数距离的中位数，单位同该量，未缩放。"),
            formula: "median |x - median|",
            source: "F. R. Hampel (1974), JASA 69:383-393"),
        MetricDefinition(
            "interquartile_range",
            meaning: Phrase(
                en: "Distance of the quartiles, in the quantity's unit.",
                zh: "四分位数之间的距离，单位同该量。"),
            formula: "q(0.75) - q(0.25)",
            source: "R. J. Hyndman and Y. Fan (1996), Am Stat 50:361-365"),
    ]
}
