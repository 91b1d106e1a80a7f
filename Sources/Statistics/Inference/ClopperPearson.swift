/// The exact binomial interval for a proportion of independent trials. C. J. Clopper and E. S. Pearson (1934), "The use
/// of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26:404-413.
public enum ClopperPearson {
    /// The interval; `no-cases` without trials, `bad-argument` for a level outside (0, 1) or counts that are none.
    public static func interval(successes: Int, trials: Int, level: Double) -> Inferred<Interval> {
        guard level > 0, level < 1, successes >= 0, successes <= trials else { return .undefined(.badArgument) }
        guard trials > 0 else { return .undefined(.noCases) }
        let (x, n) = (Double(successes), Double(trials))
        let tail = (1 - level) / 2
        let lower = successes == 0 ? 0 : BetaDistribution(a: x, b: n - x + 1)?.quantile(tail)
        let upper = successes == trials ? 1 : BetaDistribution(a: n - x, b: x + 1)?.quantile(tail).map { 1 - $0 }
        guard let lower, let upper else { return .undefined(.badArgument) }
        return .value(Interval(lower: lower, upper: upper, level: level))
    }
}
