import Statistics

/// A set of the described cases: on each axis the levels that it takes, nil for all of them.
struct Region: Hashable {
    var levels: [[Int]?]

    /// Everything.
    init(axisCount: Int) { levels = Array(repeating: nil, count: axisCount) }

    /// The axes that it restricts.
    var axes: [Int] { levels.indices.filter { levels[$0] != nil } }

    /// True when no case can lie in it.
    var isImpossible: Bool { levels.contains { $0?.isEmpty == true } }
}

/// The described cases of a release on the axes that its answers share, as a few tables with common margins whose cells
/// are the unknowns of an attacker.
final class JointSpace {
    /// The most cells of a table that no answer asks for as such.
    static let productLimit = 4096

    let axes: [AxisLevels]
    /// Each table's axes, ascending, and its cells as levels of them.
    let tables: [(axes: [Int], cells: [[Int]])]
    /// How the tables hang together: all axes that the first has in common with tables not named before it are axes of
    /// the second.
    let joints: [(first: Int, second: Int, shared: [Int])]

    /// By axis, the level of each case; and the patient of each case, not decreasing.
    private let columns: [[Int]]
    private let patientOfCase: [Int32]
    /// The cases on some of the axes only.
    private var projections: [[Int]: Projection] = [:]

    /// Patients by the combinations of levels that occur.
    private struct Projection {
        var tuples: [[Int]] = []
        var places: [[Int]: Int] = [:]
        var patients = PatientCells(cellCount: 0)
    }

    /// - Parameters:
    ///   - columns: by axis, the level of each case.
    ///   - patientOfCase: not decreasing.
    ///   - edges: the axes of each answer.
    init(axes: [AxisLevels], columns: [[Int]], patientOfCase: [Int32], edges: [Set<Int>]) {
        self.axes = axes
        self.columns = columns
        self.patientOfCase = patientOfCase
        let (maximal, joints) = Self.joined(edges, sizes: axes.map(\.possible.count))
        self.joints = joints.map {
            (first: $0.0, second: $0.1, shared: maximal[$0.0].intersection(maximal[$0.1]).sorted())
        }
        tables = maximal.map { edge in
            let ordered = edge.sorted()
            return (ordered, Self.cells(of: ordered, isAsked: edges.contains(edge), axes: axes, columns: columns))
        }
    }

    // MARK: What is true

    private func projection(_ kept: [Int]) -> Projection {
        if let known = projections[kept] { return known }
        var projection = Projection()
        let placeOfCase = patientOfCase.indices.map { index in
            let tuple = kept.map { columns[$0][index] }
            if let place = projection.places[tuple] { return place }
            projection.places[tuple] = projection.tuples.count
            projection.tuples.append(tuple)
            return projection.tuples.count - 1
        }
        projection.patients = PatientCells(cellCount: projection.tuples.count)
        var start = 0
        while start < placeOfCase.count {
            var end = start + 1
            while end < placeOfCase.count, patientOfCase[end] == patientOfCase[start] { end += 1 }
            projection.patients.add(patientCells: placeOfCase[start..<end])
            start = end
        }
        projections[kept] = projection
        return projection
    }

    private func places(of region: Region, in projection: Projection) -> [Int] {
        let sets = region.levels.compactMap { $0 }
        if sets.allSatisfy({ $0.count == 1 }) {
            return projection.places[sets.map { $0[0] }].map { [$0] } ?? []
        }
        let allowed = sets.map(Set.init)
        return projection.tuples.indices.filter { place in
            zip(projection.tuples[place], allowed).allSatisfy { $1.contains($0) }
        }
    }

    func cases(in region: Region) -> Int {
        let projection = projection(region.axes)
        return projection.patients.cases(inAnyOf: places(of: region, in: projection))
    }

    /// Which of the described cases lie in a region, ascending.
    func indices(in region: Region) -> [Int] {
        let allowed = region.axes.map { (column: columns[$0], levels: Set(region.levels[$0] ?? [])) }
        return patientOfCase.indices.filter { index in allowed.allSatisfy { $0.levels.contains($0.column[index]) } }
    }

    func patients(in region: Region) -> Int {
        let projection = projection(region.axes)
        return projection.patients.patients(inAnyOf: places(of: region, in: projection))
    }

