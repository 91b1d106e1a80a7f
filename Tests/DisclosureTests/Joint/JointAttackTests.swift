import Foundation
import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

/// Each attack is on what left, as bytes; each succeeds against a gate that looks at one count or one answer at a time.
@Suite("What the answers of one release say together")
struct JointAttackTests {
    private typealias Atom = ReleaseAttacker.Atom

    private func attack(_ site: JointSite) throws -> (gate: ReleaseAttacker, naive: ReleaseAttacker) {
        (try ReleaseAttacker(site, site.decide().answers), try ReleaseAttacker(site, site.naive()))
    }

    @Test func `a suppressed cell does not follow from a margin of its table`() throws {
        var site = JointSite.withSmallCell()
        try site.askTable("y", "group")
        let (gate, naive) = try attack(site)
        #expect(naive.width { $0.maker == 1 && $0.truth == 1 } == 0)
        #expect(gate.width { $0.maker == 1 && $0.truth == 1 } >= 10)
        guard case .released(.table(let table)) = site.decide().answers[0].answer else {
            Issue.record("withheld whole")
            return
        }
        #expect(table.cells.count { $0 == .protected } == 4)
        #expect(table.margin(on: []) == [.exact(119)])
        #expect(table.margin(on: [0]) == [.exact(50), .exact(29), .exact(40), .exact(0)])
    }

    @Test func `a suppressed cell does not follow from another table`() throws {
        var site = JointSite()
        site.add(30) { $0.maker = 0 }
        site.add(3) { $0.maker = 1 }
        site.add(40) {
            $0.maker = 2
            $0.sex = 1
        }
        try site.askTable("y")
        try site.askTable("sex", "group")
        let (gate, naive) = try attack(site)
        #expect(naive.width { $0.maker == 1 } == 0)
        #expect(gate.width { $0.maker == 1 } >= 10)
    }

    @Test func `a suppressed cell does not follow from moments by group`() throws {
        var site = JointSite()
        for index in 0..<40 {
            site.add(1) {
                $0.maker = 0
                $0.size = Int64(300 + 37 * index)
            }
        }
        for index in 0..<4 {
            site.add(1) {
                $0.maker = 1
                $0.size = Int64(300 + 51 * index)
            }
        }
        for index in 0..<30 {
            site.add(1) {
                $0.maker = 2
                $0.size = Int64(300 + 41 * index)
            }
        }
        try site.askMoments(by: "y")
        try site.askTable("y")
        // The interim gate withholds each of the two whole; the table's large cells may now be given.
        let gate = try ReleaseAttacker(site, site.decide().answers)
        #expect(gate.width { $0.maker == 1 } >= 10)
        let naive = try ReleaseAttacker(site, site.naive())
        #expect(naive.width { $0.maker == 1 } == 0)
    }

    @Test func `a suppressed exclusion does not follow from the flow, and only what must is withheld with it`() throws {
        var site = JointSite()
        site.add(60) { $0.truth = 1 }
        site.add(60)
        site.add(40) { $0.box = 0 }
        site.add(2) { $0.box = 1 }
        try site.askFlow()
        try site.askTable("group")
        let (gate, naive) = try attack(site)
        #expect(naive.width { $0.box == 1 } == 0)
        #expect(gate.width { $0.box == 1 } >= 10)
        guard case .released(.flow(let flow)) = site.decide().answers[0].answer else {
            Issue.record("withheld whole")
            return
        }
        #expect(flow[.analysed]?.cases == .exact(120))
        #expect(flow[.excluded, "quality"]?.cases == .protected)
        #expect(flow.boxes.count { $0.cases == .protected } == 2)
    }

    @Test(arguments: [FailedCases.worstCase, .excluded])
    func `one failed case does not show as a difference of totals`(failed: FailedCases) throws {
        var site = JointSite()
        site.failed = failed
        for index in 0..<60 {
            site.add(1) {
                $0.truth = 1
                $0.score = 400_000 + Int64(index) * 9000
            }
        }
        for index in 0..<60 { site.add(1) { $0.score = Int64(index) * 9000 } }
        site.add(1) {
            $0.truth = 1
            $0.score = Coded.missing
        }
        site.add(30) { $0.box = 0 }
        try site.askFlow()
        try site.askHistogram([0, 5000, 10_000])
        try site.askConfusion(450_000)
        let (gate, naive) = try attack(site)
        #expect(naive.width { $0.box == 3 } == 0)
        #expect(gate.width { $0.box == 3 } >= 10)
        let answers = site.decide().answers
        #expect(answers.allSatisfy { $0.answer.aggregate != nil })
    }

