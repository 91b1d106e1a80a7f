/// The released area under the ROC curve of one site, as exact integers, with its variance. The definitions are those of
/// ``ROCStatistics``.
public struct ROCSummary: Hashable, Sendable {
    /// The variance's source.
    public enum VarianceMethod: String, Codable, Hashable, Sendable, CaseIterable {
        /// Obuchowski 1997, for cases clustered in patients.
        case obuchowski
        /// DeLong et al. 1988, for independent cases.
        case delong
    }

    /// Positive cases, m.
    public let positives: Int
    /// Negative cases, n.
    public let negatives: Int
    /// Patients with at least one positive case.
    public let positivePatients: Int
    /// Patients with at least one negative case.
    public let negativePatients: Int
    /// Patients. Withheld where it would tell, as a difference, how few patients have cases of both classes.
    public private(set) var patients: Count
    /// Twice the Mann-Whitney statistic.
    public let twiceU: WideInteger
    /// The variance of the area.
    public let variance: Double
    public let varianceMethod: VarianceMethod
    /// The class of a one-vs-rest reference; nil when there are two classes.
    public let classLabel: String?

    /// The area, from 0 to 1.
    public var area: Double { Double(twiceU.value) / Double(2 * Int128(positives) * Int128(negatives)) }
    /// The number of pairs of a positive and a negative.
    public var pairs: Int { positives * negatives }

    /// Takes a site's statistics; nil when the method's variance is undefined.
    @_spi(ReleaseGate)
    public init?(_ statistics: ROCStatistics, method: VarianceMethod, classLabel: String? = nil) {
        let variance =
            switch method {
            case .obuchowski: statistics.obuchowskiVariance
            case .delong: statistics.deLongVariance
            }
        guard let variance else { return nil }
        positives = statistics.positives
        negatives = statistics.negatives
        positivePatients = statistics.positivePatients
        negativePatients = statistics.negativePatients
        patients = .exact(statistics.patients)
        twiceU = WideInteger(statistics.twiceU)
        self.variance = variance
        varianceMethod = method
        self.classLabel = classLabel
    }

    /// The same without the number of all patients, which no interval needs.
    @_spi(ReleaseGate)
    public var withholdingPatients: ROCSummary {
        var summary = self
        summary.patients = .protected
        return summary
    }

    func check() throws(StatisticsError) {
        try ReleasedCheck.label(classLabel)
        try ReleasedCheck.require(
            positives > 0 && negatives > 0 && positives <= RankSample.caseLimit && negatives <= RankSample.caseLimit
                && positives + negatives <= RankSample.caseLimit, "cases of both classes within the limit")
        try ReleasedCheck.require(
            (1...positives).contains(positivePatients) && (1...negatives).contains(negativePatients),
            "patients agree with the cases")
        if let patients = patients.exact {
            try ReleasedCheck.require(
                patients >= max(positivePatients, negativePatients) && patients <= positivePatients + negativePatients,
                "patients agree with the cases")
        }
        try ReleasedCheck.require(
            twiceU.value >= 0 && twiceU.value <= 2 * Int128(positives) * Int128(negatives),
            "twice U is at most twice the pairs")
        try ReleasedCheck.require(variance.isFinite && variance >= 0 && variance <= 1, "a variance of at most 1")
    }
}

extension ROCSummary: Codable {
    private enum CodingKeys: String, CodingKey {
        case positives, negatives, positivePatients, negativePatients, patients, twiceU, variance, varianceMethod
        case classLabel = "class"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        positives = try container.decode(Int.self, forKey: .positives)
        negatives = try container.decode(Int.self, forKey: .negatives)
        positivePatients = try container.decode(Int.self, forKey: .positivePatients)
        negativePatients = try container.decode(Int.self, forKey: .negativePatients)
        patients = try container.decode(Count.self, forKey: .patients)
        twiceU = try container.decode(WideInteger.self, forKey: .twiceU)
        variance = try container.decode(Double.self, forKey: .variance)
        varianceMethod = try container.decode(VarianceMethod.self, forKey: .varianceMethod)
        classLabel = try container.decodeIfPresent(String.self, forKey: .classLabel)
        try check()
    }
}
