internal import TextCatalogue

/// What the metrics of tables of counts are called and mean.
public enum TableMethods {
    /// What `--explain` prints of each.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "chi_squared",
            meaning: Phrase(
                en: "Distance of a table's counts from independence.",
                zh: "表中计数与独立性的偏离。"),
            formula: "sum (o - e)^2 / e",
            source: "K. Pearson (1900), Philos Mag 50:157-175"),
        MetricDefinition(
            "chi_squared", definition: "yates",
            meaning: Phrase(
                en: "Chi-squared of a two-by-two table with a continuity correction.",
                zh: "带连续性校正的四格表卡方。"),
            formula: "sum (max(0, |o - e| - 1/2))^2 / e",
            source: "F. Yates (1934), Suppl J R Stat Soc 1:217-235"),
        MetricDefinition(
            "cramers_v",
            meaning: Phrase(
                en: "Strength of association in a table, 0 to 1.",
                zh: "表中关联的强度，0 到 1。"),
            formula: "sqrt(chi2 / (n min(r-1, c-1)))",
            source: "H. Cramér (1946), Mathematical Methods of Statistics, 21.9"),
        MetricDefinition(
            "cramers_v", definition: "bergsma",
            meaning: Phrase(
                en: "Strength of association corrected for its bias in small samples, 0 to 1.",
                zh: "经小样本偏倚校正的关联强度，0 到 1。"),
            formula: "sqrt(max(0, chi2/n - (r-1)(c-1)/(n-1)) / min(r~-1, c~-1))",
            source: "W. Bergsma (2013), J Korean Stat Soc 42:323-328"),
        MetricDefinition(
            "fisher_p",
            meaning: Phrase(
                en: "Exact probability of a table at most as probable as the one seen, given the margins.",
                zh: "在边际固定时，不比所见表更可能的各表的精确概率之和。"),
            formula: "sum of hypergeometric probabilities <= that of the table (1 + 1e-7)",
            source: "R. A. Fisher (1935), J R Stat Soc 98:39-82; G. H. Freeman and J. H. Halton (1951), "
                + "Biometrika 38:141-149"),
        MetricDefinition(
            "mcnemar",
            meaning: Phrase(
                en: "Change between paired yes/no results.",
                zh: "配对二分结果之间的变化。"),
            formula: "(b - c)^2/(b + c)",
            source: "Q. McNemar (1947), Psychometrika 12:153-157"),
        MetricDefinition(
            "bowker",
            meaning: Phrase(
                en: "Asymmetry of a square table of paired results.",
                zh: "配对结果方表的不对称性。"),
            formula: "sum (nij - nji)^2/(nij + nji)",
            source: "A. H. Bowker (1948), JASA 43:572-574"),
        MetricDefinition(
            "odds_ratio", definition: "woolf",
            meaning: Phrase(
                en: "Odds of the event in the first group over those in the second.",
                zh: "第一组与第二组事件优势之比。"),
            formula: "ad/(bc), log variance 1/a + 1/b + 1/c + 1/d",
            source: "B. Woolf (1955), Ann Hum Genet 19:251-253"),
        MetricDefinition(
            "odds_ratio", definition: "conditional",
            meaning: Phrase(
                en: "Odds ratio of the largest conditional likelihood given the margins.",
                zh: "边际固定时条件似然最大的优势比。"),
            formula: "E(a; psi) = a",
            source: "J. Cornfield (1956), Proc 3rd Berkeley Symp 4:135-148"),
        MetricDefinition(
            "odds_ratio", definition: "mantel-haenszel",
            meaning: Phrase(
                en: "Common odds ratio over strata.",
                zh: "各层共同的优势比。"),
            formula: "sum(ad/n) / sum(bc/n)",
            source: "N. Mantel and W. Haenszel (1959), J Natl Cancer Inst 22:719-748; J. Robins, N. Breslow "
                + "and S. Greenland (1986), Biometrics 42:311-323"),
        MetricDefinition(
            "odds_ratio", definition: "peto",
            meaning: Phrase(
                en: "One-step common odds ratio over strata.",
                zh: "各层共同的一步优势比。"),
            formula: "exp(sum(O - E) / sum V)",
            source: "S. Yusuf et al. (1985), Prog Cardiovasc Dis 27:335-371"),
        MetricDefinition(
            "risk_ratio", definition: "katz",
            meaning: Phrase(
                en: "Risk of the first group over that of the second.",
                zh: "第一组与第二组风险之比。"),
            formula: "(a/n1)/(c/n2)",
            source: "D. Katz et al. (1978), Biometrics 34:469-474"),
        MetricDefinition(
            "risk_ratio", definition: "mantel-haenszel",
            meaning: Phrase(
                en: "Common risk ratio over strata.",
                zh: "各层共同的风险比。"),
            formula: "sum(a n2/n) / sum(c n1/n)",
            source: "S. Greenland and J. M. Robins (1985), Biometrics 41:55-68"),
        MetricDefinition(
            "risk_difference", definition: "wald",
            meaning: Phrase(
                en: "Risk of the first group less that of the second.",
                zh: "第一组与第二组风险之差。"),
            formula: "a/n1 - c/n2",
            source: "J. L. Fleiss, B. Levin and M. C. Paik (2003), section 3.2"),
        MetricDefinition(
            "risk_difference", definition: "mantel-haenszel",
            meaning: Phrase(
                en: "Common risk difference over strata.",
                zh: "各层共同的风险差。"),
            formula: "sum((a n2 - c n1)/n) / sum(n1 n2/n)",
            source: "S. Greenland and J. M. Robins (1985), Biometrics 41:55-68; T. Sato (1989), Biometrics "
                + "45:1323-1324"),
        MetricDefinition(
            "cochran_mantel_haenszel",
            meaning: Phrase(
                en: "Test statistic of no association within any stratum.",
                zh: "各层内均无关联的检验统计量。"),
            formula: "(|sum(a - n1 t/n)| - 1/2)^2 / sum V",
            source: "W. G. Cochran (1954), Biometrics 10:417-451"),
        MetricDefinition(
            "breslow_day",
            meaning: Phrase(
                en: "Test statistic of one odds ratio in all strata.",
                zh: "各层优势比相同的检验统计量。"),
            formula: "sum (a - A)^2/V, less (sum(a - A))^2/sum V by Tarone",
            source: "N. E. Breslow and N. E. Day (1980), section 4.4; R. E. Tarone (1985), Biometrika 72:91-95"),
    ]
}
