internal import TextCatalogue

extension CalibrationMetrics {
    /// What each metric of predicted probabilities is.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "brier", definition: "sum",
            meaning: Phrase(
                en: "Brier score of several classes: mean squared error summed over classes, 0 to 2; lower is better.",
                zh: "多类别 Brier 评分:各类别均方误差之和,0 至 2;越低越好。"),
            formula: "Σ Σ(k) (p(k) − [k is true])² / n", source: "Brier 1950, Mon Weather Rev 78:1"),
        MetricDefinition(
            "brier",
            meaning: Phrase(
                en: "Brier score: mean squared error of the predicted probability, 0 to 1; lower is better.",
                zh: "Brier 评分:预测概率的均方误差,0 至 1;越低越好。"),
            formula: "Σ (p − y)² / n", source: "Brier 1950, Mon Weather Rev 78:1"),
        MetricDefinition(
            "brier_skill",
            meaning: Phrase(
                en: "Brier skill against the prevalence as forecast; 1 is perfect, 0 no better than the prevalence.",
                zh: "相对于以患病率作预测的 Brier 技巧;1 为完美,0 为不优于患病率。"),
            formula: "1 − brier / (ȳ(1 − ȳ))",
            source: "Wilks 2011, Statistical Methods in the Atmospheric Sciences, 8.1.4"
        ),
        MetricDefinition(
            "brier_reliability",
            meaning: Phrase(
                en: "Part of the Brier score due to miscalibration over bins; 0 is best.",
                zh: "Brier 评分中由各区间校准偏差造成的部分;0 最佳。"),
            formula: "Σ n(k) (p̄(k) − ȳ(k))² / n", source: "Murphy 1973, J Appl Meteorol 12:595"),
        MetricDefinition(
            "brier_resolution",
            meaning: Phrase(
                en: "Part by which the bins' event rates differ from the prevalence; larger is better.",
                zh: "各区间事件率与患病率差异的部分;越大越好。"),
            formula: "Σ n(k) (ȳ(k) − ȳ)² / n", source: "Murphy 1973, J Appl Meteorol 12:595"),
        MetricDefinition(
            "brier_uncertainty",
            meaning: Phrase(
                en: "Part of the Brier score that no model changes.", zh: "Brier 评分中任何模型都无法改变的部分。"),
            formula: "ȳ(1 − ȳ)", source: "Murphy 1973, J Appl Meteorol 12:595"),
        MetricDefinition(
            "brier_within_bin",
            meaning: Phrase(
                en:
                    "What bins leave of the Brier score: within-bin variance less twice the covariance.",
                zh: "区间划分余下的部分:区间内方差减去两倍协方差。"),
            formula: "brier − reliability + resolution − uncertainty",
            source: "Stephenson, Coelho and Jolliffe 2008, Weather Forecast 23:752"),
        MetricDefinition(
            "log_loss",
            meaning: Phrase(
                en: "Mean negative log-likelihood of the true class in nats, 0 or above; lower is better.",
                zh: "真实类别的平均负对数似然(奈特),不小于 0;越低越好。"),
            formula: "−Σ ln p(true class) / n", source: "Good 1952, J R Stat Soc B 14:107"),
        MetricDefinition(
            "calibration_slope",
            meaning: Phrase(
                en: "Slope of the outcome on the logit of the prediction; 1 is calibrated, below 1 too extreme.",
                zh: "结局对预测概率 logit 的回归斜率;1 为校准良好,小于 1 表示预测过于极端。"),
            formula: "b in logit P(y = 1) = a + b·logit(p)", source: "Cox 1958, Biometrika 45:562"),
        MetricDefinition(
            "calibration_intercept",
            meaning: Phrase(
                en: "Intercept of the same regression, with its slope free.", zh: "同一回归的截距(斜率自由)。"),
            formula: "a in logit P(y = 1) = a + b·logit(p)", source: "Cox 1958, Biometrika 45:562"),
        MetricDefinition(
            "calibration_in_the_large",
            meaning: Phrase(
                en: "Intercept with slope 1: 0 when the mean prediction fits, above 0 when it is too low.",
                zh: "斜率为 1 时的截距:平均预测合适时为 0,预测偏低时大于 0。"),
            formula: "a in logit P(y = 1) = a + logit(p)",
            source: "Steyerberg 2019, Clinical Prediction Models, 2nd ed., 15.3"),
        MetricDefinition(
            "observed_expected_ratio",
            meaning: Phrase(
                en: "Events observed over events expected; 1 is calibrated on the whole.",
                zh: "实际事件数与期望事件数之比;1 表示总体校准良好。"),
            formula: "Σ y / Σ p", source: "Debray et al. 2017, BMJ 356:i6460"),
        MetricDefinition(
            "spiegelhalter_z",
            meaning: Phrase(
                en: "Spiegelhalter's calibration statistic, standard normal for right probabilities.",
                zh: "Spiegelhalter 校准统计量,概率正确时服从标准正态分布。"),
            formula: "Σ (y − p)(1 − 2p) / √(Σ (1 − 2p)² p(1 − p))", source: "Spiegelhalter 1986, Stat Med 5:421"),
        MetricDefinition(
            "spiegelhalter_p",
            meaning: Phrase(en: "Two-sided p value of spiegelhalter_z.", zh: "spiegelhalter_z 的双侧 p 值。"),
            formula: "2 P(Z > |z|)", source: "Spiegelhalter 1986, Stat Med 5:421"),
        MetricDefinition(
            "hosmer_lemeshow",
            meaning: Phrase(
                en: "Hosmer-Lemeshow chi-squared over groups of risk.", zh: "按风险分组的 Hosmer-Lemeshow 卡方统计量。"),
            formula: "Σ (O − E)² / (E(1 − E/n))", source: "Hosmer and Lemeshow 1980, Commun Stat 9:1043"),
        MetricDefinition(
            "hosmer_lemeshow_p",
            meaning: Phrase(en: "Upper tail of hosmer_lemeshow.", zh: "hosmer_lemeshow 的上尾概率。"),
            formula: "P(chi-squared with df above the statistic)",
            source: "Hosmer and Lemeshow 1980, Commun Stat 9:1043"
        ),
        MetricDefinition(
            "ece", definition: "top_label",
            meaning: Phrase(
                en: "Expected calibration error of the called class: accuracy against confidence over bins, 0 to 1.",
                zh: "所判类别的期望校准误差:各区间准确率与置信度之差,0 至 1。"),
            formula: "Σ n(k)/n · |accuracy(k) − mean confidence(k)|", source: "Guo et al. 2017, PMLR 70:1321"),
        MetricDefinition(
            "ece",
            meaning: Phrase(
                en: "Expected calibration error over the named bins, 0 to 1; the binning changes it.",
                zh: "按所述区间划分的期望校准误差,0 至 1;随划分方式而变。"),
            formula: "Σ n(k)/n · |ȳ(k) − p̄(k)|", source: "Naeini, Cooper and Hauskrecht 2015, AAAI 29:2901"),
        MetricDefinition(
            "mce",
            meaning: Phrase(
                en: "Maximum calibration error over the named bins, 0 to 1.", zh: "按所述区间划分的最大校准误差,0 至 1。"),
            formula: "max |ȳ(k) − p̄(k)|", source: "Naeini, Cooper and Hauskrecht 2015, AAAI 29:2901"),
        MetricDefinition(
            "rms_ce",
            meaning: Phrase(
                en: "Root-mean-square calibration error over the named bins, 0 to 1.",
                zh: "按所述区间划分的均方根校准误差,0 至 1。"),
            formula: "√(Σ n(k)/n · (ȳ(k) − p̄(k))²)", source: "Naeini, Cooper and Hauskrecht 2015, AAAI 29:2901"),
        MetricDefinition(
            "net_benefit",
            meaning: Phrase(
                en: "Net benefit of treating by the model at a threshold probability, in true positives a case.",
                zh: "按模型在阈值概率处治疗的净获益,以每例真阳性计。"),
            formula: "tp/n − fp/n · t/(1 − t)", source: "Vickers and Elkin 2006, Med Decis Making 26:565"),
        MetricDefinition(
            "net_benefit_treat_all",
            meaning: Phrase(en: "Net benefit of treating everybody.", zh: "全部治疗的净获益。"),
            formula: "ȳ − (1 − ȳ) · t/(1 − t)", source: "Vickers and Elkin 2006, Med Decis Making 26:565"),
        MetricDefinition(
            "net_benefit_standardized",
            meaning: Phrase(
                en: "Net benefit over prevalence, at most 1.", zh: "净获益与患病率之比,最大为 1。"),
            formula: "net_benefit / ȳ", source: "Kerr et al. 2016, J Clin Oncol 34:2534"),
    ]
}
