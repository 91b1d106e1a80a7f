/// A component as a network: when its statements are two families in which sets are disjoint or nested (the rows and the
/// columns of a table, with their totals; the cumulative counts of a histogram), every statement is the flow along one
/// edge, and the attacker's bounds are maximum flows. The matrix is totally unimodular: the bounds of the linear program
/// are those in whole numbers. Source: Ford and Fulkerson 1962; for two-way tables Gusfield 1988, SIAM J Comput 17:552.
struct CountNetwork {
    struct Edge {
        var tail: Int
        var head: Int
        var value: Int
        /// -1: no statement says it.
        var cell: Int
        /// -1: it carries a sum.
        var unknown = -1
    }

    /// Twice the index of an edge, and 1 when it is walked against its direction.
    typealias Arc = Int

    private(set) var nodeCount = 2
    private(set) var edges: [Edge] = []
    private(set) var edgeOf: [Int] = []
    /// The arcs that leave each node: `arcs[starts[node]..<starts[node + 1]]`.
    private(set) var starts: [Int] = []
    private(set) var arcs: [Arc] = []
    /// The node at the end of each arc.
    private(set) var ends: [Int] = []

    /// nil when the component is no such network.
    init?(_ component: CountComponent) {
        guard component.links.isEmpty else { return nil }
        let count = component.unknowns.count
        let sets = component.cells.indices.filter {
            component.cells[$0].unknowns.count > 1 && component.cells[$0].unknowns.count < count
        }
        guard sets.count <= 1_500, let families = Self.families(of: sets.map { component.cells[$0].unknowns }, count)
        else { return nil }
        edgeOf = [Int](repeating: -1, count: component.cells.count)
        // Within a family the larger set is the parent; the smallest set of each unknown so far is where it hangs.
        var hanging = [[Int](repeating: 0, count: count), [Int](repeating: 1, count: count)]
        let order = sets.indices.sorted {
            let (a, b) = (component.cells[sets[$0]].unknowns.count, component.cells[sets[$1]].unknowns.count)
            return (b, $0) < (a, $1)
        }
        for position in order {
            let cell = component.cells[sets[position]]
            guard let first = cell.unknowns.first else { continue }
            let family = families[position]
            let parent = hanging[family][first]
            let node = nodeCount
            nodeCount += 1
            append(
                family == 0
                    ? Edge(tail: parent, head: node, value: cell.value, cell: sets[position])
                    : Edge(tail: node, head: parent, value: cell.value, cell: sets[position]))
            for unknown in cell.unknowns { hanging[family][unknown] = node }
        }
        var single = [Int](repeating: -1, count: count)
        var total = -1
        for (index, cell) in component.cells.enumerated() {
            if cell.unknowns.count == count { total = index }
            if cell.unknowns.count == 1, let unknown = cell.unknowns.first { single[unknown] = index }
        }
        if count == 1 { total = -1 }
        for unknown in 0..<count {
            append(
                Edge(
                    tail: hanging[0][unknown], head: hanging[1][unknown], value: component.unknowns[unknown],
                    cell: single[unknown], unknown: unknown))
        }
        append(Edge(tail: 1, head: 0, value: component.unknowns.reduce(0, +), cell: total))
        finish()
    }

    private mutating func append(_ edge: Edge) {
        if edge.cell >= 0 { edgeOf[edge.cell] = edges.count }
        edges.append(edge)
    }

    private mutating func finish() {
        starts = [Int](repeating: 0, count: nodeCount + 1)
        for edge in edges {
            starts[edge.tail + 1] += 1
            starts[edge.head + 1] += 1
        }
        for node in 0..<nodeCount { starts[node + 1] += starts[node] }
        var next = starts
        arcs = [Arc](repeating: 0, count: 2 * edges.count)
        ends = arcs
        for (index, edge) in edges.enumerated() {
            arcs[next[edge.tail]] = 2 * index
            ends[next[edge.tail]] = edge.head
            next[edge.tail] += 1
            arcs[next[edge.head]] = 2 * index + 1
            ends[next[edge.head]] = edge.tail
            next[edge.head] += 1
        }
    }

    /// 0 or 1 for each set, so that sets which cross (share unknowns, and neither holds the other) differ; nil: there is
    /// no such choice.
    private static func families(of sets: [[Int]], _ count: Int) -> [Int]? {
        var holding = [[Int]](repeating: [], count: count)
        for (index, set) in sets.enumerated() {
            for unknown in set { holding[unknown].append(index) }
        }
        let size = sets.count
        var common = [Int32](repeating: 0, count: size * size)
        for list in holding {
            for (position, a) in list.enumerated() {
                for b in list[(position + 1)...] { common[a * size + b] += 1 }
            }
        }
        var crossing = [[Int]](repeating: [], count: size)
        for a in 0..<size {
            for b in (a + 1)..<max(size, a + 1) {
                let shared = Int(common[a * size + b])
                if shared > 0, shared < min(sets[a].count, sets[b].count) {
                    crossing[a].append(b)
                    crossing[b].append(a)
                }
            }
        }
        var family = [Int](repeating: -1, count: size)
        for start in 0..<size where family[start] < 0 {
            family[start] = 0
            var stack = [start]
            while let set = stack.popLast() {
                for other in crossing[set] {
                    if family[other] < 0 {
                        family[other] = 1 - family[set]
                        stack.append(other)
                    } else if family[other] == family[set] {
                        return nil
                    }
                }
            }
        }
        return family
    }
}
