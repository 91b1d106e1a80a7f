import Foundation
import MetaAnalysis

/// Random syntheses with what metafor, iterated to convergence, says of them; see `Vectors/NOTICE`.
struct MetaforVectors: Decodable {
    struct Fit: Decodable {
        let method: String
        let test: String
        let beta, se, p, lower, upper, tau2: Double
        let seTau2: Double?
        let i2, h2, q, qp, loglik, aic: Double
        let piLower, piUpper: Double?
        /// The limits of τ², I² (in per cent) and H².
        let profile: [Double?]?
    }

    struct Regression: Decodable {
        let method: String
        let test: String
        let beta, se, p: [Double]
        let tau2: Double
        let seTau2: Double?
        let i2, h2, q, loglik, qm, qmp: Double
        let r2: Double?
    }

    struct Rest: Decodable {
        struct Fill: Decodable {
            let estimator, side: String
            let k0: Int
            let beta, se: Double
        }

        let egger, mixed, begg: [Double]
        let cook, rstudent, dffits, covratio, weight, leave, leaveTau2: [Double]
        let fill: [Fill]
    }

    struct Synthesis: Decodable {
        let yi, vi, x1, x2: [Double]
        let fits: [Fit]
        let regressions: [Regression]
        let rest: Rest?

        var effects: [SiteEffect] { zip(yi, vi).map { SiteEffect(estimate: $0, variance: $1) } }
    }

    struct Tables: Decodable {
        struct Effects: Decodable {
            let to: String?
            let measure: String?
            let yi, vi: [Double?]
        }

        struct Pooled: Decodable {
            let measure: String
            let beta, se, q, qp, i2: Double?
            let escalc: [Effects]
        }

        let a, n1, c, n2: [Int]
        let pooled: [Pooled]
        let peto: [Double?]?
        let proportions: [Effects]
    }

    let sets: [Synthesis]
    let tables: [Tables]

    static func load() throws -> MetaforVectors {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/metafor.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(MetaforVectors.self, from: Data(contentsOf: url))
    }
}

/// Whether two numbers agree; the absolute part is for values at zero.
func agree(_ left: Double, _ right: Double, _ relative: Double = 1e-9, absolute: Double = 1e-11) -> Bool {
    abs(left - right) <= max(relative * abs(right), absolute)
}

func agree(_ left: [Double], _ right: [Double], _ relative: Double = 1e-9, absolute: Double = 1e-11) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { agree($0, $1, relative, absolute: absolute) }
}

extension ModelTest {
    init?(metafor name: String) {
        switch name {
        case "z": self = .normal
        case "t": self = .studentT
        case "knha": self = .hartungKnapp
        case "adhoc": self = .hartungKnappGuarded
        default: return nil
        }
    }
}

/// A small generator with a seed (SplitMix64), so that a failing case can be run again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
