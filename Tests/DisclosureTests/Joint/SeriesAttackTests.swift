import Foundation
import Ledger
import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

/// Each attack is on the bytes that left in several releases of one snapshot. Each succeeds against a gate that protects
/// every release by itself and checks equations over all of them, as the ledger does.
@Suite("What several releases of one snapshot say together")
struct SeriesAttackTests {
    private typealias Atom = ReleaseAttacker.Atom

    /// The answers to a series of questions about the same cases.
    private struct Series {
        var sites: [JointSite] = []
        var released: [[(key: AnswerKey, answer: Answer)]] = []
        var local: [[LocalDecision]] = []

        var attacker: ReleaseAttacker {
            get throws { try ReleaseAttacker(zip(sites, released).map { (site: $0, released: $1) }) }
        }

        /// - Parameters:
        ///   - remembers: whether the gate sees the earlier statements; the ledger it has in any case.
        init(_ sites: [JointSite], remembers: Bool) throws {
            var ledger = ReleaseLedger(minimumCount: 10)
            var earlier: [EarlierStatements] = []
            for site in sites {
                let register = (0...UInt32(site.patients.max() ?? 0)).map { $0 }
                let decision = ReleaseGate.standard().decide(
                    site.items, cases: site.axes,
                    ledger: LedgerContext(ledger: ledger, register: register, seed: 7, model: "m"),
                    earlier: remembers ? earlier : [])
                if let addition = decision.ledger { try ledger.append(addition) }
                // As the site keeps them.
                if let statements = decision.statements {
                    let kept = try JSONEncoder().encode(statements)
                    earlier.append(try JSONDecoder().decode(EarlierStatements.self, from: kept))
                }
                self.sites.append(site)
                released.append(decision.answers)
                local.append(decision.local)
            }
        }

        /// How many answers leave, by release.
        var counts: [Int] { released.map { $0.count { $0.answer.aggregate != nil } } }
    }

    /// 81 patients. Two of them have maker 1 and positive cases, twelve each; nobody else has more than one case, and no
    /// combination of maker, class, sex and size has one to nine patients but theirs. Positives are male and large.
    private static var site: JointSite {
        var site = JointSite()
        for (count, lesions, maker, truth, sex, size) in [
            (12, 1, 0, 0, 0, 200), (10, 1, 0, 0, 1, 200), (10, 1, 0, 0, 1, 800), (10, 1, 0, 1, 1, 800),
            (12, 1, 1, 0, 0, 200), (15, 1, 1, 0, 1, 200), (10, 1, 1, 0, 1, 800), (2, 12, 1, 1, 1, 800),
        ] as [(Int, Int, Int64, Int64, Int64, Int64)] {
            for _ in 0..<count {
                site.addPatient(lesions) {
                    $0.maker = maker
                    $0.truth = truth
                    $0.sex = sex
                    $0.size = size
                }
            }
        }
        return site
    }

    /// Its 24 cases must not be known within 24.
    private static func isSmall(_ atom: Atom) -> Bool { atom.maker == 1 && atom.truth == 1 }

    private static func asked(
        _ site: JointSite, _ questions: (inout JointSite) throws -> Void
    ) rethrows -> JointSite {
        var site = site
        try questions(&site)
        return site
    }

    @Test func `bounds from other tables of the same cohort do not close in on a withheld cell`()
        throws
    {
        let sites = [
            try Self.asked(Self.site) { try $0.askTable("y", "group") },
            try Self.asked(Self.site) {
                try $0.askTable("sex", "y")
                try $0.askTable("sex", "group")
                try $0.askHistogram([0, 500, 10_000], by: "y")
                try $0.askHistogram([0, 500, 10_000], by: "group")
            },
        ]
        let naive = try Series(sites, remembers: false)
        #expect(naive.counts == [1, 4], "\(naive.local)")
        #expect(try ReleaseAttacker(sites[0], naive.released[0]).width(Self.isSmall) >= 24)
        #expect(try naive.attacker.width(Self.isSmall) < 24)

        let gate = try Series(sites, remembers: true)
        #expect(try gate.attacker.width(Self.isSmall) >= 24)
        // One answer is enough, and the withheld one is said to be so by this rule.
        #expect(gate.counts[0] == 1 && gate.counts[1] == 3)
        #expect(gate.local[1].contains { $0.rule == 4 && $0.reason == .earlierAnswers })
    }

    @Test func `bounds from parts of the cohort do not close in on a withheld cell`() throws {
        let men = CaseAxes.CohortCriterion(
            variable: "sex", condition: .equals(1), isRequired: true, reason: "age")
        let large = CaseAxes.CohortCriterion(
            variable: "x", condition: .atLeast(500), isRequired: true, reason: "age")
        let sites = try [[], [men], [large]].map { criteria in
            var site = Self.site
            site.criteria = criteria
            if criteria.isEmpty { try site.askTable("y", "group") }
            try site.askTable("y")
            try site.askTable("group")
            return site
        }
        let naive = try Series(sites, remembers: false)
        #expect(try ReleaseAttacker(sites[0], naive.released[0]).width(Self.isSmall) >= 24)
        #expect(try naive.attacker.width(Self.isSmall) < 24, "\(naive.local)")
        let gate = try Series(sites, remembers: true)
        #expect(try gate.attacker.width(Self.isSmall) >= 24)
        #expect(gate.counts[0] == 3)
        #expect(gate.counts[1] + gate.counts[2] >= 2)
    }

