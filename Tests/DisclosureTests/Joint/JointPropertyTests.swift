import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

@Suite("Random releases under attack")
struct JointPropertyTests {
    private typealias Atom = ReleaseAttacker.Atom

    /// A few axes with uneven levels, patients with one to four cases, and some of the questions that a protocol can ask.
    private func site(_ random: inout SplitMix, scores: Bool) throws -> JointSite {
        var site = JointSite()
        let patients = Int.random(in: 20...120, using: &random)
        let makers = [0, 0, 0, 0, 1, 1, 2, 3].map { $0 == 3 ? Coded.missing : Int64($0) }
        let sizes: [Int64] = [200, 300, 400, 700, 700, 850, 1200, 1200, 3500, 9500]
        for _ in 0..<patients {
            let lesions = [1, 1, 1, 2, 4].randomElement(using: &random) ?? 1
            let sex = Int64([0, 0, 0, 1].randomElement(using: &random) ?? 0)
            let maker = makers.randomElement(using: &random) ?? 0
            let box = Int64([0, 1, 2, 2, 2, 2, 2, 2, 2, 2].randomElement(using: &random) ?? 2)
            site.addPatient(lesions) { one in
                one.sex = sex
                one.maker = maker
                one.box = box
                one.size =
                    Int.random(in: 0..<40, using: &random) == 0
                    ? Coded.missing : sizes.randomElement(using: &random) ?? 0
                one.truth = Int64.random(in: 0...1, using: &random)
                one.score = Int64.random(in: 0...1_000_000, using: &random)
            }
        }
        func flip() -> Bool { Bool.random(using: &random) }
        if flip() { try site.askFlow() }
        if flip() { try site.askTable("y") }
        if flip() { try site.askTable("y", "group") }
        if flip() { try site.askTable("sex", "group") }
        if flip() { try site.askTable("y", "sex") }
        if flip(), flip() { try site.askTable("sex", "y", "group") }
        if !scores || flip() { try site.askHistogram([0, 500, 800, 10_000], by: flip() ? "group" : nil) }
        if flip() { try site.askHistogram([0, 600, 900, 3000], by: flip() ? "sex" : nil) }
        if flip() { try site.askMoments(by: flip() ? "group" : nil) }
        guard scores else { return site }
        let parts = [Subgroup.of("sex", "f"), .of("sex", "m")]
        site.parts = [parts[0]: .level(0), parts[1]: .level(1)]
        try site.askConfusion(400_000)
        try site.askROC()
        if flip() { try site.askConfusion(700_000) }
        for part in parts {
            try site.askConfusion(400_000, in: part)
            if flip() { try site.askROC(in: part) }
        }
        return site
    }

    /// The groups that the questions are about, beside what they ask of the cases.
    private func groups(_ site: JointSite, _ attacker: ReleaseAttacker) -> [(name: String, holds: (Atom) -> Bool)] {
        var groups: [(name: String, holds: (Atom) -> Bool)] = []
        let described = attacker.isDescribed
        for item in site.items {
            guard case .computed(let aggregate) = item.outcome else { continue }
            switch aggregate {
            case .flow: groups += [0, 1, 2].map { box in ("box \(box)", { $0.box == box }) }
            case .table(let table):
                let has = ["y", "sex", "group"].map { name in table.axes.contains { $0.variable == name } }
                for maker in has[0] ? 0...3 : 0...0 {
                    for sex in has[1] ? 0...2 : 0...0 {
                        for truth in has[2] ? 0...1 : 0...0 {
                            groups.append(
                                (
                                    "\(item.key) \(maker) \(sex) \(truth)",
                                    {
                                        described($0) && (!has[0] || $0.maker == maker) && (!has[1] || $0.sex == sex)
                                            && (!has[2] || $0.truth == truth)
                                    }
                                ))
                        }
                    }
                }
            case .histogram(let histogram):
                for (lower, upper) in zip(histogram.edges, histogram.edges.dropFirst()) {
                    let end = upper == histogram.edges.last ? upper + 1 : upper
                    for level in histogram.groupedBy == nil ? 0...0 : 0...1 {
                        groups.append(
                            (
                                "\(item.key) \(lower) \(level)",
                                {
                                    described($0) && attacker.isSize($0, from: lower, below: end)
                                        && (histogram.groupedBy != "group" || $0.truth == level)
                                        && (histogram.groupedBy != "sex" || $0.sex == level)
                                }
                            ))
                    }
                }
            case .confusion, .roc:
                guard let part = item.key.subgroup else { continue }
                for truth in 0...1 {
                    groups.append(
                        ("\(part) \(truth)", { described($0) && attacker.isIn($0, part) && $0.truth == truth }))
                }
            default: continue
            }
        }
        return groups
    }

    @Test(arguments: [false, true])
    func `no group of one to nine patients is known within ten`(scores: Bool) throws {
        var random = SplitMix(state: scores ? 91 : 17)
        var (tried, broken) = (0, 0)
        for round in 0..<(scores ? 3 : 7) {
            let site = try site(&random, scores: scores)
            guard !site.items.isEmpty else { continue }
            let attacker = try ReleaseAttacker(site, site.decide().answers)
            let naive = try ReleaseAttacker(site, site.naive())
            for (name, holds) in groups(site, attacker) {
                let (cases, patients) = attacker.size(holds)
                guard (1..<10).contains(patients) else { continue }
                tried += 1
                let width = attacker.width(holds)
                #expect(width >= max(10, cases), "round \(round), \(name): \(cases) cases within \(width)")
                if naive.width(holds) < max(10, cases) { broken += 1 }
            }
        }
        // The attack is worth something: it breaks the gate that looks at each count alone.
        #expect(tried > 20 && 5 * broken > tried, "\(broken) of \(tried)")
    }

    @Test func `no withheld cell or margin of a table is known within ten`() throws {
        var random = SplitMix(state: 5)
        var withheld = 0
        for _ in 0..<5 {
            let site = try site(&random, scores: false)
            let answers = site.decide().answers
            let attacker = try ReleaseAttacker(site, answers)
            for (index, answer) in answers.enumerated() {
                guard case .released(.table(let table)) = answer.answer,
                    case .computed(.table(let raw)) = site.items[index].outcome
                else { continue }
                let all = Array(table.axes.indices)
                for kept in ReleasedTable.marginAxes(all.count) + [all] {
                    let cells = kept == all ? table.cells : table.margin(on: kept)
                    let sizes = kept.map { table.axes[$0].levels.count }
                    for (cell, count) in cells.enumerated() where count == .protected {
                        withheld += 1
                        let width = attacker.width { atom in
                            var rest = cell
                            for (axis, size) in zip(kept, sizes).reversed() {
                                let level =
                                    switch raw.axes[axis].variable {
                                    case "y": atom.maker
                                    case "sex": atom.sex
                                    default: atom.truth
                                    }
                                if level != rest % size { return false }
                                rest /= size
                            }
                            return attacker.isDescribed(atom)
                        }
                        #expect(width >= 10)
                    }
                }
            }
        }
        #expect(withheld > 20)
    }
}
