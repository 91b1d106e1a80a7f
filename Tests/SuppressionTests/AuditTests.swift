import Suppression
import Testing

@Suite("Recovery audit")
struct AuditTests {
    private let audit = RecoveryAudit()

    private func published(_ system: CountSystem, but withheld: [[Int32]]) -> [Bool] {
        system.statements.map { !withheld.contains($0.unknowns) }
    }

    @Test func `a cell that a margin gives has no width`() throws {
        let system = CountSystem.table([2, 2], [4, 30, 30, 30])
        let cell = try #require(system.index(of: [0]))
        let interval = try #require(audit.interval(of: cell, in: system, published: published(system, but: [[0]])))
        #expect(interval == RecoveryInterval(values: 4...4, isExact: true, isUnbounded: false))
        #expect(audit.violations(in: system, withheld: published(system, but: [[0]]).map { !$0 }) == [cell])
    }

    @Test func `in a rectangle the smaller diagonal bounds`() throws {
        let system = CountSystem.table([3, 3], [4, 20, 30, 6, 15, 30, 30, 30, 90])
        let hidden = published(system, but: [[0], [1], [3], [4]])
        let cell = try #require(system.index(of: [0]))
        let interval = try #require(audit.interval(of: cell, in: system, published: hidden))
        // 4 less 4, and 4 more 6.
        #expect(interval.values == 0...10)
        #expect(interval.isExact && !interval.isUnbounded && interval.width == 10)
    }

    @Test func `without a total nothing bounds from above`() throws {
        var system = CountSystem(unknowns: [4, 30])
        system.addSum([0])
        system.addSum([1])
        let interval = try #require(
            audit.interval(of: 0, in: system, published: [false, true], reach: 1_000))
        #expect(interval.values == 0...1_004)
        #expect(interval.isUnbounded)
    }

    @Test func `a three-way table has intervals in whole numbers`() throws {
        // All two-way margins are published: the cells move only together, by one sign pattern.
        let system = CountSystem.table([2, 2, 2], [3, 9, 8, 2, 7, 4, 5, 6])
        let hidden = system.statements.map { $0.unknowns.count > 1 }
        let cell = try #require(system.index(of: [0]))
        let interval = try #require(audit.interval(of: cell, in: system, published: hidden))
        // The signs of 0, 3, 5, 6 go down together by at most 2, those of 1, 2, 4, 7 by at most 6.
        #expect(interval.values == 1...9)
        #expect(interval.isExact)
    }

    @Test func `half a case is not a solution`() throws {
        // Each pair of three unknowns sums to 2 x more than single cells: a + b, b + c, a + c known fix all; with one
        // sum hidden the interval is in steps of one.
        var system = CountSystem(unknowns: [1, 1, 1])
        system.addSum([0], threshold: 1, role: .sensitive)
        for pair in [[0, 1], [1, 2], [0, 2]] as [[Int32]] { system.addSum(pair, threshold: 1, role: .fixed) }
        #expect(audit.violations(in: system, withheld: [true, false, false, false]) == [0])
        #expect(SuppressionPlanner().plan(system) == nil)
    }

    @Test func `a whole width is asked for where the linear program has a broken one`() throws {
        // x + y + z = 1 with every pair at most 1 by slack: the linear bound of 2 x (sum) is broken.
        var system = CountSystem(unknowns: [1, 0, 0, 0, 0, 1])
        // a + b + p = 1, b + c + q = 1 and a + c + r = 1: the program allows a = b = c = 1/2, whole numbers a sum of 1.
        for triple in [[0, 1, 3], [1, 2, 4], [0, 2, 5]] as [[Int32]] { system.addSum(triple, role: .fixed) }
        system.unknowns = [1, 0, 0, 0, 1, 0]
        let sum = CountSystem(
            unknowns: system.unknowns,
            statements: system.statements + [
                Statement(unknowns: [0, 1, 2], role: .sensitive, requiredWidth: 2, loss: 1)
            ])
        let interval = try #require(audit.interval(of: 3, in: sum, published: [true, true, true, false]))
        #expect(interval.values == 0...1)
        #expect(audit.violations(in: sum, withheld: [false, false, false, true]) == [3])
    }

    @Test func `a torn bundle and a published sensitive count do not hold`() {
        var system = CountSystem(unknowns: [4, 40])
        system.addSum([0], bundle: 1)
        system.addSum([1], bundle: 1)
        #expect(!audit.holds(SuppressionPlan(withheld: [true, false], isComplete: true), for: system))
        #expect(!audit.holds(SuppressionPlan(withheld: [false, false], isComplete: true), for: system))
        #expect(audit.holds(SuppressionPlan(withheld: [true, true], isComplete: true), for: system))
        #expect(!audit.holds(SuppressionPlan(withheld: [true], isComplete: true), for: system))
    }

    @Test func `without steps nothing is proven`() {
        let system = CountSystem.table([3, 3], [4, 20, 30, 20, 20, 30, 30, 30, 90])
        let withheld = system.statements.map { [[0], [1], [3], [4]].contains($0.unknowns) }
        #expect(audit.violations(in: system, withheld: withheld).isEmpty)
        #expect(RecoveryAudit(effort: 0).violations(in: system, withheld: withheld).count == 4)
    }
}
