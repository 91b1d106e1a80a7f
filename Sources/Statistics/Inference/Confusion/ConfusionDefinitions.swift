internal import TextCatalogue

extension ConfusionMetrics {
    /// What each metric at an operating point is.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "tp", meaning: Phrase(en: "Positive cases that were called positive.", zh: "被判为阳性的阳性病例数。"),
            formula: "number of positives with score ≥ threshold", source: "Altman and Bland 1994, BMJ 308:1552"),
        MetricDefinition(
            "fp", meaning: Phrase(en: "Negative cases that were called positive.", zh: "被判为阳性的阴性病例数。"),
            formula: "number of negatives with score ≥ threshold", source: "Altman and Bland 1994, BMJ 308:1552"),
        MetricDefinition(
            "fn", meaning: Phrase(en: "Positive cases that were called negative.", zh: "被判为阴性的阳性病例数。"),
            formula: "number of positives with score < threshold", source: "Altman and Bland 1994, BMJ 308:1552"),
        MetricDefinition(
            "tn", meaning: Phrase(en: "Negative cases that were called negative.", zh: "被判为阴性的阴性病例数。"),
            formula: "number of negatives with score < threshold", source: "Altman and Bland 1994, BMJ 308:1552"),
        MetricDefinition(
            "sensitivity",
            meaning: Phrase(
                en: "Share of positive cases that were called positive (recall), 0 to 1.",
                zh: "阳性病例中被判为阳性的比例(召回率),0 至 1。"),
            formula: "tp / (tp + fn)", source: "Altman and Bland 1994, BMJ 308:1552"),
        MetricDefinition(
            "specificity",
            meaning: Phrase(
                en: "Share of negative cases that were called negative, 0 to 1.",
                zh: "阴性病例中被判为阴性的比例,0 至 1。"),
            formula: "tn / (tn + fp)", source: "Altman and Bland 1994, BMJ 308:1552"),
        MetricDefinition(
            "ppv", definition: "at_prevalence",
            meaning: Phrase(
                en: "Positive predictive value restated at a declared prevalence π, 0 to 1.",
                zh: "按声明的患病率 π 换算的阳性预测值,0 至 1。"),
            formula: "se·π / (se·π + (1 − sp)(1 − π))", source: "Mercaldo, Lau and Zhou 2007, Stat Med 26:2170"),
        MetricDefinition(
            "npv", definition: "at_prevalence",
            meaning: Phrase(
                en: "Negative predictive value restated at a declared prevalence π, 0 to 1.",
                zh: "按声明的患病率 π 换算的阴性预测值,0 至 1。"),
            formula: "sp·(1 − π) / (sp·(1 − π) + (1 − se)·π)", source: "Mercaldo, Lau and Zhou 2007, Stat Med 26:2170"),
        MetricDefinition(
            "ppv",
            meaning: Phrase(
                en: "Share of positive calls that are right (precision), at the prevalence of these cases, 0 to 1.",
                zh: "阳性判断中正确的比例(精确率),以本组病例的患病率为准,0 至 1。"),
            formula: "tp / (tp + fp)", source: "Altman and Bland 1994, BMJ 309:102"),
        MetricDefinition(
            "npv",
            meaning: Phrase(
                en: "Share of negative calls that are right, at the prevalence of these cases, 0 to 1.",
                zh: "阴性判断中正确的比例,以本组病例的患病率为准,0 至 1。"),
            formula: "tn / (tn + fn)", source: "Altman and Bland 1994, BMJ 309:102"),
        MetricDefinition(
            "accuracy",
            meaning: Phrase(en: "Share of calls that are right, 0 to 1.", zh: "判断正确的比例,0 至 1。"),
            formula: "(tp + tn) / n", source: "Sokolova and Lapalme 2009, Inf Process Manag 45:427"),
        MetricDefinition(
            "balanced_accuracy",
            meaning: Phrase(
                en: "Mean of the classes' sensitivities, 0 to 1; one half is chance for two classes.",
                zh: "各类别灵敏度的平均值,0 至 1;两类时随机水平为二分之一。"),
            formula: "(tp/(tp + fn) + tn/(tn + fp)) / 2; with several classes the mean of all",
            source: "Brodersen et al. 2010, ICPR 3121"),
        MetricDefinition(
            "f1",
            meaning: Phrase(
                en: "Harmonic mean of precision and recall, 0 to 1; true negatives do not count.",
                zh: "精确率与召回率的调和平均,0 至 1;不计真阴性。"),
            formula: "2·tp / (2·tp + fp + fn)",
            source:
                "van Rijsbergen 1979, Information Retrieval, ch. 7; interval: Lam et al. 2023, arXiv:2309.14621"
        ),
        MetricDefinition(
            "mcc",
            meaning: Phrase(
                en: "Matthews correlation of call and class, −1 to 1; 0 is chance.",
                zh: "判断与类别的马修斯相关系数,−1 至 1;0 为随机水平。"),
            formula: "(tp·tn − fp·fn) / √((tp+fp)(tp+fn)(tn+fp)(tn+fn)); with several classes Gorodkin's R_K",
            source: "Matthews 1975, BBA 405:442; Gorodkin 2004, Comput Biol Chem 28:367"),
        MetricDefinition(
            "kappa", definition: "linear",
            meaning: Phrase(
                en: "Cohen's kappa of call and class over ordered classes, disagreements weighted by their distance.",
                zh: "有序类别上判断与类别的加权 Cohen kappa,分歧按距离加权。"),
            formula: "1 − n·Σ v·n(i,j) / Σ v·r(i)·c(j), v = |i − j|", source: "Cohen 1968, Psychol Bull 70:213"),
        MetricDefinition(
            "kappa", definition: "quadratic",
            meaning: Phrase(
                en: "Cohen's kappa of call and class over ordered classes, disagreements weighted by squared distance.",
                zh: "有序类别上判断与类别的加权 Cohen kappa,分歧按距离平方加权。"),
            formula: "1 − n·Σ v·n(i,j) / Σ v·r(i)·c(j), v = (i − j)²", source: "Cohen 1968, Psychol Bull 70:213"),
        MetricDefinition(
            "kappa",
            meaning: Phrase(
                en: "Cohen's kappa, agreement of call and class beyond chance, at most 1; 0 is chance.",
                zh: "Cohen kappa,判断与类别超出随机的一致程度,最大为 1;0 为随机水平。"),
            formula: "(p_o − p_e) / (1 − p_e)",
            source: "Cohen 1960, Educ Psychol Meas 20:37; standard error: Fleiss, Cohen and Everitt 1969"),
        MetricDefinition(
            "jaccard",
            meaning: Phrase(
                en: "Overlap of called and true positives (intersection over union), 0 to 1.",
                zh: "判为阳性与真正阳性的重叠(交并比),0 至 1。"),
            formula: "tp / (tp + fp + fn)", source: "Jaccard 1912, New Phytol 11:37"),
        MetricDefinition(
            "youden",
            meaning: Phrase(
                en: "Youden's index, −1 to 1; 0 is chance.", zh: "约登指数,−1 至 1;0 为随机水平。"),
            formula: "sensitivity + specificity − 1", source: "Youden 1950, Cancer 3:32"),
        MetricDefinition(
            "lr_positive",
            meaning: Phrase(
                en: "Positive likelihood ratio: by how much a positive call multiplies the odds of the condition.",
                zh: "阳性似然比:阳性判断使患病比数增大的倍数。"),
            formula: "sensitivity / (1 − specificity)", source: "Simel, Samsa and Matchar 1991, J Clin Epidemiol 44:763"
        ),
        MetricDefinition(
            "lr_negative",
            meaning: Phrase(
                en: "Negative likelihood ratio: by how much a negative call multiplies the odds of the condition.",
                zh: "阴性似然比:阴性判断使患病比数变化的倍数。"),
            formula: "(1 − sensitivity) / specificity", source: "Simel, Samsa and Matchar 1991, J Clin Epidemiol 44:763"
        ),
        MetricDefinition(
            "diagnostic_odds_ratio",
            meaning: Phrase(
                en: "Odds of a positive call among positives over those among negatives; 1 is chance.",
                zh: "阳性病例被判为阳性的比数与阴性病例的比数之比;1 为随机水平。"),
            formula: "tp·tn / (fp·fn)", source: "Glas et al. 2003, J Clin Epidemiol 56:1129"),
        MetricDefinition(
            "prevalence",
            meaning: Phrase(en: "Share of positive cases, 0 to 1.", zh: "阳性病例的比例,0 至 1。"),
            formula: "(tp + fn) / n", source: "Altman and Bland 1994, BMJ 309:102"),
    ]
}
