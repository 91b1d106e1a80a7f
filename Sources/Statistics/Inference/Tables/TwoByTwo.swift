/// A two-by-two table of counts: rows are groups (first exposed, treated or positive), columns outcomes (first the
/// event).
public struct TwoByTwo: Codable, Hashable, Sendable {
    /// Events of the first group.
    public let a: Int
    /// The first group's other cases.
    public let b: Int
    /// Events of the second group.
    public let c: Int
    /// The second group's other cases.
    public let d: Int

    /// Nil for negative counts or 2³¹ cases and more.
    public init?(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {
        guard [a, b, c, d].allSatisfy({ (0..<CaseColumns.caseLimit).contains($0) }),
            a + b + c + d < CaseColumns.caseLimit
        else { return nil }
        (self.a, self.b, self.c, self.d) = (a, b, c, d)
    }

    /// A released table of two axes with two levels each, ``CategoryColumn/missingLevel`` left out; `withheld` when a
    /// count is, `not-two-way` for another shape.
    public static func released(_ table: ReleasedTable) -> Inferred<TwoByTwo> {
        switch matrix(table) {
        case .undefined(let reason): return .undefined(reason)
        case .value(let counts):
            guard counts.count == 2, counts[0].count == 2 else { return .undefined(.notTwoWay) }
            return TwoByTwo(counts[0][0], counts[0][1], counts[1][0], counts[1][1]).map { .value($0) }
                ?? .undefined(.badArgument)
        }
    }

    /// The strata of a released table of three axes of which the first one stratifies and the others have two levels
    /// each; missing levels are left out. `withheld` when a count is, `not-two-way` for another shape.
    public static func releasedStrata(_ table: ReleasedTable) -> Inferred<[TwoByTwo]> {
        guard table.axes.count == 3 else { return .undefined(.notTwoWay) }
        let size = table.axes[1].levels.count * table.axes[2].levels.count
        var strata: [TwoByTwo] = []
        for (index, level) in table.axes[0].levels.enumerated() where level != CategoryColumn.missingLevel {
            let slice = ReleasedTable(
                axes: Array(table.axes[1...]), cells: Array(table.cells[index * size..<(index + 1) * size]))
            switch released(slice) {
            case .value(let stratum): strata.append(stratum)
            case .undefined(let reason): return .undefined(reason)
            }
        }
        return .value(strata)
    }

    /// The counts of a two-way table without its missing levels; `not-two-way`, `withheld`.
    static func matrix(_ table: ReleasedTable, includingMissing: Bool = false) -> Inferred<[[Int]]> {
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
        return .value(counts)
    }

    var counts: [[Int]] { [[a, b], [c, d]] }
    var total: Int { a + b + c + d }
    /// Cases of the first and of the second group.
    var rows: (Int, Int) { (a + b, c + d) }
    /// Events and others.
    var columns: (Int, Int) { (a + c, b + d) }
    /// ad − bc.
    var determinant: Int128 { Int128(a) * Int128(d) - Int128(b) * Int128(c) }
}