    @Test func `a few failed cases of an accurate model cost the flow, not the confusion matrix`() throws {
        var site = JointSite()
        site.add(60) {
            $0.truth = 1
            $0.score = 900_000
        }
        site.add(60) { $0.score = 100_000 }
        site.add(1) {
            $0.truth = 1
            $0.score = Coded.missing
        }
        try site.askFlow()
        try site.askConfusion(450_000)
        let answers = site.decide().answers
        guard case .released(.confusion(let confusion)) = answers[1].answer else {
            Issue.record("the confusion matrix was withheld")
            return
        }
        #expect(confusion.fn == .exact(1))
        guard case .released(.flow(let flow)) = answers[0].answer else { return }
        #expect(flow[.failed, "model-failed"]?.cases == .protected)
        #expect(flow[.analysed]?.cases == .protected)
    }

    private func sizes(_ counts: [(Int64, Int)], truth: Int64 = 0, _ site: inout JointSite) {
        for (size, count) in counts {
            site.add(count) {
                $0.size = size
                $0.truth = truth
            }
        }
    }

    @Test func `a subgroup of the same variable does not cut a histogram's run`() throws {
        var site = JointSite()
        // By class the bins 600 to 900 and 900 to 1200 are one run; the subgroup's edge lies between them.
        for (size, count) in [(300, 30), (700, 4), (1000, 28)] {
            for index in 0..<count {
                site.add(1) {
                    $0.size = Int64(size)
                    $0.truth = 1
                    $0.score = Int64(300_000 + 7000 * (index % 90))
                }
            }
        }
        for (size, count) in [(300, 40), (700, 30), (1000, 30)] {
            for index in 0..<count {
                site.add(1) {
                    $0.size = Int64(size)
                    $0.score = Int64(7000 * (index % 90))
                }
            }
        }
        let (small, large) = (Subgroup.of("x", "[0,9)"), Subgroup.of("x", "[9,100]"))
        site.parts = [small: .units(0...899), large: .units(900...10_000)]
        try site.askHistogram([0, 600, 900, 1200, 10_000], by: "group")
        try site.askROC()
        try site.askConfusion(400_000)
        for part in [small, large] { try site.askConfusion(400_000, in: part) }
        let (gate, naive) = try attack(site)
        #expect(naive.width { $0.truth == 1 && naive.isSize($0, from: 600, below: 900) } == 0)
        #expect(gate.width { $0.truth == 1 && gate.isSize($0, from: 600, below: 900) } >= 10)
        // The interim gate looks at each alone.
        let interim = try ReleaseAttacker(site, ReleaseGate.standard().decide(site.items).answers)
        #expect(interim.width { $0.truth == 1 && interim.isSize($0, from: 600, below: 900) } == 0)
    }

    @Test func `two histograms of one variable with different edges do not give a thin slice`() throws {
        var site = JointSite()
        sizes([(300, 30), (850, 3), (1500, 40)], &site)
        try site.askHistogram([0, 800, 10_000])
        try site.askHistogram([0, 900, 10_000])
        let interim = try ReleaseAttacker(site, ReleaseGate.standard().decide(site.items).answers)
        #expect(interim.width { interim.isSize($0, from: 800, below: 900) } == 0)
        let gate = try ReleaseAttacker(site, site.decide().answers)
        #expect(gate.width { gate.isSize($0, from: 800, below: 900) } >= 10)
        #expect(site.decide().answers.contains { $0.answer.aggregate != nil })
    }

    @Test func `a histogram with groups and one without do not give a thin slice of a group`() throws {
        var site = JointSite()
        sizes([(300, 30), (850, 20), (1500, 40)], &site)
        sizes([(300, 30), (850, 4), (1500, 40)], truth: 1, &site)
        // Of the positives the first two bins are one run, of the negatives not; the whole tells all three bins.
        try site.askHistogram([0, 800, 900, 10_000])
        try site.askHistogram([0, 800, 900, 10_000], by: "group")
        let interim = try ReleaseAttacker(site, ReleaseGate.standard().decide(site.items).answers)
        #expect(interim.width { $0.truth == 1 && interim.isSize($0, from: 800, below: 900) } == 0)
        let gate = try ReleaseAttacker(site, site.decide().answers)
        #expect(gate.width { $0.truth == 1 && gate.isSize($0, from: 800, below: 900) } >= 10)
    }

    @Test func `different numbers of values out of range do not give the values between`() throws {
        var site = JointSite()
        for index in 0..<60 { site.add(1) { $0.size = Int64(300 + 11 * index) } }
        // Twelve beyond the histogram's edges, of which three are beyond the other's as well.
        for index in 0..<9 { site.add(1) { $0.size = Int64(4100 + 7 * index) } }
        for index in 0..<3 { site.add(1) { $0.size = Int64(9100 + 7 * index) } }
        try site.askHistogram([0, 500, 4000])
        try site.askMoments()
        try site.askHistogram([0, 500, 9000])
        let interim = try ReleaseAttacker(site, ReleaseGate.standard().decide(site.items).answers)
        let gate = try ReleaseAttacker(site, site.decide().answers)
        for attacker in [gate] {
            #expect(attacker.width { attacker.isSize($0, from: 9001, below: 10_001) } >= 10)
            #expect(attacker.width { attacker.isSize($0, from: 4001, below: 9001) } >= 10)
        }
        _ = interim
    }

