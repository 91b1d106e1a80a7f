import Foundation
import Statistics
import Testing

@testable import MetaAnalysis

/// Fits of metafor, see `Vectors/NOTICE`; I² in per cent.
private struct Record: Decodable {
    struct Fit: Decodable {
        let estimate: Double
        let tau2: Double
        let q: Double
        let i2: Double
        let lower: Double
        let upper: Double
    }

    let id: String
    let effects: [Double]
    let variances: [Double]
    let z: Fit
    let adhoc: Fit?

    static func all() throws -> [Record] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Vectors/dersimonian_laird.json")
        return try JSONDecoder().decode([Record].self, from: Data(contentsOf: file))
    }

    func fit() throws -> RandomEffects {
        try #require(RandomEffects(zip(effects, variances).map { SiteEffect(estimate: $0, variance: $1) }))
    }
}

private func isClose(_ left: Double, _ right: Double, _ tolerance: Double = 1e-9) -> Bool {
    abs(left - right) <= max(tolerance * abs(right), 1e-12)
}

@Suite("Random effects")
struct RandomEffectsTests {
    @Test("DerSimonian and Laird's estimate, tau², Q and I² are metafor's")
    func dersimonianLaird() throws {
        let records = try Record.all()
        #expect(records.count >= 6)
        for record in records {
            let fit = try record.fit()
            #expect(isClose(fit.estimate, record.z.estimate), "\(record.id)")
            #expect(isClose(fit.tau2, record.z.tau2), "\(record.id)")
            #expect(isClose(fit.q, record.z.q), "\(record.id)")
            // metafor's I² comes from tau² and a typical variance; for this estimator that is (Q - df) / Q in per cent.
            #expect(isClose(100 * fit.i2, record.z.i2, 1e-7), "\(record.id)")
        }
    }

    @Test("The guarded Hartung-Knapp interval is metafor's `adhoc`")
    func guarded() throws {
        let records = try Record.all().filter { $0.adhoc != nil }
        #expect(records.count >= 2)
        for record in records {
            let wanted = try #require(record.adhoc)
            let interval = try #require(try record.fit().guardedHartungKnapp(level: 0.95))
            #expect(isClose(interval.lower, wanted.lower), "\(record.id)")
            #expect(isClose(interval.upper, wanted.upper), "\(record.id)")
        }
    }

    @Test("The guarded interval is never narrower than the normal one, however well the sites agree")
    func neverNarrower() throws {
        for record in try Record.all() {
            let interval = try #require(try record.fit().guardedHartungKnapp(level: 0.95))
            #expect(interval.upper - interval.lower >= (record.z.upper - record.z.lower) * (1 - 1e-9), "\(record.id)")
        }
        var generator = SplitMix(state: 1)
        for _ in 0..<200 {
            let center = Double.random(in: -2...2, using: &generator)
            let spread = Double.random(in: 0...0.5, using: &generator)
            let effects = (0..<Int.random(in: 2...8, using: &generator)).map { _ in
                SiteEffect(
                    estimate: center + spread * Double.random(in: -1...1, using: &generator),
                    variance: Double.random(in: 0.01...0.5, using: &generator))
            }
            let fit = try #require(RandomEffects(effects))
            let interval = try #require(fit.guardedHartungKnapp(level: 0.9))
            let normal = 1.6448536269514722 * (1 / fit.totalWeight).squareRoot()
            #expect(interval.upper - fit.estimate >= normal)
        }
    }

    @Test("One effect, a variance of zero and what is not finite have no summary")
    func refused() {
        let good = SiteEffect(estimate: 1, variance: 0.1)
        #expect(RandomEffects([]) == nil)
        #expect(RandomEffects([good]) == nil)
        for bad in [0, -1, .nan, .infinity] as [Double] {
            #expect(RandomEffects([good, SiteEffect(estimate: 0, variance: bad)]) == nil)
        }
        #expect(RandomEffects([good, SiteEffect(estimate: .nan, variance: 1)]) == nil)
    }
}

/// A small generator with a seed (SplitMix64), so that a failing case can be run again.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
