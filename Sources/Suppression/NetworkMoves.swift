/// Moves of a network: circulations through the edge of a cell. An edge can always carry more, and as much less as its
/// count.
final class NetworkMoves: MoveSource {
    private let network: CountNetwork
    private var flow: [Int]
    private var touched: [Int] = []
    private var distance: [Double]
    private var arrival: [Int]
    private var isDone: [Bool]
    private let stepsPerPath: Int

    init(_ network: CountNetwork) {
        self.network = network
        flow = [Int](repeating: 0, count: network.edges.count)
        distance = [Double](repeating: 0, count: network.nodeCount)
        arrival = [Int](repeating: 0, count: network.nodeCount)
        isDone = [Bool](repeating: false, count: network.nodeCount)
        stepsPerPath = 2 + network.edges.count / 64
    }

    func push(_ cell: Int, by amount: Int, cost: [Double], steps: StepCounter) -> Push {
        let target = network.edgeOf[cell]
        let edge = network.edges[target]
        let isUp = amount > 0
        let whole = isUp ? amount : min(-amount, edge.value)
        let (source, sink) = isUp ? (edge.head, edge.tail) : (edge.tail, edge.head)
        var need = whole
        var isFarthest = true
        while need > 0 {
            if steps.isSpent {
                isFarthest = false
                break
            }
            steps.spend(stepsPerPath)
            let found = path(from: source, to: sink, without: target, need: need, cost: cost)
            guard found > 0 else { break }
            let moved = min(found, need)
            var node = sink
            while node != source {
                let arc = arrival[node]
                let index = arc >> 1
                if flow[index] == 0 { touched.append(index) }
                flow[index] += arc & 1 == 0 ? moved : -moved
                node = arc & 1 == 0 ? network.edges[index].tail : network.edges[index].head
            }
            need -= moved
        }
        var move = Move()
        if need < whole {
            flow[target] = isUp ? whole - need : need - whole
            touched.append(target)
        }
        for index in touched where flow[index] != 0 {
            let edge = network.edges[index]
            if edge.cell >= 0 {
                move.cells.append(edge.cell)
                move.deltas.append(flow[index])
            }
            if edge.unknown >= 0 {
                move.unknowns.append(edge.unknown)
                move.unknownDeltas.append(flow[index])
            }
            flow[index] = 0
        }
        touched.removeAll(keepingCapacity: true)
        return Push(move: need < whole ? move : nil, reached: whole - need, isFarthest: isFarthest)
    }

    /// The cheapest way for what is still needed (Dijkstra 1959, in the square of the nodes), and how much it carries;
    /// 0: there is none. An edge that carries less than the need counts as often as it would have to be used.
    private func path(from source: Int, to sink: Int, without target: Int, need: Int, cost: [Double]) -> Int {
        let nodeCount = network.nodeCount
        let wanted = Double(need)
        return network.edges.withUnsafeBufferPointer { edges in
            network.starts.withUnsafeBufferPointer { starts in
                network.arcs.withUnsafeBufferPointer { arcs in
                    network.ends.withUnsafeBufferPointer { ends in
                        for node in 0..<nodeCount {
                            distance[node] = .infinity
                            isDone[node] = false
                        }
                        distance[source] = 0
                        while true {
                            var node = -1
                            var least = Double.infinity
                            for other in 0..<nodeCount where !isDone[other] && distance[other] < least {
                                node = other
                                least = distance[other]
                            }
                            if node < 0 { return 0 }
                            if node == sink { break }
                            isDone[node] = true
                            for position in starts[node]..<starts[node + 1] {
                                let end = ends[position]
                                if isDone[end] { continue }
                                let arc = arcs[position]
                                let index = arc >> 1
                                if index == target { continue }
                                let edge = edges[index]
                                let price = edge.cell < 0 || flow[index] != 0 ? 0 : cost[edge.cell]
                                if price == .infinity { continue }
                                var far = least + 1e-6
                                if arc & 1 == 1 {
                                    let capacity = edge.value + flow[index]
                                    if capacity <= 0 { continue }
                                    let times = max(1, wanted / Double(capacity))
                                    far += price * times + 1e-4 * (times - 1)
                                } else {
                                    far += price
                                }
                                if far < distance[end] {
                                    distance[end] = far
                                    arrival[end] = arc
                                }
                            }
                        }
                        var carried = need
                        var node = sink
                        while node != source {
                            let arc = arrival[node]
                            let edge = edges[arc >> 1]
                            if arc & 1 == 1 {
                                carried = min(carried, edge.value + flow[arc >> 1])
                                node = edge.head
                            } else {
                                node = edge.tail
                            }
                        }
                        return carried
                    }
                }
            }
        }
    }

