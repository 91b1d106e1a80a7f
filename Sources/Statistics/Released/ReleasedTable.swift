/// A released table of cases by one to three variables.
public struct ReleasedTable: Hashable, Sendable {
    public let axes: [TableAxis]
    /// Cases by cell, row-major: the last axis varies fastest.
    public let cells: [Count]

    @_spi(ReleaseGate)
    public init(axes: [TableAxis], cells: [Count]) {
        self.axes = axes
        self.cells = cells
    }

    func check() throws(StatisticsError) {
        try ReleasedCheck.require((1...3).contains(axes.count), "one to three axes")
        var cellCount = 1
        for axis in axes {
            try ReleasedCheck.label(axis.variable)
            for level in axis.levels { try ReleasedCheck.label(level) }
            try ReleasedCheck.require(
                !axis.levels.isEmpty && Set(axis.levels).count == axis.levels.count, "distinct levels")
            cellCount = min(cellCount * axis.levels.count, ContingencyTable.cellLimit + 1)
        }
        try ReleasedCheck.require(
            cellCount <= ContingencyTable.cellLimit && cells.count == cellCount, "one cell a combination of levels")
        try ReleasedCheck.all(cells)
        try ReleasedCheck.require(
            cells.reduce(0) { $0 + ($1.exact ?? 0) } < CaseColumns.caseLimit, "fewer than 2^31 cases")
    }

    /// The table of both sites, cell by cell.
    public func merged(with other: ReleasedTable) throws(StatisticsError) -> ReleasedTable {
        guard axes == other.axes else { throw StatisticsError(.shapeMismatch, "different table axes") }
        var total = 0
        var sums = cells
        sums.withUnsafeMutableBufferPointer { sums in
            other.cells.withUnsafeBufferPointer { others in
                for cell in 0..<min(sums.count, others.count) {
                    sums[cell] = sums[cell] + others[cell]
                    if case .exact(let number) = sums[cell] { total += number }
                }
            }
        }
        try ReleasedCheck.require(total < CaseColumns.caseLimit, "fewer than 2^31 cases")
        return ReleasedTable(axes: axes, cells: sums)
    }
}

extension ReleasedTable: Codable {
    private enum CodingKeys: String, CodingKey { case axes, cells }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        axes = try container.decode([TableAxis].self, forKey: .axes)
        cells = try container.decode([Count].self, forKey: .cells)
        try check()
    }
}
