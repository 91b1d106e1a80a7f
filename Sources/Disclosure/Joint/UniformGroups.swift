import Statistics

/// Rule 2 where few patients are: when all of 1 to t-1 patients have one level, the zeros of the other levels would say
/// which. Who knows that somebody of that kind was in the study would know the level.
///
/// One zero more that is withheld leaves it open: what a reader sees may then as well be a group of two levels.
enum UniformGroups {
    /// Empty counts of margins of a table that may not be told.
    ///
    /// Of each group the one whose level is commonest in the table, a declared one before the missing one: there most
    /// patients could be elsewhere, so that little else must be withheld with it.
    static func tellingZeros(
        _ table: ContingencyTable, minimum: MinimumCount
    ) -> [(cell: Int, axes: Int)] {
        let sizes = table.axes.map(\.levels.count)
        let all = 1 << sizes.count - 1
        let counts = (0..<table.cells.cellCount).map { table.cells.cases(inCell: $0) }
        var zeros: [(cell: Int, axes: Int)] = []
        for kept in 0..<all {
            let small = TableMargin(sizes: sizes, axes: kept).members.filter {
                SmallGroups.isSmall(table.cells.patients(inAnyOf: $0), minimum)
            }
            guard !small.isEmpty else { continue }
            for axis in sizes.indices where kept >> axis & 1 == 0 {
                let finer = TableMargin(sizes: sizes, axes: kept | 1 << axis)
                let place = finer.places
                let sums = finer.sums(counts)
                let alone = TableMargin(sizes: sizes, axes: 1 << axis).sums(counts)
                let last = sizes[axis] - 1
                // A level with another small count is withheld from in any case.
                let hasSmall = levelsWithSmallCounts(finer, axis: axis, table, minimum)
                for cells in small {
                    // One level of the axis after the other, as cells of the finer margin.
                    let row = Set(cells.map { place[$0] }).sorted()
                    guard row.count(where: { sums[$0] > 0 }) == 1 else { continue }
                    let candidates = row.enumerated().filter { sums[$0.element] == 0 }
                    let best = candidates.max { left, right in
                        (left.offset == last ? 0 : 1, hasSmall[left.offset] ? 1 : 0, alone[left.offset], -left.offset)
                            < (
                                right.offset == last ? 0 : 1, hasSmall[right.offset] ? 1 : 0, alone[right.offset],
                                -right.offset
                            )
                    }
                    if let best { zeros.append((best.element, kept | 1 << axis)) }
                }
            }
        }
        return zeros
    }

    /// Of each level of an axis whether some count of the margin with that level is of few patients.
    private static func levelsWithSmallCounts(
        _ margin: TableMargin, axis: Int, _ table: ContingencyTable, _ minimum: MinimumCount
    ) -> [Bool] {
        var hasSmall = [Bool](repeating: false, count: margin.sizes[axis])
        for (levels, cells) in zip(margin.cells, margin.members) {
            guard let level = levels[axis], !hasSmall[level] else { continue }
            hasSmall[level] = SmallGroups.isSmall(table.cells.patients(inAnyOf: cells), minimum)
        }
        return hasSmall
    }

    /// Empty counts of what lies outside of a histogram's bins: missing, malformed, out of range.
    static func tellingZeros(
        _ histogram: Histogram, minimum: MinimumCount
    ) -> [(kind: Int, group: Int)] {
        guard histogram.groupCount > 1 else { return [] }
        let groups = Array(0..<histogram.groupCount)
        let kinds: [(Int) -> Int] = [
            { histogram.missingCell(group: $0) }, { histogram.malformedCell(group: $0) },
            { histogram.outOfRangeCell(group: $0) },
        ]
        return kinds.enumerated().compactMap { kind, cell in
            guard SmallGroups.isSmall(histogram.cells.patients(inAnyOf: groups.map(cell)), minimum),
                groups.count(where: { histogram.cells.cases(inCell: cell($0)) > 0 }) == 1
            else { return nil }
            let totals = groups.map { histogram.cumulative(group: $0)[histogram.binCount] }
            let last = groups.count - 1
            let best = groups.filter { histogram.cells.cases(inCell: cell($0)) == 0 }.max { left, right in
                (left == last ? 0 : 1, totals[left], -left) < (right == last ? 0 : 1, totals[right], -right)
            }
            return best.map { (kind, $0) }
        }
    }
}

extension TableMargin {
    /// For each cell of the table, row-major, its cell of the margin.
    var places: [Int] {
        let count = sizes.reduce(1, *)
        return (0..<count).map { cell in
            var (rest, place, stride) = (cell, 0, 1)
            for axis in sizes.indices.reversed() {
                if axes >> axis & 1 == 1 {
                    place += rest % sizes[axis] * stride
                    stride *= sizes[axis]
                }
                rest /= sizes[axis]
            }
            return place
        }
    }

    /// For each cell of the margin the cells of the table that it sums.
    var members: [[Int]] {
        let places = places
        var members = Array(repeating: [Int](), count: (places.max() ?? -1) + 1)
        for (cell, place) in places.enumerated() { members[place].append(cell) }
        return members
    }
}
