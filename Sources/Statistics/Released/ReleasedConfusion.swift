/// A released confusion matrix at an operating point, with the patient totals that clustered intervals need.
public struct ReleasedConfusion: Hashable, Sendable {
    /// The operating point's identifier.
    public let operatingPoint: String
    /// The class of a one-vs-rest reference; nil when there are two classes.
    public let classLabel: String?
    /// The threshold as a decimal text; a case is called positive at or above it.
    public let threshold: String
    public let tp: Count
    public let fp: Count
    public let fn: Count
    public let tn: Count
    /// Patient totals of the positives (hits are true positives); nil when withheld.
    public let positives: ClusterTotals?
    /// Patient totals of the negatives (hits are true negatives); nil when withheld.
    public let negatives: ClusterTotals?

    @_spi(ReleaseGate)
    public init(
        operatingPoint: String, threshold: String, tp: Count, fp: Count, fn: Count, tn: Count,
        positives: ClusterTotals?, negatives: ClusterTotals?, classLabel: String? = nil
    ) {
        self.operatingPoint = operatingPoint
        self.classLabel = classLabel
        self.threshold = threshold
        self.tp = tp
        self.fp = fp
        self.fn = fn
        self.tn = tn
        self.positives = positives
        self.negatives = negatives
    }

    func check() throws(StatisticsError) {
        try ReleasedCheck.label(operatingPoint)
        try ReleasedCheck.label(threshold)
        try ReleasedCheck.label(classLabel)
        try ReleasedCheck.count(tp, fp, fn, tn, tp + fn, tn + fp)
        try positives?.check(cases: (tp + fn).exact, hits: (tp + fn).exact == nil ? nil : tp.exact)
        try negatives?.check(cases: (tn + fp).exact, hits: (tn + fp).exact == nil ? nil : tn.exact)
    }

    /// The matrix of both sites.
    public func merged(with other: ReleasedConfusion) throws(StatisticsError) -> ReleasedConfusion {
        guard operatingPoint == other.operatingPoint, threshold == other.threshold, classLabel == other.classLabel
        else {
            throw StatisticsError(.shapeMismatch, "different operating points")
        }
        let merged = ReleasedConfusion(
            operatingPoint: operatingPoint, threshold: threshold, tp: tp + other.tp, fp: fp + other.fp,
            fn: fn + other.fn, tn: tn + other.tn, positives: Self.add(positives, other.positives),
            negatives: Self.add(negatives, other.negatives), classLabel: classLabel)
        try merged.check()
        return merged
    }

    private static func add(_ left: ClusterTotals?, _ right: ClusterTotals?) -> ClusterTotals? {
        guard let left, let right else { return nil }
        return left + right
    }
}

extension ReleasedConfusion: Codable {
    private enum CodingKeys: String, CodingKey {
        case operatingPoint, threshold, tp, fp, fn, tn, positives, negatives
        case classLabel = "class"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        operatingPoint = try container.decode(String.self, forKey: .operatingPoint)
        threshold = try container.decode(String.self, forKey: .threshold)
        classLabel = try container.decodeIfPresent(String.self, forKey: .classLabel)
        tp = try container.decode(Count.self, forKey: .tp)
        fp = try container.decode(Count.self, forKey: .fp)
        fn = try container.decode(Count.self, forKey: .fn)
        tn = try container.decode(Count.self, forKey: .tn)
        positives = try container.decode(ClusterTotals.self, unlessWithheldFor: .positives)
        negatives = try container.decode(ClusterTotals.self, unlessWithheldFor: .negatives)
        try check()
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(operatingPoint, forKey: .operatingPoint)
        try container.encode(threshold, forKey: .threshold)
        try container.encodeIfPresent(classLabel, forKey: .classLabel)
        try container.encode(tp, forKey: .tp)
        try container.encode(fp, forKey: .fp)
        try container.encode(fn, forKey: .fn)
        try container.encode(tn, forKey: .tn)
        try container.encode(positives, orWithheldFor: .positives)
        try container.encode(negatives, orWithheldFor: .negatives)
    }
}
