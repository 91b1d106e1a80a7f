internal import TextCatalogue

extension ROCAnalysis {
    /// The names of this family.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "auroc",
            meaning: Phrase(
                en:
                    "Probability that a positive case has a higher score than a negative one, ties counting half; 0 to 1.",
                zh: "阳性病例评分高于阴性病例的概率（相等计一半）；取值 0 至 1。"),
            formula: "(pairs in the right order + ties / 2) / (m * n)",
            source: "Bamber 1975, J Math Psychol 12:387-415; Hanley and McNeil 1982, Radiology 143:29-36"),
        MetricDefinition(
            "auroc_variance", definition: "delong",
            meaning: Phrase(
                en: "Variance of the area under the ROC curve for independent cases.",
                zh: "ROC 曲线下面积的方差（病例相互独立）。"),
            formula: "S10/m + S01/n with the sample variances of the placements",
            source: "DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837-845"),
        MetricDefinition(
            "auroc_variance", definition: "obuchowski",
            meaning: Phrase(
                en: "Variance of the area under the ROC curve for cases clustered in patients.",
                zh: "ROC 曲线下面积的方差（病例按患者聚类）。"),
            formula: "S10/m + S01/n + 2*S11/(m*n) with the variances of the patients' placement sums",
            source: "Obuchowski 1997, Biometrics 53:567-578"),
        MetricDefinition(
            "auroc_variance", definition: "hanley-mcneil",
            meaning: Phrase(
                en: "Variance of the area under the ROC curve from the area and the numbers of cases alone.",
                zh: "仅由曲线下面积和病例数得出的方差。"),
            formula: "[A(1-A) + (m-1)(A/(2-A) - A^2) + (n-1)(2A^2/(1+A) - A^2)] / (m*n)",
            source: "Hanley and McNeil 1982, Radiology 143:29-36, formula 2"),
        MetricDefinition(
            "partial_auc", definition: "raw",
            meaning: Phrase(
                en: "Area under a part of the ROC curve; from 0 to the width of the part.",
                zh: "ROC 曲线部分区间下的面积；取值 0 至区间宽度。"),
            formula: "integral of sensitivity over the specificities of the part, or the other way round",
            source: "McClish 1989, Med Decis Making 9:190-195"),
        MetricDefinition(
            "partial_auc", definition: "mcclish",
            meaning: Phrase(
                en: "Standardised area under a part of the ROC curve: 0.5 for chance, 1 for a perfect score.",
                zh: "标准化的 ROC 部分曲线下面积：随机为 0.5，完美为 1。"),
            formula: "(1 + (raw - min) / (max - min)) / 2 with min under the diagonal and max the width",
            source: "McClish 1989, Med Decis Making 9:190-195"),
        MetricDefinition(
            "sensitivity_at_specificity", definition: "step",
            meaning: Phrase(
                en: "Highest sensitivity of a threshold whose specificity is at least the given one.",
                zh: "特异度不低于给定值的各阈值中的最高灵敏度。"),
            formula: "max of TP/m over thresholds with TN/n >= specificity",
            source: "Pepe 2003, The Statistical Evaluation of Medical Tests, section 4.2"),
        MetricDefinition(
            "sensitivity_at_specificity", definition: "linear",
            meaning: Phrase(
                en: "Sensitivity at the given specificity on the straight line between two operating points.",
                zh: "给定特异度下的灵敏度（在相邻两个工作点间线性插值）。"),
            formula: "linear interpolation of sensitivity between the neighbouring specificities",
            source: "Robin et al. 2011 (pROC coords), BMC Bioinformatics 12:77"),
        MetricDefinition(
            "specificity_at_sensitivity", definition: "step",
            meaning: Phrase(
                en: "Highest specificity of a threshold whose sensitivity is at least the given one.",
                zh: "灵敏度不低于给定值的各阈值中的最高特异度。"),
            formula: "max of TN/n over thresholds with TP/m >= sensitivity",
            source: "Pepe 2003, The Statistical Evaluation of Medical Tests, section 4.2"),
        MetricDefinition(
            "specificity_at_sensitivity", definition: "linear",
            meaning: Phrase(
                en: "Specificity at the given sensitivity on the straight line between two operating points.",
                zh: "给定灵敏度下的特异度（在相邻两个工作点间线性插值）。"),
            formula: "linear interpolation of specificity between the neighbouring sensitivities",
            source: "Robin et al. 2011 (pROC coords), BMC Bioinformatics 12:77"),
        MetricDefinition(
            "youden_best",
            meaning: Phrase(
                en: "Highest Youden index over the thresholds, sensitivity + specificity - 1; from 0 to 1.",
                zh: "各阈值中最大的约登指数（灵敏度 + 特异度 - 1）；取值 0 至 1。"),
            formula: "max of TP/m - FP/n; every threshold that reaches it is listed",
            source: "Youden 1950, Cancer 3:32-35"),
        MetricDefinition(
            "auroc_difference",
            meaning: Phrase(
                en: "First minus second area under the ROC curve, with a test of no difference.",
                zh: "两条 ROC 曲线下面积之差（前者减后者）及其无差异检验。"),
            formula: "A1 - A2, with variance var1 + var2 - 2*cov; for independent samples t with Satterthwaite's df",
            source: "DeLong et al. 1988, Biometrics 44:837-845; Obuchowski 1997, Biometrics 53:567-578"),
    ]
}
