import Foundation
import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

@Suite("What joint protection leaves")
struct JointUsefulnessTests {
    /// A site like the smallest of the demo: 54 patients with 92 nodules, half of them rated as malignant.
    static func smallSite(
        seed: UInt64, patients: Int = 54, cases: Int = 92, points: [Int64] = [200_000, 450_000, 700_000]
    ) throws -> JointSite {
        var random = SplitMix(state: seed)
        var site = JointSite()
        func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &random) } }
        for patient in 0..<patients {
            let share = patient < cases % patients ? cases / patients + 1 : cases / patients
            // Few patients have most of the nodules.
            let lesions = patient % 3 == 0 ? max(1, 2 * share - 1) : patient % 3 == 1 ? share : 1
            let maker = Int64.random(in: 0...1, using: &random)
            let thin = Int64.random(in: 0..<10, using: &random) < 4
            site.addPatient(lesions) { one in
                let size = exp(2.1 + 0.5 * normal())
                let isPositive = size + 3 * normal() > 8.2
                let logit = 0.2 * (size - 8) + (isPositive ? 0.5 : -0.5) + 1.1 * normal()
                one.size = min(10_000, max(100, Int64(size * 100)))
                one.truth = isPositive ? 1 : 0
                one.maker = maker
                one.sex = thin ? 0 : 1
                one.score = Int64(1e6 / (1 + exp(-logit)))
            }
        }
        try ask(&site, points: points)
        return site
    }

    /// The questions of the demo's validation protocol.
    static func ask(_ site: inout JointSite, points: [Int64] = [200_000, 450_000, 700_000]) throws {
        let parts = [
            Subgroup.of("x", "[0,9)"), .of("x", "[9,100]"), .of("sex", "f"), .of("sex", "m"),
        ]
        site.parts = [
            parts[0]: .units(0...899), parts[1]: .units(900...10_000), parts[2]: .level(0), parts[3]: .level(1),
        ]
        let grid = try ScoreGrid(scale: .logit, from: -6, to: 6, steps: 40).edges(resolution: JointSite.micro)
        try site.askFlow()
        try site.askHistogram([0, 600, 900, 1200, 1500, 2000, 3000, 10_000], by: "group")
        try site.askMoments(by: "group")
        try site.askTable("y", "group")
        try site.askROC()
        try site.askSteps(Set(grid).union(points).sorted())
        for point in points { try site.askConfusion(point) }
        for part in parts {
            try site.askROC(in: part)
            for point in points { try site.askConfusion(point, in: part) }
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>, [[330_000], [200_000, 450_000, 700_000]] as [[Int64]])
    func `a site of 54 patients still gives its confirmatory answers, steps and sizes`(
        seed: UInt64, points: [Int64]
    ) throws {
        let site = try Self.smallSite(seed: seed, points: points)
        let answers = site.decide().answers
        func answer(_ name: String) -> ReleasedAggregate? {
            answers.first { $0.key == .named(name) }?.answer.aggregate
        }
        #expect(answer("roc") != nil)
        for point in points { #expect(answer("confusion:at-\(point)")?.hasProtectedCounts == false) }
        guard case .scoreSteps(let steps)? = answer("score-steps"), case .histogram(let sizes)? = answer("histogram-1"),
            case .flow(let flow)? = answer("flow")
        else {
            Issue.record("withheld")
            return
        }
        let ends = steps.edges.indices.filter {
            steps.positives.lower[$0] == steps.positives.upper[$0]
                && steps.negatives.lower[$0] == steps.negatives.upper[$0]
        }
        // Each published operating point is an end; between two of three there is no room for a further step.
        #expect(
            Set(ends.map { steps.positives.lower[$0] + steps.negatives.lower[$0] }).count - 1
                >= (points.count == 1 ? 5 : 4))
        #expect(flow[.analysed]?.cases == .exact(site.cases.count))
        // Rule 11 alone would not leave more.
        guard case .computed(.histogram(let raw)) = site.items[1].outcome else { return }
        let runs = HistogramRule(minimum: MinimumCount(DisclosurePolicy())).runs(raw)
        for (group, runs) in zip(sizes.groups, runs) {
            #expect(group.n != .protected)
            #expect(runs?.cuts.allSatisfy { group.lower[$0] == group.upper[$0] } == true)
        }
    }

    @Test func `a small site's other answers do not cost a confirmatory one`() throws {
        var random = SplitMix(state: 3)
        for seed in 10..<14 as Range<UInt64> {
            var site = try Self.smallSite(seed: seed, patients: 30, cases: 50)
            // A few excluded, a few failed, a few without a size.
            for index in site.cases.indices {
                switch Int.random(in: 0..<20, using: &random) {
                case 0: site.cases[index].box = 0
                case 1: site.cases[index].score = Coded.missing
                case 2: site.cases[index].size = Coded.missing
                default: break
                }
            }
            var asked = JointSite(cases: site.cases)
            try Self.ask(&asked)
            let alone = asked.items.filter { $0.key.subgroup == nil && Self.isPerformance($0) }
            let expected = ReleaseGate.standard().decide(alone, cases: asked.axes).answers
            let answers = asked.decide().answers
            for (key, answer) in expected {
                #expect(answers.first { $0.key == key }?.answer == answer, "\(seed) \(key)")
            }
        }
    }

    private static func isPerformance(_ item: ReleaseGate.Item) -> Bool {
        if case .computed(let aggregate) = item.outcome { aggregate.isOfScores } else { false }
    }
}
