/// The adjusted Wald interval of a proportion: p̃ ± z √(p̃(1 − p̃)/ñ) with ñ = n + z² and p̃ = (x + z²/2)/ñ.
///
/// A. Agresti and B. A. Coull (1998), "Approximate is better than 'exact' for interval estimation of binomial
/// proportions", Am Stat 52:119-126. The limits are as the paper gives them, not cut at 0 and 1.
public enum AgrestiCoull {
    /// The interval; `no-cases` without trials, `bad-argument` for a level outside (0, 1) or counts that are none.
    public static func interval(successes: Int, trials: Int, level: Double) -> Inferred<Interval> {
        ProportionArguments.checked(successes: successes, trials: trials, level: level).map { arguments in
            let z = arguments.critical
            let (added, size) = (z * z / 2, arguments.trials + z * z)
            let (hits, misses) = (arguments.successes + added, arguments.failures + added)
            let half = z * (hits / size * (misses / size) / size).squareRoot()
            return Interval(lower: hits / size - half, upper: hits / size + half, level: level)
        }
    }

    /// The interval of a released proportion; `withheld` when a count is.
    public static func interval(successes: Count, failures: Count, level: Double) -> Inferred<Interval> {
        ProportionArguments.released(successes, failures) { interval(successes: $0, trials: $1, level: level) }
    }
}
