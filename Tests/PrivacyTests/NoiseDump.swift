import Foundation
import Testing

@testable import Privacy

/// Writes draws of the system's random source, costs and conversions for `scripts/interop/check_noise.py compare`. Runs only
/// where the environment names a file.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["CONCORDAT_NOISE_DUMP"] != nil)) struct NoiseDump {
    struct Dump: Encodable {
        struct Sample: Encodable {
            let mechanism: NoiseMechanism
            let scale: String
            let mayNotReject: Bool
            let draws: [Int64]
        }
        struct Cost: Encodable {
            let mechanism: NoiseMechanism
            let scale: String
            let sensitivity: UInt64
            let rho: PrivacyCost
        }
        struct Conversion: Encodable {
            let rho, delta: String
            let epsilon: Double
        }
        var samples: [Sample] = []
        var costs: [Cost] = []
        var conversions: [Conversion] = []
    }

    @Test func `draws, costs and conversions for opendp`() throws {
        let path = try #require(ProcessInfo.processInfo.environment["CONCORDAT_NOISE_DUMP"])
        var dump = Dump()
        var bits = RandomBits(SystemRandomNumberGenerator())
        for mechanism in NoiseMechanism.allCases {
            for (scale, mayNotReject) in [
                ("0.1", true), ("1/3", false), ("1", false), ("2.5", false), ("17/7", false), ("100", false),
                ("1234.56", false), ("10000000", false),
            ] {
                let noise = try NoiseScale(mechanism, scale: Fraction(scale))
                var draws: [Int64] = []
                for _ in 0..<200_000 { draws.append(try noise.draw(from: &bits)) }
                dump.samples.append(
                    .init(
                        mechanism: mechanism, scale: scale, mayNotReject: mayNotReject || scale == "1/3", draws: draws))
            }
            for scale in ["0.8", "1", "3", "6", "10", "12.3457", "1000", "123456"] {
                for sensitivity in [1, 2, 3, 10, 1_000] as [UInt64] {
                    let fraction = try Fraction(scale)
                    let cost =
                        switch mechanism {
                        case .gaussian: try PrivacyCost.gaussian(l2Squared: sensitivity * sensitivity, scale: fraction)
                        case .laplace: try PrivacyCost.laplace(l1: sensitivity, scale: fraction)
                        }
                    dump.costs.append(.init(mechanism: mechanism, scale: scale, sensitivity: sensitivity, rho: cost))
                }
            }
        }
        for rho in ["0.0001", "0.005", "0.03125", "0.1", "0.5", "2"] {
            for delta in ["0.00001", "0.000001", "0.000000001"] {
                let epsilon = try PrivacyCost(roundingUp: Fraction(rho)).epsilon(delta: Fraction(delta))
                dump.conversions.append(.init(rho: rho, delta: delta, epsilon: epsilon))
            }
        }
        try JSONEncoder().encode(dump).write(to: URL(filePath: path))
    }
}
