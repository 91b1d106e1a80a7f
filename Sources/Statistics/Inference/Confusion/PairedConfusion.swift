/// The joint counts of two models' calls on the same cases, by reference class: what McNemar's test and the paired
/// intervals of a difference in sensitivity or specificity need.
public struct PairedConfusion: Hashable, Sendable {
    /// The calls of two models on the cases of one class.
    public struct Pairs: Hashable, Sendable {
        /// Both models are correct.
        public let bothCorrect: Int
        /// Only the first is.
        public let onlyFirst: Int
        /// Only the second is.
        public let onlySecond: Int
        /// Neither is.
        public let neither: Int

        /// Takes natural numbers.
        public init(bothCorrect: Int, onlyFirst: Int, onlySecond: Int, neither: Int) {
            self.bothCorrect = bothCorrect
            self.onlyFirst = onlyFirst
            self.onlySecond = onlySecond
            self.neither = neither
        }

        /// All cases of the class.
        public var total: Int { bothCorrect + onlyFirst + onlySecond + neither }

        /// The first model's rate of correct calls minus the second's: (onlyFirst − onlySecond) / total.
        public var difference: Inferred<Double> {
            total > 0 ? .value(Double(onlyFirst - onlySecond) / Double(total)) : .undefined(.zeroDenominator)
        }
    }

    /// The positive cases; correct is called positive. ``Pairs/difference`` is the difference in sensitivity.
    public let positives: Pairs
    /// The negative cases; correct is called negative. ``Pairs/difference`` is the difference in specificity.
    public let negatives: Pairs

    /// Takes the counts of both classes.
    public init(positives: Pairs, negatives: Pairs) {
        self.positives = positives
        self.negatives = negatives
    }

    /// Counts the cases. Each model calls positive at or above its own threshold.
    /// - Parameter other: the second model's scores, in the order of the cases; `malformed-columns` otherwise.
    public init(
        _ cases: BinaryCases, threshold: Double, other: [Double], otherThreshold: Double
    ) throws(StatisticsError) {
        guard other.count == cases.scores.count else {
            throw StatisticsError(.malformedColumns, "the models' scores differ in length")
        }
        guard other.allSatisfy({ !$0.isNaN }) else {
            throw StatisticsError(.unexpectedValue, "a score is a number")
        }
        // By class, then by 2·(first is correct) + (second is correct).
        var counts = [0, 0, 0, 0, 0, 0, 0, 0]
        for index in other.indices {
            let isPositive = cases.labels[index] == 1
            let first = (cases.scores[index] >= threshold) == isPositive ? 2 : 0
            let second = (other[index] >= otherThreshold) == isPositive ? 1 : 0
            counts[(isPositive ? 4 : 0) + first + second] += 1
        }
        let pairs = { (offset: Int) in
            Pairs(
                bothCorrect: counts[offset + 3], onlyFirst: counts[offset + 2], onlySecond: counts[offset + 1],
                neither: counts[offset])
        }
        self.init(positives: pairs(4), negatives: pairs(0))
    }

    /// Both classes together: correct is the class's own call. ``Pairs/difference`` is the difference in accuracy.
    public var all: Pairs {
        Pairs(
            bothCorrect: positives.bothCorrect + negatives.bothCorrect,
            onlyFirst: positives.onlyFirst + negatives.onlyFirst,
            onlySecond: positives.onlySecond + negatives.onlySecond, neither: positives.neither + negatives.neither)
    }
}
