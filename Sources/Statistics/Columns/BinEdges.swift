/// Strictly ascending edges of bins `[a, b)`, the last one closed.
struct BinEdges: Hashable, Sendable {
    let edges: [Int64]

    /// The number of bins.
    var count: Int { edges.count - 1 }

    init(_ edges: [Int64]) throws(StatisticsError) {
        guard edges.count >= 2, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw StatisticsError(.malformedEdges, "edges must ascend strictly and be at least two")
        }
        self.edges = edges
    }

    /// The bin of a value, nil outside the outer edges.
    func bin(of value: Int64) -> Int? {
        edges.withUnsafeBufferPointer { edges in
            let bin = Self.bin(of: value, in: edges)
            return bin < 0 ? nil : bin
        }
    }

    /// The bin of a value, or -1 outside the outer edges.
    @inline(__always)
    static func bin(of value: Int64, in edges: UnsafeBufferPointer<Int64>) -> Int {
        let last = edges.count - 1
        guard value >= edges[0], value <= edges[last] else { return -1 }
        // The largest index below `last` whose edge is not above the value.
        var low = 0
        var width = last
        while width > 1 {
            let half = width >> 1
            low = edges[low + half] <= value ? low + half : low
            width -= half
        }
        return low
    }
}
