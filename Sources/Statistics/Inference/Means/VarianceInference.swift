/// The interval of one variance of a normal sample: (n − 1)s² over the upper and lower chi-squared quantiles. R. A.
/// Fisher (1925), Statistical Methods for Research Workers.
public enum VarianceInterval {
    /// The sample variance and its interval; `no-cases`, `too-few-cases` below two, `no-variance`, `bad-argument`.
    public static func infer(_ sample: SampleMoments, level: Double) -> Inferred<IntervalEstimate> {
        guard sample.n > 1 else { return .undefined(sample.n == 0 ? .noCases : .tooFewCases) }
        guard let upperProbability = Interval.upperProbability(level) else { return .undefined(.badArgument) }
        guard sample.deviations.value > 0 else { return .undefined(.noVariance) }
        let degrees = Double(sample.n - 1)
        guard let distribution = ChiSquaredDistribution(degreesOfFreedom: degrees),
            let high = distribution.quantile(upperProbability), let low = distribution.quantile((1 - level) / 2),
            low > 0
        else { return .undefined(.badArgument) }
        let squares = sample.deviations.value
        guard (squares / low).isFinite else { return .undefined(.notFinite) }
        return .value(
            IntervalEstimate(
                estimate: (sample.deviations / degrees).value,
                interval: Interval(lower: squares / high, upper: squares / low, level: level)))
    }
}

/// The F test of two variances of independent normal samples and the interval of their ratio. G. W. Snedecor and W. G.
/// Cochran, Statistical Methods, 8th ed. (1989), section 6.12.
public struct VarianceRatioTest: Codable, Hashable, Sendable {
    /// s₁²/s₂², the statistic.
    public let ratio: Double
    /// n₁ − 1 and n₂ − 1.
    public let degreesOfFreedom: [Int]
    /// Twice the smaller tail.
    public let pValue: Double
    /// Of the ratio.
    public let interval: Interval

    /// `no-cases`, `too-few-cases` when a sample has fewer than two values, `no-variance` when a variance is zero,
    /// `bad-argument` for a level outside (0, 1).
    public static func infer(
        _ first: SampleMoments, _ second: SampleMoments, level: Double
    ) -> Inferred<VarianceRatioTest> {
        guard first.n > 0, second.n > 0 else { return .undefined(.noCases) }
        guard first.n > 1, second.n > 1 else { return .undefined(.tooFewCases) }
        guard level > 0, level < 1 else { return .undefined(.badArgument) }
        guard first.deviations.value > 0, second.deviations.value > 0 else { return .undefined(.noVariance) }
        let (d1, d2) = (first.n - 1, second.n - 1)
        // The lower quantile of F is the inverse of the upper one of F with the degrees of freedom exchanged.
        guard let distribution = FDistribution(numerator: Double(d1), denominator: Double(d2)),
            let exchanged = FDistribution(numerator: Double(d2), denominator: Double(d1)),
            let low = distribution.quantile((1 - level) / 2), let inverse = exchanged.quantile((1 - level) / 2)
        else { return .undefined(.badArgument) }
        let ratio = (first.deviations / Double(d1) / (second.deviations / Double(d2))).value
        let tail = min(distribution.cdf(ratio), distribution.upperTail(ratio))
        guard low > 0, (ratio / low).isFinite else { return .undefined(.notFinite) }
        return .value(
            VarianceRatioTest(
                ratio: ratio, degreesOfFreedom: [d1, d2], pValue: min(1, 2 * tail),
                interval: Interval(lower: ratio * inverse, upper: ratio / low, level: level)))
    }
}
