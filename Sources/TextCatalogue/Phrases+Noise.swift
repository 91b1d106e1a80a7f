// What is said of noise that a protocol asks for (differential privacy).
extension Phrase {
    public static func protocolNoiseNumber(upTo limit: Double) -> Phrase {
        Phrase(en: "write a number above 0 and at most \(limit)", zh: "请写大于 0 且不超过 \(limit) 的数")
    }
    public static var protocolNoiseDeltaRequired: Phrase {
        Phrase(
            en: "discrete Gaussian noise needs \"delta\", such as \"0.00001\"; discrete Laplace noise has none",
            zh: "离散高斯噪声需要 \"delta\",例如 \"0.00001\";离散拉普拉斯噪声不需要")
    }
    public static var protocolNoiseDeltaNotApplicable: Phrase {
        Phrase(
            en: "discrete Laplace noise has no delta; remove it, or ask for discrete-gaussian",
            zh: "离散拉普拉斯噪声没有 delta;请删除,或改用 discrete-gaussian")
    }
    public static var protocolNoiseSummary: Phrase {
        Phrase(
            en: "a summary is not released with noise; ask for a histogram, or leave the noise out",
            zh: "加噪时不发布汇总统计;请改用直方图,或不要求噪声")
    }
    public static var protocolNoiseEndpoint: Phrase {
        Phrase(
            en: "endpoints cannot be estimated from noisy counts; leave the endpoints or the noise out",
            zh: "无法由加噪计数估计终点;请删除终点,或不要求噪声")
    }
}

// What the data manager reads of noise.
extension Phrase {
    public static func noiseTerms(_ mechanism: String, epsilon: String, delta: String?, cases: Int) -> Phrase {
        let deltaPart = delta.map { ", delta = \($0)" } ?? ""
        return Phrase(
            en: "Noise: \(mechanism), epsilon = \(epsilon)\(deltaPart); at most \(cases) cases of a patient count.",
            zh: "噪声:\(mechanism),epsilon = \(epsilon)\(deltaPart);每名患者最多计入 \(cases) 例。")
    }
    /// Costs are rho of zero-concentrated differential privacy.
    public static func noiseCost(_ cost: String, spent: String, allowance: String?) -> Phrase {
        guard let allowance else {
            return Phrase(
                en: "Costs rho = \(cost) of the dataset's privacy budget; this site has set none.",
                zh: "需要隐私预算 rho = \(cost);本机构尚未设定预算。")
        }
        return Phrase(
            en: "Costs rho = \(cost) of the dataset's privacy budget \(allowance); \(spent) was spent before.",
            zh: "消耗数据集隐私预算 \(allowance) 中的 rho = \(cost);此前已用 \(spent)。")
    }
    public static func noiseHalfWidth(_ answer: String, halfWidth: Int) -> Phrase {
        Phrase(
            en: "  \(answer): 95 % of the noise lies within ±\(halfWidth)",
            zh: "  \(answer):95 % 的噪声在 ±\(halfWidth) 以内")
    }
    public static var previewNoiseIsAnExample: Phrase {
        Phrase(
            en: "The noise shown here is an example: a release draws its own, and only that is charged.",
            zh: "此处的噪声仅为示例:正式发布时会另行抽取,并只对该次扣除预算。")
    }
    public static var previewNoBudget: Phrase {
        Phrase(
            en: "Noise needs a privacy budget, and this site has set none: a job would end as not-releasable. "
                + "Set policy.disclosure.privacy with an epsilon in site.yaml (rule 17).",
            zh: "加噪需要隐私预算,而本机构尚未设定:任务将以 not-releasable 结束。"
                + "请在 site.yaml 的 policy.disclosure.privacy 中设定 epsilon(规则 17)。")
    }
    public static var previewBudgetSpent: Phrase {
        Phrase(
            en: "What is left of the privacy budget does not cover this: a job would end as not-releasable (rule 17).",
            zh: "剩余的隐私预算不足:任务将以 not-releasable 结束(规则 17)。")
    }
    public static var auditBudgetDiffers: Phrase {
        Phrase(
            en: "The store has other charges of the privacy budget than the log.", zh: "数据库中的隐私预算扣除与日志不一致。")
    }
}
