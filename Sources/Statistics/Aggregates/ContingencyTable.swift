/// One axis of a table: a variable and its levels in the protocol's order, the last one
/// ``CategoryColumn/missingLevel``.
public struct TableAxis: Codable, Hashable, Sendable {
    public let variable: String
    public let levels: [String]

    public init(variable: String, levels: [String]) {
        self.variable = variable
        self.levels = levels
    }
}

/// Cases by the levels of two or three variables (one is allowed too), raw.
public struct ContingencyTable: Hashable, Sendable {
    /// The most cells of a table.
    public static let cellLimit = 10_000

    public let axes: [TableAxis]
    /// Cases by cell, row-major: the last axis varies fastest.
    public let cells: PatientCells

    /// Counts the selected cases.
    /// - Parameters:
    ///   - axes: one to three columns.
    ///   - patients: the patient of each case, not decreasing.
    ///   - selection: the cohort, ascending case indices.
    public init(axes columns: [CategoryColumn], patients: [Int32], selection: [Int32]) throws(StatisticsError) {
        guard (1...3).contains(columns.count) else {
            throw StatisticsError(.shapeMismatch, "a table has one to three axes")
        }
        let cellCount = columns.reduce(1) { min($0 * $1.levels.count, Self.cellLimit + 1) }
        guard cellCount <= Self.cellLimit else {
            throw StatisticsError(.shapeMismatch, "a table has at most \(Self.cellLimit) cells")
        }
        let runs = try CaseRuns(
            patients: patients, selection: selection, columnLengths: columns.map(\.codes.count))
        axes = columns.map { TableAxis(variable: $0.variable, levels: $0.levels) }
        let first = columns[0]
        let second = columns.count > 1 ? columns[1] : nil
        let third = columns.count > 2 ? columns[2] : nil
        let firstCount = first.levels.count
        let secondCount = second?.levels.count ?? 1
        let thirdCount = third?.levels.count ?? 1
        cells = first.codes.withUnsafeBufferPointer { first in
            (second?.codes ?? []).withUnsafeBufferPointer { second in
                (third?.codes ?? []).withUnsafeBufferPointer { third in
                    let hasSecond = !second.isEmpty
                    let hasThird = !third.isEmpty
                    return PatientCells(cellCount: cellCount, runs: runs) { index in
                        var cell = CategoryColumn.level(first[index], count: firstCount)
                        if hasSecond {
                            cell = cell * secondCount + CategoryColumn.level(second[index], count: secondCount)
                        }
                        if hasThird {
                            cell = cell * thirdCount + CategoryColumn.level(third[index], count: thirdCount)
                        }
                        return cell
                    }
                }
            }
        }
    }

    private init(axes: [TableAxis], cells: PatientCells) {
        self.axes = axes
        self.cells = cells
    }

    public var empty: ContingencyTable { ContingencyTable(axes: axes, cells: cells.empty) }

    /// The table of both sides' patients.
    public func merged(with other: ContingencyTable) throws(StatisticsError) -> ContingencyTable {
        guard axes == other.axes else { throw StatisticsError(.shapeMismatch, "different table axes") }
        return ContingencyTable(axes: axes, cells: try PatientCells.merged(cells, other.cells))
    }
}
