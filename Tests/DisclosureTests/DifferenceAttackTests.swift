import Foundation
import Ledger
import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

/// What two answers say of the patients by whom they differ, and what many answers say of the same few.
@Suite("Differences of answers, and profiles of the few")
struct DifferenceAttackTests {
    /// A site that remembers, as an agent does.
    private struct Memory {
        var ledger = ReleaseLedger(minimumCount: 10, sumsMinimumCount: 20)

        mutating func ask(
            _ site: JointSite, model: String? = "m", patients register: [UInt32]? = nil,
            _ questions: (inout JointSite) throws -> Void
        ) throws -> [ReleasedAggregate?] {
            var site = site
            try questions(&site)
            let context = LedgerContext(
                ledger: ledger, register: register ?? (0...UInt32(site.patients.max() ?? 0)).map { $0 }, seed: 42,
                model: model)
            let decision = ReleaseGate.standard().decide(site.items, cases: site.axes, ledger: context)
            if let addition = decision.ledger { try ledger.append(addition) }
            return decision.answers.map { $0.answer.aggregate }
        }
    }

    private struct Sums {
        var n = 0.0
        var sum = 0.0
        var squares = 0.0

        init?(_ aggregate: ReleasedAggregate?) {
            guard case .moments(let moments)? = aggregate, let group = moments.groups.first, let count = group.n.exact,
                let sum = group.sum, let squares = group.sumSquares
            else { return nil }
            n = Double(count)
            self.sum = Double(sum.description) ?? .nan
            self.squares = Double(squares.description) ?? .nan
        }

        static func - (left: Sums, right: Sums) -> Sums {
            var result = left
            result.n -= right.n
            result.sum -= right.sum
            result.squares -= right.squares
            return result
        }

        /// Samuelson's inequality: no value is further from the mean than s √(n - 1).
        var largest: Double {
            let mean = sum / n
            return mean + (max(0, squares / n - mean * mean) * (n - 1)).squareRoot()
        }
    }

    /// The same site with a cohort of its first patients.
    private static func cohort(of site: JointSite, _ count: Int) -> JointSite {
        var site = site
        for index in count..<site.cases.count { site.cases[index].box = 0 }
        return site
    }

    /// Eleven patients, of whom one has 90 mm and the others 3.00 to 3.50 mm; the others are spread.
    private func siteWithOutlier() -> (all: JointSite, without: JointSite) {
        var random = SeededNoise(seed: 5)
        var all = JointSite()
        for index in 0..<80 {
            all.add(1) {
                $0.size = index < 69 ? Int64.random(in: 300...4300, using: &random) : Int64(300 + 5 * (index - 69))
            }
        }
        all.cases[75].size = 9000
        return (all, Self.cohort(of: all, 69))
    }

    @Test func `the moments of a cohort and of the cohort without eleven patients do not both leave`() throws {
        let (all, without) = siteWithOutlier()
        // Each alone passes, and their difference gives the largest of the eleven to within one per cent.
        var fresh = [Memory(), Memory()]
        let first = try #require(Sums(try fresh[0].ask(all) { try $0.askMoments() }.first ?? nil))
        let second = try #require(Sums(try fresh[1].ask(without) { try $0.askMoments() }.first ?? nil))
        let difference = first - second
        #expect(difference.n == 11)
        #expect(abs(difference.largest - 9000) < 90)

        for isReversed in [false, true] {
            var memory = Memory()
            let order = isReversed ? [without, all] : [all, without]
            #expect(Sums(try memory.ask(order[0]) { try $0.askMoments() }.first ?? nil) != nil)
            #expect(Sums(try memory.ask(order[1]) { try $0.askMoments() }.first ?? nil) == nil)
            // The same question again is the same answer.
            #expect(Sums(try memory.ask(order[0]) { try $0.askMoments() }.first ?? nil) != nil)
        }
    }

    @Test func `moments of two cohorts leave when those by whom they differ could be asked for alone`() throws {
        var random = SeededNoise(seed: 6)
        var all = JointSite()
        for _ in 0..<120 { all.add(1) { $0.size = Int64.random(in: 300...4300, using: &random) } }
        var memory = Memory()
        #expect(Sums(try memory.ask(all) { try $0.askMoments() }.first ?? nil) != nil)
        #expect(Sums(try memory.ask(Self.cohort(of: all, 70)) { try $0.askMoments() }.first ?? nil) != nil)
    }

    @Test func `moments by sex and moments of a cohort that leaves out patients of both do not give those patients`()
        throws
    {
        var random = SeededNoise(seed: 7)
        var all = JointSite()
        for index in 0..<200 {
            all.add(1) {
                $0.size = Int64.random(in: 300...4300, using: &random)
                $0.sex = Int64(index % 2)
            }
        }
        for index in 175..<200 { all.cases[index].size = Int64(300 + index) }
        all.cases[190].size = 9500
        var memory = Memory()
        let bySex = try memory.ask(all) { try $0.askMoments(by: "sex") }
        guard case .moments(let moments)? = bySex[0] else {
            Issue.record("the first answer is withheld")
            return
        }
        try #require(moments.groups.filter { ($0.n.exact ?? 0) > 0 }.count == 2)
        let cohort = Self.cohort(of: all, 175)
        // Alone it may be asked for.
        var fresh = Memory()
        #expect(Sums(try fresh.ask(cohort) { try $0.askMoments() }.first ?? nil) != nil)
        #expect(Sums(try memory.ask(cohort) { try $0.askMoments() }.first ?? nil) == nil)
    }

