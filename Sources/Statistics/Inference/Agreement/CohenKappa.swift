/// Cohen's kappa, plain and weighted, of two ratings of the same cases in k ordered categories.
///
/// With the counts n(i,j), margins r(i) and c(j), and disagreement weights v (1 off the diagonal; |i−j|; (i−j)²),
/// κ = 1 − n·Σ v n(i,j) / Σ v r(i)c(j), taken as one division of exact integers. J. Cohen (1960), Educ Psychol Meas
/// 20:37-46; weighted: J. Cohen (1968), Psychol Bull 70:213-220, with agreement weights w = 1 − v / max v.
///
/// Standard errors: J. L. Fleiss, J. Cohen and B. S. Everitt (1969), "Large sample standard errors of kappa and
/// weighted kappa", Psychol Bull 72:323-327.
public struct CohenKappa: Hashable, Sendable {
    /// How much a disagreement counts.
    public enum Weights: String, Hashable, Sendable, CaseIterable {
        /// All alike.
        case none
        /// By |i − j|.
        case linear
        /// By (i − j)²: near the intraclass correlation (Fleiss and Cohen 1973).
        case quadratic

        /// The disagreement weight of two categories.
        func disagreement(_ row: Int, _ column: Int) -> Int {
            let distance = abs(row - column)
            return switch self {
            case .none: distance == 0 ? 0 : 1
            case .linear: distance
            case .quadratic: distance * distance
            }
        }
    }

    /// The (weighted) share of agreement observed, 0...1.
    public let observed: Double
    /// The (weighted) share of agreement expected from the margins, 0...1.
    public let expected: Double
    /// κ, at most 1; `zero-denominator` when the margins leave no disagreement to expect, as with one category only.
    public let estimate: Inferred<Double>
    /// The large-sample standard error, for intervals.
    public let standardError: Inferred<Double>
    /// The standard error under κ = 0, for the test.
    public let nullStandardError: Inferred<Double>
    /// Cases.
    public let count: Int
    /// Categories, k.
    public let categories: Int

    /// κ over its standard error under κ = 0; `no-variance` where that is zero.
    public var z: Inferred<Double> {
        guard let estimate = estimate.value, let error = nullStandardError.value else {
            return .undefined(nullStandardError.undefined ?? estimate.undefined ?? .noVariance)
        }
        return error > 0 ? .value(estimate / error) : .undefined(.noVariance)
    }

    /// The two-sided p value of ``z``.
    public var pValue: Inferred<Double> { z.map { 2 * NormalDistribution.upperTail(abs($0)) } }

    /// The prevalence-adjusted bias-adjusted kappa of unweighted agreement, (k·observed − 1)/(k − 1). T. Byrt, J.
    /// Bishop and J. B. Carlin (1993), J Clin Epidemiol 46:423-429.
    public var prevalenceAdjusted: Double {
        (Double(categories) * observed - 1) / Double(categories - 1)
    }

    /// estimate ± z · standard error, at most 1 and at least −1; `on-boundary` where the standard error is zero.
    public func interval(level: Double) -> Inferred<Interval> {
        guard let critical = Interval.upperProbability(level).flatMap(NormalDistribution.quantile) else {
            return .undefined(.badArgument)
        }
        guard let estimate = estimate.value, let error = standardError.value else {
            return .undefined(estimate.undefined ?? .noVariance)
        }
        guard error > 0 else { return .undefined(.onBoundary) }
        return .value(
            Interval(
                lower: max(estimate - critical * error, -1), upper: min(estimate + critical * error, 1), level: level))
    }

    /// The inference from a square table of counts, one row a category of the first rating.
    ///
    /// Undefined: `bad-argument` for a table that is not square or has fewer than two categories, `no-cases`.
    public static func infer(_ table: [[Int]], weights: Weights = .none) -> Inferred<CohenKappa> {
        let size = table.count
        guard size >= 2, table.allSatisfy({ $0.count == size && $0.allSatisfy { $0 >= 0 } }) else {
            return .undefined(.badArgument)
        }
        let rows = table.map { $0.reduce(0, +) }
        let columns = table.indices.map { column in table.reduce(0) { $0 + $1[column] } }
        let total = rows.reduce(0, +)
        guard total > 0 else { return .undefined(.noCases) }
        var seen: Int128 = 0
        var chance: Int128 = 0
        for row in table.indices {
            for column in table.indices {
                let weight = Int128(weights.disagreement(row, column))
                seen += weight * Int128(table[row][column])
                chance += weight * Int128(rows[row]) * Int128(columns[column])
            }
        }
        let largest = Int128(weights.disagreement(0, size - 1))
        let count = Int128(total)
        let observed = Double(largest * count - seen) / Double(largest * count)
        let expected = Double(largest * count * count - chance) / Double(largest * count * count)
        guard chance > 0 else {
            return .value(
                CohenKappa(
                    observed: observed, expected: expected, estimate: .undefined(.zeroDenominator),
                    standardError: .undefined(.zeroDenominator), nullStandardError: .undefined(.zeroDenominator),
                    count: total, categories: size))
        }
        let kappa = Double(chance - count * seen) / Double(chance)
        let errors = standardErrors(table, rows: rows, columns: columns, weights: weights, kappa: kappa)
        return .value(
            CohenKappa(
                observed: observed, expected: expected, estimate: .value(kappa), standardError: .value(errors.own),
                nullStandardError: .value(errors.null), count: total, categories: size))
    }

    /// Formulas 9 and 12 of Fleiss, Cohen and Everitt, in disagreement weights: with the mean weights v̄(i·), v̄(·j) of
    /// a row and a column, D the expected disagreement and θ = 1 − κ, var = Σ p(i,j) [v(i,j) − θ(v̄(i·) + v̄(·j))]² −
    /// [θD]², over n·D²; for κ = 0 the sum is over r(i)c(j) with θ = 1.
    private static func standardErrors(
        _ table: [[Int]], rows: [Int], columns: [Int], weights: Weights, kappa: Double
    ) -> (own: Double, null: Double) {
        let total = Double(rows.reduce(0, +))
        let indices = table.indices
        let rowMeans = indices.map { row in
            Double(indices.reduce(0) { $0 + weights.disagreement(row, $1) * columns[$1] }) / total
        }
        let columnMeans = indices.map { column in
            Double(indices.reduce(0) { $0 + weights.disagreement($1, column) * rows[$1] }) / total
        }
        let chance = indices.reduce(0.0) { $0 + rowMeans[$1] * Double(rows[$1]) } / total
        let excess = 1 - kappa
        var own = 0.0
        var null = 0.0
        for row in indices {
            for column in indices {
                let weight = Double(weights.disagreement(row, column))
                let mean = rowMeans[row] + columnMeans[column]
                // The deviations are about their means θD·(−1) and −D, so that nothing is subtracted at the end.
                let deviation = weight - excess * mean + excess * chance
                own += Double(table[row][column]) / total * deviation * deviation
                let nullDeviation = weight - mean + chance
                null += Double(rows[row]) / total * (Double(columns[column]) / total) * nullDeviation * nullDeviation
            }
        }
        let scale = chance * total.squareRoot()
        return (own.squareRoot() / scale, null.squareRoot() / scale)
    }
}