    /// The combinations of levels on some axes, ascending, that hold a case.
    func occurring(_ kept: [Int]) -> [[Int]] { projection(kept).tuples }

    /// The cases of the patients with the most cases.
    func largestLoads(_ patients: Int) -> Int {
        var loads: [Int32: Int] = [:]
        for patient in patientOfCase { loads[patient, default: 0] += 1 }
        return loads.values.sorted(by: >).prefix(patients).reduce(0, +)
    }

    /// The true count of each cell of a table.
    func counts(ofTable table: Int) -> [Int] {
        let projection = projection(tables[table].axes)
        return tables[table].cells.map { projection.places[$0].map { projection.patients.cases(inCell: $0) } ?? 0 }
    }

    // MARK: Cells

    /// The first table that has all axes of a region, and its cells in it; nil when there is none.
    func cells(in region: Region) -> (table: Int, cells: [Int])? {
        let asked = region.axes
        guard let table = tables.firstIndex(where: { Set(asked).isSubset(of: $0.axes) }) else { return nil }
        let allowed = tables[table].axes.map { region.levels[$0].map(Set.init) }
        return (
            table,
            tables[table].cells.indices.filter { index in
                zip(tables[table].cells[index], allowed).allSatisfy { level, allowed in
                    allowed?.contains(level) ?? true
                }
            }
        )
    }

    /// All combinations of possible levels; where they are too many and no answer asks for them all, those that occur:
    /// the attacker is then taken to know which do, and more is withheld.
    private static func cells(of ordered: [Int], isAsked: Bool, axes: [AxisLevels], columns: [[Int]]) -> [[Int]] {
        let count = ordered.reduce(1) { min($0 * axes[$1].possible.count, ContingencyTable.cellLimit + 1) }
        guard count <= productLimit || (isAsked && count <= ContingencyTable.cellLimit) else {
            let cases = columns.first?.indices ?? 0..<0
            return Set(cases.map { index in ordered.map { columns[$0][index] } })
                .sorted { $0.lexicographicallyPrecedes($1) }
        }
        return ordered.reduce([[]]) { partial, axis in
            partial.flatMap { cell in axes[axis].possible.map { cell + [$0] } }
        }
    }

    // MARK: Which tables

    /// The maximal edges of an acyclic hypergraph, each but the last of which shares with the others no axis but those of
    /// the one that it is joined to: tables that agree on the shared margins then always come from one table of whole
    /// numbers. Edges of a cycle become one edge.
    /// Source: Graham 1979, Yu and Ozsoyoglu 1979 (the reduction); Beeri et al. 1983, J ACM 30:479; Atserias and Kolaitis
    /// 2021, PODS (for multisets).
    static func joined(_ edges: [Set<Int>], sizes: [Int]) -> ([Set<Int>], [(Int, Int)]) {
        var maximal: [Set<Int>] = []
        for edge in edges where !maximal.contains(where: edge.isSubset) {
            maximal.removeAll { $0.isSubset(of: edge) }
            maximal.append(edge)
        }
        if maximal.isEmpty { maximal = [[]] }
        while true {
            var left = Array(maximal.indices)
            var joints: [(Int, Int)] = []
            var isReduced = true
            while isReduced, left.count > 1 {
                isReduced = false
                for ear in left {
                    let others = left.filter { $0 != ear }
                    let shared = maximal[ear].intersection(others.reduce(into: Set()) { $0.formUnion(maximal[$1]) })
                    guard let parent = others.first(where: { shared.isSubset(of: maximal[$0]) }) else { continue }
                    joints.append((ear, parent))
                    left = others
                    isReduced = true
                    break
                }
            }
            if left.count == 1 { return (maximal, joints) }
            // The two edges of the cycle whose union is smallest become one, until none is left.
            var best: (left: Int, right: Int, size: Int)?
            for (place, first) in left.enumerated() {
                for second in left[(place + 1)...] where !maximal[first].isDisjoint(with: maximal[second]) {
                    let size = maximal[first].union(maximal[second]).reduce(1) { min($0 * max(1, sizes[$1]), 1 << 40) }
                    if size < best?.size ?? .max { best = (first, second, size) }
                }
            }
            guard let best else { return (maximal, joints) }
            let union = maximal[best.left].union(maximal[best.right])
            maximal = maximal.filter { !$0.isSubset(of: union) } + [union]
        }
    }
}
