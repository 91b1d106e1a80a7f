import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

@Suite("Random series of releases under attack")
struct SeriesPropertyTests {
    private typealias Atom = ReleaseAttacker.Atom

    /// Cases of 30 to 120 patients, one to four each.
    private func site(_ random: inout SplitMix) -> JointSite {
        var site = JointSite()
        let makers = [0, 0, 0, 0, 1, 1, 2, 3].map { $0 == 3 ? Coded.missing : Int64($0) }
        let sizes: [Int64] = [200, 400, 700, 700, 850, 1200, 1200, 3500]
        for _ in 0..<Int.random(in: 30...120, using: &random) {
            let sex = Int64([0, 0, 1].randomElement(using: &random) ?? 0)
            let maker = makers.randomElement(using: &random) ?? 0
            site.addPatient([1, 1, 1, 2, 4].randomElement(using: &random) ?? 1) { one in
                one.sex = sex
                one.maker = maker
                one.size =
                    Int.random(in: 0..<40, using: &random) == 0
                    ? Coded.missing : sizes.randomElement(using: &random) ?? 0
                one.truth = Int64.random(in: 0...1, using: &random)
                one.score = Int64.random(in: 0...1_000_000, using: &random)
            }
        }
        return site
    }

    /// A protocol's cohort and questions.
    private func asked(_ site: JointSite, scores: Bool, _ random: inout SplitMix) throws -> JointSite {
        var site = site
        let women = CaseAxes.CohortCriterion(
            variable: "sex", condition: .equals(0), isRequired: true, reason: "age")
        let criteria: [[CaseAxes.CohortCriterion]] = [
            [], [], [women],
            [.init(variable: "x", condition: .atMost(1000), isRequired: true, reason: "quality")],
            // One reason for two criteria.
            [women, .init(variable: "y", condition: .oneOf([1, 2]), isRequired: false, reason: "age")],
            [.init(variable: "x", condition: .missing(true), isRequired: false, reason: "quality")],
        ]
        site.criteria = criteria.randomElement(using: &random) ?? []
        func flip() -> Bool { Bool.random(using: &random) }
        if flip() { try site.askFlow() }
        if flip() { try site.askTable("y") }
        if flip() { try site.askTable("y", "group") }
        if flip() { try site.askTable("sex", "group") }
        if flip() { try site.askTable("y", "sex") }
        if flip() { try site.askHistogram([0, 500, 800, 10_000], by: flip() ? "group" : nil) }
        if flip() { try site.askHistogram([0, 600, 900, 3000], by: flip() ? "sex" : nil) }
        guard scores else { return site }
        site.parts = [.of("sex", "f"): .level(0)]
        try site.askConfusion(flip() ? 400_000 : 600_000)
        try site.askROC()
        if flip() { try site.askConfusion(400_000, in: .of("sex", "f")) }
        return site
    }

    /// What the questions of one release are about.
    private func groups(
        _ site: JointSite, _ release: Int, _ attacker: ReleaseAttacker
    ) -> [(name: String, holds: (Atom) -> Bool)] {
        var groups: [(name: String, holds: (Atom) -> Bool)] = []
        func add(_ name: String, _ holds: @escaping (Atom) -> Bool) {
            groups.append(("\(release) \(name)", { attacker.isCounted($0, in: release) && holds($0) }))
        }
        for item in site.items {
            guard case .computed(let aggregate) = item.outcome else { continue }
            switch aggregate {
            case .table(let table):
                let has = ["y", "sex", "group"].map { name in table.axes.contains { $0.variable == name } }
                for maker in has[0] ? 0...3 : 0...0 {
                    for sex in has[1] ? 0...2 : 0...0 {
                        for truth in has[2] ? 0...1 : 0...0 {
                            add("\(item.key) \(maker) \(sex) \(truth)") {
                                (!has[0] || $0.maker == maker) && (!has[1] || $0.sex == sex)
                                    && (!has[2] || $0.truth == truth)
                            }
                        }
                    }
                }
            case .histogram(let histogram):
                for (lower, upper) in zip(histogram.edges, histogram.edges.dropFirst()) {
                    let end = upper == histogram.edges.last ? upper + 1 : upper
                    for level in histogram.groupedBy == nil ? 0...0 : 0...1 {
                        add("\(item.key) \(lower) \(level)") {
                            attacker.isSize($0, from: lower, below: end)
                                && (histogram.groupedBy != "group" || $0.truth == level)
                                && (histogram.groupedBy != "sex" || $0.sex == level)
                        }
                    }
                }
            default: continue
            }
        }
        return groups
    }

    @Test(arguments: [false, true])
    func `no group of one to nine patients becomes known within ten by a series`(scores: Bool) throws {
        var random = SplitMix(state: scores ? 404 : 77)
        var (tried, broken) = (0, 0)
        for round in 0..<3 {
            let cases = site(&random)
            var series: [JointSite] = []
            while series.count < 3 {
                let next = try asked(cases, scores: scores, &random)
                if !next.items.isEmpty { series.append(next) }
            }
            // Without a ledger: equations too are for the joint protection to see.
            var earlier: [EarlierStatements] = []
            var released: [[(key: AnswerKey, answer: Answer)]] = []
            for site in series {
                let decision = site.decide(earlier: earlier)
                if let statements = decision.statements { earlier.append(statements) }
                released.append(decision.answers)
            }
            let attacker = try ReleaseAttacker(zip(series, released).map { (site: $0, released: $1) })
            let naive = try ReleaseAttacker(series.map { (site: $0, released: $0.decide().answers) })
            for (release, site) in series.enumerated() {
                for (name, holds) in groups(site, release, attacker) {
                    let (cases, patients) = attacker.size(holds)
                    guard (1..<10).contains(patients) else { continue }
                    tried += 1
                    let width = attacker.width(holds)
                    #expect(
                        width >= max(10, cases), "round \(round), \(name): \(cases) cases within \(width)")
                    if naive.width(holds) < max(10, cases) { broken += 1 }
                }
            }
        }
        #expect(tried > 20 && broken > 2, "\(broken) of \(tried)")
    }

    /// How many answers a site with a ledger gives to three protocols in a row.
    private func answers(_ series: [JointSite], remembers: Bool) throws -> Int {
        var ledger = ReleaseLedger(minimumCount: 10)
        var earlier: [EarlierStatements] = []
        var count = 0
        for site in series {
            let register = (0...UInt32(site.patients.max() ?? 0)).map { $0 }
            let decision = ReleaseGate.standard().decide(
                site.items, cases: site.axes,
                ledger: LedgerContext(ledger: ledger, register: register, seed: 7, model: "m"),
                earlier: remembers ? earlier : [])
            if let addition = decision.ledger { try ledger.append(addition) }
            if let statements = decision.statements { earlier.append(statements) }
            count += decision.answers.count { $0.answer.aggregate != nil }
        }
        return count
    }

    @Test(arguments: [false, true])
    func `beside the ledger, what a series withholds is little`(scores: Bool) throws {
        var random = SplitMix(state: 5)
        var (alone, together) = (0, 0)
        for _ in 0..<8 {
            let cases = site(&random)
            let series = try (0..<3).map { _ in try asked(cases, scores: scores, &random) }
            alone += try answers(series, remembers: false)
            together += try answers(series, remembers: true)
        }
        #expect(alone > 20 && together <= alone && 10 * together >= 9 * alone, "\(together) of \(alone)")
    }
}
