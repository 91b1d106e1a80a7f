internal import Foundation

/// The difference of two means in standard deviations. The named definitions differ in the standard deviation and in
/// the correction for small samples.
public enum StandardizedMeanDifference {
    /// Cohen's d: (x̄₁ − x̄₂)/s with the pooled s = √(((n₁ − 1)s₁² + (n₂ − 1)s₂²)/(n₁ + n₂ − 2)). J. Cohen (1988),
    /// Statistical Power Analysis for the Behavioral Sciences, 2nd ed., section 2.5.1. `no-cases`, `too-few-cases`,
    /// `no-variance`.
    public static func cohensD(_ first: SampleMoments, _ second: SampleMoments) -> Inferred<Double> {
        guard first.n > 0, second.n > 0 else { return .undefined(.noCases) }
        guard first.n + second.n > 2 else { return .undefined(.tooFewCases) }
        let pooled = (first.deviations + second.deviations) / Double(first.n + second.n - 2)
        return ratio(first.exactMean - second.exactMean, pooled)
    }

    /// The difference over √((s₁² + s₂²)/2), the usual measure of balance: free of the groups' sizes. P. C. Austin
    /// (2009), "Balance diagnostics for comparing the distribution of baseline covariates between treatment groups in
    /// propensity-score matched samples", Stat Med 28:3083-3107. `no-cases`, `too-few-cases`, `no-variance`.
    public static func averagedVariances(_ first: SampleMoments, _ second: SampleMoments) -> Inferred<Double> {
        guard first.n > 0, second.n > 0 else { return .undefined(.noCases) }
        guard first.n > 1, second.n > 1 else { return .undefined(.tooFewCases) }
        let average = (first.deviations / Double(first.n - 1) + second.deviations / Double(second.n - 1)) / 2
        return ratio(first.exactMean - second.exactMean, average)
    }

    /// The difference of two proportions over √((p₁(1 − p₁) + p₂(1 − p₂))/2), for a category's level. Austin (2009), as
    /// above. `no-cases` without trials, `no-variance` when both proportions are 0 or 1, `bad-argument`.
    public static func proportions(
        successes1: Int, trials1: Int, successes2: Int, trials2: Int
    ) -> Inferred<Double> {
        guard successes1 >= 0, successes2 >= 0, successes1 <= trials1, successes2 <= trials2 else {
            return .undefined(.badArgument)
        }
        guard trials1 > 0, trials2 > 0 else { return .undefined(.noCases) }
        let variance = { (hits: Int, trials: Int) in
            Double(hits) / Double(trials) * (Double(trials - hits) / Double(trials))
        }
        let numerator = Int128(successes1) * Int128(trials2) - Int128(successes2) * Int128(trials1)
        let average = (variance(successes1, trials1) + variance(successes2, trials2)) / 2
        return ratio(
            DoubleDouble(Double(numerator) / Double(Int128(trials1) * Int128(trials2))), DoubleDouble(average))
    }

    /// Hedges' g: d · J(n₁ + n₂ − 2) with the exact J(m) = Γ(m/2)/(√(m/2) Γ((m − 1)/2)), and the large-sample normal
    /// interval g ± z √(1/n₁ + 1/n₂ + g²/(2(n₁ + n₂))). L. V. Hedges (1981), "Distribution theory for Glass's estimator
    /// of effect size and related estimators", J Educ Stat 6:107-128; L. V. Hedges and I. Olkin (1985), Statistical
    /// Methods for Meta-Analysis, chapter 5, equation 15. `no-cases`, `too-few-cases` below four values in all,
    /// `no-variance`, `bad-argument`.
    public static func hedgesG(
        _ first: SampleMoments, _ second: SampleMoments, level: Double
    ) -> Inferred<IntervalEstimate> {
        guard let z = Interval.upperProbability(level).flatMap(NormalDistribution.quantile) else {
            return .undefined(.badArgument)
        }
        switch cohensD(first, second) {
        case .undefined(let reason): return .undefined(reason)
        case .value(let d):
            let degrees = first.n + second.n - 2
            guard degrees > 1 else { return .undefined(.tooFewCases) }
            let g = d * smallSampleFactor(Double(degrees))
            let (n1, n2) = (Double(first.n), Double(second.n))
            let half = z * (1 / n1 + 1 / n2 + g * g / (2 * (n1 + n2))).squareRoot()
            guard half.isFinite else { return .undefined(.notFinite) }
            return .value(
                IntervalEstimate(estimate: g, interval: Interval(lower: g - half, upper: g + half, level: level)))
        }
    }

    /// J(m), m > 1: from Γ(m/2)/Γ(m/2 − ½) by Stirling's formula with its error, where a difference of log-gammas loses
    /// digits.
    static func smallSampleFactor(_ m: Double) -> Double {
        // ln Γ(x) = (x − ½) ln x − x + ½ ln 2π + δ(x) at x = m/2 and x − ½.
        let x = m / 2
        let y = x - 0.5
        let exponent =
            (x - 1) * -log1p(-0.5 / x) - 0.5 + SaddlePoint.stirlingError(x) - SaddlePoint.stirlingError(y)
        return exp(exponent)
    }

    private static func ratio(_ difference: DoubleDouble, _ variance: DoubleDouble) -> Inferred<Double> {
        guard variance.value > 0 else { return .undefined(.noVariance) }
        let ratio = (difference / variance.squareRoot()).value
        return ratio.isFinite ? .value(ratio) : .undefined(.notFinite)
    }
}
