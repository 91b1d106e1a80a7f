/// Likelihood ratios and the diagnostic odds ratio with intervals on the log scale, and the predictive values restated
/// at a declared prevalence, which follow from them.
///
/// D. L. Simel, G. P. Samsa and D. B. Matchar (1991), "Likelihood ratios with confidence: sample size estimation for
/// diagnostic test studies", J Clin Epidemiol 44:763-770. A. S. Glas et al. (2003), "The diagnostic odds ratio", J Clin
/// Epidemiol 56:1129-1135. With clustered cases the variance of the logarithm is that over patients
/// (``ConfusionClusters``), with t.
public enum LikelihoodRatios {
    /// The positive likelihood ratio sensitivity / (1 − specificity); `zero-denominator` without a false positive.
    public static func positive(_ counts: ConfusionCounts) -> Inferred<Double> {
        ratio(counts, hits: counts.tp, alarms: counts.fp)
    }

    /// The negative likelihood ratio (1 − sensitivity) / specificity; `zero-denominator` without a true negative.
    public static func negative(_ counts: ConfusionCounts) -> Inferred<Double> {
        ratio(counts, hits: counts.fn, alarms: counts.tn)
    }

    /// The diagnostic odds ratio tp·tn / (fp·fn); `zero-denominator` without an error of each kind.
    public static func diagnosticOddsRatio(_ counts: ConfusionCounts) -> Inferred<Double> {
        guard counts.total > 0 else { return .undefined(.noCases) }
        let errors = Int128(counts.fp) * Int128(counts.fn)
        guard errors > 0 else { return .undefined(.zeroDenominator) }
        return .value(Double(Int128(counts.tp) * Int128(counts.tn)) / Double(errors))
    }

    private static func ratio(_ counts: ConfusionCounts, hits: Int, alarms: Int) -> Inferred<Double> {
        guard counts.total > 0 else { return .undefined(.noCases) }
        let denominator = Int128(alarms) * Int128(counts.positives)
        guard denominator > 0 else { return .undefined(.zeroDenominator) }
        return .value(Double(Int128(hits) * Int128(counts.negatives)) / Double(denominator))
    }

    /// Simel's interval of the positive likelihood ratio: variance of the logarithm 1/tp − 1/(tp+fn) + 1/fp −
    /// 1/(fp+tn). `on-boundary` without a true positive.
    public static func positiveInterval(
        _ counts: ConfusionCounts, clusters: ConfusionClusters? = nil, level: Double
    ) -> Inferred<Interval> {
        logInterval(positive(counts), counts, clusters: clusters, level: level) { counts in
            guard counts.tp > 0, counts.fp > 0 else { return nil }
            let (positives, negatives) = (Double(counts.positives), Double(counts.negatives))
            return SIMD4(
                Double(counts.fn) / (Double(counts.tp) * positives),
                -Double(counts.tn) / (Double(counts.fp) * negatives), -1 / positives, 1 / negatives)
        }
    }

    /// Simel's interval of the negative likelihood ratio: variance of the logarithm 1/fn − 1/(tp+fn) + 1/tn −
    /// 1/(fp+tn). `on-boundary` without a false negative.
    public static func negativeInterval(
        _ counts: ConfusionCounts, clusters: ConfusionClusters? = nil, level: Double
    ) -> Inferred<Interval> {
        logInterval(negative(counts), counts, clusters: clusters, level: level) { counts in
            guard counts.fn > 0, counts.tn > 0 else { return nil }
            let (positives, negatives) = (Double(counts.positives), Double(counts.negatives))
            return SIMD4(
                -1 / positives, 1 / negatives, Double(counts.tp) / (Double(counts.fn) * positives),
                -Double(counts.fp) / (Double(counts.tn) * negatives))
        }
    }

    /// The interval of the diagnostic odds ratio: variance of the logarithm 1/tp + 1/fp + 1/fn + 1/tn (B. Woolf 1955,
    /// Ann Hum Genet 19:251-253). `on-boundary` without a correct call of each kind.
    public static func diagnosticOddsRatioInterval(
        _ counts: ConfusionCounts, clusters: ConfusionClusters? = nil, level: Double
    ) -> Inferred<Interval> {
        logInterval(diagnosticOddsRatio(counts), counts, clusters: clusters, level: level) { counts in
            guard counts.tp > 0, counts.tn > 0, counts.fp > 0, counts.fn > 0 else { return nil }
            return SIMD4(1 / Double(counts.tp), -1 / Double(counts.fp), -1 / Double(counts.fn), 1 / Double(counts.tn))
        }
    }

