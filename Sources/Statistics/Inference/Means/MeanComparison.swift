/// A mean or a difference of means with its t test and interval.
public struct MeanComparison: Codable, Hashable, Sendable {
    /// The mean minus the value it is compared with, or the first mean minus the second.
    public let difference: Double
    /// Of the difference.
    public let standardError: Double
    /// difference / standard error.
    public let statistic: Double
    /// Of Student's distribution; Satterthwaite's need not be whole.
    public let degreesOfFreedom: Double
    /// Two-sided.
    public let pValue: Double
    /// Of the difference; of the mean itself in a test of one sample.
    public let interval: Interval

    /// `no-variance` when the squared standard error is zero, `bad-argument` for a level outside (0, 1).
    static func inferred(
        difference: DoubleDouble, variance: DoubleDouble, degreesOfFreedom: Double, around center: DoubleDouble,
        level: Double
    ) -> Inferred<MeanComparison> {
        guard let upperProbability = Interval.upperProbability(level) else { return .undefined(.badArgument) }
        guard variance.value > 0 else { return .undefined(.noVariance) }
        guard let distribution = StudentTDistribution(degreesOfFreedom: degreesOfFreedom),
            let critical = distribution.quantile(upperProbability)
        else { return .undefined(.badArgument) }
        let error = variance.squareRoot()
        let statistic = (difference / error).value
        let (lower, upper) = ((center - error * critical).value, (center + error * critical).value)
        guard statistic.isFinite, lower.isFinite, upper.isFinite else { return .undefined(.notFinite) }
        return .value(
            MeanComparison(
                difference: difference.value, standardError: error.value, statistic: statistic,
                degreesOfFreedom: degreesOfFreedom,
                pValue: min(1, 2 * distribution.upperTail(abs(statistic))),
                interval: Interval(lower: lower, upper: upper, level: level)))
    }
}

/// Student's t test of one mean, of paired differences, and of two independent means with a common variance. Student
/// (W. S. Gosset, 1908), "The probable error of a mean", Biometrika 6:1-25.
public enum StudentTTest {
    /// t = (x̄ − μ₀) / (s/√n) with n − 1 degrees of freedom; the interval is of the mean. A paired test is that of the
    /// differences. `no-cases`, `too-few-cases` below two, `no-variance`, `bad-argument`.
    public static func oneSample(_ sample: SampleMoments, mean: Double = 0, level: Double) -> Inferred<MeanComparison> {
        guard sample.n > 1 else { return .undefined(sample.n == 0 ? .noCases : .tooFewCases) }
        guard mean.isFinite else { return .undefined(.badArgument) }
        let size = Double(sample.n)
        return MeanComparison.inferred(
            difference: sample.exactMean + (-mean), variance: sample.deviations / (size * (size - 1)),
            degreesOfFreedom: size - 1, around: sample.exactMean, level: level)
    }

    /// t = (x̄₁ − x̄₂) / √(s²(1/n₁ + 1/n₂)) with the pooled variance s² and n₁ + n₂ − 2 degrees of freedom. `no-cases`
    /// when a sample is empty, `too-few-cases` below three values in all, `no-variance`, `bad-argument`.
    public static func twoSample(
        _ first: SampleMoments, _ second: SampleMoments, level: Double
    ) -> Inferred<MeanComparison> {
        guard first.n > 0, second.n > 0 else { return .undefined(.noCases) }
        guard first.n + second.n > 2 else { return .undefined(.tooFewCases) }
        let (n1, n2) = (Double(first.n), Double(second.n))
        let pooled = (first.deviations + second.deviations) / (n1 + n2 - 2)
        let difference = first.exactMean - second.exactMean
        return MeanComparison.inferred(
            difference: difference, variance: pooled * (n1 + n2) / (n1 * n2), degreesOfFreedom: n1 + n2 - 2,
            around: difference, level: level)
    }
}

/// Welch's t test of two independent means without a common variance, with the degrees of freedom of Satterthwaite:
/// `(v₁ + v₂)² / (v₁²/(n₁ − 1) + v₂²/(n₂ − 1))`, vᵢ = sᵢ²/nᵢ. B. L. Welch (1947), "The generalization of 'Student's'
/// problem when several different population variances are involved", Biometrika 34:28-35; F. E. Satterthwaite (1946),
/// Biometrics Bulletin 2:110-114.
public enum WelchTTest {
    /// The first mean minus the second. `no-cases` when a sample is empty, `too-few-cases` when one has a single value,
    /// `no-variance`, `bad-argument`.
    public static func twoSample(
        _ first: SampleMoments, _ second: SampleMoments, level: Double
    ) -> Inferred<MeanComparison> {
        guard first.n > 0, second.n > 0 else { return .undefined(.noCases) }
        guard first.n > 1, second.n > 1 else { return .undefined(.tooFewCases) }
        let (n1, n2) = (Double(first.n), Double(second.n))
        let v1 = first.deviations / (n1 * (n1 - 1))
        let v2 = second.deviations / (n2 * (n2 - 1))
        let variance = v1 + v2
        guard variance.value > 0 else { return .undefined(.noVariance) }
        // As shares of the variance, so that no square underflows.
        let (w1, w2) = ((v1 / variance).value, (v2 / variance).value)
        let difference = first.exactMean - second.exactMean
        return MeanComparison.inferred(
            difference: difference, variance: variance,
            degreesOfFreedom: 1 / (w1 * w1 / (n1 - 1) + w2 * w2 / (n2 - 1)), around: difference, level: level)
    }
}
