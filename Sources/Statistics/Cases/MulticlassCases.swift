/// Cases of several exclusive classes with one score a class, for evaluation from local data.
public struct MulticlassCases: Hashable, Sendable {
    /// The most classes, 1000.
    public static let classLimit = 1000

    /// The number of classes, k; at least 2.
    public let classCount: Int
    /// One a case: the true class, 0..<k.
    public let labels: [Int32]
    /// Case by case k scores in the order of the classes: finite or infinite, never NaN.
    public let scores: [Double]

    /// Takes the cases; `malformed-columns` for a number of classes outside 2...limit or a number of scores that is not
    /// classes times cases, `unexpected-value` for a NaN score or a label that is no class, `too-many-cases` beyond the
    /// limit of ``BinaryCases``.
    public init(labels: [Int32], scores: [Double], classCount: Int) throws(StatisticsError) {
        guard (2...Self.classLimit).contains(classCount) else {
            throw StatisticsError(.malformedColumns, "from 2 to \(Self.classLimit) classes")
        }
        guard labels.count <= BinaryCases.caseLimit else {
            throw StatisticsError(.tooManyCases, "at most \(BinaryCases.caseLimit) cases")
        }
        guard scores.count == labels.count * classCount else {
            throw StatisticsError(.malformedColumns, "one score for each case and class")
        }
        guard labels.allSatisfy({ 0 <= $0 && $0 < classCount }) else {
            throw StatisticsError(.unexpectedValue, "a label is a class")
        }
        guard scores.allSatisfy({ !$0.isNaN }) else {
            throw StatisticsError(.unexpectedValue, "a score is a number")
        }
        self.classCount = classCount
        self.labels = labels
        self.scores = scores
    }

    /// The number of cases.
    public var count: Int { labels.count }

    /// Whether every score lies in 0...1 and every case's scores add up to 1 within 10⁻⁶, as probabilities do.
    public var areProbabilities: Bool {
        scores.withUnsafeBufferPointer { scores in
            for start in stride(from: 0, to: scores.count, by: classCount) {
                var sum = 0.0
                for index in start..<start + classCount {
                    guard scores[index] >= 0, scores[index] <= 1 else { return false }
                    sum += scores[index]
                }
                guard abs(sum - 1) <= 1e-6 else { return false }
            }
            return true
        }
    }

    /// The called class of each case: that of the largest score, of tied ones the lowest class.
    public var calls: [Int32] {
        scores.withUnsafeBufferPointer { scores in
            (0..<count).map { index in
                let start = index * classCount
                var best = 0
                for column in 1..<classCount where scores[start + column] > scores[start + best] { best = column }
                return Int32(best)
            }
        }
    }
}
