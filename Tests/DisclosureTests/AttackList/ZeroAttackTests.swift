import Foundation
import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

/// Who asks so narrowly that one patient at most fits reads a fact from whether there is an answer, or a zero.
@Suite("Attack list: zeros and refusals")
struct ZeroAttackTests {
    /// What an asker sees of sites that differ in a few patients only.
    private func views(
        _ sites: [JointSite], _ questions: (inout JointSite) throws -> Void
    ) throws -> (gate: Set<[Data]>, naive: Set<[Data]>) {
        var (gate, naive): (Set<[Data]>, Set<[Data]>) = ([], [])
        for site in sites {
            var asked = site
            try questions(&asked)
            naive.insert(try asked.naive().map { try SiteMemory.bytes($0.answer) })
            var memory = SiteMemory()
            gate.insert(try memory.ask(site, questions).bytes)
        }
        return (gate, naive)
    }

    /// Sixty patients of whom some are in the cohort.
    private func site(analysed: Int) -> JointSite {
        var site = SiteMemory.site(60)
        for index in site.cases.indices { site.cases[index].box = index < analysed ? 2 : Int64(index % 2) }
        return site
    }

    @Test func `a cohort of nobody and a cohort of one to nine are refused in the same bytes`() throws {
        let seen = try views([0, 1, 2, 5, 9].map(site(analysed:))) { site in
            try site.askFlow()
            try site.askTable("y", "group")
            try site.askHistogram([0, 800, 10_000], by: "group")
            try site.askMoments()
            try site.askROC()
            try site.askConfusion(400_000)
        }
        #expect(seen.naive.count > 1)
        #expect(seen.gate.count == 1)
        let refused = try #require(seen.gate.first)
        #expect(Set(refused) == [try SiteMemory.bytes(.withheld)])
        var enough = SiteMemory()
        #expect(try enough.ask(site(analysed: 40)) { try $0.askFlow() }.releasesSomething)
    }

    /// Three patients of maker c; the other makers have many of each class.
    private func site(positives: Int) -> JointSite {
        var site = JointSite()
        for maker in [0, 1] as [Int64] {
            for truth in [0, 1] as [Int64] {
                site.add(30 + Int(maker) * 10) {
                    $0.maker = maker
                    $0.truth = truth
                    $0.size = 500
                }
            }
        }
        site.add(positives) {
            $0.maker = 2
            $0.truth = 1
            $0.size = 1500
        }
        site.add(3 - positives) {
            $0.maker = 2
            $0.size = 1500
        }
        return site
    }

    @Test func `zeros beside a small group do not say that all of it have one level`() throws {
        let questions: [(inout JointSite) throws -> Void] = [
            { try $0.askTable("y", "group") }, { try $0.askTable("y", "sex", "group") },
            { try $0.askHistogram([0, 1000, 2000, 10_000], by: "group") },
        ]
        for (number, question) in questions.enumerated() {
            for positives in 0...3 {
                var asked = site(positives: positives)
                try question(&asked)
                let attacker = try ReleaseAttacker(asked, asked.decide().answers)
                let naive = try ReleaseAttacker(asked, asked.naive())
                for truth in 0...1 {
                    func isThere(_ atom: ReleaseAttacker.Atom, _ attacker: ReleaseAttacker) -> Bool {
                        let isGroup = number < 2 ? atom.maker == 2 : attacker.isSize(atom, from: 1000, below: 2000)
                        return isGroup && atom.truth == truth
                    }
                    #expect(
                        attacker.width { isThere($0, attacker) } >= 10, "question \(number), \(positives), \(truth)")
                    // The histogram's runs are the gate's own.
                    if number < 2, positives == 3 * (1 - truth) { #expect(naive.width { isThere($0, naive) } == 0) }
                }
            }
        }
    }

