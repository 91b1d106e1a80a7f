/// The empirical ROC curve: at each distinct score the cases that are called positive when this score and all above it
/// are. It starts at the threshold above all scores, where nothing is called positive.
///
/// Thresholds are scores: a case is positive if its score is at least the threshold. (pROC prints midpoints between
/// neighbouring scores; the counts are the same.)
public struct ROCCurve: Hashable, Sendable {
    /// One operating point.
    public struct Point: Hashable, Sendable {
        /// Scores of at least this are positive; nil above all scores.
        public let threshold: Double?
        public let truePositives: Int
        public let falsePositives: Int
    }

    /// The number of positives, m.
    public let positives: Int
    /// The number of negatives, n.
    public let negatives: Int
    /// The distinct scores, descending.
    private var thresholds: [Double] = []
    // At each of them; at most 2³⁰.
    private var truePositives: [Int32] = []
    private var falsePositives: [Int32] = []

    init(_ table: RankTable<PlainRank>) {
        positives = table.positives
        negatives = table.negatives
        let ranks = table.elements
        var (positive, negative) = (table.positives, ranks.count)
        while positive > 0 || negative > table.positives {
            let key = max(
                positive > 0 ? ranks[positive - 1].key : 0, negative > table.positives ? ranks[negative - 1].key : 0)
            while positive > 0, ranks[positive - 1].key == key { positive -= 1 }
            while negative > table.positives, ranks[negative - 1].key == key { negative -= 1 }
            thresholds.append(RankKey.score(key))
            truePositives.append(Int32(table.positives - positive))
            falsePositives.append(Int32(ranks.count - negative))
        }
    }

    /// The number of points, one more than that of distinct scores.
    public var count: Int { thresholds.count + 1 }

    /// A point, from 0 (nothing is called positive) to ``count`` − 1 (everything is).
    public subscript(index: Int) -> Point {
        guard index > 0 else { return Point(threshold: nil, truePositives: 0, falsePositives: 0) }
        return Point(
            threshold: thresholds[index - 1], truePositives: Int(truePositives[index - 1]),
            falsePositives: Int(falsePositives[index - 1]))
    }

    /// Every point, from the highest threshold to the lowest.
    public var points: [Point] { (0..<count).map { self[$0] } }

    /// TP/m at a point.
    public func sensitivity(_ point: Point) -> Inferred<Double> {
        positives > 0 ? .value(Double(point.truePositives) / Double(positives)) : .undefined(.singleClass)
    }

    /// TN/n at a point.
    public func specificity(_ point: Point) -> Inferred<Double> {
        negatives > 0 ? .value(Double(negatives - point.falsePositives) / Double(negatives)) : .undefined(.singleClass)
    }

    /// Why there is no ROC curve; nil when there are both classes.
    var missing: Undefined? {
        if positives > 0 && negatives > 0 { return nil }
        return positives == 0 && negatives == 0 ? .noCases : .singleClass
    }
}

extension ROCCurve {
    /// The highest Youden index with every point that reaches it.
    public struct YoudenBest: Hashable, Sendable {
        /// J = sensitivity + specificity − 1, from 0 to 1.
        public let index: Double
        /// From the highest threshold.
        public let points: [Point]
    }

    /// The points with the highest Youden index, all of them where several share it. W. J. Youden (1950), "Index for rating
    /// diagnostic tests", Cancer 3:32-35. The indices are compared as exact integers, so that no tie is broken by rounding.
    public func youdenBest() -> Inferred<YoudenBest> {
        if let missing { return .undefined(missing) }
        var best = 0
        var points: [Point] = []
        for index in 0..<count {
            let point = self[index]
            // J · mn, at most 2⁵⁸; the first point has 0.
            let scaled = point.truePositives * negatives - point.falsePositives * positives
            if scaled > best {
                best = scaled
                points = [point]
            } else if scaled == best {
                points.append(point)
            }
        }
        let pairs = UInt128(positives) * UInt128(negatives)
        return .value(YoudenBest(index: ExactRatio.double(Int128(best), over: pairs), points: points))
    }

    /// How a value between two operating points is read.
    public enum Reading: String, Codable, Hashable, Sendable, CaseIterable {
        /// The best operating point that keeps the demand: reached by a threshold on these cases.
        case step
        /// On the straight line between the two neighbouring points, as pROC's `coords` does: reached by randomising
        /// between two thresholds.
        case linear
    }

    /// The highest sensitivity whose specificity is at least the given one.
    /// - Parameter specificity: from 0 to 1; `bad-argument` outside.
    public func sensitivity(atSpecificity specificity: Double, reading: Reading) -> Inferred<Double> {
        if let missing { return .undefined(missing) }
        guard (0...1).contains(specificity) else { return .undefined(.badArgument) }
        // As a quotient of counts, so that 0.9 is met by 9 of 10.
        let value = { (point: Point) in Double(negatives - point.falsePositives) / Double(negatives) }
        let last = lastIndex { value($0) >= specificity }
        let point = self[last]
        let sensitivity = Double(point.truePositives) / Double(positives)
        guard reading == .linear, value(point) > specificity, last + 1 < count else { return .value(sensitivity) }
        let next = self[last + 1]
        let share =
            (value(point) - specificity) / (Double(next.falsePositives - point.falsePositives) / Double(negatives))
        return .value(sensitivity + share * Double(next.truePositives - point.truePositives) / Double(positives))
    }

    /// The highest specificity whose sensitivity is at least the given one.
    /// - Parameter sensitivity: from 0 to 1; `bad-argument` outside.
    public func specificity(atSensitivity sensitivity: Double, reading: Reading) -> Inferred<Double> {
        if let missing { return .undefined(missing) }
        guard (0...1).contains(sensitivity) else { return .undefined(.badArgument) }
        let value = { (point: Point) in Double(point.truePositives) / Double(positives) }
        let first = sensitivity == 0 ? 0 : 1 + lastIndex { value($0) < sensitivity }
        let point = self[first]
        let specificity = Double(negatives - point.falsePositives) / Double(negatives)
        guard reading == .linear, value(point) > sensitivity, first > 0 else { return .value(specificity) }
        let previous = self[first - 1]
        let share =
            (value(point) - sensitivity) / (Double(point.truePositives - previous.truePositives) / Double(positives))
        return .value(specificity + share * Double(point.falsePositives - previous.falsePositives) / Double(negatives))
    }

    /// The last point with a property that all earlier points and no later ones have; the first point has it.
    private func lastIndex(where holds: (Point) -> Bool) -> Int {
        var (low, high) = (0, count)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if holds(self[middle]) { low = middle } else { high = middle }
        }
        return low
    }
}
