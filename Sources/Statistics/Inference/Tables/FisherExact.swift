internal import Foundation

/// Fisher's exact test of a two-by-two table with the conditional maximum-likelihood odds ratio and its exact interval.
///
/// Given the margins, the first count is hypergeometric, noncentral at an odds ratio ψ. The two-sided p value sums the
/// tables that are at most as probable as the one seen (relative tolerance 1e-7, as in R's `fisher.test`); the estimate
/// solves E(a; ψ) = a; the limits solve P(A ≥ a; ψ) = (1 − level)/2 and P(A ≤ a; ψ) = (1 − level)/2. R. A. Fisher
/// (1935), J R Stat Soc 98:39-82; J. Cornfield (1956), "A statistical problem arising from retrospective studies", Proc
/// 3rd Berkeley Symp 4:135-148; A. Agresti, Categorical Data Analysis, 3rd ed. (2013), sections 3.5 and 16.6.4.
public struct FisherExact: Codable, Hashable, Sendable {
    /// Two-sided.
    public let pValue: Double
    /// P(A ≤ a): small when the odds ratio is below 1.
    public let lowerTail: Double
    /// P(A ≥ a): small when the odds ratio is above 1.
    public let upperTail: Double
    /// 0 where a is the smallest possible number; `not-finite` where it is the largest.
    public let oddsRatio: Inferred<Double>
    /// The lower limit of the odds ratio, 0 where a is the smallest possible number.
    public let lower: Double
    /// The upper limit; `not-finite` where a is the largest possible number.
    public let upper: Inferred<Double>
    /// Of the limits.
    public let level: Double

    /// The test; `zero-margin` when a margin is zero, `bad-argument` for a level outside (0, 1).
    public static func test(_ table: TwoByTwo, level: Double) -> Inferred<FisherExact> {
        guard level > 0, level < 1 else { return .undefined(.badArgument) }
        guard table.total > 0 else { return .undefined(.noCases) }
        let (row, column) = (table.rows.0, table.columns.0)
        guard row > 0, column > 0, row < table.total, column < table.total,
            let distribution = HypergeometricDistribution(row: row, column: column, total: table.total)
        else { return .undefined(.zeroMargin) }
        let limits = ConditionalOddsRatio(distribution: distribution, observed: table.a)
        let tail = (1 - level) / 2
        return .value(
            FisherExact(
                pValue: distribution.asProbableOrLess(table.a), lowerTail: distribution.cdf(table.a),
                upperTail: distribution.upperTail(from: table.a), oddsRatio: limits.estimate,
                lower: limits.lower(tail), upper: limits.upper(tail), level: level))
    }

    /// The test of a released table; also `withheld` and `not-two-way`.
    public static func test(_ table: ReleasedTable, level: Double) -> Inferred<FisherExact> {
        switch TwoByTwo.released(table) {
        case .value(let table): test(table, level: level)
        case .undefined(let reason): .undefined(reason)
        }
    }
}

/// The conditional likelihood of the odds ratio, in its logarithm.
private struct ConditionalOddsRatio {
    /// The log odds ratio of any table of fewer than 2³¹ cases at any usual level is within ±150.
    private static let bracket = -150.0...150.0

    let distribution: HypergeometricDistribution
    let observed: Int

    private var support: ClosedRange<Int> { distribution.support }

    private var start: Double {
        let others = Double(distribution.total - distribution.row - distribution.column + observed)
        let (b, c) = (Double(distribution.row - observed), Double(distribution.column - observed))
        return log((Double(observed) + 0.5) * (others + 0.5) / ((b + 0.5) * (c + 0.5)))
    }

    var estimate: Inferred<Double> {
        guard observed > support.lowerBound else { return .value(0) }
        guard observed < support.upperBound else { return .undefined(.notFinite) }
        let root = MonotoneRoot.find(in: Self.bracket, from: start) { logOdds in
            let sums = distribution.sums(over: support, logOdds: logOdds)
            return (Double(sums.anchor - observed) + sums.first / sums.weight, sums.variance)
        }
        return .value(exp(root))
    }

    func lower(_ tail: Double) -> Double {
        guard observed > support.lowerBound else { return 0 }
        return exp(
            MonotoneRoot.find(in: Self.bracket, from: start) { logOdds in
                let whole = distribution.sums(over: support, logOdds: logOdds)
                let part = distribution.logProbability(
                    observed...support.upperBound, logOdds: logOdds, whole: whole)
                return (part.value - log(tail), part.mean - whole.mean)
            })
    }

    func upper(_ tail: Double) -> Inferred<Double> {
        guard observed < support.upperBound else { return .undefined(.notFinite) }
        return .value(
            exp(
                MonotoneRoot.find(in: Self.bracket, from: start) { logOdds in
                    let whole = distribution.sums(over: support, logOdds: logOdds)
                    let part = distribution.logProbability(
                        support.lowerBound...observed, logOdds: logOdds, whole: whole)
                    return (log(tail) - part.value, whole.mean - part.mean)
                }))
    }
}
