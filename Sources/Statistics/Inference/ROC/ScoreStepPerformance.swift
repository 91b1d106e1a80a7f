/// What released score steps say about performance: bounds that hold for every set of cases that agrees with the release.
/// Where the counts at an edge are exact both ends are equal.
///
/// Calling a case positive at an edge means a score of at least that edge; at the last edge nothing is called positive.
public struct ScoreStepPerformance: Hashable, Sendable {
    /// The edges, ascending from 0 to 1.
    public let edges: [Double]
    /// The number of positives, m.
    public let positives: Int
    /// The number of negatives, n.
    public let negatives: Int
    // At each edge, how many cases of a class are called positive: at least and at most.
    let truePositives: [Calls]
    let falsePositives: [Calls]

    /// Bounds of a count.
    struct Calls: Hashable, Sendable {
        let least: Int
        let most: Int
    }

    /// Takes a release of one site or the merged one of several; undefined `withheld` when a class is.
    public static func infer(_ steps: ReleasedScoreSteps) -> Inferred<ScoreStepPerformance> {
        guard let positives = steps.positives.n.exact, let negatives = steps.negatives.n.exact else {
            return .undefined(.withheld)
        }
        return .value(ScoreStepPerformance(steps, positives: positives, negatives: negatives))
    }

    private init(_ steps: ReleasedScoreSteps, positives: Int, negatives: Int) {
        edges = steps.edges.compactMap(Double.init)
        self.positives = positives
        self.negatives = negatives
        truePositives = zip(steps.positives.lower, steps.positives.upper).map {
            Calls(least: positives - $1, most: positives - $0)
        }
        falsePositives = zip(steps.negatives.lower, steps.negatives.upper).map {
            Calls(least: negatives - $1, most: negatives - $0)
        }
    }

    /// TP/m at an edge; `single-class` without positives, `bad-argument` for an edge that there is not.
    public func sensitivity(atEdge edge: Int) -> Inferred<ClosedRange<Double>> {
        guard edges.indices.contains(edge) else { return .undefined(.badArgument) }
        guard positives > 0 else { return .undefined(.singleClass) }
        let m = Double(positives)
        return .value(Double(truePositives[edge].least) / m...Double(truePositives[edge].most) / m)
    }

    /// TN/n at an edge; `single-class` without negatives, `bad-argument` for an edge that there is not.
    public func specificity(atEdge edge: Int) -> Inferred<ClosedRange<Double>> {
        guard edges.indices.contains(edge) else { return .undefined(.badArgument) }
        guard negatives > 0 else { return .undefined(.singleClass) }
        let n = Double(negatives)
        let calls = falsePositives[edge]
        return .value(Double(negatives - calls.most) / n...Double(negatives - calls.least) / n)
    }

    /// The net benefit of treating the cases called positive at an edge, with the edge as the threshold probability t:
    /// TP/N − FP/N · t/(1−t) (A. J. Vickers and E. B. Elkin 2006, Med Decis Making 26:565-574); `no-cases`,
    /// `zero-denominator` at t = 1, `bad-argument` for an edge that there is not.
    public func netBenefit(atEdge edge: Int) -> Inferred<ClosedRange<Double>> {
        guard edges.indices.contains(edge) else { return .undefined(.badArgument) }
        guard positives + negatives > 0 else { return .undefined(.noCases) }
        let threshold = edges[edge]
        guard threshold < 1 else { return .undefined(.zeroDenominator) }
        let odds = threshold / (1 - threshold)
        let all = Double(positives + negatives)
        let (right, wrong) = (truePositives[edge], falsePositives[edge])
        return .value(
            Double(right.least) / all - Double(wrong.most) / all * odds...Double(right.most) / all
                - Double(wrong.least) / all * odds)
    }

    /// The area under the ROC curve over specificities from `range.lowerBound` to `range.upperBound`, not standardised;
    /// `single-class`, or `bad-argument` for an empty range or one outside 0...1.
    ///
    /// At each false positive rate the curve is at most the highest sensitivity of the first edge that surely lies beyond
    /// that rate, and at least the lowest of the last edge that surely lies before it.
    public func partialArea(specificity range: ClosedRange<Double>) -> Inferred<ClosedRange<Double>> {
        guard positives > 0, negatives > 0 else { return .undefined(.singleClass) }
        guard range.lowerBound >= 0, range.upperBound <= 1, range.lowerBound < range.upperBound else {
            return .undefined(.badArgument)
        }
        let (m, n) = (Double(positives), Double(negatives))
        var (least, most) = (NeumaierSum(), NeumaierSum())
        for edge in edges.indices.reversed().dropFirst() {
            // Along specificity, whose bounds the range is given in; the edge before this one on the curve is the higher.
            let (here, before) = (falsePositives[edge], falsePositives[edge + 1])
            let overlap = { (from: Int, to: Int) in
                let lower = max(Double(negatives - to) / n, range.lowerBound)
                return max(0, min(Double(negatives - from) / n, range.upperBound) - lower)
            }
            most.add(overlap(before.least, here.least) * Double(truePositives[edge].most) / m)
            least.add(overlap(before.most, here.most) * Double(truePositives[edge + 1].least) / m)
        }
        return .value(least.double...max(least.double, most.double))
    }
}