    private static func logInterval(
        _ estimate: Inferred<Double>, _ counts: ConfusionCounts, clusters: ConfusionClusters?, level: Double,
        gradient: (ConfusionCounts) -> SIMD4<Double>?
    ) -> Inferred<Interval> {
        do throws(Undefined) {
            let estimate = try estimate.get()
            let delta = try ConfusionDelta(counts, clusters: clusters, level: level)
            guard let gradient = gradient(counts) else { return .undefined(.onBoundary) }
            return delta.logInterval(estimate, gradient: gradient)
        } catch {
            return .undefined(error)
        }
    }
}

/// The predictive values at a declared prevalence, in place of the sample's own: Bayes' theorem, with the logit
/// interval of N. D. Mercaldo, K. F. Lau and X. H. Zhou (2007), "Confidence intervals for predictive values with an
/// emphasis to case-control studies", Stat Med 26:2170-2183, section 2.2. The prevalence is taken as known.
///
/// logit(PPV) = logit(π) + ln LR⁺ and logit(NPV) = −logit(π) − ln LR⁻, so that the standard logit interval is Simel's
/// interval of the likelihood ratio, moved; with clustered cases it is the clustered one.
public enum PredictiveValuesAtPrevalence {
    /// se·π / (se·π + (1 − sp)(1 − π)).
    /// - Parameter prevalence: above 0 and below 1, else `bad-argument`.
    public static func ppv(_ counts: ConfusionCounts, prevalence: Double) -> Inferred<Double> {
        value(counts, prevalence, right: counts.tp, rightOf: counts.positives, wrong: counts.fp, of: counts.negatives)
    }

    /// sp(1 − π) / (sp(1 − π) + (1 − se)π).
    public static func npv(_ counts: ConfusionCounts, prevalence: Double) -> Inferred<Double> {
        value(
            counts, 1 - prevalence, right: counts.tn, rightOf: counts.negatives, wrong: counts.fn,
            of: counts.positives)
    }

    private static func value(
        _ counts: ConfusionCounts, _ weight: Double, right: Int, rightOf: Int, wrong: Int, of: Int
    ) -> Inferred<Double> {
        guard weight > 0, weight < 1 else { return .undefined(.badArgument) }
        guard counts.total > 0 else { return .undefined(.noCases) }
        guard rightOf > 0, of > 0 else { return .undefined(.singleClass) }
        let hit = Double(right) / Double(rightOf) * weight
        let error = Double(wrong) / Double(of) * (1 - weight)
        guard hit + error > 0 else { return .undefined(.zeroDenominator) }
        return .value(hit / (hit + error))
    }

    /// The interval of the positive predictive value; `on-boundary` without a true and a false positive.
    public static func ppvInterval(
        _ counts: ConfusionCounts, prevalence: Double, clusters: ConfusionClusters? = nil, level: Double
    ) -> Inferred<Interval> {
        guard prevalence > 0, prevalence < 1 else { return .undefined(.badArgument) }
        guard counts.tp > 0, counts.fp > 0 else { return .undefined(.onBoundary) }
        let odds = prevalence / (1 - prevalence)
        return LikelihoodRatios.positiveInterval(counts, clusters: clusters, level: level).map {
            Interval(lower: share($0.lower * odds), upper: share($0.upper * odds), level: level)
        }
    }

    /// The interval of the negative predictive value; `on-boundary` without a true and a false negative.
    public static func npvInterval(
        _ counts: ConfusionCounts, prevalence: Double, clusters: ConfusionClusters? = nil, level: Double
    ) -> Inferred<Interval> {
        guard prevalence > 0, prevalence < 1 else { return .undefined(.badArgument) }
        guard counts.tn > 0, counts.fn > 0 else { return .undefined(.onBoundary) }
        let odds = prevalence / (1 - prevalence)
        return LikelihoodRatios.negativeInterval(counts, clusters: clusters, level: level).map {
            Interval(lower: 1 / (1 + $0.upper * odds), upper: 1 / (1 + $0.lower * odds), level: level)
        }
    }

    /// The probability of an odds.
    private static func share(_ odds: Double) -> Double { odds / (1 + odds) }
}
