/// An estimate with its confidence interval.
public struct IntervalEstimate: Codable, Hashable, Sendable {
    /// The point estimate.
    public let estimate: Double
    /// The two-sided interval, in the estimate's unit.
    public let interval: Interval

    /// Puts an estimate and its interval together.
    public init(estimate: Double, interval: Interval) {
        self.estimate = estimate
        self.interval = interval
    }
}

/// The counts of a proportion and the normal critical value that its methods share.
struct ProportionArguments {
    let successes: Double
    let failures: Double
    let trials: Double
    /// The normal quantile of the level.
    let critical: Double

    /// `no-cases` without trials, `bad-argument` for a level outside (0, 1) or counts that are none.
    static func checked(successes: Int, trials: Int, level: Double) -> Inferred<ProportionArguments> {
        guard let critical = Interval.upperProbability(level).flatMap(NormalDistribution.quantile), successes >= 0,
            successes <= trials
        else { return .undefined(.badArgument) }
        guard trials > 0 else { return .undefined(.noCases) }
        return .value(
            ProportionArguments(
                successes: Double(successes), failures: Double(trials - successes), trials: Double(trials),
                critical: critical))
    }

    /// x/n as a released proportion: the method applied, or `withheld` when a count is.
    static func released<Value>(
        _ successes: Count, _ failures: Count, _ method: (Int, Int) -> Inferred<Value>
    ) -> Inferred<Value> {
        guard let successes = successes.exact, let failures = failures.exact else { return .undefined(.withheld) }
        return method(successes, successes + failures)
    }
}
