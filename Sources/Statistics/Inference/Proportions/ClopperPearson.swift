/// The exact binomial interval for a proportion of independent trials. C. J. Clopper and E. S. Pearson (1934), "The use
/// of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26:404-413.
public enum ClopperPearson {
    /// The interval; `no-cases` without trials, `bad-argument` for a level outside (0, 1) or counts that are none.
    public static func interval(successes: Int, trials: Int, level: Double) -> Inferred<Interval> {
        guard level > 0, level < 1, successes >= 0, successes <= trials else { return .undefined(.badArgument) }
        guard trials > 0 else { return .undefined(.noCases) }
        let (x, n) = (Double(successes), Double(trials))
        let tail = (1 - level) / 2
        let lower = successes == 0 ? 0 : BetaDistribution(a: x, b: n - x + 1)?.point(leaving: tail, above: false).x
        let upper = successes == trials ? 1 : BetaDistribution(a: x + 1, b: n - x)?.point(leaving: tail, above: true).x
        guard let lower, let upper else { return .undefined(.badArgument) }
        return .value(Interval(lower: lower, upper: upper, level: level))
    }

    /// The interval of a released proportion; `withheld` when a count is.
    public static func interval(successes: Count, failures: Count, level: Double) -> Inferred<Interval> {
        ProportionArguments.released(successes, failures) { interval(successes: $0, trials: $1, level: level) }
    }
}