    @Test func `a suppressed value out of range does not follow from moments`() throws {
        var site = JointSite()
        for index in 0..<60 { site.add(1) { $0.size = Int64(300 + 11 * index) } }
        for index in 0..<12 { site.add(1) { $0.size = Int64(4100 + 7 * index) } }
        for index in 0..<4 { site.add(1) { $0.size = Int64(9100 + 7 * index) } }
        try site.askMoments()
        try site.askHistogram([0, 500, 4000])
        try site.askHistogram([0, 500, 9000])
        let gate = try ReleaseAttacker(site, site.decide().answers)
        #expect(gate.width { gate.isSize($0, from: 9001, below: 10_001) } >= 10)
        #expect(site.decide().answers.contains { $0.answer.aggregate != nil })
    }

    @Test func `a subgroup that is too small does not follow from the whole and the other subgroup`() throws {
        var site = JointSite()
        for sex in [Int64(0), 1] {
            for index in 0..<(sex == 0 ? 40 : 5) {
                site.add(1) {
                    $0.sex = sex
                    $0.truth = 1
                    $0.score = 300_000 + Int64(index) * 15_000
                }
            }
            for index in 0..<40 {
                site.add(1) {
                    $0.sex = sex
                    $0.score = Int64(index) * 15_000
                }
            }
        }
        let parts = [Subgroup.of("sex", "f"), .of("sex", "m")]
        site.parts = [parts[0]: .level(0), parts[1]: .level(1)]
        try site.askROC()
        try site.askConfusion(350_000)
        for part in parts { try site.askConfusion(350_000, in: part) }
        let (gate, naive) = try attack(site)
        #expect(naive.width { $0.sex == 1 && $0.truth == 1 } == 5)
        #expect(gate.width { $0.sex == 1 && $0.truth == 1 } >= 10)
        #expect(site.decide().answers.prefix(2).allSatisfy { $0.answer.aggregate != nil })
    }

    @Test func `two operating points are shown in a subgroup where enough patients lie between them`() throws {
        var site = JointSite()
        for index in 0..<200 {
            site.add(1) {
                $0.sex = Int64(index / 2 % 2)
                $0.truth = Int64(index % 2)
                $0.score = Int64(index) * 5000
            }
        }
        let parts = [Subgroup.of("sex", "f"), .of("sex", "m")]
        site.parts = [parts[0]: .level(0), parts[1]: .level(1)]
        for threshold in [400_000, 600_000, 620_000] as [Int64] {
            try site.askConfusion(threshold)
            for part in parts { try site.askConfusion(threshold, in: part) }
        }
        let answers = site.decide().answers
        #expect(
            answers.map { $0.answer.aggregate != nil } == [true, true, true, true, true, true, false, false, false])
    }

    @Test func `patients with lesions of both classes are not the difference of three numbers`() throws {
        var site = JointSite()
        for index in 0..<30 {
            site.add(1) {
                $0.truth = 1
                $0.score = 300_000 + Int64(index) * 15_000
            }
        }
        for index in 0..<30 { site.add(1) { $0.score = Int64(index) * 15_000 } }
        for _ in 0..<3 {
            site.addPatient(2) { $0.score = 500_000 }
            site.cases[site.cases.count - 1].truth = 1
        }
        try site.askFlow()
        try site.askROC()
        try site.askConfusion(350_000)
        let answers = site.decide().answers
        if case .released(.flow(let flow)) = answers[0].answer {
            #expect(flow[.analysed]?.patients == .protected)
            #expect(flow[.analysed]?.cases == .exact(66))
        }
        #expect(try patientsOfBothClasses(answers[1].answer) == nil)
        #expect(answers[2].answer.aggregate != nil)
        // The interim gate gives all three.
        #expect(try patientsOfBothClasses(ReleaseGate.standard().decide(site.items).answers[1].answer) == 3)
    }

    /// As the bytes of an area give it.
    private func patientsOfBothClasses(_ answer: Answer) throws -> Int? {
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(answer)) as? [String: Any]
        let area = object?["aggregate"] as? [String: Any]
        guard let positive = area?["positivePatients"] as? Int, let negative = area?["negativePatients"] as? Int,
            let all = area?["patients"] as? Int
        else { return nil }
        return positive + negative - all
    }
}
