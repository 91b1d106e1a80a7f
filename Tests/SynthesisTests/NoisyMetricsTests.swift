import Foundation
import Privacy
@_spi(ReleaseGate) import Statistics
import Testing

@testable import Synthesis

@Suite("What follows from noisy counts")
struct NoisyMetricsTests {
    private typealias Noise = ReleasedNoisyCounts.Noise

    private func counts(_ numbers: [Int64], _ mechanism: Noise.Mechanism, _ scale: String)
        -> ReleasedNoisyCounts
    {
        ReleasedNoisyCounts(
            subject: .confusion(operatingPoint: "a", threshold: "0.5"), casesPerPatient: 1,
            numbers: numbers,
            noise: Noise(mechanism: mechanism, scale: scale))
    }

    /// P(|X| > q) of a sum of independent noises, by convolution.
    private func tail(_ noise: [Noise], beyond q: Int) throws -> Double {
        let reach = 400
        var sum = [0: 1.0]
        for entry in noise {
            let scale = try Fraction(entry.scale)
            var one: [Double] = []
            for x in -reach...reach {
                switch entry.mechanism {
                case .discreteGaussian:
                    one.append(
                        try DiscreteGaussian(sigmaSquared: scale.multiplied(by: scale)).probability(Int64(x)))
                case .discreteLaplace: one.append(try DiscreteLaplace(scale: scale).probability(Int64(x)))
                }
            }
            for _ in 0..<entry.sites {
                var next: [Int: Double] = [:]
                for (place, p) in sum where p > 1e-14 {
                    for (index, weight) in one.enumerated() where weight > 1e-14 {
                        next[place + index - reach, default: 0] += p * weight
                    }
                }
                sum = next
            }
        }
        return sum.reduce(0) { abs($1.key) > q ? $0 + $1.value : $0 }
    }

    @Test("one site's interval is the exact quantile of its noise, and ends at zero")
    func exact() throws {
        for (mechanism, own) in [
            (Noise.Mechanism.discreteGaussian, NoiseMechanism.gaussian), (.discreteLaplace, .laplace),
        ] {
            let metrics = SiteMetrics.of(.noisyCounts(counts([100, 3, -2, 50], mechanism, "4.5")))
            let half = try NoiseScale(own, scale: Fraction("4.5")).halfWidth(confidence: 0.95)
            #expect(metrics.count == 4)
            #expect(metrics.map(\.value) == [100, 3, -2, 50])
            #expect(
                metrics[0].interval?.lower == Double(100 - half)
                    && metrics[0].interval?.upper == Double(100 + half))
            #expect(metrics[1].interval?.lower == 0)
            #expect(metrics[2].interval.map { $0.lower == 0 && $0.upper >= 0 } == true)
            #expect(metrics[0].interval?.method == "noise-exact")
            #expect(metrics.map(\.group) == ["TP", "FP", "FN", "TN"])
        }
    }

    @Test(
        "a sum's interval holds the true count with the confidence that it says, and is not much wider than needed",
        arguments: [
            ([("discrete-gaussian", "3", 2)], 0.95), ([("discrete-laplace", "2", 3)], 0.95),
            ([("discrete-gaussian", "1.5", 2), ("discrete-laplace", "4", 2)], 0.95),
            ([("discrete-gaussian", "0.4", 5)], 0.95), ([("discrete-laplace", "1/3", 2)], 0.99),
        ])
    func chernoff(noise: [(String, String, Int)], level: Double) throws {
        let entries = try noise.map {
            Noise(mechanism: try #require(.init(rawValue: $0.0)), scale: $0.1, sites: $0.2)
        }
        let interval = try #require(NoiseInterval(entries, level: level))
        #expect(interval.method == "noise-chernoff")
        let q = Int(interval.halfWidth)
        #expect(try tail(entries, beyond: q) <= 1 - level)
        var least = 0
        while try tail(entries, beyond: least) > 1 - level { least += 1 }
        #expect(Double(q) <= 1.55 * Double(least) + 2, "\(q) against \(least)")
    }

    @Test("the sum over sites has one interval of the square root's width")
    func pooled() throws {
        let one = counts([10, 20, 30, 40], .discreteGaussian, "5")
        var sum = ReleasedAggregate.noisyCounts(one)
        for _ in 0..<15 { sum = try sum.merged(with: .noisyCounts(one)) }
        let metrics = SiteMetrics.of(sum)
        #expect(metrics.map(\.value) == [160, 320, 480, 640])
        let width = try #require(metrics[3].interval.map { $0.upper - $0.lower })
        // 16 sites: four times the deviation, at 2.72 instead of 1.96.
        #expect(width > 2 * 1.96 * 20 && width < 2 * 2.75 * 20)
    }
}
