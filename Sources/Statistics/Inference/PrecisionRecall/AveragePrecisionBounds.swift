extension ScoreStepPerformance {
    /// Ranks of one score step are taken in at most so many blocks.
    private static let blockLimit = 65536

    /// TP/(TP+FP) at an edge; `no-cases`, `zero-denominator` where nothing can be called positive, `bad-argument` for an
    /// edge that there is not.
    public func precision(atEdge edge: Int) -> Inferred<ClosedRange<Double>> {
        guard edges.indices.contains(edge) else { return .undefined(.badArgument) }
        guard positives + negatives > 0 else { return .undefined(.noCases) }
        let (right, wrong) = (truePositives[edge], falsePositives[edge])
        guard right.most + wrong.most > 0 else { return .undefined(.zeroDenominator) }
        // Without a call there is no precision: such a case is not among those that are bounded.
        let most = right.most == 0 ? 0 : Double(right.most) / Double(right.most + wrong.least)
        let least = wrong.most == 0 ? 1 : Double(right.least) / Double(right.least + wrong.most)
        return .value(least...most)
    }

    /// Average precision, see ``PrecisionRecall/averagePrecision(_:)``; `no-cases`, or `single-class` without positives.
    ///
    /// The i-th positive from the top has the precision i/(i+F) if no other has its score, and no less if some have,
    /// with F the negatives from there up. The lower bound takes the most negatives that may lie there with the positives as
    /// low as they may; the upper bound takes for each positive the best of the steps in which it may lie, with all
    /// positives of a step at one score above its negatives. Both are reached where the counts at the edges are exact.
    public func averagePrecision() -> Inferred<ClosedRange<Double>> {
        guard positives > 0 else { return .undefined(negatives == 0 ? .noCases : .singleClass) }
        let m = Double(positives)
        let least = min(1, leastPrecisions() / m)
        return .value(least...max(least, min(1, mostPrecisions() / m)))
    }

    private func leastPrecisions() -> Double {
        var sum = NeumaierSum()
        for edge in edges.indices.dropLast() {
            let (first, last) = (truePositives[edge + 1].least + 1, truePositives[edge].least)
            guard first <= last else { continue }
            let wrong = Double(falsePositives[edge].most)
            // A block stands at its first rank, which has the least precision.
            let block = 1 + (last - first) / Self.blockLimit
            for rank in stride(from: first, through: last, by: block) {
                sum.add(Double(min(block, last - rank + 1)) * (Double(rank) / (Double(rank) + wrong)))
            }
        }
        return sum.double
    }

    private func mostPrecisions() -> Double {
        let steps = edges.count - 1
        let best = (0..<steps).map { step in
            let right = truePositives[step].most
            return right == 0 ? 0 : Double(right) / Double(right + falsePositives[step + 1].least)
        }
        var sum = NeumaierSum()
        var (rank, highest, lowest) = (0, steps - 1, steps - 1)
        while rank < positives, highest >= 0, lowest >= 0 {
            if truePositives[highest].most <= rank {
                highest -= 1
            } else if truePositives[lowest].least <= rank {
                lowest -= 1
            } else {
                let next = min(truePositives[highest].most, truePositives[lowest].least)
                sum.add(Double(next - rank) * (best[lowest...highest].max() ?? 1))
                rank = next
            }
        }
        return sum.double
    }
}
