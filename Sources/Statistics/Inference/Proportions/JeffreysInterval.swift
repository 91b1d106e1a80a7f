/// The equal-tailed interval of a proportion from the Jeffreys prior: the quantiles of Beta(x + ½, n − x + ½), with the
/// lower limit 0 at x = 0 and the upper limit 1 at x = n.
///
/// L. D. Brown, T. T. Cai and A. DasGupta (2001), "Interval estimation for a binomial proportion", Stat Sci 16:101-133,
/// section 3.1.2.
public enum JeffreysInterval {
    /// The interval; `no-cases` without trials, `bad-argument` for a level outside (0, 1) or counts that are none.
    public static func interval(successes: Int, trials: Int, level: Double) -> Inferred<Interval> {
        switch ProportionArguments.checked(successes: successes, trials: trials, level: level) {
        case .undefined(let reason): return .undefined(reason)
        case .value(let arguments):
            let shapes = (a: arguments.successes + 0.5, b: arguments.failures + 0.5)
            guard let beta = BetaDistribution(a: shapes.a, b: shapes.b) else { return .undefined(.badArgument) }
            let tail = (1 - level) / 2
            return .value(
                Interval(
                    lower: successes == 0 ? 0 : beta.point(leaving: tail, above: false).x,
                    upper: successes == trials ? 1 : beta.point(leaving: tail, above: true).x, level: level))
        }
    }

    /// The interval of a released proportion; `withheld` when a count is.
    public static func interval(successes: Count, failures: Count, level: Double) -> Inferred<Interval> {
        ProportionArguments.released(successes, failures) { interval(successes: $0, trials: $1, level: level) }
    }
}
