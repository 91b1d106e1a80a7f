internal import Foundation

/// A site's own logistic recalibration, logit P(y = 1) = intercept + slope · logit p, with two covariances. See
/// ``LogisticRecalibration`` for the fit. Quantised scores of 0 and 1, which have no logit, are taken as half a unit of the
/// resolution away from them.
public struct RecalibrationSummary: Codable, Hashable, Sendable {
    /// The covariance of intercept and slope.
    public struct Covariance: Codable, Hashable, Sendable {
        public let interceptVariance: Double
        public let slopeVariance: Double
        public let covariance: Double

        private enum CodingKeys: String, CodingKey { case interceptVariance, slopeVariance, covariance }

        func check() throws(StatisticsError) {
            let product = interceptVariance * slopeVariance
            try ReleasedCheck.require(
                interceptVariance.isFinite && slopeVariance.isFinite && covariance.isFinite && interceptVariance >= 0
                    && slopeVariance >= 0 && covariance * covariance <= product * (1 + 1e-9),
                "a covariance matrix")
        }
    }

    public let intercept: Double
    public let slope: Double
    /// Of independent cases: the inverse of the observed information.
    public let independent: Covariance
    /// Of cases clustered in G patients: the sandwich G/(G − 1) · I⁻¹ (Σ uᵢuᵢᵀ) I⁻¹ with the patients' scores u. K.-Y.
    /// Liang and S. L. Zeger (1986), Biometrika 73:13-22.
    public let clustered: Covariance

    private enum CodingKeys: String, CodingKey { case intercept, slope, independent, clustered }

    /// The fit of a site's cases; nil where there is none (one class, one score, classes that a threshold parts). The sums
    /// are taken in the canonical order of the sample, so that they are the same to the last bit for any partition.
    init?(_ sample: CalibrationSample) {
        let one = sample.one
        // From whole numbers of half units: exact but for the last rounding.
        func logit(_ code: Int64) -> Double {
            let doubled = min(max(2 * CalibrationSample.score(code), 1), 2 * one - 1)
            let rest = 2 * one - doubled
            let difference = Double(doubled - rest)
            return abs(difference) < 0.5 * Double(one)
                ? log1p(difference / Double(rest)) : log(Double(doubled) / Double(rest))
        }
        var logits: [Double] = []
        var events: [Int] = []
        var rest: [Int] = []
        var last: Int64?
        for code in sample.records.everyRow.sorted() {
            let units = CalibrationSample.score(code)
            if units != last {
                logits.append(logit(code))
                events.append(0)
                rest.append(0)
                last = units
            }
            if CalibrationSample.isPositive(code) {
                events[events.count - 1] += 1
            } else {
                rest[rest.count - 1] += 1
            }
        }
        let patients = Double(sample.records.patientCount)
        guard patients > 1, let groups = try? LogitGroups(logits: logits, events: events, rest: rest),
            case .value(let fit) = LogisticRecalibration.fit(groups)
        else { return nil }
        // Σ uᵢuᵢᵀ with u = Σ (y − π)(1, x) over a patient's cases.
        var (first, cross, second) = (0.0, 0.0, 0.0)
        sample.records.forEachPatient { codes in
            var (own, slope) = (0.0, 0.0)
            for code in codes {
                let x = logit(code)
                let predictor = fit.intercept + fit.slope * x
                let isPositive = CalibrationSample.isPositive(code)
                // 1 − π of a positive and −π of a negative, neither of them a difference.
                let residual = (isPositive ? 1 : -1) / (1 + exp(isPositive ? predictor : -predictor))
                own += residual
                slope += residual * x
            }
            first += own * own
            cross += own * slope
            second += slope * slope
        }
        let (a, b, c) = (fit.interceptVariance, fit.covariance, fit.slopeVariance)
        let correction = patients / (patients - 1)
        intercept = fit.intercept
        slope = fit.slope
        independent = Covariance(interceptVariance: a, slopeVariance: c, covariance: b)
        clustered = Covariance(
            interceptVariance: correction * (a * a * first + 2 * a * b * cross + b * b * second),
            slopeVariance: correction * (b * b * first + 2 * b * c * cross + c * c * second),
            covariance: correction * (a * b * first + (a * c + b * b) * cross + b * c * second))
        guard (try? check()) != nil else { return nil }
    }

    func check() throws(StatisticsError) {
        try ReleasedCheck.require(intercept.isFinite && slope.isFinite, "a fit is finite")
        try independent.check()
        try clustered.check()
    }
}
