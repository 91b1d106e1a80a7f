import Foundation
import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

/// Questions about the cohort, in one job or in several.
@Suite("Attack list: cohorts")
struct CohortAttackTests {
    @Test func `one missing value of a category or of a quantity does not show`() throws {
        var site = SiteMemory.site(60)
        site.cases[5].maker = Coded.missing
        site.cases[8].size = Coded.missing
        try site.askFlow()
        try site.askTable("y")
        try site.askTable("y", "group")
        try site.askHistogram([0, 1000, 10_000])
        try site.askMoments()
        let gate = try ReleaseAttacker(site, site.decide().answers)
        let naive = try ReleaseAttacker(site, site.naive())
        #expect(naive.width { $0.maker == 3 } == 0)
        #expect(gate.width { $0.maker == 3 } >= 10)
        let isMissing = { (atom: ReleaseAttacker.Atom) in atom.size == gate.sizeCuts.count + 1 }
        #expect(naive.width(isMissing) == 0)
        #expect(gate.width(isMissing) >= 10)
    }

    /// n, S and S2 give the number of each value where there are three.
    @Test func `sums of a variable of two or three values give no count`() throws {
        for values in [2, 3] as [Int64] {
            var site = SiteMemory.site(60)
            for index in site.cases.indices { site.cases[index].size = Int64(index % 20 == 0 ? values - 1 : 0) }
            var asked = site
            try asked.askMoments()
            guard case .computed(.moments(let moments)) = asked.items[0].outcome, let group = moments.groups.first
            else {
                return
            }
            // S2 = a + 4 b and S = a + 2 b: three patients have the highest value.
            let twos = values == 3 ? (group.sumSquares - group.sum) / 2 : group.sum
            #expect(twos == 3)
            var memory = SiteMemory()
            #expect(try memory.ask(site) { try $0.askMoments() }.released[0] == nil)
        }
    }

    @Test func `quantiles, least and greatest cannot be asked for, and of a dozen patients no histogram is finer`()
        throws
    {
        var memory = SiteMemory()
        let site = SiteMemory.site(12)
        let decision = try memory.ask(site) { try $0.askHistogram((0...50).map { $0 * 100 } + [10_000]) }
        guard case .histogram(let histogram)? = decision.released[0] else {
            Issue.record("withheld: \(decision.local)")
            return
        }
        // All that is known of every edge: none below, or all.
        #expect(Set(histogram.groups[0].lower) == [0, 12])
        #expect(
            zip(histogram.groups[0].lower, histogram.groups[0].upper).dropFirst().dropLast().allSatisfy {
                $0 == (0, 12)
            })
        let names = try #require(JSONSerialization.jsonObject(with: decision.bytes[0]) as? [String: Any])
        let text = String(describing: names).lowercased()
        for word in ["minimum", "maximum", "median", "quantile"] { #expect(!text.contains(word)) }
    }

    /// The noise of a perturbing gate could be averaged away, or seen on a constant. There is none to see.
    @Test func `the same count asked in twenty ways is the same number or none`() throws {
        var site = JointSite()
        site.add(43)
        var memory = SiteMemory()
        var counts: Set<Int> = []
        for _ in 0..<3 {
            let decision = try memory.ask(site) { site in
                for edge in 1...6 { try site.askHistogram([0, Int64(edge) * 1000, 10_000]) }
                try site.askTable("y", "sex")
                try site.askFlow()
            }
            for case .histogram(let histogram)? in decision.released {
                if case .exact(let n) = histogram.groups[0].n { counts.insert(n) }
            }
        }
        #expect(counts == [43])
        #expect(memory.ledger.rowCount <= 2)
    }

    @Test func `three hundred subgroups of one patient each are withheld, and the whole is not`() throws {
        var site = SiteMemory.site(100)
        for index in site.cases.indices { site.cases[index].size = Int64(index) * 100 }
        var parts: [Subgroup] = []
        for part in 0..<100 {
            let subgroup = Subgroup.of("x", "part-\(part)")
            site.parts[subgroup] = .units(Int64(part) * 100...Int64(part) * 100 + 99)
            parts.append(subgroup)
        }
        var memory = SiteMemory()
        let decision = try memory.ask(site) { site in
            try site.askFlow()
            try site.askConfusion(400_000)
            for round in 0..<3 {
                for part in parts { try site.askConfusion(400_000 + Int64(round), in: part) }
            }
        }
        #expect(decision.answers.count == 302)
        #expect(decision.released.prefix(2).allSatisfy { $0 != nil })
        #expect(decision.released.dropFirst(2).allSatisfy { $0 == nil })
        // What a requester reads of each is one and the same.
        #expect(Set(try decision.bytes.dropFirst(2)).count == 1)
    }

    @Test(arguments: ["a lesion more", "a copied patient", "a patient who left"])
    func `a second study after a small change tells nothing new`(change: String) throws {
        let before = SiteMemory.site(60)
        var after = before
        switch change {
        case "a lesion more": after.cases.insert(after.cases[20], at: 21)
        case "a copied patient":
            var copy = after.cases[20]
            copy.patient = 60
            after.cases.append(copy)
        default: after.cases.remove(at: 20)
        }
        func ask(_ site: inout JointSite) throws {
            try site.askFlow()
            try site.askTable("y", "sex")
            try site.askHistogram([0, 1000, 10_000])
        }
        var (naive, ours) = (SiteMemory(remembers: false), SiteMemory())
        let first = try naive.ask(before, ask)
        let second = try naive.ask(after, ask)
        #expect(try zip(first.bytes, second.bytes).contains { $0 != $1 })
        #expect(try ours.ask(before, ask).bytes == first.bytes)
        // Withheld, or as it was.
        for (old, new) in zip(first.answers, try ours.ask(after, ask).answers) {
            #expect(new.answer == .withheld || new.answer == old.answer)
        }
    }
}
