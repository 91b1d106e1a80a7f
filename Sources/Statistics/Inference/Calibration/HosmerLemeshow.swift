/// The Hosmer-Lemeshow test over groups of risk: Σ (O − E)² / (E(1 − E/n)), with O the events and E the sum of the
/// predictions of a group. D. W. Hosmer and S. Lemeshow (1980), Commun Stat Theory Methods 9:1043-1069. It depends on
/// the grouping and has little power; the calibration curve says more.
public struct HosmerLemeshow: Hashable, Sendable {
    public let statistic: Double
    /// Groups − 2 (for a model tested where it was fitted); for new data the number of groups.
    public let degreesOfFreedom: Int
    /// P(chi-squared above the statistic).
    public let pValue: Double

    /// The test from sums by group, empty groups left out.
    ///
    /// Undefined: `no-cases`; `zero-denominator` when a group expects no event or nothing else (all predictions 0 or
    /// 1); `too-few-cases` with fewer than three groups (one, on new data).
    /// - Parameter onNewData: whether the model was fitted on other cases.
    public static func test(_ groups: CalibrationBins, onNewData: Bool = false) -> Inferred<HosmerLemeshow> {
        let groups = groups.occupied
        guard !groups.isEmpty else { return .undefined(.noCases) }
        let degrees = onNewData ? groups.count : groups.count - 2
        guard let distribution = ChiSquaredDistribution(degreesOfFreedom: Double(degrees)) else {
            return .undefined(.tooFewCases)
        }
        var statistic = 0.0
        for group in groups {
            let expected = group.sumPredicted
            let variance = expected * (1 - expected / Double(group.count))
            guard variance > 0 else { return .undefined(.zeroDenominator) }
            let deviation = Double(group.events) - expected
            statistic += deviation * deviation / variance
        }
        return .value(
            HosmerLemeshow(
                statistic: statistic, degreesOfFreedom: degrees, pValue: distribution.upperTail(statistic)))
    }
}
