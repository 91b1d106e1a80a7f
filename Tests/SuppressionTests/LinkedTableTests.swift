import Suppression
import Testing

/// Tables that share margins, as releases have them.
@Suite("Linked tables")
struct LinkedTableTests {
    /// The flow, and a table of the analysed cases: who is screened must fall with the few who are excluded, however dear
    /// it is, and nothing else.
    @Test func `a dear count is withheld where nothing cheaper protects, and nothing else with it`() throws {
        let dear = 1 << 25
        let system = CountSystem(
            unknowns: [3, 77, 12, 27, 14, 24],
            links: [Link(left: [1], right: [2, 3, 4, 5])],
            statements: [
                Statement(unknowns: [0, 1], role: .open, requiredWidth: 10, loss: 80 * dear),
                Statement(unknowns: [0], role: .sensitive, requiredWidth: 10, loss: 3 * dear),
                Statement(unknowns: [1], role: .open, requiredWidth: 10, loss: 77 * dear),
                Statement(unknowns: [2, 3], role: .open, requiredWidth: 10, loss: 39),
                Statement(unknowns: [4, 5], role: .open, requiredWidth: 10, loss: 38),
                Statement(unknowns: [2, 4], role: .open, requiredWidth: 10, loss: 26),
                Statement(unknowns: [3, 5], role: .open, requiredWidth: 10, loss: 51),
            ])
        let plan = try #require(SuppressionPlanner().plan(system))
        #expect(plan.isComplete)
        #expect(plan.withheld == [true, true, false, false, false, false, false])
        #expect(RecoveryAudit().holds(plan, for: system))
    }

    /// Two tables with a common margin, whose cells only the margin ties together: withheld rows move against each other
    /// along a column although the column's total is known from the other table.
    @Test func `rows move against each other along a margin that is known`() throws {
        // Three rows of two columns; the column totals are those of another table, published.
        let system = CountSystem(
            unknowns: [14, 20, 1, 30, 12, 40, 27, 90],
            links: [Link(left: [0, 2, 4], right: [6]), Link(left: [1, 3, 5], right: [7])],
            statements: [
                Statement(unknowns: [0, 1], role: .open, requiredWidth: 10, loss: 34),
                Statement(unknowns: [2, 3], role: .open, requiredWidth: 10, loss: 31),
                Statement(unknowns: [4, 5], role: .open, requiredWidth: 10, loss: 52),
                Statement(unknowns: [0], role: .open, requiredWidth: 10, loss: 14),
                Statement(unknowns: [1], role: .open, requiredWidth: 10, loss: 20),
                Statement(unknowns: [2], role: .sensitive, requiredWidth: 10, loss: 1),
                Statement(unknowns: [3], role: .open, requiredWidth: 10, loss: 30),
                Statement(unknowns: [4], role: .open, requiredWidth: 10, loss: 12),
                Statement(unknowns: [5], role: .open, requiredWidth: 10, loss: 40),
                Statement(unknowns: [6], role: .fixed, requiredWidth: 10, loss: 27),
                Statement(unknowns: [7], role: .fixed, requiredWidth: 10, loss: 90),
            ])
        let plan = try #require(SuppressionPlanner().plan(system))
        #expect(plan.isComplete)
        #expect(plan.withheld.filter { $0 }.count <= 4)
        #expect(RecoveryAudit().holds(plan, for: system))
    }
}
