import Draws
import Foundation
import Statistics
import Synthesis

/// Cases of a site that are clustered in patients.
enum Patients {
    /// Binary outcomes, beta-binomial: each patient has a hit rate of their own, with the mean and the intraclass
    /// correlation of cases that are asked.
    static func outcomes(
        _ patients: Int, cases: ClosedRange<Int>, rate: Double, correlation: Double, _ draws: inout Draws
    ) -> Outcomes {
        var outcomes = Outcomes()
        for _ in 0..<patients {
            let own = draws.beta(mean: rate, correlation: correlation)
            let m = draws.integer(cases)
            var hits = 0
            for _ in 0..<m where draws.isHit(own) { hits += 1 }
            outcomes.add(cases: m, hits: hits)
        }
        return outcomes
    }

    struct Outcomes {
        private(set) var patients: [Int32] = []
        private(set) var calls: [Double] = []
        private(set) var hits = 0
        private var count: Int32 = 0

        var cases: Int { calls.count }

        mutating func add(cases: Int, hits: Int) {
            for index in 0..<cases {
                patients.append(count)
                calls.append(index < hits ? 1 : 0)
            }
            self.hits += hits
            count += 1
        }

        /// As a confusion matrix of positives only, by patient.
        var clusters: ConfusionClusters? {
            let labels = Array(repeating: UInt8(1), count: calls.count)
            return (try? BinaryCases(scores: calls, labels: labels, patients: patients)).flatMap {
                ConfusionClusters($0, threshold: 0.5)
            }
        }

        var stratum: StratifiedProportion.Stratum? {
            clusters.map {
                StratifiedProportion.Stratum(
                    hits: hits, cases: cases, clusters: $0.totals(hits: [.truePositive], misses: [.falseNegative]))
            }
        }
    }

    /// Who shares a class.
    enum Labels: String {
        /// Every case has its own, as lesions have.
        case byCase = "case"
        /// All cases of a patient have one, as images of one diagnosis have.
        case byPatient = "patient"
    }

    /// Scores of a model, and of another one on the same cases: normal within each class, with a part that the patient's
    /// cases share.
    struct Scores {
        var patients: [Int32] = []
        var labels: [UInt8] = []
        var first: [Double] = []
        var second: [Double] = []

        /// - Parameters:
        ///   - areas: under the two models' ROC curves.
        ///   - correlation: of scores of one patient's cases in a class.
        ///   - agreement: the correlation of the two models' scores of a case.
        init(
            _ count: Int, cases: ClosedRange<Int>, prevalence: Double, labels sharing: Labels,
            areas: (first: Double, second: Double), correlation: Double, agreement: Double, _ draws: inout Draws
        ) {
            let shifts = (Patients.shift(areas.first), Patients.shift(areas.second))
            let (common, own) = (correlation.squareRoot(), (1 - correlation).squareRoot())
            let (same, other) = (agreement, (1 - agreement * agreement).squareRoot())
            for patient in 0..<count {
                let patientClass = draws.isHit(prevalence)
                let shared = draws.normal()
                let sharedSecond = same * shared + other * draws.normal()
                for _ in 0..<draws.integer(cases) {
                    let isPositive = sharing == .byPatient ? patientClass : draws.isHit(prevalence)
                    let noise = draws.normal()
                    let noiseSecond = same * noise + other * draws.normal()
                    patients.append(Int32(patient))
                    labels.append(isPositive ? 1 : 0)
                    first.append((isPositive ? shifts.0 : 0) + common * shared + own * noise)
                    second.append((isPositive ? shifts.1 : 0) + common * sharedSecond + own * noiseSecond)
                }
            }
        }

        var cases: BinaryCases? { try? BinaryCases(scores: first, labels: labels, patients: patients) }
        var statistics: ROCStatistics? { cases.flatMap { ROCAnalysis($0).statistics.value } }
        var paired: PairedROCStatistics? {
            cases.flatMap { PairedROCStatistics.infer($0, second: second).value }
        }
    }

    /// By how much the positives' scores are shifted for an area: √2 Φ⁻¹(area).
    static func shift(_ area: Double) -> Double { 2.0.squareRoot() * (NormalDistribution.quantile(area) ?? 0) }

    static func logit(_ probability: Double) -> Double { log(probability / (1 - probability)) }
    static func expit(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }

    /// Sites' rates or areas, spread evenly on the logit scale.
    static func spread(_ center: Double, sites: Int, reach: Double) -> [Double] {
        (0..<sites).map { site in
            expit(logit(center) + reach * (sites > 1 ? 2 * Double(site) / Double(sites - 1) - 1 : 0))
        }
    }
}
