import Suppression

/// SplitMix64: the same seed gives the same systems.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension CountSystem {
    /// Appends a table with all its margins; cells of 1 to threshold - 1 are sensitive. Returns its first unknown.
    @discardableResult
    mutating func addTable(_ sizes: [Int], _ counts: [Int], threshold: Int = 10, margins: Bool = true) -> Int {
        let offset = unknowns.count
        unknowns += counts
        for kept in (0..<(1 << sizes.count)).reversed() where margins || kept == (1 << sizes.count) - 1 {
            var groups: [Int: [Int32]] = [:]
            for index in counts.indices {
                var (rest, key, factor) = (index, 0, 1)
                for axis in sizes.indices.reversed() {
                    if kept >> axis & 1 == 1 {
                        key += rest % sizes[axis] * factor
                        factor *= sizes[axis]
                    }
                    rest /= sizes[axis]
                }
                groups[key, default: []].append(Int32(offset + index))
            }
            for key in groups.keys.sorted() { addSum(groups[key] ?? [], threshold: threshold) }
        }
        return offset
    }

    mutating func addSum(_ indices: [Int32], threshold: Int = 10, role: Statement.Role? = nil, bundle: Int32? = nil) {
        let value = indices.reduce(0) { $0 + unknowns[Int($1)] }
        statements.append(
            Statement(
                unknowns: indices, role: role ?? (value > 0 && value < threshold ? .sensitive : .open),
                requiredWidth: threshold, loss: value, bundle: bundle))
    }

    static func table(_ sizes: [Int], _ counts: [Int], threshold: Int = 10) -> CountSystem {
        var system = CountSystem()
        system.addTable(sizes, counts, threshold: threshold)
        return system
    }

    func index(of unknowns: [Int32]) -> Int? { statements.firstIndex { $0.unknowns == unknowns } }

    func secondary(_ plan: SuppressionPlan) -> [Int] {
        statements.indices.filter { plan.withheld[$0] && statements[$0].role != .sensitive }
    }

    /// Counts of which many are small.
    static func counts(_ number: Int, _ random: inout Seeded) -> [Int] {
        let mean = [3, 8, 20, 40].randomElement(using: &random) ?? 8
        return (0..<number).map { _ in
            Int.random(in: 0..<6, using: &random) == 0
                ? 0 : Int.random(in: 0...mean, using: &random) * Int.random(in: 0...4, using: &random) / 2
        }
    }
}

/// Every whole solution of a small system, by trying them all: an attacker with no algorithm to be wrong.
struct Exhaustive {
    let system: CountSystem
    private(set) var solutions: [[Int]] = []

    /// - Parameter limit: no unknown is tried above it.
    init(_ system: CountSystem, withheld: [Bool], limit: Int) {
        self.system = system
        var known: [(left: [Int32], right: [Int32], value: Int)] = []
        for (statement, isWithheld) in zip(system.statements, withheld) where !isWithheld {
            known.append((statement.unknowns, [], system.value(of: statement)))
        }
        for link in system.links { known.append((link.left, link.right, 0)) }
        var counts = [Int](repeating: 0, count: system.unknowns.count)
        func isPossible(_ upTo: Int) -> Bool {
            for equation in known {
                var (low, isOpen, hasRight) = (-equation.value, false, false)
                for index in equation.left {
                    if index < upTo { low += counts[Int(index)] } else { isOpen = true }
                }
                for index in equation.right {
                    hasRight = true
                    if index < upTo { low -= counts[Int(index)] } else { isOpen = true }
                }
                if !isOpen && low != 0 || (!hasRight && low > 0) { return false }
            }
            return true
        }
        func extend(_ next: Int) {
            guard isPossible(next) else { return }
            if next == counts.count {
                solutions.append(counts)
                return
            }
            for value in 0...limit {
                counts[next] = value
                extend(next + 1)
            }
            counts[next] = 0
        }
        extend(0)
    }

    func width(of statement: Int) -> Int {
        let values = solutions.map { solution in
            system.statements[statement].unknowns.reduce(0) { $0 + solution[Int($1)] }
        }
        return (values.max() ?? 0) - (values.min() ?? 0)
    }
}
