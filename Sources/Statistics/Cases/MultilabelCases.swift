/// Cases that may have any number of labels at once, with one score a label, for evaluation from local data.
public struct MultilabelCases: Hashable, Sendable {
    /// The most labels, 1000.
    public static let labelLimit = 1000

    /// The number of labels, at least 1.
    public let labelCount: Int
    /// Case by case, in the order of the labels: 1 where the case has the label, else 0.
    public let truths: [UInt8]
    /// Case by case, in the order of the labels: finite or infinite, never NaN.
    public let scores: [Double]

    /// Takes the cases; `malformed-columns` for a number of labels outside 1...limit or lengths that do not fit,
    /// `unexpected-value` for a NaN score or a truth that is neither 0 nor 1, `too-many-cases` beyond the limit of
    /// ``BinaryCases``.
    public init(truths: [UInt8], scores: [Double], labelCount: Int) throws(StatisticsError) {
        guard (1...Self.labelLimit).contains(labelCount) else {
            throw StatisticsError(.malformedColumns, "from 1 to \(Self.labelLimit) labels")
        }
        guard truths.count == scores.count, truths.count.isMultiple(of: labelCount) else {
            throw StatisticsError(.malformedColumns, "one truth and one score for each case and label")
        }
        guard truths.count / labelCount <= BinaryCases.caseLimit else {
            throw StatisticsError(.tooManyCases, "at most \(BinaryCases.caseLimit) cases")
        }
        guard truths.allSatisfy({ $0 <= 1 }) else {
            throw StatisticsError(.unexpectedValue, "a truth is 0 or 1")
        }
        guard scores.allSatisfy({ !$0.isNaN }) else {
            throw StatisticsError(.unexpectedValue, "a score is a number")
        }
        self.labelCount = labelCount
        self.truths = truths
        self.scores = scores
    }

    /// The number of cases.
    public var count: Int { truths.count / labelCount }

    /// One label's cases.
    public func cases(ofLabel label: Int) throws(StatisticsError) -> BinaryCases {
        let indices = stride(from: label, to: truths.count, by: labelCount)
        return try BinaryCases(scores: indices.map { scores[$0] }, labels: indices.map { truths[$0] })
    }
}
