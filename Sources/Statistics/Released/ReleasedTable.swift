/// A released table of cases by one to three variables.
///
/// Where a cell is withheld the margins stand beside the cells, as far as they could be given: they do not follow from
/// the cells any more.
public struct ReleasedTable: Hashable, Sendable {
    /// The sums over some of the axes.
    public struct Margin: Codable, Hashable, Sendable {
        /// The variables of the axes that are kept, in the table's order; none for the number of all cases.
        public let axes: [String]
        /// Cases by cell of the margin, row-major.
        public let cells: [Count]

        @_spi(ReleaseGate)
        public init(axes: [String], cells: [Count]) {
            self.axes = axes
            self.cells = cells
        }
    }

    public let axes: [TableAxis]
    /// Cases by cell, row-major: the last axis varies fastest.
    public let cells: [Count]
    /// Every margin, the one of all cases first, then by ``marginAxes(_:)``; empty when no cell is withheld.
    public let margins: [Margin]

    @_spi(ReleaseGate)
    public init(axes: [TableAxis], cells: [Count], margins: [Margin] = []) {
        self.axes = axes
        self.cells = cells
        self.margins = margins
    }

    /// The axes of each margin, as indices: fewer axes first, then in the table's order.
    public static func marginAxes(_ axisCount: Int) -> [[Int]] {
        (0..<(1 << axisCount) - 1).map { subset in (0..<axisCount).filter { subset >> $0 & 1 == 1 } }
            .sorted { $0.count != $1.count ? $0.count < $1.count : $0.lexicographicallyPrecedes($1) }
    }

    /// The margin on some axes, given as ascending indices: as it was released, else the sums of the cells, withheld
    /// where a cell is.
    public func margin(on kept: [Int]) -> [Count] {
        let names = kept.map { axes[$0].variable }
        if let released = margins.first(where: { $0.axes == names }) { return released.cells }
        return sums(on: kept)
    }

    private func sums(on kept: [Int]) -> [Count] {
        var sums = Array(repeating: Count.exact(0), count: kept.reduce(1) { $0 * axes[$1].levels.count })
        forEachPlace(on: kept) { sums[$1] = sums[$1] + cells[$0] }
        return sums
    }

    /// Calls a function with each cell and its place in a margin.
    private func forEachPlace(on kept: [Int], _ body: (_ cell: Int, _ place: Int) -> Void) {
        for cell in cells.indices {
            var (rest, place, stride) = (cell, 0, 1)
            for axis in axes.indices.reversed() {
                let size = axes[axis].levels.count
                if kept.contains(axis) {
                    place += rest % size * stride
                    stride *= size
                }
                rest /= size
            }
            body(cell, place)
        }
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
        try checkMargins()
    }

    private func checkMargins() throws(StatisticsError) {
        if margins.isEmpty { return }
        try ReleasedCheck.require(cells.contains(.protected), "margins stand beside withheld cells only")
        let all = Self.marginAxes(axes.count)
        try ReleasedCheck.require(
            margins.map(\.axes) == all.map { kept in kept.map { axes[$0].variable } }, "every margin, in order")
        for (margin, kept) in zip(margins, all) {
            try ReleasedCheck.all(margin.cells)
            try ReleasedCheck.require(
                margin.cells.count == kept.reduce(1) { $0 * axes[$1].levels.count }, "one cell a combination of levels")
            var known = Array(repeating: 0, count: margin.cells.count)
            forEachPlace(on: kept) { known[$1] += cells[$0].exact ?? 0 }
            for ((sum, least), count) in zip(zip(sums(on: kept), known), margin.cells) {
                guard let total = count.exact else { continue }
                try ReleasedCheck.require(
                    sum.exact.map { $0 == total } ?? (least <= total), "a margin agrees with the cells")
            }
        }
    }

    /// The table of both sites, cell by cell and margin by margin.
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
        var margins: [Margin] = []
        if !self.margins.isEmpty || !other.margins.isEmpty {
            margins = Self.marginAxes(axes.count).map { kept in
                Margin(
                    axes: kept.map { axes[$0].variable },
                    cells: zip(margin(on: kept), other.margin(on: kept)).map { $0 + $1 })
            }
            for margin in margins { try ReleasedCheck.all(margin.cells) }
        }
        return ReleasedTable(axes: axes, cells: sums, margins: margins)
    }
}

extension ReleasedTable: Codable {
    private enum CodingKeys: String, CodingKey { case axes, cells, margins }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        axes = try container.decode([TableAxis].self, forKey: .axes)
        cells = try container.decode([Count].self, forKey: .cells)
        margins = try container.decodeIfPresent([Margin].self, forKey: .margins) ?? []
        try check()
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(axes, forKey: .axes)
        try container.encode(cells, forKey: .cells)
        // Left out when empty, so that a table without withheld cells is written as it always was.
        if !margins.isEmpty { try container.encode(margins, forKey: .margins) }
    }
}
