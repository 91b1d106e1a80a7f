import Statistics
import Testing

@testable import Synthesis

@Suite("Pooled counts")
struct PooledPartitionTests {
    private let rules = PooledRules(minimumCell: 10)

    @Test("Two sites, one that dominates and a small remainder are refused, each by its own rule")
    func rulesOne() {
        #expect(!rules.allows([50, 50]))
        #expect(rules.allows([50, 50, 50]))
        let small = { (count: Int) in Array(repeating: Int128(10), count: count) }
        #expect(!rules.allows([860] + small(14)))
        #expect(rules.allows([850] + small(15)))
        #expect(PooledRules(largestShare: 90, minimumCell: 10).allows([860] + small(14)))
        // The two smaller hold enough, the third alone does not: the second bounds the first within 10 %.
        #expect(!rules.allows([500, 400, 49]))
        #expect(rules.allows([500, 400, 50]))
        #expect(rules.allows([0, 0, 0]))
        #expect(rules.allows([-500, 400, 50]) && !rules.allows([-500, 400, -49]))
    }

    @Test("A count leaves nothing or enough when a site takes away its own")
    func rulesTwo() {
        #expect(rules.allows(counts: [0, 0, 0]))
        #expect(!rules.allows(counts: [3, 3, 3]))
        #expect(!rules.allows(counts: [5, 4, 5]) && rules.allows([5, 4, 5]))
        #expect(rules.allows(counts: [5, 5, 5]))
        #expect(!rules.leavesEnough([12, 9]) && rules.leavesEnough([12, 10]) && rules.leavesEnough([0, 0]))
    }

    @Test("Weaker rules than three sites cannot be asked for")
    func clamped() {
        let weak = PooledRules(minimumSites: 1, largestShare: 300, remainder: 0, minimumCell: 0)
        #expect(weak == PooledRules(minimumSites: 3, largestShare: 99, remainder: 1, minimumCell: 1))
    }

    @Test("Where the parts of a sum pass, the sum passes")
    func closed() {
        var generator = SplitMix(5)
        var seen = 0
        for _ in 0..<4000 {
            let count = Int.random(in: 3...6, using: &generator)
            let pair = (0..<2).map { _ in (0..<count).map { _ in Int.random(in: 0...60, using: &generator) } }
            guard pair.allSatisfy({ rules.allows(counts: $0) }) else { continue }
            seen += 1
            #expect(rules.allows(counts: zip(pair[0], pair[1]).map { $0 + $1 }), "\(pair)")
        }
        #expect(seen > 500)
    }

    @Test("A cell that does not pass takes the others along, and the total stays")
    func hidden() {
        let cells: [[Int?]] = [[40, 30, 50], [300, 12, 11], [20, 20, 20]]
        let totals: [Int?] = [360, 62, 81]
        let partition = PooledPartition(totals: totals, cells: cells, rules: rules)
        #expect(partition.total == .exact(503) && !partition.isWhole)
        #expect(partition.cells.allSatisfy { $0 == .between(lower: 0, upper: 503) })
    }

    @Test("Cells that a site withheld are bounds between what is known and what the total leaves")
    func withheld() {
        let cells: [[Int?]] = [[40, 30, 50, 60], [25, nil, 31, 40], [35, nil, 30, 26]]
        let partition = PooledPartition(totals: [100, 75, 111, 126], cells: cells, rules: rules)
        #expect(partition.cells[0] == .exact(180))
        // 96 and 91 are known; 45 cases lie in both cells of the second site, so bounds are multiples of 80.
        #expect(partition.cells[1] == .between(lower: 80, upper: 232 - 80))
        #expect(partition.cells[2] == .between(lower: 80, upper: 232 - 80))
        let alone = PooledPartition(totals: [nil, 75, 111, 126], cells: cells, rules: rules)
        #expect(alone.total == nil && alone.cells.allSatisfy { $0.exact == nil })
        #expect(alone.cells[0] == .between(lower: 160, upper: nil))
    }

    @Test("What withheld cells hold together must pass like a cell: one site's part would follow from the total")
    func dominatedRest() {
        let cells: [[Int?]] = [[40, 30, 50, 60], [10, 12, nil, 11], [10, 9, nil, 12]]
        // 464 in the last two cells, 400 of them the third site's.
        let partition = PooledPartition(totals: [60, 51, 450, 83], cells: cells, rules: rules)
        #expect(partition.total == .exact(644))
        #expect(partition.cells.allSatisfy { $0 == .between(lower: 0, upper: 644) })
        let even = PooledPartition(totals: [60, 51, 75, 83], cells: cells, rules: rules)
        #expect(even.cells[0] == .exact(180))
    }

    /// A table of 2 or 3 rows by 3 or 4 columns at 3...7 sites, cells withheld at random, margins released.
    private struct Sample {
        let truth: [[Int]]
        let cells: [[Int?]]
        let lines: [PooledPartition.Line]
        let sites: Int