    @Test func `marks are read as they were written, and nothing else is a mark`() throws {
        let patients = try PatientRow(patients: [1, 5, 64])
        let kinds: [ReleaseLedger.Mark.Kind] = [
            .area(model: "sha256:ab"), .area(model: ""), .sum(variable: "x", cases: 12),
            .errors(model: "sha256:ab", variable: nil), .errors(model: "", variable: "sex"),
        ]
        for kind in kinds {
            let mark = ReleaseLedger.Mark(kind, patients: patients)
            #expect(try ReleaseLedger.Mark(name: mark.name, patients: patients) == mark)
        }
        #expect(throws: LedgerError.self) { try ReleaseLedger.Mark(name: "sum many x", patients: patients) }
        #expect(throws: LedgerError.self) { try ReleaseLedger.Mark(name: "what 1 x", patients: patients) }
        let row = try PatientRow(cases: [3, 3, 70, 70, 70])
        #expect(row.entries.map(\.patient) == [3, 70])
        #expect(row.entries.map(\.multiplicity) == [2, 3])
    }

    // MARK: Few errors

    /// One positive is missed: female, second maker, the smallest size.
    private func accurateSite() -> JointSite {
        var random = SeededNoise(seed: 9)
        var site = JointSite()
        for index in 0..<140 {
            site.add(1) { one in
                one.truth = Int64(index % 2)
                one.sex = Int64(index / 2 % 2)
                one.maker = Int64(index / 4 % 2)
                one.score =
                    one.truth == 1
                    ? Int64.random(in: 600_000...990_000, using: &random)
                    : Int64.random(in: 10_000...400_000, using: &random)
            }
        }
        site.cases[5].score = 300_000
        for index in stride(from: 0, to: 140, by: 10) { site.cases[index].score = 700_000 }
        for (index, level) in ["f", "m"].enumerated() { site.parts[.of("sex", level)] = .level(Int64(index)) }
        for (index, level) in ["a", "b"].enumerated() { site.parts[.of("y", level)] = .level(Int64(index)) }
        return site
    }

    private func misses(_ aggregates: [ReleasedAggregate?]) -> [Int?] {
        aggregates.map { aggregate in
            guard case .confusion(let confusion)? = aggregate else { return nil }
            return confusion.fn.exact
        }
    }

    @Test func `the one patient whom a model missed is told along one variable, not along two`() throws {
        let site = accurateSite()
        let bySex: [Subgroup] = [.of("sex", "f"), .of("sex", "m")]
        let byMaker: [Subgroup] = [.of("y", "a"), .of("y", "b")]
        var memory = Memory()
        let answers = try memory.ask(site) { site in
            try site.askConfusion(500_000)
            for part in bySex + byMaker { try site.askConfusion(500_000, in: part) }
        }
        #expect(misses(answers) == [1, 1, 0, nil, nil])

        // Nor in another study of the same model.
        let later = try memory.ask(site) { site in
            try site.askConfusion(500_000)
            for part in byMaker { try site.askConfusion(500_000, in: part) }
        }
        #expect(misses(later) == [1, nil, nil])
        // Nor of a copy of the model under another digest; the same question again is the same answer.
        let copied = try memory.ask(site, model: "copy") { site in
            try site.askConfusion(500_000)
            for part in byMaker { try site.askConfusion(500_000, in: part) }
        }
        #expect(misses(copied) == [1, nil, nil])
        let again = try memory.ask(site) { site in
            try site.askConfusion(500_000)
            for part in bySex { try site.askConfusion(500_000, in: part) }
        }
        #expect(misses(again) == [1, 1, 0])
        // The study that had them by maker first could have them: it is the second line that is refused.
        var other = Memory()
        let alone = try other.ask(site) { site in
            try site.askConfusion(500_000)
            for part in byMaker { try site.askConfusion(500_000, in: part) }
        }
        #expect(misses(alone).compactMap { $0 }.count == 3)
    }

    @Test func `cohorts of the same patients are lines too`() throws {
        let site = accurateSite()
        var memory = Memory()
        #expect(misses(try memory.ask(site) { try $0.askConfusion(500_000) }) == [1])
        // Each cohort leaves out a third, so that no pair isolates anybody; who is missed would be in some and not in others.
        var told = 0
        for start in [0, 46, 92] {
            var part = site
            for index in part.cases.indices where (start..<start + 46).contains(index) { part.cases[index].box = 0 }
            if misses(try memory.ask(part) { try $0.askConfusion(500_000) }).first ?? nil != nil { told += 1 }
        }
        #expect(told <= 1)
    }

    @Test func `errors that are many are told by as many variables as are asked for`() throws {
        var site = accurateSite()
        var random = SeededNoise(seed: 11)
        for index in site.cases.indices {
            site.cases[index].score = Bool.random(using: &random) ? 200_000 : 700_000
        }
        var memory = Memory()
        let answers = try memory.ask(site) { site in
            try site.askConfusion(500_000)
            for part in [Subgroup.of("sex", "f"), .of("sex", "m"), .of("y", "a"), .of("y", "b")] {
                try site.askConfusion(500_000, in: part)
            }
        }
        #expect(misses(answers).compactMap { $0 }.count == 5)
    }
}
