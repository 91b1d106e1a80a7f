@_spi(ReleaseGate) import Statistics
import Testing

@testable import Synthesis

@Suite("Pooled bounds")
struct PooledBoundsTests {
    @Test("The AUROC of all sites' cases lies inside, however sites merge their steps and whoever withholds its own")
    func union() throws {
        let study = try SmallStudy(sites: ["a"])
        let edges = try study.edges
        let resolution = try study.resolution
        var generator = SplitMix(6)
        var wide = 0
        for round in 0..<300 {
            let sites = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                SyntheticSite.random(
                    patients: Int.random(in: 5...30, using: &generator),
                    separation: Int64.random(in: -200_000...400_000, using: &generator), using: &generator)
            }
            let contributions = try sites.map { site in
                let chance = Double.random(in: 0...1, using: &generator)
                let kept = edges.indices.map { _ in Double.random(in: 0...1, using: &generator) < chance }
                let steps = site.steps(edges: edges, resolution: resolution) { kept[$0] }
                let summary = Bool.random(using: &generator) ? try site.summary(resolution: resolution) : nil
                return try #require(PooledBounds.Contribution(steps: steps, summary: summary))
            }
            let positives = sites.flatMap(\.positives)
            let negatives = sites.flatMap(\.negatives)
            guard !positives.isEmpty, !negatives.isEmpty else { continue }
            let bounds = try PooledBounds(contributions)
            let truth = area(positives: positives, negatives: negatives)
            #expect(bounds.lower <= truth + 1e-15 && truth <= bounds.upper + 1e-15, "round \(round)")
            #expect(0 <= bounds.lower && bounds.upper <= 1)
            #expect(bounds.positives == positives.count && bounds.negatives == negatives.count)
            if bounds.upper > bounds.lower { wide += 1 }
        }
        #expect(wide > 100)
    }

    @Test("One site with its summary is exact")
    func single() throws {
        let study = try SmallStudy(sites: ["a"])
        var generator = SplitMix(7)
        let site = SyntheticSite.random(patients: 30, using: &generator)
        let steps = site.steps(edges: try study.edges, resolution: try study.resolution) { _ in false }
        let summary = try #require(try site.summary(resolution: study.resolution))
        let bounds = try PooledBounds([try #require(PooledBounds.Contribution(steps: steps, summary: summary))])
        #expect(bounds.lower == bounds.upper)
        #expect(bounds.lower == summary.area)
    }

    @Test("Bounds are reached: some data that the same steps allow has each of them")
    func reached() throws {
        let study = try SmallStudy(sites: ["a"])
        let resolution = try study.resolution
        let edges: [Int64] = [0, 500_000, 1_000_000]
        func bounds(_ positives: [Int64], _ negatives: [Int64]) throws -> PooledBounds {
            let site = SyntheticSite(
                patients: positives.map { [.init(score: $0, isPositive: true)] }
                    + negatives.map { [.init(score: $0, isPositive: false)] })
            let steps = site.steps(edges: edges, resolution: resolution)
            return try PooledBounds([try #require(PooledBounds.Contribution(steps: steps, summary: nil))])
        }
        let low = try bounds([0, 0, 500_000], [1, 499_999, 999_999])
        let high = try bounds([499_999, 499_999, 999_999], [0, 1, 500_000])
        #expect(low == high)
        #expect(low.lower == area(positives: [0, 0, 500_000], negatives: [1, 499_999, 999_999]))
        #expect(high.upper == area(positives: [499_999, 499_999, 999_999], negatives: [0, 1, 500_000]))
    }

    @Test("Other edges, other cases than the summary's and a single class have no bounds")
    func refused() throws {
        let study = try SmallStudy(sites: ["a"])
        let resolution = try study.resolution
        var generator = SplitMix(8)
        let site = SyntheticSite.random(patients: 30, using: &generator)
        let other = SyntheticSite.random(patients: 20, using: &generator)
        let whole = try #require(
            PooledBounds.Contribution(steps: site.steps(edges: try study.edges, resolution: resolution), summary: nil))
        let coarse = try #require(
            PooledBounds.Contribution(steps: site.steps(edges: [0, 1_000_000], resolution: resolution), summary: nil))
        let wrong = try #require(
            PooledBounds.Contribution(
                steps: site.steps(edges: try study.edges, resolution: resolution),
                summary: try other.summary(resolution: resolution)))
        let positives = SyntheticSite(patients: site.patients.map { $0.filter(\.isPositive) }.filter { !$0.isEmpty })
        let single = try #require(
            PooledBounds.Contribution(
                steps: positives.steps(edges: try study.edges, resolution: resolution), summary: nil))
        #expect(throws: PooledBounds.Failure.noSite) { try PooledBounds([]) }
        #expect(throws: PooledBounds.Failure.edgesDiffer) { try PooledBounds([whole, coarse]) }
        #expect(throws: PooledBounds.Failure.countsDiffer) { try PooledBounds([wrong]) }
        #expect(throws: PooledBounds.Failure.singleClass) { try PooledBounds([single]) }
        let withheld = ReleasedScoreSteps.Class(n: .protected, lower: [], upper: [])
        let protected = ReleasedScoreSteps(
            resolution: resolution, edges: try study.edges, positives: withheld, negatives: withheld)
        #expect(PooledBounds.Contribution(steps: protected, summary: nil) == nil)
    }
}
