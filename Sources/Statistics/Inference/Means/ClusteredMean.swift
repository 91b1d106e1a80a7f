/// The mean of cases clustered in patients with its cluster-robust interval.
///
/// With G patients, m cases and the sum s of the values of each, M = Σm and S = Σs, the mean is the ratio R = S/M, its
/// variance over patients `G/(G − 1) · Σ(s − R·m)² / M²`, and the interval R ± t √variance with G − 1 degrees of
/// freedom. W. G. Cochran (1977), Sampling Techniques, 3rd ed., sections 6.3 and 9A.1 (ratio to size). With one case a
/// patient it is Student's interval, which undercovers when a patient's cases are alike.
public struct ClusteredMean: Codable, Hashable, Sendable {
    /// S/M.
    public let estimate: Double
    /// √variance.
    public let standardError: Double
    /// G − 1.
    public let degreesOfFreedom: Int
    /// Of the mean, in its unit.
    public let interval: Interval

    /// The inference from totals over patients, exact in integers.
    /// - Parameters:
    ///   - patients: G, the patients with at least one case.
    ///   - cases: Σm.
    ///   - sum: Σs in units of the resolution.
    ///   - casesSquared: Σm².
    ///   - sumSquared: Σs² in squared units.
    ///   - product: Σm·s in units.
    /// - Returns: `no-cases` without cases, `too-few-clusters` with fewer than two patients, `no-variance` when every
    ///   patient's mean is the same, `bad-argument` for totals that no patients have or a level outside (0, 1).
    public static func infer(
        patients: Int, cases: Int128, sum: Int128, casesSquared: Int128, sumSquared: Int128, product: Int128,
        resolution: Resolution, level: Double
    ) -> Inferred<ClusteredMean> {
        guard let upperProbability = Interval.upperProbability(level), patients >= 0, cases >= 0 else {
            return .undefined(.badArgument)
        }
        guard cases > 0 else { return .undefined(.noCases) }
        guard patients > 1,
            let critical = StudentTDistribution(degreesOfFreedom: Double(patients - 1))?.quantile(upperProbability)
        else { return .undefined(.tooFewClusters) }
        // Σ(M·s − S·m)² = M²Σs² − 2MSΣms + S²Σm².
        let (m, s) = (ExactInteger(cases), ExactInteger(sum))
        let cross = m * s * ExactInteger(product)
        let squares = m * m * ExactInteger(sumSquared) - cross - cross + s * s * ExactInteger(casesSquared)
        guard squares.sign >= 0 else { return .undefined(.badArgument) }
        guard squares.sign > 0 else { return .undefined(.noVariance) }
        let size = DoubleDouble(integer: cases)
        let unit = resolution.exactUnit
        let correction = DoubleDouble(Double(patients)) / Double(patients - 1)
        let error = (squares.doubleDouble * correction).squareRoot() / (size * size) * unit
        let mean = s.doubleDouble / size * unit
        return .value(
            ClusteredMean(
                estimate: mean.value, standardError: error.value, degreesOfFreedom: patients - 1,
                interval: Interval(
                    lower: (mean - error * critical).value, upper: (mean + error * critical).value, level: level)))
    }

    /// The inference from local values with the patient of each.
    public static func infer(values: [Double], patients: [Int], level: Double) -> Inferred<ClusteredMean> {
        guard values.count == patients.count, let upperProbability = Interval.upperProbability(level) else {
            return .undefined(.badArgument)
        }
        guard let moments = SampleMoments(values) else { return .undefined(.notFinite) }
        guard moments.n > 0 else { return .undefined(.noCases) }
        // Σ(s − R·m) of each patient is the sum of its values' deviations from the mean.
        var residuals: [Int: DoubleDouble] = [:]
        for (value, patient) in zip(values, patients) {
            residuals[patient, default: .zero] = residuals[patient, default: .zero] - moments.exactMean + value
        }
        let groups = residuals.count
        guard groups > 1,
            let critical = StudentTDistribution(degreesOfFreedom: Double(groups - 1))?.quantile(upperProbability)
        else { return .undefined(.tooFewClusters) }
        let squares = residuals.keys.sorted().reduce(DoubleDouble.zero) { sum, patient in
            let residual = residuals[patient, default: .zero]
            return sum + residual * residual
        }
        let size = Double(moments.n)
        let error = (squares * Double(groups) / Double(groups - 1)).squareRoot() / size
        guard moments.deviations.value > 0, error.value > 0 else { return .undefined(.noVariance) }
        let mean = moments.exactMean
        return .value(
            ClusteredMean(
                estimate: mean.value, standardError: error.value, degreesOfFreedom: groups - 1,
                interval: Interval(
                    lower: (mean - error * critical).value, upper: (mean + error * critical).value, level: level)))
    }
}
