import Ledger
import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

/// Rule 7: series of questions, each harmless alone. The attacker has every number of every release.
@Suite("Series of questions")
struct LedgerAttackTests {
    /// A site that remembers what it released.
    private struct Memory {
        var ledger = ReleaseLedger(minimumCount: 10)
        var remembers = true

        /// The answers to a job; what left is kept.
        mutating func ask(
            _ site: JointSite, model: String? = nil, _ questions: (inout JointSite) throws -> Void
        ) throws -> ReleaseGate.Decision {
            var site = site
            try questions(&site)
            let register = (0...UInt32(site.patients.max() ?? 0)).map { $0 + 7 }
            let context = LedgerContext(ledger: ledger, register: register, seed: 42, model: model)
            let decision = ReleaseGate.standard().decide(
                site.items, cases: site.axes, ledger: remembers ? context : nil)
            if let addition = decision.ledger { try ledger.append(addition) }
            return decision
        }

        /// A series of jobs; how many of them released something.
        mutating func count(
            _ sites: [JointSite], _ questions: (inout JointSite) throws -> Void
        ) throws -> Int {
            var count = 0
            for site in sites where try ask(site, questions).answers.contains(where: { $0.answer.aggregate != nil }) {
                count += 1
            }
            return count
        }
    }

    /// What a gate without memory releases, which shows that the attack would work, and what ours does.
    private func released(
        _ sites: [JointSite], _ questions: (inout JointSite) throws -> Void
    ) throws -> [Int] {
        var (naive, ours) = (Memory(remembers: false), Memory())
        return [try naive.count(sites, questions), try ours.count(sites, questions)]
    }

    /// The cases of some patients of a site.
    private func cohort(_ patients: some Sequence<Int>, of site: JointSite) -> JointSite {
        let kept = Set(patients.map(Int32.init))
        return JointSite(cases: site.cases.filter { kept.contains($0.patient) })
    }

    private func site(_ patients: Int) -> JointSite { SiteMemory.site(patients) }

    @Test("the same question again adds nothing and has the same answers")
    func again() throws {
        var memory = Memory()
        let first = try memory.ask(site(60)) { try $0.askTable("y") }
        let rows = memory.ledger.rowCount
        let second = try memory.ask(site(60)) { try $0.askTable("y") }
        #expect(rows > 0 && memory.ledger.rowCount == rows)
        #expect(first.answers.map(\.answer) == second.answers.map(\.answer))
        #expect(first.answers[0].answer.aggregate != nil)
    }

    @Test(
        "one patient more, one fewer, one corrected: the second answer would tell",
        arguments: ["more", "fewer", "corrected"])
    func onePatient(change: String) throws {
        let before = site(60)
        var after = before
        switch change {
        case "more": after.add(1) { $0.maker = 1 }
        case "fewer": after.cases.removeLast()
        default: after.cases[7].maker = (after.cases[7].maker + 1) % 3
        }
        #expect(try released([before, after]) { try $0.askTable("y") } == [2, 1])
    }

    @Test("one value corrected within its bin shows in the sum alone")
    func correctedSum() throws {
        let before = site(60)
        var after = before
        after.cases[7].size += 5
        #expect(try released([before, after]) { try $0.askMoments() } == [2, 1])
        // Who has which maker is as it was.
        #expect(try released([before, after]) { try $0.askTable("y") } == [2, 2])
    }

    @Test("25 and 28 of 54 leave one patient")
    func threeCohorts() throws {
        let all = site(54)
        let cohorts = [0..<25, 25..<53, 0..<54].map { cohort($0, of: all) }
        #expect(try released(cohorts) { try $0.askTable("sex") } == [3, 2])
    }

    @Test("four cohorts of which every two differ by many, and all four by one patient")
    func fourCohorts() throws {
        let all = site(81)
        let parts = (0..<4).map { Array(20 * $0..<20 * $0 + 20) }
        let cohorts = [parts[0] + parts[1] + [80], parts[2] + parts[3], parts[0] + parts[2], parts[1] + parts[3]]
            .map { cohort($0, of: all) }
        #expect(try released(cohorts) { try $0.askFlow() } == [4, 3])
    }

    @Test("two models that differ on one case read its label")
    func twoModels() throws {
        let first = site(60)
        var second = first
        let flipped = try #require(second.cases.firstIndex { $0.score < 450_000 })
        second.cases[flipped].score = 900_000
        func points(_ memory: inout Memory, _ site: JointSite, _ model: String) throws -> [ReleasedAggregate?] {
            try memory.ask(site, model: model) {
                try $0.askROC()
                try $0.askConfusion(450_000)
            }.answers.map { $0.answer.aggregate }
        }
        var naive = Memory(remembers: false)
        let before = try points(&naive, first, "a")
        let after = try points(&naive, second, "b")
        #expect(before.allSatisfy { $0 != nil } && after.allSatisfy { $0 != nil } && before != after)

        var memory = Memory()
        #expect(try points(&memory, first, "a") == before)
        #expect(try points(&memory, second, "b") == [nil, nil])
    }

    @Test("a second exact area on the same patients is left to the steps, whatever the other model's scores are")
    func secondArea() throws {
        let first = site(60)
        var second = first
        for index in second.cases.indices { second.cases[index].score = second.cases[index].score / 2 + 3 }
        second.cases[4].score += 20_000
        var memory = Memory()
        #expect(try memory.ask(first, model: "a") { try $0.askROC() }.answers[0].answer.aggregate != nil)
        let other = try memory.ask(second, model: "b") { try $0.askROC() }
        #expect(other.answers[0].answer == .withheld && other.local.first?.rule == 12)
        // On other patients there is nothing to compare.
        let elsewhere = cohort(60..<130, of: site(130))
        #expect(try memory.ask(elsewhere, model: "b") { try $0.askROC() }.answers[0].answer.aggregate != nil)
    }

    @Test("other questions about the same patients are answered")
    func otherQuestions() throws {
        var memory = Memory()
        let all = site(140)
        for round in 0..<3 {
            let decision = try memory.ask(all) { site in
                switch round {
                case 0: try site.askTable("y", "sex")
                case 1: try site.askHistogram([0, 800, 1500, 2200, 10_000], by: "group")
                default:
                    try site.askMoments()
                    try site.askROC()
                    try site.askConfusion(450_000)
                }
            }
            #expect(decision.answers.allSatisfy { $0.answer.aggregate != nil }, "\(round): \(decision.local)")
        }
    }

    @Test("what isolates is given up, and nothing else")
    func order() throws {
        var memory = Memory()
        let all = site(60)
        _ = try memory.ask(all) { try $0.askTable("y") }
        var corrected = all
        corrected.cases[7].maker = (corrected.cases[7].maker + 1) % 3
        let decision = try memory.ask(corrected) {
            try $0.askROC()
            try $0.askTable("y")
            try $0.askConfusion(450_000)
        }
        #expect(decision.answers.map { $0.answer.aggregate != nil } == [true, false, true])
        #expect(decision.local.map(\.rule) == [7])
    }
}
