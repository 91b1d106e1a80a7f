public import Statistics
import TextCatalogue

extension MetaMetrics {
    /// Of every metric that ``metrics(effects:method:test:level:sites:)`` gives.
    public static let definitions: [MetricDefinition] =
        [
            MetricDefinition(
                "estimate",
                meaning: Phrase(
                    en: "The summary effect over sites, on the scale of the sites' estimates.",
                    zh: "各中心的合并效应，与各中心估计值同一尺度。"),
                formula: "sum(w_i y_i) / sum(w_i), w_i = 1 / (v_i + tau2); tau2 = 0 for EE",
                source: "Higgins, Thompson & Spiegelhalter 2009, J R Stat Soc A 172:137"),
            MetricDefinition(
                "se",
                meaning: Phrase(
                    en: "The standard error of the summary effect under the chosen test.",
                    zh: "所选检验方法下合并效应的标准误。"),
                formula: "z: 1/sqrt(sum w_i); hksj: that times sqrt(q), q = sum(w_i (y_i - mu)^2)/(k - 1); "
                    + "hksj-guarded: times sqrt(max(1, q))",
                source: "Hartung & Knapp 2001, Stat Med 20:3875; Sidik & Jonkman 2002, Stat Med 21:3153; "
                    + "Roever, Knapp & Friede 2015, BMC Med Res Methodol 15:99"),
            MetricDefinition(
                "statistic",
                meaning: Phrase(
                    en: "The summary effect over its standard error; t with df degrees of freedom, else z.",
                    zh: "合并效应除以标准误；给出自由度时为 t，否则为 z。"),
                formula: "estimate / se", source: "as for se"),
            MetricDefinition(
                "p",
                meaning: Phrase(
                    en: "The two-sided p-value that the summary effect is zero, 0 to 1.",
                    zh: "合并效应为零的双侧 p 值，0 到 1。"),
                formula: "2 P(T > |statistic|)", source: "as for se"),
            MetricDefinition(
                "i2",
                meaning: Phrase(
                    en: "The part of the total variation that is between sites, in per cent, 0 to 100.",
                    zh: "总变异中来自中心之间的部分，以百分数表示，0 到 100。"),
                formula: "100 tau2 / (tau2 + s2), s2 = (k - 1) sum(w) / (sum(w)^2 - sum(w^2)), w = 1/v; "
                    + "EE: 100 max(0, (Q - df)/Q); interval from the Q-profile limits of tau2",
                source: "Higgins & Thompson 2002, Stat Med 21:1539; in per cent as in the Cochrane Handbook, 10.10.2"),
            MetricDefinition(
                "h2",
                meaning: Phrase(
                    en: "The total variation over the variation within sites; 1 without variation between them.",
                    zh: "总变异与中心内变异之比；中心之间无变异时为 1。"),
                formula: "tau2 / s2 + 1, s2 as for i2; EE: Q / df",
                source: "Higgins & Thompson 2002, Stat Med 21:1539"),
            MetricDefinition(
                "q",
                meaning: Phrase(
                    en:
                        "Cochran's test that the sites share one effect: chi-squared with df degrees of freedom, and its p.",
                    zh: "Cochran 检验：各中心效应是否相同；自由度为 df 的卡方值及其 p。"),
                formula: "sum((y_i - m)^2 / v_i), m the mean with weights 1/v_i",
                source: "Cochran 1954, Biometrics 10:101"),
            MetricDefinition(
                "prediction_interval",
                meaning: Phrase(
                    en: "Where the true effect of a new site is expected; the value is the summary effect.",
                    zh: "新中心真实效应的预测区间；其值为合并效应。"),
                formula: "mu +- c sqrt(se^2 + tau2); c the normal quantile (z) or t with k - 1 degrees of freedom",
                source: "Higgins, Thompson & Spiegelhalter 2009, J R Stat Soc A 172:137, with the named form"),
        ]
        + BetweenVarianceMethod.allCases.map { method in
            MetricDefinition(
                "tau2", definition: method.rawValue,
                meaning: Phrase(
                    en: "The variance of the true effects between sites; its interval is the Q-profile's.",
                    zh: "真实效应在中心之间的方差；其区间由 Q-profile 法给出。"),
                formula: method.formula,
                source: method.source + "; interval: Viechtbauer 2007, Stat Med 26:37")
        }
}

extension BetweenVarianceMethod {
    fileprivate var formula: String {
        switch self {
        case .equalEffects: "0"
        case .dersimonianLaird: "max(0, (Q - (k - 1)) / (sum(w) - sum(w^2)/sum(w))), w = 1/v"
        case .pauleMandel, .empiricalBayes: "the tau2 >= 0 with sum((y_i - mu)^2 / (v_i + tau2)) = k - 1"
        case .restrictedMaximumLikelihood: "the highest maximum of the restricted likelihood over tau2 >= 0"
        case .maximumLikelihood: "the highest maximum of the likelihood over tau2 >= 0"
        case .hedges: "max(0, variance(y) - mean(v))"
        case .hunterSchmidt: "max(0, (Q - k) / sum(w)), w = 1/v"
        case .sidikJonkman: "t0 / (k - 1) sum((y_i - m)^2 / (v_i + t0)), t0 = sum((y_i - mean(y))^2)/k"
        }
    }

    fileprivate var source: String {
        switch self {
        case .equalEffects: "none"
        case .dersimonianLaird: "DerSimonian & Laird 1986, Control Clin Trials 7:177"
        case .pauleMandel: "Paule & Mandel 1982, J Res Natl Bur Stand 87:377"
        case .restrictedMaximumLikelihood: "Viechtbauer 2005, J Educ Behav Stat 30:261"
        case .maximumLikelihood: "Hardy & Thompson 1996, Stat Med 15:619"
        case .hedges: "Hedges & Olkin 1985, Statistical Methods for Meta-Analysis, 9.3"
        case .hunterSchmidt: "Hunter & Schmidt 1990, Methods of Meta-Analysis"
        case .sidikJonkman: "Sidik & Jonkman 2005, Appl Stat 54:367"
        case .empiricalBayes: "Morris 1983, J Am Stat Assoc 78:47"
        }
    }
}
