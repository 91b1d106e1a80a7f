import Suppression
import Testing

@Suite("Attacks on plans")
struct AttackTests {
    /// Systems small enough to try every solution.
    private func small(_ seed: Int) -> CountSystem {
        var random = Seeded(state: UInt64(seed))
        func counts(_ number: Int) -> [Int] { (0..<number).map { _ in Int.random(in: 0...3, using: &random) } }
        var system = CountSystem()
        switch seed % 4 {
        case 0: system.addTable([2, 3], counts(6), threshold: 2)
        case 1: system.addTable([2, 2, 2], counts(8), threshold: 2)
        case 2:
            let first = counts(4)
            system.addTable([2, 2], first, threshold: 2)
            // Another axis of the same rows.
            var second: [Int] = []
            for row in 0..<2 {
                let sum = first[2 * row] + first[2 * row + 1]
                let part = Int.random(in: 0...sum, using: &random)
                second += [part, sum - part]
            }
            system.addTable([2, 2], second, threshold: 2)
            system.links = [Link(left: [0, 1], right: [4, 5]), Link(left: [2, 3], right: [6, 7])]
        default:
            // Cumulative counts of two classes, and of both.
            system.unknowns = counts(6)
            for last in 0..<3 {
                let edges = (0...last).map { Int32($0) }
                system.addSum(edges, threshold: 2)
                system.addSum(edges.map { $0 + 3 }, threshold: 2)
                system.addSum(edges + edges.map { $0 + 3 }, threshold: 2)
            }
        }
        return system
    }

    /// Two more than the largest count, so that a width of 2 upwards can show.
    private func limit(_ system: CountSystem) -> Int { (system.unknowns.max() ?? 0) + 2 }

    @Test func `trying every solution never gets closer than the width`() throws {
        var protected = 0
        for seed in 0..<200 {
            let system = small(seed)
            guard let plan = SuppressionPlanner().plan(system) else {
                // Refused: then withholding everything that is open must not help.
                let all = system.statements.map { $0.role != .fixed }
                #expect(!RecoveryAudit().violations(in: system, withheld: all).isEmpty, "seed \(seed)")
                continue
            }
            guard plan.withheld.contains(true) else { continue }
            let attacker = Exhaustive(system, withheld: plan.withheld, limit: limit(system))
            for (index, isWithheld) in plan.withheld.enumerated() where isWithheld {
                #expect(attacker.width(of: index) >= 2, "seed \(seed), statement \(index)")
                protected += 1
            }
        }
        #expect(protected > 250)
    }

    @Test func `the naive plan, only the small cells, falls to the same attacker`() {
        var recovered = 0
        for seed in 0..<120 {
            let system = small(seed)
            let naive = system.statements.map { $0.role == .sensitive }
            guard naive.contains(true) else { continue }
            let attacker = Exhaustive(system, withheld: naive, limit: limit(system))
            let open = Set(RecoveryAudit().violations(in: system, withheld: naive))
            for index in naive.indices where naive[index] && attacker.width(of: index) < 2 {
                recovered += 1
                #expect(open.contains(index), "seed \(seed)")
            }
        }
        #expect(recovered > 20)
    }

    @Test func `a plan is never smaller than its optimum by one cell`() throws {
        // Publishing any one secondary cell of a complete plan of a small table gives something away, or the plan was not
        // the cheapest.
        var secondary = 0
        for seed in 0..<40 {
            var random = Seeded(state: UInt64(1_000 + seed))
            let system = CountSystem.table([4, 4], CountSystem.counts(16, &random), threshold: 5)
            let plan = try #require(SuppressionPlanner().plan(system))
            #expect(RecoveryAudit().holds(plan, for: system), "seed \(seed)")
            for index in system.secondary(plan) where system.statements[index].loss > 0 {
                secondary += 1
                var less = plan.withheld
                less[index] = false
                #expect(!RecoveryAudit().violations(in: system, withheld: less).isEmpty, "seed \(seed), \(index)")
            }
        }
        #expect(secondary > 30)
    }

    @Test func `plans of random linked and three-way tables pass the audit`() throws {
        for seed in 0..<24 {
            var random = Seeded(state: UInt64(5_000 + seed))
            var system = CountSystem()
            let counts = CountSystem.counts(12, &random)
            system.addTable([2, 2, 3], counts, threshold: 6)
            // Another table over the last axis: its first axis is the same cases.
            var next: [Int] = []
            for level in 0..<3 {
                let sum = stride(from: level, to: 12, by: 3).reduce(0) { $0 + counts[$1] }
                let part = Int.random(in: 0...sum, using: &random)
                next += [part, sum - part]
            }
            system.addTable([3, 2], next, threshold: 6)
            for level in 0..<3 {
                let place = Int32(level)
                system.links.append(
                    Link(left: stride(from: place, to: 12, by: 3).map { $0 }, right: [12 + 2 * place, 13 + 2 * place]))
            }
            let plan = try #require(SuppressionPlanner(effort: 60_000).plan(system))
            #expect(RecoveryAudit().holds(plan, for: system), "seed \(seed)")
        }
    }
}