    @Test func `a few patients without a value are not known to be of one group`() throws {
        for kind in [Coded.missing, Coded.malformed, Coded.outOfRange] {
            var site = site(positives: 2)
            for index in site.cases.indices.prefix(3) { site.cases[index].size = kind }
            try site.askHistogram([0, 1000, 2000, 10_000], by: "group")
            for (answers, isOurs) in [(site.decide().answers, true), (site.naive(), false)] {
                guard case .released(.histogram(let histogram)) = answers[0].answer else {
                    Issue.record("withheld whole")
                    continue
                }
                let zeros = histogram.groups.prefix(2).count { group in
                    let counts = [group.missing, group.malformed, group.outOfRange]
                    return counts[Int(kind &- Coded.missing)] == .exact(0)
                }
                #expect(zeros == (isOurs ? 0 : 1))
            }
        }
    }

    /// Rule 9: the edges are the asker's, so that each histogram is the question whether somebody is above.
    @Test func `the largest and the smallest value do not follow from edges that are moved`() throws {
        var random = SplitMix(state: 11)
        for _ in 0..<5 {
            var site = SiteMemory.site(80)
            for index in site.cases.indices { site.cases[index].size = Int64.random(in: 2000...4000, using: &random) }
            let (high, low) = (
                Int64.random(in: 5000...6000, using: &random), Int64.random(in: 500...900, using: &random)
            )
            site.cases[3].size = high
            site.cases[9].size = low
            func cuts(_ edges: [Int64]) throws -> [Bool] {
                var cuts: [Bool] = []
                var memory = SiteMemory()
                for edge in edges {
                    let decision = try memory.ask(site) { try $0.askHistogram([0, edge, 10_000]) }
                    guard case .histogram(let histogram)? = decision.released[0] else { continue }
                    cuts.append(histogram.groups[0].lower[1] == histogram.groups[0].upper[1])
                }
                return cuts
            }
            #expect(Set(try cuts([high - 50, high, high + 1, high + 50, 9000])) == [false])
            #expect(Set(try cuts([low - 50, low, low + 1, low + 50, 200])) == [false])
            #expect(Set(try cuts([3000])) == [true])
        }
    }

    /// Rule 9: nobody beyond the last edge, and one to nine, look alike.
    @Test func `that nobody is beyond edges within the range is not told`() throws {
        var site = SiteMemory.site(80)
        site.cases[3].size = 5025
        var (ours, naive): (Set<[Data]>, Set<Count>) = ([], [])
        for edge in [5000, 5024, 5025, 5026, 6000, 9999] as [Int64] {
            var asked = site
            try asked.askHistogram([0, 1000, edge])
            if case .released(.histogram(let histogram)) = asked.naive()[0].answer {
                naive.insert(histogram.groups[0].outOfRange)
            }
            var memory = SiteMemory()
            let decision = try memory.ask(site) {
                try $0.askFlow()
                try $0.askMoments()
                try $0.askHistogram([0, 1000, edge])
            }
            #expect(decision.released[0] != nil)
            ours.insert([try SiteMemory.bytes(decision.answers[2].answer)])
        }
        #expect(naive == [.protected, .exact(0)])
        #expect(ours.count == 1)
        var memory = SiteMemory()
        #expect(try memory.ask(site) { try $0.askHistogram([0, 1000, 10_000]) }.releasesSomething)
    }

    /// The model gives everybody a score outside of a stretch, and one patient whom it chose a score inside, by what it is
    /// to tell. Points above the score would be withheld, and those below it shown.
    @Test func `which operating point is withheld does not say where one case's score is`() throws {
        var seen: Set<[Bool]> = []
        for told in [nil, 430_000, 530_000, 730_000] as [Int64?] {
            var site = SiteMemory.site(80)
            for index in site.cases.indices {
                site.cases[index].score = index % 3 == 0 ? 950_000 - Int64(index) : 200_000 + Int64(index)
            }
            if let told { site.cases[5].score = told }
            var memory = SiteMemory()
            let decision = try memory.ask(site) { site in
                for point in 0..<10 { try site.askConfusion(300_000 + Int64(point) * 60_000) }
            }
            seen.insert(decision.released.map { $0 != nil })
        }
        #expect(seen.count == 1)
        #expect(seen.first?.first == true)
    }
}
