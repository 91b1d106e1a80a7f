/// The test that the odds ratio is the same in all strata: Σ(a − A)²/V with A the first cell fitted at the common
/// Mantel-Haenszel odds ratio and 1/V = 1/A + 1/(n₁ − A) + 1/(t − A) + 1/(n₂ − t + A); Tarone's correction subtracts
/// (Σ(a − A))²/ΣV. N. E. Breslow and N. E. Day (1980), Statistical Methods in Cancer Research I, section 4.4; R. E.
/// Tarone (1985), "On heterogeneity tests based on efficient scores", Biometrika 72:91-95.
public struct BreslowDay: Codable, Hashable, Sendable {
    /// The chi-squared statistic.
    public let statistic: Double
    /// Strata that count, less one.
    public let degreesOfFreedom: Int
    /// P(chi-squared above the statistic).
    public let pValue: Double

    /// `no-cases`, `on-boundary` when the common odds ratio is zero or infinite, `too-few-sites` with fewer than two
    /// strata whose margins are all above zero.
    public static func test(_ strata: [TwoByTwo], tarone: Bool) -> Inferred<BreslowDay> {
        let common: Double
        switch MantelHaenszel.oddsRatio(strata, level: 0.95) {
        case .undefined(let reason): return .undefined(reason)
        case .value(let estimate): common = estimate.estimate
        }
        var (statistic, count) = (0.0, 0)
        var (difference, variances) = (0.0, 0.0)
        for stratum in strata {
            let (n1, n2) = stratum.rows
            let (t, others) = stratum.columns
            guard min(min(n1, n2), min(t, others)) > 0 else { continue }
            let fitted = fittedCell(row: Double(n1), column: Double(t), total: Double(stratum.total), odds: common)
            let variance =
                1
                / (1 / fitted + 1 / (Double(n1) - fitted) + 1 / (Double(t) - fitted)
                    + 1 / (Double(n2 - t) + fitted))
            let distance = Double(stratum.a) - fitted
            statistic += distance * distance / variance
            difference += distance
            variances += variance
            count += 1
        }
        guard count > 1, let distribution = ChiSquaredDistribution(degreesOfFreedom: Double(count - 1)) else {
            return .undefined(.tooFewSites)
        }
        if tarone { statistic = max(0, statistic - difference * difference / variances) }
        guard statistic.isFinite else { return .undefined(.notFinite) }
        return .value(
            BreslowDay(
                statistic: statistic, degreesOfFreedom: count - 1, pValue: distribution.upperTail(statistic)))
    }

    /// The cell A with A(n₂ − t + A) / ((n₁ − A)(t − A)) = odds: the root within the margins of
    /// (odds − 1)A² − (odds(n₁ + t) + n₂ − t)A + odds·n₁·t = 0, in the form that does not cancel near odds = 1.
    private static func fittedCell(row: Double, column: Double, total: Double, odds: Double) -> Double {
        let linear = odds * (row + column) + (total - row - column)
        let constant = odds * row * column
        return 2 * constant / (linear + (linear * linear - 4 * (odds - 1) * constant).squareRoot())
    }
}
