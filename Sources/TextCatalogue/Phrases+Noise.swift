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