    // MARK: Cuts

    func cut(_ cell: Int, width: Int, shares: [Double], steps: StepCounter) -> WidthCut? {
        let target = network.edgeOf[cell]
        let edge = network.edges[target]
        let wanted = Double(width)
        let (up, upCut) = maximum(
            from: edge.head, to: edge.tail, without: target, limit: wanted, shares: shares, steps: steps)
        if up >= wanted * shares[cell] - 1e-7 { return nil }
        let reach = min(wanted, Double(edge.value))
        let (down, downCut) = maximum(
            from: edge.tail, to: edge.head, without: target, limit: reach, shares: shares, steps: steps)
        if up + down >= wanted * shares[cell] - 1e-7 { return nil }
        var coefficients: [Int: Double] = [:]
        var free = 0.0
        let isCut = down < reach - 1e-7
        if !isCut { free += reach }
        for arc in isCut ? upCut + downCut : upCut {
            let edge = network.edges[arc >> 1]
            let size = arc & 1 == 0 ? Double.infinity : Double(edge.value)
            if edge.cell < 0 { free += size } else { coefficients[edge.cell, default: 0] += size }
        }
        let cells = coefficients.keys.sorted()
        return WidthCut(free: free, cells: cells, coefficients: cells.map { coefficients[$0] ?? 0 })
    }

    /// The maximum flow where each edge has its share of its capacity, up to a limit, and the arcs of a minimum cut.
    private func maximum(
        from source: Int, to sink: Int, without target: Int, limit: Double, shares: [Double], steps: StepCounter
    ) -> (Double, [CountNetwork.Arc]) {
        var flow = [Double](repeating: 0, count: network.edges.count)
        func capacity(_ arc: Int) -> Double {
            let edge = network.edges[arc >> 1]
            if arc >> 1 == target { return 0 }
            let share = edge.cell < 0 ? 1 : shares[edge.cell]
            return arc & 1 == 0
                ? limit * share - flow[arc >> 1] : min(limit, Double(edge.value)) * share + flow[arc >> 1]
        }
        var carried = 0.0
        var arrival = [Int](repeating: -1, count: network.nodeCount)
        while true {
            steps.spend(stepsPerPath)
            for node in arrival.indices { arrival[node] = -1 }
            var queue = [source]
            var next = 0
            while next < queue.count, arrival[sink] < 0 {
                let node = queue[next]
                next += 1
                for position in network.starts[node]..<network.starts[node + 1] {
                    let end = network.ends[position]
                    if end == source || arrival[end] >= 0 || capacity(network.arcs[position]) <= 1e-9 { continue }
                    arrival[end] = network.arcs[position]
                    queue.append(end)
                }
            }
            guard arrival[sink] >= 0 else { break }
            var moved = limit - carried
            var node = sink
            while node != source {
                moved = min(moved, capacity(arrival[node]))
                let edge = network.edges[arrival[node] >> 1]
                node = arrival[node] & 1 == 0 ? edge.tail : edge.head
            }
            node = sink
            while node != source {
                let arc = arrival[node]
                flow[arc >> 1] += arc & 1 == 0 ? moved : -moved
                node = arc & 1 == 0 ? network.edges[arc >> 1].tail : network.edges[arc >> 1].head
            }
            carried += moved
            if carried >= limit - 1e-9 { return (limit, []) }
        }
        let isReached = arrival.indices.map { $0 == source || arrival[$0] >= 0 }
        var cut: [Int] = []
        for node in arrival.indices where isReached[node] {
            for position in network.starts[node]..<network.starts[node + 1]
            where !isReached[network.ends[position]] && network.arcs[position] >> 1 != target {
                cut.append(network.arcs[position])
            }
        }
        return (carried, cut)
    }
}
