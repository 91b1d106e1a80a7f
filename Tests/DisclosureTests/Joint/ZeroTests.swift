import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

@Suite("Zeros")
struct ZeroTests {
    /// Nobody with maker `b` is positive, 20 of maker `a` are.
    private func site() throws -> JointSite {
        var site = JointSite()
        site.add(40) { $0.maker = 0 }
        site.add(20) {
            $0.maker = 0
            $0.truth = 1
        }
        site.add(35) { $0.maker = 1 }
        site.add(30) { $0.maker = 2 }
        site.add(25) {
            $0.maker = 2
            $0.truth = 1
        }
        try site.askTable("y", "group")
        return site
    }

    @Test func `a row that has one level only is released, and flagged to the site`() throws {
        let site = try site()
        let decision = site.decide()
        guard case .released(.table(let table)) = decision.answers[0].answer else {
            Issue.record("withheld")
            return
        }
        #expect(!table.cells.contains(.protected))
        #expect(decision.local.map(\.rule) == [2])
        #expect(decision.local.map(\.reason) == [.classDisclosure])
        #expect(site.decide(.standard { $0.zeros = .release }).local.isEmpty)
    }

    @Test(arguments: [true, false])
    func `where zeros are withheld nobody learns that all of a row have one level`(everywhere: Bool) throws {
        let site = try site()
        let gate = ReleaseGate.standard {
            if everywhere { $0.zeros = .withhold } else { $0.sensitiveVariables = ["group"] }
        }
        let attacker = try ReleaseAttacker(site, site.decide(gate).answers)
        let open = try ReleaseAttacker(site, site.decide().answers)
        #expect(open.width { $0.maker == 1 && $0.truth == 1 } == 0)
        #expect(attacker.width { $0.maker == 1 && $0.truth == 1 } >= 10)
        #expect(site.decide(gate).local.contains { $0.rule == 2 })
        // Without the cases the table falls whole.
        #expect(gate.decide(site.items).answers[0].answer == .withheld)
        #expect(
            ReleaseGate.standard { $0.sensitiveVariables = ["sex"] }.decide(site.items).answers[0].answer != .withheld)
    }

    @Test func `where zeros are withheld an empty box of the flow is too, with what would give it away`() throws {
        var site = JointSite()
        site.add(60)
        site.add(25) { $0.box = 0 }
        try site.askFlow()
        func empty(_ gate: ReleaseGate) throws -> Int {
            try ReleaseAttacker(site, site.decide(gate).answers).width { $0.box == 1 }
        }
        #expect(try empty(.standard()) == 0)
        #expect(try empty(.standard { $0.zeros = .withhold }) >= 10)
    }

    @Test func `criteria that cut a quantity twice do not tell where its values end`() throws {
        for largest in [5000, 8500, 9500] as [Int64] {
            var site = JointSite()
            site.add(60)
            site.add(1) { $0.size = largest }
            site.criteria = [
                .init(variable: "x", condition: .atMost(9000), isRequired: true, reason: "age"),
                .init(variable: "x", condition: .atMost(8000), isRequired: true, reason: "quality"),
            ]
            try site.askFlow()
            let released = site.decide().answers[0].answer.aggregate
            guard case .flow(let flow)? = released else { continue }
            #expect(flow.boxes.filter { $0.box == .excluded }.map(\.cases) == [.protected, .protected])
            // One cut a direction is a question that everybody asks.
            site.criteria?.removeLast()
            guard largest == 5000, case .flow(let open)? = site.decide().answers[0].answer.aggregate else { continue }
            #expect(open.boxes.first { $0.box == .excluded }?.cases == .exact(0))
        }
    }

    @Test func `an empty bin of a sensitive quantity is merged`() throws {
        var site = JointSite()
        site.add(40) { $0.size = 300 }
        site.add(40) { $0.size = 1500 }
        try site.askHistogram([0, 500, 1000, 10_000])
        guard
            case .released(.histogram(let open)) = site.decide().answers[0].answer,
            case .released(.histogram(let merged)) = site.decide(.standard { $0.sensitiveVariables = ["x"] })
                .answers[0].answer
        else {
            Issue.record("withheld")
            return
        }
        #expect(open.groups[0].lower == [0, 40, 40, 80] && open.groups[0].upper == [0, 40, 40, 80])
        #expect(merged.groups[0].lower == [0, 40, 40, 80] && merged.groups[0].upper == [0, 40, 80, 80])
    }
}
