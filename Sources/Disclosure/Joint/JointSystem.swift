import Statistics
import Suppression

/// The counts of a release as the planner sees them: the flow's boxes, then the cells of the common tables.
struct JointSystem {
    private(set) var counts: CountSystem
    private let space: JointSpace
    /// The first unknown of each table.
    private let starts: [Int]
    private let boxCount: Int
    private var places: [Key: Int] = [:]

    private struct Key: Hashable {
        let unknowns: [Int32]
        let bundle: Int?
    }

    /// With more tables than this the number of all cases is taken to be known: then tables without a common axis have
    /// nothing to say about each other, and each group of tables is planned by itself.
    static let joinedTables = 16

    /// - Parameters:
    ///   - hasBoxes: whether the flow is told.
    ///   - joinedTables: see ``joinedTables``.
    init(views: JointViews, hasBoxes: Bool, joinedTables: Int = Self.joinedTables) {
        space = views.space
        let cases = views.cases
        boxCount = hasBoxes ? cases.boxes.count : 0
        var unknowns = (0..<boxCount).map { box in cases.boxOfCase.count { Int($0) == box } }
        var starts: [Int] = []
        for table in space.tables.indices {
            starts.append(unknowns.count)
            unknowns += space.counts(ofTable: table)
        }
        self.starts = starts
        counts = CountSystem(unknowns: unknowns)
        let splits = space.tables.count > joinedTables
        for joint in space.joints where !splits || !joint.shared.isEmpty {
            link(joint.first, joint.second, shared: joint.shared)
        }
        if splits {
            for table in space.tables.indices {
                let cells = space.tables[table].cells.indices.map { Int32(starts[table] + $0) }
                _ = add(cells, role: .fixed, width: 0, loss: 0, bundle: nil)
            }
        }
        if hasBoxes { linkBoxes(views) }
    }

    /// The sum of the same levels of the shared axes is the same in both tables.
    private mutating func link(_ first: Int, _ second: Int, shared: [Int]) {
        func grouped(_ table: Int) -> [[Int]: [Int32]] {
            let places = shared.compactMap { space.tables[table].axes.firstIndex(of: $0) }
            return Dictionary(grouping: space.tables[table].cells.indices) { cell in
                places.map { space.tables[table].cells[cell][$0] }
            }.mapValues { $0.map { Int32(starts[table] + $0) } }
        }
        let (left, right) = (grouped(first), grouped(second))
        for key in Set(left.keys).union(right.keys).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            counts.links.append(Link(left: left[key] ?? [], right: right[key] ?? []))
        }
    }

    /// The described cases are those of some boxes; the failed ones among them are a level of the score's axis.
    private mutating func linkBoxes(_ views: JointViews) {
        let cases = views.cases
        let described = (0..<boxCount).filter { cases.isDescribed(box: cases.boxes[$0]) }
        let failed = described.filter { cases.boxes[$0] != .analysed }
        let score = views.axes.firstIndex { $0.axis == .score }
        if let score, !failed.isEmpty, space.tables.contains(where: { $0.axes.contains(score) }) {
            var region = Region(axisCount: views.axes.count)
            region.levels[score] = views.axes[score].failed
            let scored = views.axes[score].possible.filter { !views.axes[score].failed.contains($0) }
            counts.links.append(Link(left: failed.map(Int32.init), right: unknowns(of: .described(region)) ?? []))
            region.levels[score] = scored
            let analysed = described.filter { !failed.contains($0) }
            counts.links.append(Link(left: analysed.map(Int32.init), right: unknowns(of: .described(region)) ?? []))
        } else {
            let all = Region(axisCount: views.axes.count)
            counts.links.append(Link(left: described.map(Int32.init), right: unknowns(of: .described(all)) ?? []))
        }
    }

    /// What a count is the sum of; nil when no case can be counted, as everybody knows.
    func unknowns(of place: JointStatement.Place) -> [Int32]? {
        switch place {
        case .boxes(let boxes): return boxCount > 0 ? boxes.map(Int32.init) : nil
        case .described(let region):
            guard !region.isImpossible, let (table, cells) = space.cells(in: region), !cells.isEmpty else { return nil }
            return cells.map { Int32(starts[table] + $0) }
        }
    }

    /// Adds a statement, or asks more of one that says the same.
    /// - Returns: its place.
    mutating func add(
        _ unknowns: [Int32], role: Statement.Role, width: Int, loss: Int, bundle: Int?
    ) -> Int {
        let key = Key(unknowns: unknowns, bundle: bundle)
        // The planner's limit, far beyond what a site holds.
        let loss = min(loss, 1 << 36)
        guard let place = places[key] else {
            places[key] = counts.statements.count
            counts.statements.append(
                Statement(
                    unknowns: unknowns, role: role, requiredWidth: width, loss: loss, bundle: bundle.map(Int32.init)))
            return counts.statements.count - 1
        }
        counts.statements[place].loss = min(counts.statements[place].loss + loss, 1 << 38)
        counts.statements[place].requiredWidth = max(counts.statements[place].requiredWidth, width)
        let roles: [Statement.Role] = [.fixed, .sensitive, .open]
        // What is published in any case is published here too.
        counts.statements[place].role = roles.first { $0 == role || $0 == counts.statements[place].role } ?? role
        return place
    }
}
