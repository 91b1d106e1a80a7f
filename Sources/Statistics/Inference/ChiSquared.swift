/// Pearson's test of independence of a two-way table of independent cases, without continuity correction, with
/// Cramér's V. K. Pearson (1900), Philos Mag 50:157-175; H. Cramér (1946), Mathematical Methods of Statistics, 21.9.
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
    /// Undefined: `not-two-way`, `withheld` when a count that it needs is, `no-cases`, `zero-margin` when a level has no
    /// cases (or a variable has one level only).
    public static func test(_ table: ReleasedTable, includingMissing: Bool = false) -> Inferred<ChiSquared> {
        guard table.axes.count == 2 else { return .undefined(.notTwoWay) }
        let kept = table.axes.map { axis in
            axis.levels.indices.filter { includingMissing || axis.levels[$0] != CategoryColumn.missingLevel }
        }
        let stride = table.axes[1].levels.count
        var counts: [[Int]] = []
        for row in kept[0] {
            var cells: [Int] = []
            for column in kept[1] {
                guard let count = table.cells[row * stride + column].exact else { return .undefined(.withheld) }
                cells.append(count)
            }
            counts.append(cells)
        }
        return test(counts)
    }

    /// The test of a matrix of counts.
    static func test(_ counts: [[Int]]) -> Inferred<ChiSquared> {
        let rows = counts.map { $0.reduce(0, +) }
        let columns = (counts.first ?? []).indices.map { column in counts.reduce(0) { $0 + $1[column] } }
        let total = rows.reduce(0, +)
        guard total > 0 else { return .undefined(.noCases) }
        guard rows.count > 1, columns.count > 1, rows.allSatisfy({ $0 > 0 }), columns.allSatisfy({ $0 > 0 }) else {
            return .undefined(.zeroMargin)
        }
        var statistic = 0.0
        var smallest = Double.infinity
        for row in rows.indices {
            for column in columns.indices {
                let product = Int128(rows[row]) * Int128(columns[column])
                let expected = Double(product) / Double(total)
                // n · observed − row · column is exact, and divided once.
                let deviation = Double(Int128(counts[row][column]) * Int128(total) - product) / Double(total)
                statistic += deviation * deviation / expected
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
                cramersV: (statistic / (Double(total) * shorter)).squareRoot(), smallestExpected: smallest))
    }
}