        init(_ generator: inout SplitMix) {
            let (rows, columns) = (Int.random(in: 2...3, using: &generator), Int.random(in: 3...4, using: &generator))
            let sites = Int.random(in: 3...7, using: &generator)
            let usual = Int.random(in: 10...80, using: &generator)
            let truth = (0..<rows * columns).map { _ in
                (0..<sites).map { _ in Int.random(in: usual / 2...usual * 2, using: &generator) }
            }
            var cells = truth.map { $0.map(Optional.some) }
            for site in 0..<sites where Int.random(in: 0..<3, using: &generator) == 0 {
                // A block of four: what a gate withholds so that no margin gives a cell away.
                let (row, column) = (
                    Int.random(in: 1..<rows, using: &generator), Int.random(in: 1..<columns, using: &generator)
                )
                for cell in [0, column, row * columns, row * columns + column] { cells[cell][site] = nil }
            }
            var groups = [Array(truth.indices)]
            groups += (0..<rows).map { row in (0..<columns).map { row * columns + $0 } }
            groups += (0..<columns).map { column in (0..<rows).map { $0 * columns + column } }
            let hidesTotals = Int.random(in: 0..<8, using: &generator) == 0
            lines = groups.map { group in
                PooledPartition.Line(
                    cells: group,
                    totals: (0..<sites).map { site in
                        hidesTotals && site == 0 ? nil : group.reduce(0) { $0 + truth[$1][site] }
                    })
            }
            self.truth = truth
            self.cells = cells
            self.sites = sites
        }
    }

    @Test("Every pooled number contains the truth, withheld parts included")
    func containsTruth() {
        var generator = SplitMix(77)
        var (exact, bounded, upper) = (0, 0, 0)
        for _ in 0..<3000 {
            let sample = Sample(&generator)
            let partition = PooledPartition(lines: sample.lines, cells: sample.cells, rules: rules)
            for (cell, number) in partition.cells.enumerated() {
                let truth = sample.truth[cell].reduce(0, +)
                #expect(number.contains(truth), "\(number) of \(truth)")
                switch number {
                case .exact: exact += 1
                case .between(let lower, let most):
                    if lower > 0 { bounded += 1 }
                    if most != nil { upper += 1 }
                }
            }
        }
        #expect(exact > 5000 && bounded > 1000 && upper > 1000)
    }

    @Test("A site that takes away its own never bounds what another withheld within t or p per cent")
    func attack() {
        var generator = SplitMix(78)
        var naive = 0
        var tried = 0
        for _ in 0..<3000 {
            let sample = Sample(&generator)
            let silent = (0..<sample.sites).filter { site in sample.cells.contains { $0[site] == nil } }
            guard silent.count == 1, let victim = silent.first else { continue }
            let partition = PooledPartition(lines: sample.lines, cells: sample.cells, rules: rules)
            guard partition.cells.contains(where: { $0.exact != nil }) else { continue }
            for line in sample.lines {
                let open = line.cells.filter { sample.cells[$0][victim] == nil }
                guard !open.isEmpty, let totals = line.knownTotals else { continue }
                let total = totals.reduce(0, +)
                let withheld = open.reduce(0) { $0 + sample.truth[$1][victim] }
                tried += 1
                // A naive view shows the sums of what is known: the rest of the line is the victim's.
                let known = line.cells.reduce(0) { sum, cell in
                    sum + sample.cells[cell].reduce(0) { $0 + ($1 ?? 0) }
                }
                if total - known == withheld { naive += 1 }
                var (least, most) = (0, 0)
                for number in line.cells.map({ partition.cells[$0] }) {
                    switch number {
                    case .exact(let value): (least, most) = (least + value, most + value)
                    case .between(let lower, _):
                        // All but the lower bound may be the victim's, or none of it.
                        (least, most) = (least + lower, most + total)
                    }
                }
                let upper = total - least
                #expect(upper >= withheld && most >= total)
                #expect(upper >= rules.minimumCell && (upper - withheld) * 100 >= withheld * rules.remainder)
            }
        }
        #expect(tried > 500 && naive == tried)
    }

    @Test("No shown count leaves a site less than t of the others, nor another site's part within p per cent")
    func shownPass() {
        var generator = SplitMix(79)
        var shown = 0
        for _ in 0..<2000 {
            let sample = Sample(&generator)
            let partition = PooledPartition(lines: sample.lines, cells: sample.cells, rules: rules)
            for (cell, number) in partition.cells.enumerated() {
                guard let total = number.exact else { continue }
                shown += 1
                let parts = sample.truth[cell]
                for own in parts.indices {
                    let left = total - parts[own]
                    #expect(left == 0 || left >= 10)
                    for other in parts.indices where other != own {
                        #expect((left - parts[other]) * 10 >= parts[other])
                    }
                }
            }
        }
        #expect(shown > 3000)
    }
}