    @Test func `the same question again has the same answers`() throws {
        let first = try Self.asked(Self.site) {
            try $0.askFlow()
            try $0.askTable("y", "group")
            try $0.askHistogram([0, 500, 10_000], by: "group")
        }
        let series = try Series([first, first], remembers: true)
        #expect(series.counts[0] == 3)
        #expect(series.released[0].map(\.answer) == series.released[1].map(\.answer))
        // And part of it.
        let part = try Self.asked(Self.site) { try $0.askTable("y", "group") }
        let other = try Series([first, part], remembers: true)
        #expect(other.released[1][0].answer == series.released[0][1].answer)
    }

    @Test func `questions that have nothing to do with what was withheld are answered`() throws {
        let sites = [
            try Self.asked(Self.site) { try $0.askTable("y", "group") },
            try Self.asked(Self.site) {
                try $0.askTable("sex")
                try $0.askHistogram([0, 500, 10_000])
            },
        ]
        let (without, with) = (try Series(sites, remembers: false), try Series(sites, remembers: true))
        #expect(with.counts == [1, 2])
        #expect(without.released.map { $0.map(\.answer) } == with.released.map { $0.map(\.answer) })
    }

    @Test func `statements of another snapshot, or that say nothing, stop what is new`() throws {
        let first = try Self.asked(Self.site) { try $0.askTable("y", "group") }
        let second = try Self.asked(Self.site) { try $0.askTable("sex") }
        let kept = try #require(first.decide().statements)
        #expect(kept.isUsable)
        #expect(second.decide(earlier: [kept]).answers[0].answer.aggregate != nil)
        let other = EarlierStatements(caseCount: kept.caseCount + 1, content: kept.content)
        let unusable = EarlierStatements(caseCount: kept.caseCount, content: nil)
        for wrong in [other, unusable] {
            #expect(second.decide(earlier: [wrong]).answers[0].answer == .withheld)
        }
    }

    @Test func `a variable of other levels cannot be put beside the earlier one`() throws {
        let first = try Self.asked(Self.site) { try $0.askTable("y", "group") }
        let second = try Self.asked(Self.site) { try $0.askTable("y") }
        let kept = try #require(first.decide().statements)
        #expect(second.decide(earlier: [kept]).answers[0].answer.aggregate != nil)
        var content = try #require(kept.content)
        let place = try #require(content.axes.firstIndex { $0.name == "y" })
        content.axes[place] = EarlierStatements.Axis(name: "y", kind: .category(count: 7))
        let other = EarlierStatements(caseCount: kept.caseCount, content: content)
        #expect(second.decide(earlier: [other]).answers[0].answer == .withheld)
    }

    @Test func `without the cohort's criteria, or with wrong ones, nothing can be kept`() throws {
        let site = try Self.asked(Self.site) { try $0.askTable("y", "group") }
        func kept(_ criteria: [CaseAxes.CohortCriterion]?) throws -> Bool {
            let axes = site.axes
            let made = try #require(
                CaseAxes(
                    patients: axes.patients, boxes: axes.boxes, boxOfCase: axes.boxOfCase, variables: axes.variables,
                    criteria: criteria, reference: axes.reference, evaluation: axes.evaluation))
            return try #require(ReleaseGate.standard().decide(site.items, cases: made).statements).isUsable
        }
        #expect(try kept(site.axes.criteria))
        #expect(try kept(nil) == false)
        // The boxes say otherwise.
        #expect(try kept([.init(variable: "sex", condition: .equals(1), isRequired: true, reason: "age")]) == false)
    }

    @Test func `a second study of a larger site is answered, and of a part of its cohort`() throws {
        var site = JointSite()
        for index in 0..<140 {
            site.add(1) { one in
                one.maker = Int64(index % 3)
                one.truth = Int64(index % 2)
                one.sex = Int64(index / 2 % 2)
                one.size = Int64(300 + 37 * (index * 7 % 61))
                one.score = Int64(7_000 * (index * 11 % 140) + 1_000)
            }
        }
        let women = CaseAxes.CohortCriterion(variable: "sex", condition: .equals(0), isRequired: true, reason: "age")
        var (first, second) = (site, site)
        first.criteria = []
        second.criteria = [women]
        try first.askTable("y", "group")
        try first.askConfusion(450_000)
        try second.askTable("y", "group")
        try second.askHistogram([0, 800, 1500, 10_000], by: "group")
        try second.askConfusion(450_000)
        try second.askROC()
        let sites = [first, second]
        let (without, with) = (try Series(sites, remembers: false), try Series(sites, remembers: true))
        #expect(with.counts[0] == 2 && with.counts[1] == without.counts[1] && with.counts[1] >= 3, "\(with.local)")
        #expect(without.released.map { $0.map(\.answer) } == with.released.map { $0.map(\.answer) })
    }
}
