/// Pearson's test of independence of a two-way table of independent cases, with Cramér's V; without continuity
/// correction unless asked for. K. Pearson (1900), Philos Mag 50:157-175; H. Cramér (1946), Mathematical Methods of
/// Statistics, 21.9.
public struct ChiSquared: Codable, Hashable, Sendable {
    /// Σ (observed − expected)² / expected.
    public let statistic: Double
    /// (rows − 1)(columns − 1).
    public let degreesOfFreedom: Int
    /// P(chi-squared above the statistic) under independence.
    public let pValue: Double
    /// √(statistic / (n · min(rows − 1, columns − 1))), from 0 to 1.
    public let cramersV: Double
    /// The smallest expected count; below 5 the approximation is doubtful.
    public let smallestExpected: Double

    /// The test of a released table. The level ``CategoryColumn/missingLevel`` is left out unless asked for.
    ///
    /// Undefined: `not-two-way`, `withheld` when a count that it needs is, `no-cases`, `zero-margin` when a level has
    /// no cases (or a variable has one level only).
    public static func test(_ table: ReleasedTable, includingMissing: Bool = false) -> Inferred<ChiSquared> {
        switch TwoByTwo.matrix(table, includingMissing: includingMissing) {
        case .undefined(let reason): .undefined(reason)
        case .value(let counts): test(counts)
        }
    }

    /// The test of a matrix of counts, rows of equal length; `bad-argument` for a matrix that is none, and as above.
    /// - Parameter yates: with the continuity correction of F. Yates (1934), Suppl J R Stat Soc 1:217-235, in a table
    ///   of two by two: |observed − expected| is lowered by ½, at most to zero. Cramér's V is of the plain statistic.
    public static func test(_ counts: [[Int]], yates: Bool = false) -> Inferred<ChiSquared> {
        let width = counts.first?.count ?? 0
        guard counts.allSatisfy({ $0.count == width && $0.allSatisfy { (0..<CaseColumns.caseLimit).contains($0) } })
        else { return .undefined(.badArgument) }
        let rows = counts.map { $0.reduce(0, +) }
        let columns = (0..<width).map { column in counts.reduce(0) { $0 + $1[column] } }
        let total = rows.reduce(0, +)
        guard total < CaseColumns.caseLimit else { return .undefined(.badArgument) }
        guard total > 0 else { return .undefined(.noCases) }
        guard rows.count > 1, columns.count > 1, rows.allSatisfy({ $0 > 0 }), columns.allSatisfy({ $0 > 0 }) else {
            return .undefined(.zeroMargin)
        }
        let corrects = yates && rows.count == 2 && columns.count == 2
        var (statistic, plain) = (0.0, 0.0)
        var smallest = Double.infinity
        for row in rows.indices {
            for column in columns.indices {
                let product = Int128(rows[row]) * Int128(columns[column])
                let expected = Double(product) / Double(total)
                // n · observed − row · column is exact, and divided once.
                let deviation = Int128(counts[row][column]) * Int128(total) - product
                let distance = Double(deviation.magnitude)
                let corrected = corrects ? max(0, distance - Double(total) / 2) : distance
                statistic += (corrected / Double(total)) * (corrected / Double(total)) / expected
                plain += (distance / Double(total)) * (distance / Double(total)) / expected
                smallest = min(smallest, expected)
            }
        }
        let degrees = (rows.count - 1) * (columns.count - 1)
        guard let distribution = ChiSquaredDistribution(degreesOfFreedom: Double(degrees)) else {
            return .undefined(.zeroMargin)
        }
        let shorter = Double(min(rows.count, columns.count) - 1)
        return .value(
            ChiSquared(
                statistic: statistic, degreesOfFreedom: degrees, pValue: distribution.upperTail(statistic),
                cramersV: (plain / (Double(total) * shorter)).squareRoot(), smallestExpected: smallest))
    }

    /// The counts expected under independence, row total · column total / n; empty without cases.
    public static func expected(_ counts: [[Int]]) -> [[Double]] {
        let rows = counts.map { $0.reduce(0, +) }
        let columns = (counts.first ?? []).indices.map { column in counts.reduce(0) { $0 + $1[column] } }
        let total = rows.reduce(0, +)
        guard total > 0 else { return [] }
        return rows.map { row in columns.map { Double(Int128(row) * Int128($0)) / Double(total) } }
    }
}

/// Cramér's V with Bergsma's correction for its bias upwards in small samples.
///
/// `φ̃² = max(0, χ²/n − (r−1)(c−1)/(n−1))`, `r̃ = r − (r−1)²/(n−1)`, `c̃ = c − (c−1)²/(n−1)` and `Ṽ = √(φ̃² / min(r̃ −
/// 1, c̃ − 1))`. W. Bergsma (2013), "A bias-correction for Cramér's V and Tschuprow's T", J Korean Stat Soc 42:323-328.
public enum BergsmaCramersV {
    /// Ṽ, from 0 to 1. Undefined as ``ChiSquared/test(_:yates:)``, and `too-few-cases` where r̃ or c̃ is not above 1.
    public static func value(_ counts: [[Int]]) -> Inferred<Double> {
        switch ChiSquared.test(counts) {
        case .undefined(let reason): return .undefined(reason)
        case .value(let test):
            let n = Double(counts.joined().reduce(0, +))
            let (r, c) = (Double(counts.count), Double(counts[0].count))
            let excess = max(0, test.statistic / n - Double(test.degreesOfFreedom) / (n - 1))
            let shorter = min(r - 1 - (r - 1) * (r - 1) / (n - 1), c - 1 - (c - 1) * (c - 1) / (n - 1))
            guard n > 1, shorter > 0 else { return .undefined(.tooFewCases) }
            return .value(min(1, (excess / shorter).squareRoot()))
        }
    }
}
