public import Statistics
internal import TextCatalogue

extension SummaryReport {
    /// What the metrics of a summary mean.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "n", meaning: Phrase(en: "Rows with a value of the variable.", zh: "该变量有值的行数。"),
            formula: "number of values", source: "count"),
        MetricDefinition(
            "missing",
            meaning: Phrase(
                en: "Rows without a value: empty, NA, N/A or null, and NaN where no resolution is declared.",
                zh: "无值的行数:空、NA、N/A 或 null;未声明分辨率时还包括 NaN。"),
            formula: "number of missing values", source: "count"),
        MetricDefinition(
            "malformed",
            meaning: Phrase(
                en: "Rows whose value is not what the variable holds: no finite number, or no declared level.",
                zh: "取值不符合变量要求的行数:不是有限数,或不是已声明的类别。"),
            formula: "number of malformed values", source: "count"),
        MetricDefinition(
            "out_of_range",
            meaning: Phrase(
                en: "Rows whose value lies outside the declared range; they enter no other number.",
                zh: "取值超出声明范围的行数;不计入其他数值。"),
            formula: "number of values outside the range", source: "count"),
        MetricDefinition(
            "mean", definition: SummaryMetrics.exact,
            meaning: Phrase(
                en:
                    "Arithmetic mean of the values in units of the declared resolution, in the variable's unit; exact sums.",
                zh: "以声明分辨率为单位的精确算术平均值(变量的单位)。"),
            formula: "Σx / n, with Student's interval mean ± t(n−1) · sd / √n",
            source: "Student (1908), The probable error of a mean, Biometrika 6:1-25"),
        MetricDefinition(
            "mean", definition: SummaryMetrics.compensated,
            meaning: Phrase(
                en: "Arithmetic mean of the values as Doubles, in the variable's unit; compensated sums.",
                zh: "双精度取值的算术平均值(变量的单位),采用补偿求和。"),
            formula: "s + Σ(x − s) / n with a fixed shift s, with Student's interval mean ± t(n−1) · sd / √n",
            source: "Neal (2015), Fast exact summation, arXiv:1505.05571; Knuth, TAOCP vol. 2, 4.2.2"),
        MetricDefinition(
            "sd", definition: SummaryMetrics.exact,
            meaning: Phrase(
                en: "Standard deviation of the sample, in the variable's unit; exact sums.",
                zh: "样本标准差(变量的单位),精确求和。"),
            formula: "√((nΣx² − (Σx)²) / (n(n − 1)))", source: "Σx and Σx² as integers of 128 bits"),
        MetricDefinition(
            "sd", definition: SummaryMetrics.compensated,
            meaning: Phrase(
                en: "Standard deviation of the sample, in the variable's unit; compensated sums about a shift.",
                zh: "样本标准差(变量的单位),相对偏移量的补偿求和。"),
            formula: "√((Σ(x − s)² − (Σ(x − s))² / n) / (n − 1))",
            source: "Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance, Am Stat 37:242-247"),
        MetricDefinition(
            "min",
            meaning: Phrase(
                en: "Smallest value, in the variable's unit. For local eyes: it is one patient's value.",
                zh: "最小值(变量的单位)。仅供本地查看:它是某位患者的取值。"),
            formula: "min x", source: "order statistic"),
        MetricDefinition(
            "max",
            meaning: Phrase(
                en: "Largest value, in the variable's unit. For local eyes: it is one patient's value.",
                zh: "最大值(变量的单位)。仅供本地查看:它是某位患者的取值。"),
            formula: "max x", source: "order statistic"),
        MetricDefinition(
            "quantile", definition: SummaryMetrics.interpolated,
            meaning: Phrase(
                en:
                    "Sample quantile at a probability in per cent, between two order statistics, in the variable's unit.",
                zh: "给定百分比的样本分位数,由两个顺序统计量插值(变量的单位)。"),
            formula: "x(j) + g · (x(j+1) − x(j)) with (n − 1)p = j − 1 + g",
            source: "Hyndman and Fan (1996), Sample quantiles in statistical packages, Am Stat 50:361-365, type 7"),
        MetricDefinition(
            "quantile", definition: SummaryMetrics.bounds,
            meaning: Phrase(
                en: "Limits between which all nine types of the sample quantile lie, in the variable's unit.",
                zh: "九种样本分位数均落在其中的上下限(变量的单位)。"),
            formula: "from x(⌊np⌋) to x(⌈np⌉ + 1), by the leading bits of the values",
            source: "Hyndman and Fan (1996), Sample quantiles in statistical packages, Am Stat 50:361-365"),
        MetricDefinition(
            "count", definition: SummaryMetrics.levels,
            meaning: Phrase(en: "Rows with this level or value.", zh: "取此类别或此值的行数。"),
            formula: "number of rows", source: "count"),
        MetricDefinition(
            "count", definition: SummaryMetrics.equalWidth,
            meaning: Phrase(
                en: "Rows with a value in the bin [lower, upper), the last one [lower, upper].",
                zh: "取值落在区间 [下限, 上限) 的行数,最后一个区间含上限。"),
            formula: "bins of equal width from min to max, of a declared quantity over its range",
            source: "count"),
        MetricDefinition(
            "count",
            meaning: Phrase(
                en: "Rows by level; not listed when there are more than 1000 levels.",
                zh: "各类别的行数;类别超过 1000 个时不列出。"),
            formula: "number of rows", source: "count"),
    ]
}
