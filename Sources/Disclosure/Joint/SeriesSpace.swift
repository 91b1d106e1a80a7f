import Statistics
import Suppression

/// Some of the screened cases on the axes of a series.
struct SeriesRegion: Hashable {
    /// By cohort level.
    var cohorts: [Bool]
    /// By axis, where not all levels are taken: by level.
    var levels: [Int: [Bool]]
}

/// An attacker's unknowns over several releases of one snapshot: tables with common margins, as in one release
/// (`JointSpace`), over all screened cases, each with the axis of the cohorts.
struct SeriesSpace {
    /// The most cells of a table that are not those which occur, and of all tables.
    static let productLimit = 8192
    static let cellLimit = 40_000

    let axes: SeriesAxes
    /// Each table's axes, ascending.
    let tables: [[Int]]
    /// By table: the cohort level and the level on each axis.
    private let cells: [[[Int]]]
    private let starts: [Int]
    private(set) var system: CountSystem

    /// - Parameters:
    ///   - edges: the axes of each count, without the cohorts.
    /// - Returns: nil when the tables are too large.
    init?(_ axes: SeriesAxes, edges: [Set<Int>]) {
        self.axes = axes
        let (maximal, joints) = JointSpace.joined(edges, sizes: axes.axes.map(\.levels.count))
        tables = maximal.map { $0.sorted() }
        var cells: [[[Int]]] = []
        var starts: [Int] = []
        var unknowns: [Int] = []
        for table in tables {
            let counts = Self.counts(table, axes)
            let own = Self.cells(table, axes) ?? counts.keys.sorted { $0.lexicographicallyPrecedes($1) }
            starts.append(unknowns.count)
            unknowns += own.map { counts[$0] ?? 0 }
            cells.append(own)
            guard unknowns.count <= Self.cellLimit,
                unknowns.reduce(0, +) == axes.cohortOfCase.count * cells.count
            else {
                return nil
            }
        }
        self.cells = cells
        self.starts = starts
        system = CountSystem(unknowns: unknowns)
        for (first, second) in joints {
            link(first, second, shared: maximal[first].intersection(maximal[second]).sorted())
        }
    }

    private static func counts(_ table: [Int], _ axes: SeriesAxes) -> [[Int]: Int] {
        var counts: [[Int]: Int] = [:]
        for index in axes.cohortOfCase.indices {
            counts[[axes.cohortOfCase[index]] + table.map { axes.columns[$0][index] }, default: 0] += 1
        }
        return counts
    }

    /// All combinations that are told apart; nil where they are too many: then those that occur are taken, as if the
    /// attacker knew which do.
    private static func cells(_ table: [Int], _ axes: SeriesAxes) -> [[Int]]? {
        var cells: [[Int]] = []
        for cohort in axes.cohorts.indices {
            var own = [[cohort]]
            for axis in table {
                let levels = axes.levels(of: axis, in: cohort)
                guard cells.count + own.count * levels.count <= productLimit else { return nil }
                own = own.flatMap { cell in levels.map { cell + [$0] } }
            }
            cells += own
        }
        return cells.count <= productLimit ? cells : nil
    }

    /// The sum of the same levels of the shared axes, and of the same cohort, is the same in both tables.
    private mutating func link(_ first: Int, _ second: Int, shared: [Int]) {
        func grouped(_ table: Int) -> [[Int]: [Int32]] {
            let places = [0] + shared.compactMap { tables[table].firstIndex(of: $0).map { $0 + 1 } }
            return Dictionary(grouping: cells[table].indices) { cell in
                places.map { cells[table][cell][$0] }
            }
            .mapValues { $0.map { Int32(starts[table] + $0) } }
        }
        let (left, right) = (grouped(first), grouped(second))
        for key in Set(left.keys).union(right.keys).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            system.links.append(Link(left: left[key] ?? [], right: right[key] ?? []))
        }
    }

    /// What a count of a region is the sum of; nil when no table has its axes.
    func unknowns(of region: SeriesRegion) -> [Int32]? {
        let asked = region.levels.keys.sorted()
        guard let table = tables.firstIndex(where: { Set(asked).isSubset(of: $0) }) else { return nil }
        let allowed = tables[table].map { region.levels[$0] }
        return cells[table].indices.filter { index in
            let cell = cells[table][index]
            guard region.cohorts[cell[0]] else { return false }
            return zip(cell.dropFirst(), allowed).allSatisfy { level, allowed in
                allowed.map { $0[level] } ?? true
            }
        }.map { Int32(starts[table] + $0) }
    }
}

extension SeriesAxes {
    /// Where a release's statement lies; nil when it cannot be said.
    func region(of place: EarlierStatements.Place, in release: Int) -> SeriesRegion? {
        let content = releases[release]
        let cohort = Set([content.analysed] + content.failed)
        let asked = cohort.intersection(place.boxes)
        let others = Set(place.boxes).subtracting(cohort)
        // Levels are those of described cases.
        if !others.isEmpty, !place.restrictions.isEmpty || (!asked.isEmpty && asked != cohort) {
            return nil
        }
        var region = SeriesRegion(cohorts: [], levels: [:])
        var bound: [(own: Int, levels: Set<Int>)] = []
        func restrict(_ own: Int, _ isAllowed: (Int) -> Bool) -> Bool {
            for (number, axis) in axes.enumerated() {
                guard let part = axis.parts.firstIndex(where: { $0.release == release && $0.own == own })
                else { continue }
                let allowed = axis.levels.map { isAllowed($0[part]) }
                region.levels[number] =
                    region.levels[number].map { zip($0, allowed).map { $0 && $1 } } ?? allowed
                return true
            }
            return false
        }
        for restriction in place.restrictions {
            let levels = Set(restriction.levels)
            if !restrict(restriction.axis, levels.contains) { bound.append((restriction.axis, levels)) }
        }
        if !asked.isEmpty, asked != cohort {
            guard let score = content.axes.firstIndex(where: \.isScore) else { return nil }
            let first = content.axes[score].firstFailed
            let takesScored = asked.contains(content.analysed)
            guard
                restrict(
                    score,
                    { level in
                        level < first
                            ? takesScored
                            : content.failed.indices.contains(level - first)
                                && asked.contains(content.failed[level - first])
                    })
            else { return nil }
        }
        for level in cohorts {
            let box = level.boxes[release]
            guard box == content.analysed else {
                region.cohorts.append(others.contains(box))
                continue
            }
            var isIn = !asked.isEmpty
            for (own, allowed) in bound {
                guard let at = level.levels[release][own] else { return nil }
                isIn = isIn && allowed.contains(at)
            }
            region.cohorts.append(isIn)
        }
        return region
    }
}
