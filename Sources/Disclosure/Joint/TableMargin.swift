import Statistics

/// A margin of a table: its cells on some of the axes, summed over the others.
struct TableMargin {
    /// The levels on each axis of the table.
    let sizes: [Int]
    /// The axes that are kept, a bit each.
    let axes: Int

    /// For each cell, row-major, the level on each axis of the table; nil where it is summed over.
    var cells: [[Int?]] {
        sizes.enumerated().reduce([[]]) { partial, axis in
            let levels: [Int?] = axes >> axis.offset & 1 == 1 ? (0..<axis.element).map { $0 } : [nil]
            return partial.flatMap { cell in levels.map { cell + [$0] } }
        }
    }

    /// Cases by cell of the margin, from those of the table.
    func sums(_ counts: [Int]) -> [Int] {
        let kept = sizes.indices.filter { axes >> $0 & 1 == 1 }
        var sums = Array(repeating: 0, count: kept.reduce(1) { $0 * sizes[$1] })
        for (cell, count) in counts.enumerated() {
            var (rest, place, stride) = (cell, 0, 1)
            for axis in sizes.indices.reversed() {
                if axes >> axis & 1 == 1 {
                    place += rest % sizes[axis] * stride
                    stride *= sizes[axis]
                }
                rest /= sizes[axis]
            }
            sums[place] += count
        }
        return sums
    }

    /// Whether along some axis of a table of two or three a row with cases has them all in one declared level of
    /// several.
    static func hasUniformRow(_ table: ContingencyTable) -> Bool {
        let sizes = table.axes.map(\.levels.count)
        guard sizes.count > 1 else { return false }
        let counts = (0..<table.cells.cellCount).map { table.cells.cases(inCell: $0) }
        return sizes.indices.contains { axis in
            guard sizes[axis] > 2 else { return false }
            let stride = sizes[(axis + 1)...].reduce(1, *)
            return counts.indices.contains { first in
                guard first / stride % sizes[axis] == 0 else { return false }
                let row = (0..<sizes[axis]).map { counts[first + $0 * stride] }
                return row.count { $0 > 0 } == 1 && row.last == 0
            }
        }
    }

    /// The empty cells of declared levels, as places in the table.
    static func zeros(_ table: ContingencyTable) -> [Int] {
        let sizes = table.axes.map(\.levels.count)
        let cells = TableMargin(sizes: sizes, axes: 1 << sizes.count - 1).cells
        return cells.indices.filter { cell in
            table.cells.cases(inCell: cell) == 0 && zip(cells[cell], sizes).allSatisfy { $0 != $1 - 1 }
        }
    }
}
