import Draws
import Foundation
import Statistics

/// Means of scores, such as Dice, of cases clustered in patients.
enum MeanStudy {
    static let all = [mean]

    private static let mean = Study(
        title: "The mean of a quantity",
        design: """
            G patients with 1 to 5 cases each, correlation ρ of a patient's cases; the values are normal, or \
            exponentials of normal ones (skewness 6). Student's interval takes cases as independent.
            """,
        methods: ["Student", "cluster-robust"], standard: ["cluster-robust"], replicates: 10_000,
        settings: [5, 10, 30, 100].flatMap { patients in
            [(0.0, false), (0.5, false), (0.5, true)].map { correlation, isSkewed in
                mean(patients, correlation: correlation, isSkewed: isSkewed)
            }
        },
        remark: """
            Student's interval undercovers for clustered cases, with any number of patients. The cluster-robust one \
            is a little short with 5 patients, and short for heavily skewed values until there are many patients; it \
            then misses above the upper limit. A protocol should score such a quantity on a scale where it is not \
            skewed.
            """)

    private static func mean(_ patients: Int, correlation: Double, isSkewed: Bool) -> Study.Setting {
        let (common, own) = (correlation.squareRoot(), (1 - correlation).squareRoot())
        let form = isSkewed ? "skewed" : "normal"
        return Study.Setting(name: "G \(patients), ρ \(correlation), \(form)") { draws in
            var values: [Double] = []
            var owners: [Int] = []
            for patient in 0..<patients {
                let shared = draws.normal()
                for _ in 0..<draws.integer(1...5) {
                    let value = common * shared + own * draws.normal()
                    values.append(isSkewed ? exp(value) : value)
                    owners.append(patient)
                }
            }
            let clustered = ClusteredMean.infer(values: values, patients: owners, level: Study.level).value
            return [student(values), clustered?.interval].map {
                Study.Trial(interval: $0, truth: isSkewed ? exp(0.5) : 0)
            }
        }
    }

    private static func student(_ values: [Double]) -> Interval? {
        let size = Double(values.count)
        guard let moments = SampleMoments(values), let mean = moments.mean.value,
            let deviation = moments.standardDeviation.value,
            let critical = StudentTDistribution(degreesOfFreedom: size - 1)?.quantile(0.5 + Study.level / 2)
        else { return nil }
        let reach = critical * deviation / size.squareRoot()
        return Interval(lower: mean - reach, upper: mean + reach, level: Study.level)
    }
}
