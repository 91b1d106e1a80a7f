internal import TextCatalogue

/// What the metrics of correlation and simple regression are called and mean.
public enum CorrelationMethods {
    /// What `--explain` prints of each.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "pearson_r",
            meaning: Phrase(
                en: "Linear correlation of two quantities, -1 to 1.",
                zh: "两个量的线性相关，-1 到 1。"),
            formula: "Sxy/sqrt(Sxx Syy), limits tanh(artanh r -/+ z/sqrt(n-3))",
            source: "K. Pearson (1896), Philos Trans R Soc A 187:253-318; R. A. Fisher (1921), Metron 1:3-32"),
        MetricDefinition(
            "covariance",
            meaning: Phrase(
                en: "Covariance of two quantities, in the product of their units.",
                zh: "两个量的协方差，单位为两单位之积。"),
            formula: "Sxy/(n-1)",
            source: "K. Pearson (1896), Philos Trans R Soc A 187:253-318"),
        MetricDefinition(
            "slope",
            meaning: Phrase(
                en: "Change of y for one unit of x on the least-squares line.",
                zh: "最小二乘直线上 x 每增加一单位 y 的变化。"),
            formula: "Sxy/Sxx",
            source: "N. R. Draper and H. Smith (1998), Applied Regression Analysis, chapter 1"),
        MetricDefinition(
            "intercept",
            meaning: Phrase(
                en: "Value of the least-squares line at x = 0, in units of y.",
                zh: "最小二乘直线在 x = 0 处的值，单位同 y。"),
            formula: "mean y - slope mean x",
            source: "N. R. Draper and H. Smith (1998), Applied Regression Analysis, chapter 1"),
        MetricDefinition(
            "r_squared",
            meaning: Phrase(
                en: "Share of the variance of y that the line explains, 0 to 1.",
                zh: "直线所解释的 y 方差比例，0 到 1。"),
            formula: "Sxy^2/(Sxx Syy)",
            source: "N. R. Draper and H. Smith (1998), Applied Regression Analysis, chapter 1"),
        MetricDefinition(
            "lag1_autocorrelation",
            meaning: Phrase(
                en: "Correlation of a series with itself one step later.",
                zh: "序列与其后移一步的相关。"),
            formula: "sum (x_i - m)(x_i+1 - m) / sum (x_i - m)^2",
            source: "G. E. P. Box, G. M. Jenkins and G. C. Reinsel (1994), section 2.1.5"),
    ]
}
