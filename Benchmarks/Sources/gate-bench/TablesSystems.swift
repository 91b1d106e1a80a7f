internal import Draws
internal import Suppression

/// Random tables with margins, as the gate would state them.
struct TablesSystems {
    var draws: Draws
    let threshold = 10
    private var system = CountSystem()

    init(seed: UInt64) { draws = Draws(seed: seed) }

    /// Tables of two axes that share nothing.
    mutating func unlinked(count: Int, rows: Int, columns: Int, mean: Double) -> CountSystem {
        system = CountSystem()
        for _ in 0..<count { addTable([rows, columns], counts: (0..<rows * columns).map { _ in cell(mean: mean) }) }
        return system
    }

    /// Table k is over the axes k, k + 1 and k + 2: neighbours share the margin over two axes, all of the same cases.
    /// The counts are those of a chain, so that the margins agree.
    mutating func chain(count: Int, levels: Int, mean: Double) -> CountSystem {
        system = CountSystem()
        var table = (0..<levels * levels * levels).map { _ in cell(mean: mean) }
        var offsets = [addTable([levels, levels, levels], counts: table)]
        for _ in 1..<max(1, count) {
            var next = [Int](repeating: 0, count: table.count)
            for b in 0..<levels {
                for c in 0..<levels {
                    // The cases of (b, c) spread over the new axis.
                    let shared = (0..<levels).reduce(0) { $0 + table[($1 * levels + b) * levels + c] }
                    let shares = (0..<levels).map { _ in draws.uniform() + 0.05 }
                    let whole = shares.reduce(0, +)
                    for _ in 0..<shared {
                        var point = draws.uniform() * whole
                        var level = 0
                        while level < levels - 1, point > shares[level] {
                            point -= shares[level]
                            level += 1
                        }
                        next[(b * levels + c) * levels + level] += 1
                    }
                }
            }
            table = next
            let before = offsets[offsets.count - 1]
            let offset = addTable([levels, levels, levels], counts: table)
            for b in 0..<levels {
                for c in 0..<levels {
                    system.links.append(
                        Link(
                            left: (0..<levels).map { Int32(before + ($0 * levels + b) * levels + c) },
                            right: (0..<levels).map { Int32(offset + (b * levels + c) * levels + $0) }))
                }
            }
            offsets.append(offset)
        }
        return system
    }

    /// Skewed, as counts of patients are: an exponential variate, rounded down.
    private mutating func cell(mean: Double) -> Int { Int(draws.gamma(shape: 1) * mean) }

    /// All cells and all margins of a table. Returns the index of its first unknown.
    @discardableResult
    private mutating func addTable(_ sizes: [Int], counts: [Int]) -> Int {
        let offset = system.unknowns.count
        system.unknowns += counts
        for kept in 0..<(1 << sizes.count) {
            var groups: [Int: [Int32]] = [:]
            for index in counts.indices {
                var rest = index
                var key = 0
                for axis in sizes.indices.reversed() {
                    if kept >> axis & 1 == 1 { key = key * sizes[axis] + rest % sizes[axis] }
                    rest /= sizes[axis]
                }
                groups[key, default: []].append(Int32(offset + index))
            }
            for key in groups.keys.sorted() {
                let unknowns = groups[key] ?? []
                let value = unknowns.reduce(0) { $0 + system.unknowns[Int($1)] }
                system.statements.append(
                    Statement(
                        unknowns: unknowns, role: value > 0 && value < threshold ? .sensitive : .open,
                        requiredWidth: threshold, loss: value))
            }
        }
        return offset
    }
}
