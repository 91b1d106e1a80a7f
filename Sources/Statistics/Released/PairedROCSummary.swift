/// The released areas under the ROC curves of two models on the same cases of one site, as exact integers, with their
/// variances and covariance. The definitions are those of ``PairedROCStatistics``.
public struct PairedROCSummary: Hashable, Sendable {
    /// Identifies the first model.
    public let first: String
    /// Identifies the second model.
    public let second: String
    /// Positive cases, m.
    public let positives: Int
    /// Negative cases, n.
    public let negatives: Int
    /// Patients with at least one positive case.
    public let positivePatients: Int
    /// Patients with at least one negative case.
    public let negativePatients: Int
    /// Patients.
    public let patients: Int
    /// Twice the Mann-Whitney statistic of the first model.
    public let firstTwiceU: WideInteger
    /// Twice the Mann-Whitney statistic of the second model.
    public let secondTwiceU: WideInteger
    /// The variance of the first area.
    public let firstVariance: Double
    /// The variance of the second area.
    public let secondVariance: Double
    /// The covariance of the areas.
    public let covariance: Double
    /// The variance of the difference, from the cases' own differences: nothing cancels in it.
    public let differenceVariance: Double
    public let varianceMethod: ROCSummary.VarianceMethod

    /// The first area, from 0 to 1.
    public var firstArea: Double { ExactRatio.double(firstTwiceU.value, over: twicePairs) }
    /// The second area, from 0 to 1.
    public var secondArea: Double { ExactRatio.double(secondTwiceU.value, over: twicePairs) }
    /// The first area minus the second, rounded once.
    public var difference: Double {
        ExactRatio.double(firstTwiceU.value - secondTwiceU.value, over: twicePairs)
    }

    private var twicePairs: UInt128 { 2 * UInt128(positives) * UInt128(negatives) }

    /// Takes a site's sample; nil when there are no pairs or the method's variance is undefined.
    @_spi(ReleaseGate)
    public init?(_ sample: PairedRankSample, method: ROCSummary.VarianceMethod) {
        let columns = sample.columns
        let inferred = PairedROCStatistics.infer(
            first: columns.firstScores, second: columns.secondScores,
            isPositive: columns.reference.map { $0 == ReferenceClass.positive }, patients: columns.patients)
        guard case .value(let statistics) = inferred else { return nil }
        let isClustered = method == .obuchowski
        guard let firstVariance = isClustered ? statistics.first.obuchowskiVariance : statistics.first.deLongVariance,
            let secondVariance = isClustered ? statistics.second.obuchowskiVariance : statistics.second.deLongVariance,
            let covariance = isClustered ? statistics.obuchowskiCovariance : statistics.deLongCovariance,
            let differenceVariance = isClustered
                ? statistics.obuchowskiDifferenceVariance : statistics.deLongDifferenceVariance
        else { return nil }
        first = sample.first.model
        second = sample.second.model
        positives = statistics.first.positives
        negatives = statistics.first.negatives
        positivePatients = statistics.first.positivePatients
        negativePatients = statistics.first.negativePatients
        patients = statistics.first.patients
        firstTwiceU = WideInteger(statistics.first.twiceU)
        secondTwiceU = WideInteger(statistics.second.twiceU)
        self.firstVariance = firstVariance
        self.secondVariance = secondVariance
        self.covariance = covariance
        self.differenceVariance = differenceVariance
        varianceMethod = method
    }

    func check() throws(StatisticsError) {
        try ReleasedCheck.label(first)
        try ReleasedCheck.label(second)
        try ReleasedCheck.require(
            positives > 0 && negatives > 0 && positives <= RankSample.caseLimit && negatives <= RankSample.caseLimit
                && positives + negatives <= RankSample.caseLimit, "cases of both classes within the limit")
        try ReleasedCheck.require(
            (1...positives).contains(positivePatients) && (1...negatives).contains(negativePatients)
                && patients >= max(positivePatients, negativePatients)
                && patients <= positivePatients + negativePatients, "patients agree with the cases")
        let most = Int128(twicePairs)
        try ReleasedCheck.require(
            (0...most).contains(firstTwiceU.value) && (0...most).contains(secondTwiceU.value),
            "twice U is at most twice the pairs")
        try ReleasedCheck.require(
            [firstVariance, secondVariance].allSatisfy { $0.isFinite && (0...1).contains($0) }
                && covariance.isFinite && abs(covariance) <= 1 && differenceVariance.isFinite
                && (0...4).contains(differenceVariance), "variances of areas")
    }
}

extension PairedROCSummary: Codable {
    private enum CodingKeys: String, CodingKey {
        case first, second, positives, negatives, positivePatients, negativePatients, patients, firstTwiceU
        case secondTwiceU, firstVariance, secondVariance, covariance, differenceVariance, varianceMethod
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        first = try container.decode(String.self, forKey: .first)
        second = try container.decode(String.self, forKey: .second)
        positives = try container.decode(Int.self, forKey: .positives)
        negatives = try container.decode(Int.self, forKey: .negatives)
        positivePatients = try container.decode(Int.self, forKey: .positivePatients)
        negativePatients = try container.decode(Int.self, forKey: .negativePatients)
        patients = try container.decode(Int.self, forKey: .patients)
        firstTwiceU = try container.decode(WideInteger.self, forKey: .firstTwiceU)
        secondTwiceU = try container.decode(WideInteger.self, forKey: .secondTwiceU)
        firstVariance = try container.decode(Double.self, forKey: .firstVariance)
        secondVariance = try container.decode(Double.self, forKey: .secondVariance)
        covariance = try container.decode(Double.self, forKey: .covariance)
        differenceVariance = try container.decode(Double.self, forKey: .differenceVariance)
        varianceMethod = try container.decode(ROCSummary.VarianceMethod.self, forKey: .varianceMethod)
        try check()
    }
}
