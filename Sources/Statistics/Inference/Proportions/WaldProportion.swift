/// The simple interval p ± z √(p(1 − p)/n), of width zero at p = 0 and p = 1; for comparison only, since it undercovers
/// (L. D. Brown, T. T. Cai and A. DasGupta 2001, "Interval estimation for a binomial proportion", Stat Sci 16:101-133).
/// The limits are not cut at 0 and 1.
public enum WaldProportion {
    /// The interval; `no-cases` without trials, `bad-argument` for a level outside (0, 1) or counts that are none.
    public static func interval(successes: Int, trials: Int, level: Double) -> Inferred<Interval> {
        ProportionArguments.checked(successes: successes, trials: trials, level: level).map { arguments in
            let p = arguments.successes / arguments.trials
            let half =
                arguments.critical * (p * (arguments.failures / arguments.trials) / arguments.trials).squareRoot()
            return Interval(lower: p - half, upper: p + half, level: level)
        }
    }

    /// The interval of a released proportion; `withheld` when a count is.
    public static func interval(successes: Count, failures: Count, level: Double) -> Inferred<Interval> {
        ProportionArguments.released(successes, failures) { interval(successes: $0, trials: $1, level: level) }
    }
}
