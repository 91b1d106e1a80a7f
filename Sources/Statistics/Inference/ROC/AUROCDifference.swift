/// The difference of two areas under the ROC curve, first minus second, with its test and interval. A non-inferiority or
/// equivalence decision takes its limits at the level that the decision names.
public struct AUROCDifference: Hashable, Sendable {
    /// θ₁ − θ₂.
    public let estimate: Double
    /// The variance of the difference, above 0.
    public let variance: Double
    /// The difference over its standard error.
    public let statistic: Double
    /// Of Student's t; nil for the normal distribution.
    public let degreesOfFreedom: Double?
    /// Two-sided, of no difference.
    public let pValue: Double
    /// Estimate ± critical value · standard error, not cut.
    public let interval: Interval

    /// The square root of the variance.
    public var standardError: Double { variance.squareRoot() }

    /// Two scores of the same cases: DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44:837-845, or for clustered
    /// cases Obuchowski (1997), Biometrics 53:567-578; z = (θ₁ − θ₂) / √(var₁ + var₂ − 2cov).
    /// - Returns: undefined `too-few-cases` or `too-few-clusters` without a variance, `no-variance` when it is zero,
    ///   `bad-argument` for a level outside (0, 1).
    public static func paired(
        _ statistics: PairedROCStatistics, method: ROCSummary.VarianceMethod, level: Double
    ) -> Inferred<AUROCDifference> {
        let variance =
            switch method {
            case .delong: statistics.deLongDifferenceVariance
            case .obuchowski: statistics.obuchowskiDifferenceVariance
            }
        guard let variance else { return .undefined(method.withoutVariance) }
        return difference(statistics.difference, variance: variance, degreesOfFreedom: nil, level: level)
    }

    /// Two independent samples: D = (θ₁ − θ₂) / √(var₁ + var₂) with Student's t of Satterthwaite's degrees of freedom
    /// (var₁ + var₂)² / [ var₁²/(N₁−1) + var₂²/(N₂−1) ], N the number of cases (of patients for clustered cases), as pROC
    /// does for unpaired curves (Robin et al. 2011, BMC Bioinformatics 12:77).
    /// - Returns: undefined as for paired scores.
    public static func unpaired(
        _ first: ROCStatistics, _ second: ROCStatistics, method: ROCSummary.VarianceMethod, level: Double
    ) -> Inferred<AUROCDifference> {
        let parts = [first, second].map { statistics in
            switch method {
            case .delong: (statistics.deLongVariance, statistics.positives + statistics.negatives)
            case .obuchowski: (statistics.obuchowskiVariance, statistics.patients)
            }
        }
        guard let one = parts[0].0, let two = parts[1].0 else { return .undefined(method.withoutVariance) }
        let sum = one + two
        guard sum > 0 else { return .undefined(.noVariance) }
        let squares = one * one / Double(parts[0].1 - 1) + two * two / Double(parts[1].1 - 1)
        return difference(first.area - second.area, variance: sum, degreesOfFreedom: sum * sum / squares, level: level)
    }

    private static func difference(
        _ estimate: Double, variance: Double, degreesOfFreedom: Double?, level: Double
    ) -> Inferred<AUROCDifference> {
        guard let upper = Interval.upperProbability(level) else { return .undefined(.badArgument) }
        guard variance > 0 else { return .undefined(.noVariance) }
        let student = degreesOfFreedom.flatMap(StudentTDistribution.init(degreesOfFreedom:))
        guard let critical = student?.quantile(upper) ?? NormalDistribution.quantile(upper) else {
            return .undefined(.badArgument)
        }
        let error = variance.squareRoot()
        let statistic = estimate / error
        let tail = student?.upperTail(abs(statistic)) ?? NormalDistribution.upperTail(abs(statistic))
        return .value(
            AUROCDifference(
                estimate: estimate, variance: variance, statistic: statistic, degreesOfFreedom: degreesOfFreedom,
                pValue: min(1, 2 * tail),
                interval: Interval(
                    lower: estimate - critical * error, upper: estimate + critical * error, level: level)))
    }
}

extension ROCSummary.VarianceMethod {
    /// Why there is no variance.
    fileprivate var withoutVariance: Undefined {
        switch self {
        case .delong: .tooFewCases
        case .obuchowski: .tooFewClusters
        }
    }
}
