import Foundation
import Statistics
import Testing

@Suite("Distributions agree with mpmath")
struct DistributionTests {
    private struct Vectors: Decodable {
        let normal, t, chiSquared, beta: [[Double]]
        let normalQuantile, tQuantile, chiSquaredQuantile, betaQuantile: [[Double]]
    }

    private let vectors: Vectors
    private let tolerance = 1e-13

    /// In a far tail the exponent itself is large, and its last bit shows: at 1e-250 that is 1e-13 already.
    private func farTail(_ p: Double) -> Double { tolerance * max(1, -log(p) / 100) }

    init() throws { vectors = try vectorFile("distributions.json") }

    @Test("normal probabilities, in both tails")
    func normal() {
        #expect(vectors.normal.count > 25)
        for row in vectors.normal {
            #expect(agree(NormalDistribution.cdf(row[0]), row[1], relative: tolerance), "\(row)")
            #expect(agree(NormalDistribution.upperTail(-row[0]), row[1], relative: tolerance), "\(row)")
        }
    }

    @Test("Student's t probabilities")
    func studentT() throws {
        #expect(vectors.t.count > 120)
        for row in vectors.t {
            let distribution = try #require(StudentTDistribution(degreesOfFreedom: row[1]))
            #expect(agree(distribution.upperTail(row[0]), row[2], relative: tolerance), "\(row)")
            #expect(agree(distribution.cdf(-row[0]), row[2], relative: tolerance), "\(row)")
            #expect(agree(distribution.cdf(row[0]), row[3], relative: tolerance), "\(row)")
        }
    }

    @Test("chi-squared probabilities, in both tails")
    func chiSquared() throws {
        #expect(vectors.chiSquared.count > 100)
        for row in vectors.chiSquared {
            let distribution = try #require(ChiSquaredDistribution(degreesOfFreedom: row[1]))
            #expect(agree(distribution.cdf(row[0]), row[2], relative: farTail(row[2])), "\(row)")
            #expect(agree(distribution.upperTail(row[0]), row[3], relative: farTail(row[3])), "\(row)")
        }
    }

    @Test("beta probabilities")
    func beta() throws {
        #expect(vectors.beta.count > 30)
        for row in vectors.beta {
            let distribution = try #require(BetaDistribution(a: row[1], b: row[2]))
            #expect(agree(distribution.cdf(row[0]), row[3], relative: tolerance), "\(row)")
        }
    }

    @Test("quantiles")
    func quantiles() throws {
        for row in vectors.normalQuantile {
            #expect(agree(NormalDistribution.quantile(row[0]), row[1], relative: tolerance), "normal \(row)")
        }
        for row in vectors.tQuantile {
            let distribution = try #require(StudentTDistribution(degreesOfFreedom: row[1]))
            #expect(agree(distribution.quantile(row[0]), row[2], relative: tolerance), "t \(row)")
        }
        for row in vectors.chiSquaredQuantile {
            let distribution = try #require(ChiSquaredDistribution(degreesOfFreedom: row[1]))
            #expect(agree(distribution.quantile(row[0]), row[2], relative: 2 * tolerance), "chi-squared \(row)")
        }
        for row in vectors.betaQuantile {
            let distribution = try #require(BetaDistribution(a: row[1], b: row[2]))
            #expect(agree(distribution.quantile(row[0]), row[3], relative: tolerance), "beta \(row)")
        }
    }

    @Test("ends and arguments that are none")
    func ends() {
        #expect(NormalDistribution.quantile(0) == -.infinity)
        #expect(NormalDistribution.quantile(1) == .infinity)
        #expect(NormalDistribution.quantile(-0.1) == nil)
        #expect(NormalDistribution.quantile(.nan) == nil)
        #expect(StudentTDistribution(degreesOfFreedom: 0) == nil)
        #expect(ChiSquaredDistribution(degreesOfFreedom: -1) == nil)
        #expect(StudentTDistribution(degreesOfFreedom: 3)?.cdf(1e300) == 1)
        #expect(ChiSquaredDistribution(degreesOfFreedom: 3)?.upperTail(0) == 1)
        #expect(NormalDistribution.upperTail(100) == 0)
        #expect(NormalDistribution.cdf(100) == 1)
    }
}
