/// The four counts of a binary classification at an operating point.
public struct ConfusionCounts: Hashable, Sendable {
    /// True positives: positive cases called positive.
    public let tp: Int
    /// False positives: negative cases called positive.
    public let fp: Int
    /// False negatives: positive cases called negative.
    public let fn: Int
    /// True negatives: negative cases called negative.
    public let tn: Int

    /// The largest count, 2⁴⁰, so that products of margins are exact in 128 bits.
    static let countLimit = 1 << 40

    /// Takes natural numbers of at most 2⁴⁰.
    public init(tp: Int, fp: Int, fn: Int, tn: Int) {
        precondition([tp, fp, fn, tn].allSatisfy { (0...Self.countLimit).contains($0) }, "counts are natural numbers")
        self.tp = tp
        self.fp = fp
        self.fn = fn
        self.tn = tn
    }

    /// Counts the cases; one is called positive when its score is at or above the threshold.
    public init(_ cases: BinaryCases, threshold: Double) {
        // By 2·label + call.
        var counts = (0, 0, 0, 0)
        cases.scores.withUnsafeBufferPointer { scores in
            cases.labels.withUnsafeBufferPointer { labels in
                var called = 0
                var positive = 0
                var both = 0
                // Counts of at most 2³⁰ cases cannot overflow, and without the test the compiler takes several at once.
                for index in 0..<scores.count {
                    let call = scores[index] >= threshold ? 1 : 0
                    let label = Int(labels[index])
                    called &+= call
                    positive &+= label
                    both &+= call & label
                }
                counts = (both, called - both, positive - both, scores.count - called - positive + both)
            }
        }
        self.init(tp: counts.0, fp: counts.1, fn: counts.2, tn: counts.3)
    }

    /// The counts of a released matrix; `withheld` when one is.
    public static func released(_ confusion: ReleasedConfusion) -> Inferred<ConfusionCounts> {
        guard let tp = confusion.tp.exact, let fp = confusion.fp.exact, let fn = confusion.fn.exact,
            let tn = confusion.tn.exact
        else { return .undefined(.withheld) }
        return .value(ConfusionCounts(tp: tp, fp: fp, fn: fn, tn: tn))
    }

    /// Positive cases, tp + fn.
    public var positives: Int { tp + fn }
    /// Negative cases, fp + tn.
    public var negatives: Int { fp + tn }
    /// Cases called positive, tp + fp.
    public var calledPositive: Int { tp + fp }
    /// Cases called negative, fn + tn.
    public var calledNegative: Int { fn + tn }
    /// All cases.
    public var total: Int { tp + fp + fn + tn }

    /// The count of a cell.
    public subscript(_ cell: Confusion.Cell) -> Int {
        switch cell {
        case .truePositive: tp
        case .falsePositive: fp
        case .falseNegative: fn
        case .trueNegative: tn
        }
    }

    /// The sum of the counts of several cells.
    func count(_ cells: [Confusion.Cell]) -> Int { cells.reduce(0) { $0 + self[$1] } }
}
