import Foundation
import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

/// A model whose scores are chosen, so that the numbers about it say something of one case.
@Suite("Attack list: models")
struct ModelAttackTests {
    /// What the area would be, doubled, for the classes of one case that is alone with its score, beside what the operating
    /// points say of the scores below and above.
    private struct Guess {
        let isPositive: Bool
        let twiceU: Int

        /// - Parameter groups: positives and negatives by score, ascending, without the one case.
        init(_ groups: [(positives: Int, negatives: Int)], one place: Int, isPositive: Bool) {
            var groups = groups
            groups.insert((isPositive ? 1 : 0, isPositive ? 0 : 1), at: place)
            var twiceU = 0
            for (above, upper) in groups.enumerated() {
                twiceU += upper.positives * upper.negatives
                for lower in groups[..<above] { twiceU += 2 * upper.positives * lower.negatives }
            }
            self.isPositive = isPositive
            self.twiceU = twiceU
        }
    }

    private func site(one truth: Int64, scores: [Int64]) -> JointSite {
        var site = JointSite()
        for index in 0..<100 {
            site.add(1) {
                $0.truth = Int64(index % 2)
                $0.score = scores[index % 10 * scores.count / 10]
            }
        }
        site.add(1) {
            $0.truth = truth
            $0.score = 500_000
        }
        return site
    }

    @Test func `a model that is constant, or constant in parts, but for one case does not read its class`() throws {
        for scores in [[800_000], [800_000, 200_000, 200_000, 100_000]] as [[Int64]] {
            for truth in [0, 1] as [Int64] {
                let site = site(one: truth, scores: scores)
                var asked = site
                let points = [300_000, 150_000] as [Int64]
                for point in points { try asked.askConfusion(point) }
                try asked.askROC()
                // Without the rule the class follows: only one of the two gives the area.
                guard case .computed(.roc(let sample)) = asked.items[2].outcome,
                    case .value(let statistics) = sample.statistics()
                else {
                    Issue.record("no area")
                    return
                }
                let ascending = Set(site.cases.dropLast().map(\.score)).sorted()
                let groups = ascending.map { score in
                    let own = site.cases.dropLast().filter { $0.score == score }
                    return (positives: own.count { $0.truth == 1 }, negatives: own.count { $0.truth == 0 })
                }
                let place = ascending.count { $0 < 500_000 }
                let guesses = [true, false].map { Guess(groups, one: place, isPositive: $0) }
                let fitting = guesses.filter { $0.twiceU == Int(statistics.twiceU) }
                #expect(fitting.map(\.isPositive) == [truth == 1])

                var memory = SiteMemory()
                let decision = try memory.ask(site, model: "hostile") {
                    for point in points { try $0.askConfusion(point) }
                    try $0.askROC()
                }
                #expect(decision.released[2] == nil, "\(scores), \(truth): \(decision.local)")
            }
        }
    }

    @Test func `a reader's score of five steps leaves its area, unless few patients have one of the steps`() throws {
        for few in [3, 12] {
            var site = JointSite()
            for (level, positives, negatives) in [(0, 5, 40), (1, 8, 20), (2, few - 1, 1), (3, 25, 12), (4, 30, 6)] {
                site.add(positives) {
                    $0.truth = 1
                    $0.score = Int64(level) * 200_000 + 100_000
                }
                site.add(negatives) { $0.score = Int64(level) * 200_000 + 100_000 }
            }
            var memory = SiteMemory()
            let decision = try memory.ask(site, model: "reader") {
                try $0.askSteps([0, 200_000, 400_000, 600_000, 800_000, 1_000_000])
                try $0.askROC()
            }
            guard case .scoreSteps(let steps)? = decision.released[0] else {
                Issue.record("no steps: \(decision.local)")
                return
            }
            // The step of the few is joined with its neighbour.
            #expect((steps.positives.lower[3] == steps.positives.upper[3]) == (few >= 10))
            #expect((decision.released[1] != nil) == (few >= 10))
        }
    }

    @Test func `of fifty operating points no two have one to nine patients between them`() throws {
        var random = SplitMix(state: 3)
        var isCrowded = false
        for _ in 0..<4 {
            var site = JointSite()
            for _ in 0..<120 {
                site.add(1) {
                    $0.truth = Int64.random(in: 0...1, using: &random)
                    $0.score = Int64.random(in: 0...1_000_000, using: &random)
                }
            }
            let points = (1...50).map { Int64($0) * 19_000 }
            var memory = SiteMemory()
            let decision = try memory.ask(site) { site in for point in points { try site.askConfusion(point) } }
            let shown = zip(points, decision.released).compactMap { $1 == nil ? nil : $0 }
            #expect(shown.count > 3)
            for (lower, upper) in zip(shown, shown.dropFirst()) {
                #expect(site.cases.count { (lower..<upper).contains($0.score) } >= 10)
            }
            for (lower, upper) in zip(points, points.dropFirst()) {
                isCrowded = isCrowded || (1..<10).contains(site.cases.count { (lower..<upper).contains($0.score) })
            }
        }
        #expect(isCrowded)
    }

    @Test func `twelve patients leave no staircase, and neither do nineteen`() throws {
        for patients in [12, 19] {
            var site = SiteMemory.site(patients)
            for index in site.cases.indices { site.cases[index].truth = Int64(index % 2) }
            var memory = SiteMemory()
            let decision = try memory.ask(site) {
                try $0.askSteps((0...20).map { Int64($0) * 50_000 })
                try $0.askROC()
                try $0.askConfusion(400_000)
            }
            #expect(decision.released.allSatisfy { $0 == nil })
            #expect(decision.numberCount == 0)
        }
    }
}
