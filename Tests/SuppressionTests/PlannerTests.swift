import Suppression
import Testing

@Suite("Suppression plans")
struct PlannerTests {
    private let planner = SuppressionPlanner()
    private let audit = RecoveryAudit()

    @Test func `a table without a small count is published whole`() throws {
        let system = CountSystem.table([2, 2], [10, 12, 0, 40])
        let plan = try #require(planner.plan(system))
        #expect(!plan.withheld.contains(true))
        #expect(plan.isComplete)
    }

    @Test func `one small cell needs three others, and a rectangle is all that is withheld`() throws {
        let system = CountSystem.table([3, 3], [4, 20, 30, 20, 20, 30, 30, 30, 90])
        let plan = try #require(planner.plan(system))
        #expect(audit.holds(plan, for: system))
        #expect(system.secondary(plan).map { system.statements[$0].unknowns } == [[1], [3], [4]])
    }

    @Test func `a secondary cell that is too small does not serve`() throws {
        // Subtracting the margins bounds the cell by the smallest count on the other diagonal: sdcTools issue 136.
        let system = CountSystem.table([3, 3], [4, 0, 60, 1, 50, 60, 60, 70, 60], threshold: 5)
        var naive = system.statements.map { $0.role == .sensitive }
        for cell in [0, 1, 3, 4] { naive[try #require(system.index(of: [Int32(cell)]))] = true }
        let open = audit.violations(in: system, withheld: naive)
        #expect(open.contains(try #require(system.index(of: [0]))))
        let plan = try #require(planner.plan(system))
        #expect(audit.holds(plan, for: system))
        #expect(plan.isComplete)
    }

    @Test func `a zero is withheld when that costs less`() throws {
        // Across the corner from the small cell: when that grows, the zero grows with it.
        let system = CountSystem.table([3, 3], [2, 30, 500, 31, 0, 500, 500, 400, 300], threshold: 3)
        let plan = try #require(planner.plan(system))
        #expect(system.secondary(plan).map { system.statements[$0].unknowns } == [[1], [3], [4]])
        #expect(audit.holds(plan, for: system))
        // Beside it, it cannot shrink, so it does not help.
        let other = CountSystem.table([3, 3], [2, 0, 500, 31, 30, 500, 500, 400, 300], threshold: 3)
        var naive = other.statements.map { $0.role == .sensitive }
        for cell in [1, 3, 4] { naive[try #require(other.index(of: [Int32(cell)]))] = true }
        #expect(!audit.violations(in: other, withheld: naive).isEmpty)
    }

    @Test func `a margin that is small is withheld with what gives it`() throws {
        let system = CountSystem.table([2, 3], [2, 30, 40, 3, 50, 60])
        let plan = try #require(planner.plan(system))
        #expect(plan.withheld[try #require(system.index(of: [0, 3]))])
        #expect(audit.holds(plan, for: system))
    }

    @Test func `two copies of one count are withheld together`() throws {
        var system = CountSystem.table([2, 2], [4, 30, 30, 30])
        system.addSum([0], role: .open)
        system.addSum([1], role: .open)
        let plan = try #require(planner.plan(system))
        for copies in [[0], [1]] as [[Int32]] {
            let all = system.statements.indices.filter { system.statements[$0].unknowns == copies }
            #expect(Set(all.map { plan.withheld[$0] }).count == 1)
        }
        #expect(audit.holds(plan, for: system))
        // Publishing only one of the copies is a leak that the audit sees.
        var leak = plan.withheld
        leak[leak.count - 2] = false
        #expect(!audit.violations(in: system, withheld: leak).isEmpty)
    }

    @Test func `a bundle is withheld as a whole, also across tables that share nothing`() throws {
        var system = CountSystem(unknowns: [4, 40, 50, 60])
        system.addSum([0], bundle: 7)
        system.addSum([2], bundle: 7)
        system.addSum([1])
        system.addSum([3])
        system.addSum([0, 1])
        system.addSum([2, 3])
        let plan = try #require(planner.plan(system))
        #expect(plan.withheld[0] && plan.withheld[1])
        #expect(audit.holds(plan, for: system))
        // Each needs a partner of its own.
        #expect(plan.withheld[2] || plan.withheld[4])
        #expect(plan.withheld[3] || plan.withheld[5])
    }

    @Test func `a count that fixed ones give away cannot be protected`() {
        var system = CountSystem(unknowns: [4, 40])
        system.addSum([0])
        system.addSum([1], role: .fixed)
        system.addSum([0, 1], role: .fixed)
        #expect(planner.plan(system) == nil)
        var twice = CountSystem(unknowns: [4, 40])
        twice.addSum([0])
        twice.addSum([0], role: .fixed)
        #expect(planner.plan(twice) == nil)
        var nothing = CountSystem(unknowns: [4])
        nothing.addSum([], role: .sensitive)
        #expect(planner.plan(nothing) == nil)
    }

    @Test func `a system that is not sound has no plan`() {
        var system = CountSystem.table([2, 2], [10, 20, 30, 40])
        system.links = [Link(left: [0], right: [1])]
        #expect(planner.plan(system) == nil)
        system.links = []
        system.statements[0].unknowns = [9]
        #expect(planner.plan(system) == nil)
        system.statements[0].unknowns = [1, 1]
        #expect(planner.plan(system) == nil)
        system = CountSystem.table([2, 2], [10, 20, 30, 40])
        system.unknowns[0] = -1
        #expect(planner.plan(system) == nil)
    }

    @Test func `without steps everything is withheld, and the plan says so`() throws {
        for seed in 1...6 {
            var random = Seeded(state: UInt64(seed))
            var system = CountSystem.table([3, 4], CountSystem.counts(12, &random))
            system.addTable([2, 2, 2], [3, 20, 20, 20, 20, 20, 20, 20])
            let plan = try #require(SuppressionPlanner(effort: 0).plan(system))
            #expect(!plan.isComplete)
            #expect(audit.holds(plan, for: system))
            let full = try #require(planner.plan(system))
            #expect(full.isComplete)
            // More, never less.
            #expect(zip(full.withheld, plan.withheld).allSatisfy { !$0 || $1 })
        }
    }

    @Test func `unknowns that nothing tells apart count as one`() throws {
        // Cells of patients by a third axis of which nothing is stated.
        for seed in 1...8 {
            var random = Seeded(state: UInt64(seed))
            let plain = CountSystem.table([3, 3], CountSystem.counts(9, &random))
            var divided = CountSystem()
            for count in plain.unknowns {
                let part = Int.random(in: 0...count, using: &random)
                divided.unknowns += [part, 0, count - part]
            }
            divided.statements = plain.statements
            for index in plain.statements.indices {
                divided.statements[index].unknowns = plain.statements[index].unknowns.flatMap {
                    [3 * $0, 3 * $0 + 1, 3 * $0 + 2]
                }
            }
            #expect(planner.plan(divided) == planner.plan(plain))
            let plan = try #require(planner.plan(divided))
            #expect(audit.holds(plan, for: divided))
        }
    }

    @Test func `the same system has the same plan`() {
        var random = Seeded(state: 5)
        let system = CountSystem.table([3, 3, 3], CountSystem.counts(27, &random))
        #expect(planner.plan(system) == planner.plan(system))
    }

    @Test func `a margin that two tables share is withheld in both`() throws {
        // Rows of both tables: 7 and 60 cases.
        var system = CountSystem()
        system.addTable([2, 2], [7, 0, 30, 30])
        system.addTable([2, 3], [0, 7, 0, 20, 20, 20])
        system.links = [Link(left: [0, 1], right: [4, 5, 6]), Link(left: [2, 3], right: [7, 8, 9])]
        let plan = try #require(planner.plan(system))
        #expect(plan.withheld[try #require(system.index(of: [0, 1]))])
        #expect(plan.withheld[try #require(system.index(of: [4, 5, 6]))])
        #expect(audit.holds(plan, for: system))
        // A plan that forgets the link is seen through.
        var unlinked = system
        unlinked.links = []
        unlinked.statements = Array(unlinked.statements.prefix(9))
        let first = try #require(planner.plan(unlinked))
        var naive = first.withheld + system.statements.dropFirst(9).map { $0.role == .sensitive }
        naive[try #require(system.index(of: [4, 5, 6]))] = false
        #expect(!audit.violations(in: system, withheld: naive).isEmpty)
    }
}
