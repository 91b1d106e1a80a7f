/// A part of a system that shares no unknown, no link and no bundle with the rest, with equal statements joined.
struct CountComponent {
    /// A count that several statements may give: the sum of the same unknowns.
    struct Cell {
        /// Local indices, ascending.
        var unknowns: [Int]
        var value: Int
        /// The largest of its statements.
        var requiredWidth: Int
        var decision: Int
    }

    /// What is published or withheld as one: a bundle, and cells that a link makes equal.
    struct Decision {
        var cells: [Int] = []
        /// Indices into the system.
        var statements: [Int] = []
        var isSensitive = false
        var isFixed = false
        var loss = 0
    }

    struct Link {
        var left: [Int]
        var right: [Int]
    }

    /// The true counts.
    var unknowns: [Int] = []
    var cells: [Cell] = []
    var links: [Link] = []
    var decisions: [Decision] = []
    /// Which cell each statement of the system gives.
    var statements: [(statement: Int, cell: Int)] = []

    var isSensitive: Bool { decisions.contains { $0.isSensitive } }
    /// Nothing protects what is both published and withheld.
    var isContradictory: Bool { decisions.contains { $0.isSensitive && $0.isFixed } }
}

/// Disjoint sets of 0..<count (Tarjan 1975, with path halving).
struct DisjointSets {
    private var parent: [Int]

    init(_ count: Int) { parent = Array(0..<count) }

    mutating func root(_ element: Int) -> Int {
        var element = element
        while parent[element] != element {
            parent[element] = parent[parent[element]]
            element = parent[element]
        }
        return element
    }

    /// The smaller root stays, so that the result does not depend on the order.
    mutating func join(_ first: Int, _ second: Int) {
        let (a, b) = (root(first), root(second))
        parent[max(a, b)] = min(a, b)
    }
}

extension CountSystem {
    /// Whether the indices are those of unknowns, the counts are not negative and the links hold.
    var isSound: Bool {
        let range = 0..<unknowns.count
        func fits(_ indices: [Int32]) -> Bool {
            indices.allSatisfy { range.contains(Int($0)) }
                && zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 }
        }
        func sum(_ indices: [Int32]) -> Int { indices.reduce(0) { $0 + unknowns[Int($1)] } }
        // A count beyond 2^40 is none of cases, and would leave the range in which a simplex is exact.
        return unknowns.allSatisfy { $0 >= 0 && $0 < 1 << 40 }
            && statements.allSatisfy {
                fits($0.unknowns) && $0.requiredWidth < 1 << 40 && $0.loss >= 0 && $0.loss < 1 << 40
            }
            && links.allSatisfy { fits($0.left) && fits($0.right) && sum($0.left) == sum($0.right) }
    }

    /// The parts that can be judged one by one, in the order of their first unknown. Statements without an unknown are
    /// zero for everyone: they are in no component.
    func components() -> [CountComponent] { merged().split() }

    /// The same system with the unknowns joined that no statement and no link tells apart: only their sum matters, and
    /// any sum of theirs can be divided.
    private func merged() -> CountSystem {
        var signatures = [[Int32]](repeating: [], count: unknowns.count)
        var number: Int32 = 0
        for list in statements.map(\.unknowns) + links.flatMap({ [$0.left, $0.right] }) {
            for unknown in list { signatures[Int(unknown)].append(number) }
            number += 1
        }
        var places: [[Int32]: Int32] = [:]
        var place = [Int32](repeating: 0, count: unknowns.count)
        var isFirst = [Bool](repeating: false, count: unknowns.count)
        var sums: [Int] = []
        for (unknown, signature) in signatures.enumerated() {
            if let known = places[signature] {
                place[unknown] = known
                sums[Int(known)] += unknowns[unknown]
            } else {
                place[unknown] = Int32(sums.count)
                places[signature] = place[unknown]
                isFirst[unknown] = true
                sums.append(unknowns[unknown])
            }
        }
        if sums.count == unknowns.count { return self }
        // Ascending as before: a joined unknown stands where its first one stood.
        func joined(_ list: [Int32]) -> [Int32] { list.filter { isFirst[Int($0)] }.map { place[Int($0)] } }
        var result = self
        result.unknowns = sums
        for index in statements.indices { result.statements[index].unknowns = joined(statements[index].unknowns) }
        result.links = links.map { Link(left: joined($0.left), right: joined($0.right)) }
        return result
    }

    private func split() -> [CountComponent] {
        var sets = DisjointSets(unknowns.count)
        func join(_ indices: [Int32]) {
            guard let first = indices.first else { return }
            for other in indices.dropFirst() { sets.join(Int(first), Int(other)) }
        }
        var bundles: [Int32: Int] = [:]
        for statement in statements {
            join(statement.unknowns)
            guard let bundle = statement.bundle, let first = statement.unknowns.first else { continue }
            if let other = bundles[bundle] {
                sets.join(other, Int(first))
            } else {
                bundles[bundle] = Int(first)
            }
        }
        for link in links {
            join(link.left)
            join(link.right)
            if let left = link.left.first, let right = link.right.first { sets.join(Int(left), Int(right)) }
        }
        var number = [Int](repeating: -1, count: unknowns.count)
        var local = [Int](repeating: 0, count: unknowns.count)
        var builders: [ComponentBuilder] = []
        for unknown in unknowns.indices {
            let root = sets.root(unknown)
            if number[root] < 0 {
                number[root] = builders.count
                builders.append(ComponentBuilder())
            }
            number[unknown] = number[root]
            local[unknown] = builders[number[unknown]].add(unknowns[unknown])
        }
        // A bundle with a statement that is zero for everyone cannot be withheld.
        let known = Set(statements.filter(\.unknowns.isEmpty).compactMap(\.bundle))
        for (index, statement) in statements.enumerated() {
            guard let first = statement.unknowns.first else { continue }
            builders[number[Int(first)]].add(
                statement, index: index, unknowns: statement.unknowns.map { local[Int($0)] },
                isFixed: statement.role == .fixed || statement.bundle.map { known.contains($0) } ?? false)
        }
        for link in links {
            guard let first = link.left.first ?? link.right.first else { continue }
            builders[number[Int(first)]].add(
                CountComponent.Link(
                    left: link.left.map { local[Int($0)] }, right: link.right.map { local[Int($0)] }))
        }
        return builders.map { $0.finished() }
    }
}

