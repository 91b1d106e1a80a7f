@_spi(ReleaseGate) import Statistics
import StudyProtocol
import Testing

@testable import Synthesis

@Suite("Stratified estimates")
struct StratifiedTests {
    private func sites(_ generator: inout SplitMix, count: Int = 3) -> [SyntheticSite] {
        (0..<count).map { .random(patients: 20 + 10 * $0, separation: 100_000 * Int64($0 + 1), using: &generator) }
    }

    @Test("Weighted by pairs, it is the share of all pairs within sites that are in order")
    func pairs() throws {
        var generator = SplitMix(2)
        let study = try SmallStudy(sites: ["a", "b", "c"])
        let sites = sites(&generator)
        let summaries = try sites.compactMap { try $0.summary(resolution: study.resolution) }
        let pooled = try #require(StratifiedEstimate(summaries, weights: .pairs))
        let pairs = sites.map { Double($0.positives.count * $0.negatives.count) }
        let concordant = zip(sites, pairs).map { area(positives: $0.positives, negatives: $0.negatives) * $1 }
        #expect(abs(pooled.estimate - concordant.reduce(0, +) / pairs.reduce(0, +)) < 1e-14)
        #expect(abs(pooled.shares.reduce(0, +) - 1) < 1e-14)
    }

    @Test("Each weight is what its name says, and the variance is that of a weighted mean of independent sites")
    func weights() throws {
        var generator = SplitMix(3)
        let study = try SmallStudy(sites: ["a", "b", "c"])
        let summaries = try sites(&generator).compactMap { try $0.summary(resolution: study.resolution) }
        let weight: [Endpoint.Weights: (ROCSummary) -> Double] = [
            .pairs: { Double($0.positives * $0.negatives) }, .equal: { _ in 7 },
            .inverseVariance: { 1 / $0.variance }, .cases: { Double($0.positives + $0.negatives) },
        ]
        for (name, weight) in weight {
            let pooled = try #require(StratifiedEstimate(summaries, weights: name))
            let total = summaries.map(weight).reduce(0, +)
            let shares = summaries.map { weight($0) / total }
            for (share, expected) in zip(pooled.shares, shares) { #expect(abs(share - expected) < 1e-14) }
            let estimate = zip(shares, summaries).map { $0 * $1.area }.reduce(0, +)
            let variance = zip(shares, summaries).map { $0 * $0 * $1.variance }.reduce(0, +)
            #expect(abs(pooled.estimate - estimate) < 1e-14)
            #expect(abs(pooled.variance - variance) < 1e-15)
        }
        #expect(StratifiedEstimate([], weights: .pairs) == nil)
    }

    /// Patients' (cases, hits) of one class at a threshold.
    private func groups(_ site: SyntheticSite, positive: Bool) -> [(Double, Double)] {
        site.patients.compactMap { patient in
            let own = patient.filter { $0.isPositive == positive }
            return own.isEmpty
                ? nil : (Double(own.count), Double(own.count { ($0.score >= 500_000) == positive }))
        }
    }

    @Test("A proportion over sites has the ratio variance, counted patient by patient", arguments: [true, false])
    func proportion(positive: Bool) throws {
        var generator = SplitMix(4)
        let study = try SmallStudy(sites: ["a", "b", "c"])
        for _ in 0..<20 {
            let sites = sites(&generator)
            let strata = try sites.map { try stratum($0, positive: positive, study) }
            let pooled = try #require(StratifiedProportion(strata, level: 0.95))
            let groups = sites.map { self.groups($0, positive: positive) }
            let cases = groups.joined().map(\.0).reduce(0, +)
            let estimate = groups.joined().map(\.1).reduce(0, +) / cases
            let variance = groups.map { patients -> Double in
                let m = patients.map(\.0).reduce(0, +)
                let p = patients.map(\.1).reduce(0, +) / m
                let spread = patients.map { ($0.1 - p * $0.0) * ($0.1 - p * $0.0) }.reduce(0, +)
                return Double(patients.count) / Double(patients.count - 1) * spread / (cases * cases)
            }.reduce(0, +)
            #expect(abs(pooled.estimate - estimate) < 1e-14)
            #expect(abs(pooled.variance - variance) < 1e-13 * max(variance, 1e-3))
            #expect(pooled.patients == groups.reduce(0) { $0 + $1.count })
            // The limits solve Wilson's equation at the effective size, at most that of independent cases.
            let size = min(cases, estimate * (1 - estimate) / variance)
            let degrees = groups.reduce(0) { $0 + $1.count - 1 }
            let t = try #require(StudentTDistribution(degreesOfFreedom: Double(degrees))?.quantile(0.975))
            for limit in [pooled.interval.lower, pooled.interval.upper] {
                let left = (estimate - limit) * (estimate - limit)
                #expect(abs(left - t * t * limit * (1 - limit) / size) < 1e-12)
            }
        }
    }

    private func stratum(_ site: SyntheticSite, positive: Bool, _ study: SmallStudy) throws
        -> StratifiedProportion.Stratum
    {
        let released = try site.confusion(
            study.point.id, threshold: study.point.thresholdUnits, resolution: study.resolution)
        let hits = try #require((positive ? released.tp : released.tn).exact)
        let misses = try #require((positive ? released.fn : released.fp).exact)
        let totals = try #require(positive ? released.positives : released.negatives)
        return StratifiedProportion.Stratum(hits: hits, cases: hits + misses, clusters: totals)
    }

    @Test("Equal sites count the same whatever their size; a binomial variance takes cases as independent")
    func methods() throws {
        var generator = SplitMix(5)
        let study = try SmallStudy(sites: ["a", "b", "c"])
        let strata = try sites(&generator).map { try stratum($0, positive: true, study) }
        let shares = strata.map { Double($0.hits) / Double($0.cases) }
        let equal = StratifiedProportion.Method(hasEqualSites: true, isBinomial: false)
        let pooled = try #require(StratifiedProportion(strata, method: equal, level: 0.95))
        #expect(abs(pooled.estimate - shares.reduce(0, +) / 3) < 1e-14)
        #expect(pooled.shares.allSatisfy { abs($0 - 1.0 / 3) < 1e-15 })
        let own = try strata.map { try #require(StratifiedProportion([$0], level: 0.95)).variance }
        #expect(abs(pooled.variance - own.reduce(0, +) / 9) < 1e-15)

        let binomial = StratifiedProportion.Method(hasEqualSites: false, isBinomial: true)
        let plain = try #require(StratifiedProportion(strata, method: binomial, level: 0.95))
        let hits = strata.reduce(0) { $0 + $1.hits }
        let cases = strata.reduce(0) { $0 + $1.cases }
        let wilson = try Wilson.interval(successes: hits, trials: cases, level: 0.95).get()
        #expect(abs(plain.interval.lower - wilson.lower) < 1e-14)
        #expect(abs(plain.interval.upper - wilson.upper) < 1e-14)
        #expect(plain.interval.method == "wilson")
    }

    @Test("At 0 and 1 the limits are those of as many cases as patients could stand for, never of zero width")
    func boundary() throws {
        let study = try SmallStudy(sites: ["a"])
        let all = SyntheticSite(
            patients: (0..<12).map { _ in
                [.init(score: 900_000, isPositive: true), .init(score: 800_000, isPositive: true)]
            })
        let pooled = try #require(StratifiedProportion([try stratum(all, positive: true, study)], level: 0.95))
        #expect(pooled.estimate == 1)
        #expect(pooled.variance == 0)
        let t = try #require(StudentTDistribution(degreesOfFreedom: 11)?.quantile(0.975))
        #expect(abs(pooled.interval.lower - 12 / (12 + t * t)) < 1e-12)
        #expect(pooled.interval.upper == 1)
        #expect(StratifiedProportion([], level: 0.95) == nil)
        let single = SyntheticSite(patients: [[.init(score: 900_000, isPositive: true)]])
        #expect(StratifiedProportion([try stratum(single, positive: true, study)], level: 0.95) == nil)
    }
}
