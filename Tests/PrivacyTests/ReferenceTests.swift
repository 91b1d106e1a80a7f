import Foundation
import Testing

@testable import Privacy

/// The reference file of opendp's calibration: every record is met at its tolerance, but for the parts that `dp.json` has
/// of mechanisms that are not here; each of those says why and is bounded instead.
@Suite struct `Reference values of opendp` {
    struct File: Decodable {
        struct Record: Decodable {
            struct Params: Decodable {
                let sensitivity: UInt64?
                let epsilon: Double?
                let scale: Double?
                let delta: Double?
                let epsList: [Double]?
                let rhoList: [Double]?

                private enum CodingKeys: String, CodingKey {
                    case sensitivity, epsilon, scale, delta
                    case epsList = "eps_list"
                    case rhoList = "rho_list"
                }
            }
            let name: String
            let params: Params
            let value: [String: Double]
            let rtol: Double
        }
        let expected: [Record]
    }

    /// The decimal that a Double of the file was written as.
    private func fraction(_ value: Double) throws -> Fraction {
        let text = String(format: "%.12f", value)
        return try Fraction(text)
    }

    @Test func `every record is met or bounded`() throws {
        let file: File = try vectorFile("dp.json")
        var seen: [String: Int] = [:]
        for record in file.expected {
            seen[record.name, default: 0] += 1
            let (params, value) = (record.params, record.value)
            switch record.name {
            case "laplace_scale":
                // The scale with which the cost is at most that of epsilon; a decimal that six digits hold.
                let sensitivity = try #require(params.sensitivity)
                let epsilon = try fraction(try #require(params.epsilon))
                let bound = try ContributionBound(mostCases: Int(sensitivity))
                let noise = try NoiseScale.least(.laplace, for: .cases(bound), within: .pure(epsilon: epsilon))
                let scale = try #require(value["scale"])
                #expect(agree(noise.scale.value, scale, relative: record.rtol))
                #expect(agree(noise.scale.value, try #require(value["analytic"]), relative: record.rtol))
                // accuracy_95 is of the continuous Laplace. The discrete half-width is a whole number near it.
                let accuracy = try #require(value["accuracy_95"])
                #expect(abs(Double(try noise.halfWidth(confidence: 0.95)) - accuracy) < 1)
            case "gaussian_zcdp_rho":
                let sensitivity = try #require(params.sensitivity)
                let scale = try fraction(try #require(params.scale))
                let cost = try PrivacyCost.gaussian(l2Squared: sensitivity * sensitivity, scale: scale)
                #expect(agree(cost.rho.value, try #require(value["rho"]), relative: record.rtol))
                #expect(agree(cost.rho.value, try #require(value["analytic"]), relative: record.rtol))
                // accuracy_95 is of the continuous Gaussian.
                let accuracy = try #require(value["accuracy_95"])
                let noise = try NoiseScale(.gaussian, scale: scale)
                #expect(abs(Double(try noise.halfWidth(confidence: 0.95)) - accuracy) < 1)
            case "discrete_laplace_epsilon":
                let sensitivity = try #require(params.sensitivity)
                let scale = try fraction(try #require(params.scale))
                let cost = try PrivacyCost.laplace(l1: sensitivity, scale: scale)
                let epsilon = (2 * cost.rho.value).squareRoot()
                #expect(agree(epsilon, try #require(value["epsilon"]), relative: record.rtol))
            case "gaussian_epsilon_at_delta":
                let sensitivity = try #require(params.sensitivity)
                let scale = try fraction(try #require(params.scale))
                let delta = try fraction(try #require(params.delta))
                let cost = try PrivacyCost.gaussian(l2Squared: sensitivity * sensitivity, scale: scale)
                let epsilon = try cost.epsilon(delta: delta)
                #expect(agree(epsilon, try #require(value["epsilon_zcdp_bound"]), relative: record.rtol))
                // epsilon_exact_balle_wang is of one continuous Gaussian alone, which does not compose: ours says more.
                #expect(epsilon > (try #require(value["epsilon_exact_balle_wang"])))
            case "composition":
                var epsilon = Fraction.zero
                for part in try #require(params.epsList) { epsilon = try epsilon.adding(fraction(part)) }
                #expect(agree(epsilon.value, try #require(value["basic_epsilon"]), relative: record.rtol))
                var cost = PrivacyCost.zero
                for part in try #require(params.rhoList) {
                    cost = try cost.adding(PrivacyCost(roundingUp: fraction(part)))
                }
                #expect(agree(cost.rho.value, try #require(value["rho_sum"]), relative: record.rtol))
            default: Issue.record("no comparison for \(record.name)")
            }
        }
        #expect(
            seen == [
                "laplace_scale": 3, "gaussian_zcdp_rho": 3, "discrete_laplace_epsilon": 3,
                "gaussian_epsilon_at_delta": 3, "composition": 1,
            ])
    }
}