/// Collects one component.
private struct ComponentBuilder {
    private struct Entry {
        var index: Int
        var cell: Int
        var statement: Statement
        var isFixed: Bool
    }

    private var component = CountComponent()
    private var cellOf: [[Int]: Int] = [:]
    private var entries: [Entry] = []

    mutating func add(_ count: Int) -> Int {
        component.unknowns.append(count)
        return component.unknowns.count - 1
    }

    mutating func add(_ statement: Statement, index: Int, unknowns: [Int], isFixed: Bool) {
        let cell: Int
        if let known = cellOf[unknowns] {
            cell = known
        } else {
            cell = component.cells.count
            cellOf[unknowns] = cell
            component.cells.append(
                CountComponent.Cell(
                    unknowns: unknowns, value: unknowns.reduce(0) { $0 + component.unknowns[$1] }, requiredWidth: 0,
                    decision: 0))
        }
        component.cells[cell].requiredWidth = max(component.cells[cell].requiredWidth, statement.requiredWidth)
        entries.append(Entry(index: index, cell: cell, statement: statement, isFixed: isFixed))
    }

    mutating func add(_ link: CountComponent.Link) { component.links.append(link) }

    func finished() -> CountComponent {
        var component = component
        var sets = DisjointSets(component.cells.count)
        var bundles: [Int32: Int] = [:]
        for entry in entries {
            guard let bundle = entry.statement.bundle else { continue }
            if let other = bundles[bundle] { sets.join(other, entry.cell) } else { bundles[bundle] = entry.cell }
        }
        for link in component.links {
            if let left = cellOf[link.left], let right = cellOf[link.right] { sets.join(left, right) }
        }
        var decisionOf: [Int: Int] = [:]
        for cell in component.cells.indices {
            let root = sets.root(cell)
            let decision = decisionOf[root] ?? component.decisions.count
            if decision == component.decisions.count {
                decisionOf[root] = decision
                component.decisions.append(CountComponent.Decision())
            }
            component.cells[cell].decision = decision
            component.decisions[decision].cells.append(cell)
        }
        for entry in entries {
            let decision = component.cells[entry.cell].decision
            component.decisions[decision].statements.append(entry.index)
            component.statements.append((entry.index, entry.cell))
            component.decisions[decision].loss += entry.statement.loss
            if entry.statement.role == .sensitive { component.decisions[decision].isSensitive = true }
            if entry.isFixed { component.decisions[decision].isFixed = true }
        }
        return component
    }
}
