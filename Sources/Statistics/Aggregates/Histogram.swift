/// Cases of a quantity by bin, and by group where asked, raw. Bins are `[a, b)`, the last one `[a, b]`; a value outside
/// the outer edges counts as out of range, never clipped.
public struct Histogram: Hashable, Sendable {
    /// The quantity's identifier.
    public let variable: String
    public let resolution: Resolution
    /// Strictly ascending edges in units.
    public let edges: [Int64]
    /// What it is grouped by, nil when it is not.
    public let groupedBy: String?
    /// The levels of the grouping, the last one ``CategoryColumn/missingLevel``.
    public let levels: [String]?
    /// Cases by group (rows) and bin, missing, malformed, out of range (columns).
    public let cells: PatientCells

    /// Counts the selected cases.
    /// - Parameters:
    ///   - column: units of the quantity, or reserved codes, one a case.
    ///   - edges: strictly ascending, at least two.
    ///   - patients: the patient of each case, not decreasing.
    ///   - selection: the cohort, ascending case indices.
    public init(
        variable: String, column: [Int64], edges: [Int64], by grouping: CategoryColumn? = nil,
        patients: [Int32], selection: [Int32], resolution: Resolution
    ) throws(StatisticsError) {
        let bins = try BinEdges(edges)
        let codes = grouping?.codes ?? []
        let runs = try CaseRuns(
            patients: patients, selection: selection,
            columnLengths: grouping == nil ? [column.count] : [column.count, codes.count])
        self.variable = variable
        self.resolution = resolution
        self.edges = edges
        groupedBy = grouping?.variable
        levels = grouping?.levels
        let groupCount = levels?.count ?? 1
        let binCount = bins.count
        let stride = binCount + 3
        cells = column.withUnsafeBufferPointer { column in
            edges.withUnsafeBufferPointer { edges in
                codes.withUnsafeBufferPointer { codes in
                    let isGrouped = !codes.isEmpty
                    return PatientCells(cellCount: groupCount * stride, runs: runs) { index in
                        let value = column[index]
                        let group = isGrouped ? CategoryColumn.level(codes[index], count: groupCount) : 0
                        if Coded.isValue(value) {
                            let bin = BinEdges.bin(of: value, in: edges)
                            return group * stride + (bin < 0 ? binCount + 2 : bin)
                        }
                        return group * stride + binCount + Int(value &- Coded.missing)
                    }
                }
            }
        }
    }

    private init(_ shape: Histogram, cells: PatientCells) {
        variable = shape.variable
        resolution = shape.resolution
        edges = shape.edges
        groupedBy = shape.groupedBy
        levels = shape.levels
        self.cells = cells
    }

    /// The number of bins.
    public var binCount: Int { edges.count - 1 }
    /// The number of groups; one when there is no grouping.
    public var groupCount: Int { levels?.count ?? 1 }
    /// The cells of a group: its bins, then missing, malformed and out of range.
    public func cellsOfGroup(_ group: Int) -> Range<Int> {
        group * (binCount + 3)..<(group + 1) * (binCount + 3)
    }
    /// The cell of a bin.
    public func cell(group: Int, bin: Int) -> Int { group * (binCount + 3) + bin }
    /// The cell of the cases without a value.
    public func missingCell(group: Int) -> Int { group * (binCount + 3) + binCount }
    /// The cell of the cases with a value that is not a number.
    public func malformedCell(group: Int) -> Int { missingCell(group: group) + 1 }
    /// The cell of the cases with a value outside the outer edges.
    public func outOfRangeCell(group: Int) -> Int { missingCell(group: group) + 2 }

    /// The cases of a group below each edge; at the last edge all cases within the edges.
    public func cumulative(group: Int) -> [Int] {
        var counts = [0]
        for bin in 0..<binCount { counts.append(counts[bin] + cells.cases(inCell: cell(group: group, bin: bin))) }
        return counts
    }

    public var empty: Histogram { Histogram(self, cells: cells.empty) }

    /// The histogram of both sides' patients.
    public func merged(with other: Histogram) throws(StatisticsError) -> Histogram {
        guard variable == other.variable, resolution == other.resolution, edges == other.edges,
            groupedBy == other.groupedBy, levels == other.levels
        else { throw StatisticsError(.shapeMismatch, "different histograms") }
        return Histogram(self, cells: try PatientCells.merged(cells, other.cells))
    }
}
