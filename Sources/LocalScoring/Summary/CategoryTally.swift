/// How often each level of a category occurs, by group where asked.
final class CategoryTally {
    /// The most distinct texts of a column without declared levels.
    static let levelLimit = 1000

    /// By group (one, without grouping) and level; the columns after the levels are those of further texts and of
    /// missing values.
    private var counts: [[Int]]
    private(set) var rows = 0

    init(groupCount: Int) { counts = [[Int]](repeating: [], count: max(groupCount, 1)) }

    private static let stride = levelLimit + 2

    /// Adds the codes of a block: -1 is a missing value, the limit a further text.
    func add(_ codes: UnsafePointer<Int64>, count: Int, grouped: GroupedRows?) {
        rows += count
        for row in 0..<count {
            let code = Int(codes[row])
            let group = grouped.map { Int($0.numbers[row]) } ?? 0
            if counts[group].isEmpty { counts[group] = [Int](repeating: 0, count: Self.stride) }
            counts[group][code < 0 ? Self.levelLimit + 1 : code] += 1
        }
    }

    /// Adds another part of the same column.
    /// - Parameters:
    ///   - numbers: our number of each of the other's groups.
    ///   - levels: our code of each of the other's levels; the limit for one too many.
    func merge(_ other: CategoryTally, numbers: [Int], levels: [Int]) {
        rows += other.rows
        for (number, row) in other.counts.enumerated() where !row.isEmpty {
            let ours = numbers.isEmpty ? 0 : numbers[number]
            if counts[ours].isEmpty { counts[ours] = [Int](repeating: 0, count: Self.stride) }
            for level in row.indices where row[level] > 0 {
                counts[ours][level < levels.count ? levels[level] : level] += row[level]
            }
        }
    }

    /// The count of a level in a group.
    func count(_ level: Int, group: Int) -> Int { counts[group].isEmpty ? 0 : counts[group][level] }
    /// The count of a level in all groups.
    func count(_ level: Int) -> Int { counts.reduce(0) { $0 + ($1.isEmpty ? 0 : $1[level]) } }
    var missing: Int { count(Self.levelLimit + 1) }
    var further: Int { count(Self.levelLimit) }
    func missing(group: Int) -> Int { count(Self.levelLimit + 1, group: group) }
    func further(group: Int) -> Int { count(Self.levelLimit, group: group) }
}
