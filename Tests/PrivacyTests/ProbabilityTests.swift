import Testing

@testable import Privacy

/// Probabilities against 50-digit arithmetic (`scripts/interop/check_noise.py vectors`).
@Suite struct `Probabilities` {
    struct File: Decodable {
        struct Distribution: Decodable {
            struct Point: Decodable {
                let x: Int64
                let probability: Double
                let upperTail: Double

                private enum CodingKeys: String, CodingKey {
                    case x, probability
                    case upperTail = "upper_tail"
                }
            }
            let mechanism: NoiseMechanism
            /// σ² of the Gaussian, b of the Laplace.
            let parameter: String
            let variance: Double
            let points: [Point]
        }
        let distributions: [Distribution]
    }

    private func distribution(_ record: File.Distribution) throws -> any NoiseDistribution {
        switch record.mechanism {
        case .gaussian: try DiscreteGaussian(sigmaSquared: Fraction(record.parameter))
        case .laplace: try DiscreteLaplace(scale: Fraction(record.parameter))
        }
    }

    @Test func `probabilities, tails and variances agree with 50 digits to 1e-12`() throws {
        let file: File = try vectorFile("mpmath.json")
        #expect(file.distributions.count == 20)
        var checked = 0
        for record in file.distributions {
            let noise = try distribution(record)
            let name = "\(record.mechanism.rawValue) \(record.parameter)"
            #expect(agree(noise.variance, record.variance, relative: 1e-12), "variance of \(name)")
            for point in record.points where point.probability > 1e-300 {
                #expect(
                    agree(noise.probability(point.x), point.probability, relative: 1e-12),
                    "probability of \(point.x), \(name)")
                #expect(noise.probability(-point.x) == noise.probability(point.x))
                if point.upperTail > 1e-300 {
                    #expect(
                        agree(noise.upperTail(point.x), point.upperTail, relative: 1e-12),
                        "tail of \(point.x), \(name): \(noise.upperTail(point.x)) \(point.upperTail)")
                }
                // P(X > -x - 1) = P(X ≥ -x) = 1 - P(X > x).
                #expect(abs(noise.upperTail(-point.x - 1) + point.upperTail - 1) < 1e-15)
                checked += 1
            }
        }
        #expect(checked > 130)
    }

    @Test(arguments: ["1/10", "1/7", "4/25", "1/5", "3", "250"])
    func `probabilities add up to one and tails to their sums`(_ text: String) throws {
        for noise in [try DiscreteGaussian(sigmaSquared: Fraction(text)), try DiscreteLaplace(scale: Fraction(text))]
            as [any NoiseDistribution]
        {
            let reach: Int64 = noise is DiscreteLaplace ? 12_000 : 700
            var (sum, variance, furthest) = (0.0, 0.0, 0.0)
            for x in stride(from: reach, through: 1, by: -1) {
                furthest = max(furthest, abs(noise.upperTail(x) - sum))
                sum += noise.probability(x)
                variance += 2 * Double(x) * Double(x) * noise.probability(x)
            }
            #expect(furthest < 1e-13)
            #expect(abs(2 * sum + noise.probability(0) - 1) < 1e-13)
            #expect(agree(noise.variance, variance, relative: 1e-11))
        }
    }

    @Test func `tails have no step where the formula changes`() throws {
        // σ² of 10⁶ is summed, one more is not.
        let summed = try DiscreteGaussian(sigmaSquared: Fraction(whole: 1_000_000))
        let smooth = try DiscreteGaussian(sigmaSquared: Fraction("1000000.000000001"))
        for x: Int64 in [0, 1, 500, 1_000, 3_000, 10_000] {
            #expect(agree(smooth.upperTail(x), summed.upperTail(x), relative: 1e-12))
        }
    }
}
