internal import Foundation

/// A ratio with the interval and variance of its logarithm.
public struct RatioEstimate: Codable, Hashable, Sendable {
    /// The ratio.
    public let estimate: Double
    /// Of the natural logarithm.
    public let logStandardError: Double
    /// Of the ratio, symmetric about it in its logarithm.
    public let interval: Interval

    /// exp(ln estimate ± z · standard error); `not-finite` where a limit is beyond the range of numbers.
    static func inferred(logarithm: Double, variance: Double, level: Double) -> Inferred<RatioEstimate> {
        guard let z = Interval.upperProbability(level).flatMap(NormalDistribution.quantile) else {
            return .undefined(.badArgument)
        }
        let error = variance.squareRoot()
        let (lower, upper) = (exp(logarithm - z * error), exp(logarithm + z * error))
        guard upper.isFinite, lower > 0 else { return .undefined(.notFinite) }
        return .value(
            RatioEstimate(
                estimate: exp(logarithm), logStandardError: error,
                interval: Interval(lower: lower, upper: upper, level: level)))
    }
}

/// The odds ratio ad/(bc) with Woolf's interval, variance of the logarithm 1/a + 1/b + 1/c + 1/d. B. Woolf (1955), "On
/// estimating the relation between blood group and disease", Ann Hum Genet 19:251-253.
public enum WoolfOddsRatio {
    /// The odds ratio; `no-cases`, `on-boundary` when a cell is zero, `bad-argument`.
    /// - Parameter haldaneAnscombe: adds ½ to each cell (J. B. S. Haldane 1956, Ann Hum Genet 20:309-311; F. J.
    ///   Anscombe 1956, Biometrika 43:461-464), so that zero cells have a value too.
    public static func infer(
        _ table: TwoByTwo, level: Double, haldaneAnscombe: Bool = false
    ) -> Inferred<RatioEstimate> {
        guard level > 0, level < 1 else { return .undefined(.badArgument) }
        guard table.total > 0 else { return .undefined(.noCases) }
        let added = haldaneAnscombe ? 0.5 : 0
        let cells = [table.a, table.b, table.c, table.d].map { Double($0) + added }
        guard cells.allSatisfy({ $0 > 0 }) else { return .undefined(.onBoundary) }
        return RatioEstimate.inferred(
            logarithm: log(cells[0] / cells[1] * (cells[3] / cells[2])),
            variance: cells.reduce(0) { $0 + 1 / $1 }, level: level)
    }
}

/// The risk ratio (a/n₁)/(c/n₂) with Katz's interval, variance of the logarithm 1/a − 1/n₁ + 1/c − 1/n₂. D. Katz, J.
/// Baptista, S. P. Azen and M. C. Pike (1978), "Obtaining confidence intervals for the risk ratio in cohort studies",
/// Biometrics 34:469-474.
public enum KatzRiskRatio {
    /// The risk ratio; `no-cases` when a group is empty, `on-boundary` without events in a group, `no-variance` when
    /// all cases of both have the event, `bad-argument`.
    public static func infer(_ table: TwoByTwo, level: Double) -> Inferred<RatioEstimate> {
        guard level > 0, level < 1 else { return .undefined(.badArgument) }
        let (n1, n2) = table.rows
        guard n1 > 0, n2 > 0 else { return .undefined(.noCases) }
        guard table.a > 0, table.c > 0 else { return .undefined(.onBoundary) }
        guard table.b + table.d > 0 else { return .undefined(.noVariance) }
        // 1/a − 1/n₁ is b/(a·n₁), which does not cancel.
        let variance =
            Double(table.b) / Double(table.a) / Double(n1) + Double(table.d) / Double(table.c) / Double(n2)
        let ratio = Double(Int128(table.a) * Int128(n2)) / Double(Int128(table.c) * Int128(n1))
        return RatioEstimate.inferred(logarithm: log(ratio), variance: variance, level: level)
    }
}

/// The risk difference a/n₁ − c/n₂ with the simple normal interval, variance p₁q₁/n₁ + p₂q₂/n₂. For small numbers use
/// ``NewcombeDifference``. J. L. Fleiss, B. Levin and M. C. Paik, Statistical Methods for Rates and Proportions, 3rd
/// ed. (2003), section 3.2.
public enum WaldRiskDifference {
    /// The difference; `no-cases` when a group is empty, `no-variance` when both risks are 0 or 1, `bad-argument`.
    public static func infer(_ table: TwoByTwo, level: Double) -> Inferred<IntervalEstimate> {
        guard let z = Interval.upperProbability(level).flatMap(NormalDistribution.quantile) else {
            return .undefined(.badArgument)
        }
        let (n1, n2) = (Double(table.rows.0), Double(table.rows.1))
        guard n1 > 0, n2 > 0 else { return .undefined(.noCases) }
        let variance =
            Double(table.a) / n1 * (Double(table.b) / n1) / n1 + Double(table.c) / n2 * (Double(table.d) / n2) / n2
        guard variance > 0 else { return .undefined(.noVariance) }
        let difference = Double(table.determinant) / (n1 * n2)
        let half = z * variance.squareRoot()
        return .value(
            IntervalEstimate(
                estimate: difference,
                interval: Interval(lower: difference - half, upper: difference + half, level: level)))
    }
}
