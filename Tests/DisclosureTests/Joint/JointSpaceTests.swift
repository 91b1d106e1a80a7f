import Statistics
import StudyProtocol
import Suppression
import Testing

@testable import Disclosure

@Suite("Tables that share axes")
struct JointSpaceTests {
    @Test func `a chain of tables stays a chain, and a table inside another is no table of its own`() {
        let (tables, joints) = JointSpace.joined([[0, 1], [1, 2], [1], [2, 3]], sizes: [3, 3, 3, 3])
        #expect(Set(tables) == [[0, 1], [1, 2], [2, 3]])
        #expect(joints.count == 2)
        for (first, second) in joints { #expect(!tables[first].isDisjoint(with: tables[second])) }
    }

    @Test func `the three faces of a cube are one table, for their margins may agree without a common cube`() {
        let (tables, joints) = JointSpace.joined([[0, 1], [1, 2], [0, 2], [2, 3]], sizes: [4, 4, 4, 4])
        #expect(Set(tables) == [[0, 1, 2], [2, 3]])
        #expect(joints.count == 1)
    }

    @Test func `tables without a common axis share the number of all cases`() {
        let (tables, joints) = JointSpace.joined([[0], [1]], sizes: [2, 2])
        #expect(tables.count == 2 && joints.count == 1)
    }

    @Test func `the equations hold for the site's own cases, whatever is asked`() throws {
        var random = SplitMix(state: 23)
        for _ in 0..<60 {
            var site = JointSite()
            site.failed = Bool.random(using: &random) ? .worstCase : .excluded
            for _ in 0..<60 {
                site.addPatient(Int.random(in: 1...3, using: &random)) { one in
                    one.size = [Coded.missing, 300, 900, 2000, 10_000].randomElement(using: &random) ?? 0
                    one.maker = [0, 1, 2, Coded.missing].randomElement(using: &random) ?? 0
                    one.sex = Int64.random(in: 0...1, using: &random)
                    one.truth = Int64.random(in: 0...1, using: &random)
                    one.box = [0, 1, 2, 2, 2, 2].randomElement(using: &random) ?? 0
                    one.score =
                        Int.random(in: 0..<9, using: &random) == 0
                        ? Coded.missing : Int64.random(in: 0...1_000_000, using: &random)
                }
            }
            site.parts = [.of("x", "[0,9)"): .units(0...899), .of("sex", "f"): .level(0)]
            try site.askFlow()
            try site.askTable("y", "sex")
            try site.askTable("y", "group")
            try site.askTable("sex", "group")
            try site.askHistogram([0, 500, 10_000], by: "group")
            try site.askHistogram([0, 600, 2000], by: "y")
            try site.askMoments(by: "sex")
            try site.askROC()
            try site.askConfusion(500_000)
            try site.askSteps([0, 300_000, 500_000, 1_000_000])
            for part in site.parts.keys { try site.askConfusion(500_000, in: part) }
            let cases = site.axes
            let proposals = site.items.map { _ in Proposal.withhold(rule: 1, .fewPatients) }
            let views = JointViews(site.items, proposals: proposals, cases: cases, gate: .standard())
            #expect(views.unaccounted.isEmpty)
            var system = JointSystem(views: views, hasBoxes: true)
            for link in system.counts.links {
                let sums = [link.left, link.right].map { $0.reduce(0) { $0 + system.counts.unknowns[Int($1)] } }
                #expect(sums[0] == sums[1])
            }
            for statement in views.views.flatMap(\.statements) {
                guard let unknowns = system.unknowns(of: statement.place) else {
                    #expect(statement.value == 0)
                    continue
                }
                let place = system.add(unknowns, role: .open, width: 1, loss: 1, bundle: nil)
                #expect(system.counts.value(of: system.counts.statements[place]) == statement.value)
            }
        }
    }

    @Test func `many tables are planned apart, with the number of cases known`() throws {
        var site = JointSite()
        site.add(40) { $0.maker = 0 }
        site.add(30) {
            $0.maker = 1
            $0.sex = 1
        }
        try site.askTable("y")
        try site.askTable("sex")
        let proposals = site.items.map { _ in Proposal.withhold(rule: 1, .fewPatients) }
        let views = JointViews(site.items, proposals: proposals, cases: site.axes, gate: .standard())
        let together = JointSystem(views: views, hasBoxes: false).counts
        #expect(together.links.count == 1 && together.statements.isEmpty)
        let apart = JointSystem(views: views, hasBoxes: false, joinedTables: 1).counts
        #expect(apart.links.isEmpty)
        #expect(apart.statements.map(\.role) == [.fixed, .fixed])
        #expect(apart.statements.map(apart.value) == [70, 70])
    }

    @Test func `an answer about other cases than the rest is withheld`() throws {
        var site = JointSite()
        site.add(40)
        site.add(40) { $0.truth = 1 }
        try site.askTable("group")
        #expect(site.decide().answers[0].answer != .withheld)
        // As if the agent had left out a case for the table alone.
        site.cases.removeLast()
        let decision = ReleaseGate.standard().decide(site.items, cases: site.axes)
        #expect(decision.answers[0].answer == .withheld)
        #expect(decision.local.map(\.reason) == [.notAccountedFor])
    }

    @Test func `with no steps left more is withheld, and nothing less`() throws {
        var site = JointSite.withSmallCell()
        try site.askTable("y", "group")
        let gate = ReleaseGate.standard()
        guard case .computed(.table(let table)) = site.items[0].outcome else { return }
        let proposals = [ProtectedForms(minimum: MinimumCount(gate.policy), withheld: [], patients: []).table(table)]
        let views = JointViews(site.items, proposals: proposals, cases: site.axes, gate: gate)
        func withheld(_ effort: Int) -> Set<JointProtection.Count> {
            JointProtection(
                views: views, minimum: MinimumCount(gate.policy), refused: [], failedBound: nil, effort: effort
            ).outcome.withheld
        }
        #expect(withheld(0).isSuperset(of: withheld(1_000_000)))
        #expect(withheld(1_000_000).count == 4)
    }
}
