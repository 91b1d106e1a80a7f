internal import Foundation
internal import Statistics
internal import TextCatalogue

/// What is asked of each column, settled before the first reading: by the declared variables, or by the first block.
struct SummaryPlan {
    enum Kind {
        /// A Double; sums are about the shift, bins about the origin.
        case quantity(shift: Double, origin: Double)
        case units(Resolution, range: ClosedRange<Int64>, isCounted: Bool)
        /// The levels of a declaration, or nil for those that occur.
        case category(levels: [String]?)
        /// What it is grouped by, and nothing else.
        case grouping
    }

    struct Column {
        let name: String
        /// In the file.
        let index: Int
        let kind: Kind
    }

    /// The most groups.
    static let groupLimit = 1000

    let source: TableSource
    /// Ascending by index in the file.
    let columns: [Column]
    /// The place among the columns of what they are grouped by.
    let grouping: Int?
    /// Bits of the significand by which bins are cut.
    let bits: Int

    init(
        _ source: TableSource, declared: [DeclaredVariable]?, by: String?
    ) throws(LocalFileError) {
        self.source = source
        let byIndex: Int? = if let by { try source.column(by) } else { nil }
        var columns: [Column] = []
        if let declared {
            for variable in declared {
                let index = try source.column(variable.id)
                let kind: Kind
                switch variable.kind {
                case .category(let levels): kind = .category(levels: levels)
                case .quantity(let resolution, let range):
                    if index == byIndex {
                        throw LocalFileError(
                            .groupedByQuantity, .localTableGroupedByQuantity(column: variable.id))
                    }
                    let isCounted = UnitTally.width(range) <= UnitTally.countLimit
                    kind = .units(resolution, range: range, isCounted: isCounted)
                }
                columns.append(Column(name: variable.id, index: index, kind: kind))
            }
            if let byIndex, !columns.contains(where: { $0.index == byIndex }) {
                columns.append(Column(name: source.names[byIndex], index: byIndex, kind: .grouping))
            }
            columns.sort { $0.index < $1.index }
        } else {
            columns = try Self.guess(source, by: byIndex)
        }
        self.columns = columns
        grouping = columns.firstIndex { $0.index == byIndex }
        bits = columns.count <= 256 ? 10 : 6
    }

    /// The form in which each column of the file is read first.
    var forms: [ColumnForm] {
        var forms = [ColumnForm](repeating: .skip, count: source.names.count)
        for (place, column) in columns.enumerated() {
            switch column.kind {
            case .quantity: forms[column.index] = .number
            case .units(let resolution, let range, _): forms[column.index] = .units(resolution, range: range)
            case .category, .grouping: forms[column.index] = .text(limit: CategoryTally.levelLimit)
            }
            if place == grouping { forms[column.index] = .text(limit: Self.groupLimit) }
        }
        return forms
    }

    /// Looks at the first block: a column is a quantity unless more than half of its values are no numbers.
    private static func guess(_ source: TableSource, by: Int?) throws(LocalFileError) -> [Column] {
        let names = source.names
        let cursor = try source.cursor([ColumnForm](repeating: .number, count: names.count), source.parts(1)[0])
        _ = try cursor.next()
        let block = cursor.block
        return names.indices.map { index in
            let values = block.numbers(index)
            for row in 0..<block.rows where values[row].isInfinite { values[row] = .nan }
            let first = BlockMoments(values, count: block.rows, shift: 0)
            if cursor.malformed[index] > first.count {
                return Column(name: names[index], index: index, kind: .category(levels: nil))
            }
            let (shift, origin) = center(first)
            return Column(name: names[index], index: index, kind: .quantity(shift: shift, origin: origin))
        }
    }

    /// A shift near the mean, and the origin of the bins. Both are zero, about which nothing is rounded, unless the values
    /// lie far from zero, where squares about zero would cancel and bins about zero would be too wide.
    private static func center(_ block: BlockMoments) -> (shift: Double, origin: Double) {
        guard block.count > 0 else { return (0, 0) }
        let middle = block.minimum / 2 + block.maximum / 2
        let mean = block.sum / Double(block.count)
        let raw = mean.isFinite ? min(max(mean, block.minimum), block.maximum) : middle
        let shift = block.isWhole ? raw.rounded() : raw
        let spread = block.maximum - block.minimum
        guard spread.isFinite else { return (0, 0) }
        return (abs(shift) > spread / 2 ? shift : 0, abs(shift) > 16 * spread ? shift : 0)
    }
}
