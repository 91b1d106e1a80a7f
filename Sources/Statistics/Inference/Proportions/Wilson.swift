/// Wilson's score interval for a proportion of independent trials. E. B. Wilson (1927), "Probable inference, the law of
/// succession, and statistical inference", JASA 22:209-212; without continuity correction.
public enum Wilson {
    /// The interval; `no-cases` without trials, `bad-argument` for a level outside (0, 1) or counts that are none.
    public static func interval(successes: Int, trials: Int, level: Double) -> Inferred<Interval> {
        guard let z = Interval.upperProbability(level).flatMap(NormalDistribution.quantile), successes >= 0,
            successes <= trials
        else { return .undefined(.badArgument) }
        guard trials > 0 else { return .undefined(.noCases) }
        return .value(
            interval(
                proportion: Double(successes) / Double(trials),
                complement: Double(trials - successes) / Double(trials), size: Double(trials), critical: z,
                level: level))
    }

    /// The interval of a released proportion; `withheld` when a count is.
    public static func interval(successes: Count, failures: Count, level: Double) -> Inferred<Interval> {
        guard let successes = successes.exact, let failures = failures.exact else { return .undefined(.withheld) }
        return interval(successes: successes, trials: successes + failures, level: level)
    }

    /// The interval for a real number of trials and any critical value.
    /// - Parameters:
    ///   - p: the proportion, and `complement` 1 − p as it was computed, so that neither loses digits.
    ///   - size: the number of trials, above 0; an effective one need not be whole.
    ///   - critical: the quantile in place of z.
    ///   - level: the two-sided confidence level that the critical value stands for.
    public static func interval(
        proportion p: Double, complement q: Double, size: Double, critical: Double, level: Double
    ) -> Interval {
        let square = critical * critical / size
        let root = (square * (p * q + square / 4)).squareRoot()
        // The ends are the roots of a quadratic with the product p² (or q², from the other side) over 1 + square; each
        // small end is taken from the product and each other one from the sum, so that neither is a difference.
        let lower = p * p / (p + square / 2 + root)
        let upper = p <= 0.5 ? (p + square / 2 + root) / (1 + square) : 1 - q * q / (q + square / 2 + root)
        return Interval(lower: lower, upper: upper, level: level)
    }
}
