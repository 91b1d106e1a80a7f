internal import Foundation

/// Scores of several exclusive classes. All are `no-cases` without cases, and `bad-argument` when a case's scores are
/// no probabilities where the definition needs them.
extension MulticlassCases {
    /// The mean of −ln p(true class), in nats; `not-finite` when a true class has probability 0, unless probabilities
    /// are first moved into clip...1 − clip. I. J. Good (1952), J R Stat Soc B 14:107-114.
    public func logLoss(clip: Double? = nil) -> Inferred<Double> {
        if let clip, !(clip > 0 && clip < 0.5) { return .undefined(.badArgument) }
        guard count > 0 else { return .undefined(.noCases) }
        guard areProbabilities else { return .undefined(.notProbabilities) }
        let (lower, upper) = (clip ?? 0, 1 - (clip ?? 0))
        var sum = Compensated()
        for (index, label) in labels.enumerated() {
            let score = min(max(scores[index * classCount + Int(label)], lower), upper)
            guard score > 0 else { return .undefined(.notFinite) }
            sum.add(-log(score))
        }
        return .value(sum.value / Double(count))
    }

    /// The Brier score in its original form, the sum over classes: Σ Σ(k) (p(k) − [k is true])² / n, from 0 to 2; for
    /// two classes twice ``BrierScore``. G. W. Brier (1950), Mon Weather Rev 78:1-3.
    public var brier: Inferred<Double> {
        guard count > 0 else { return .undefined(.noCases) }
        guard areProbabilities else { return .undefined(.notProbabilities) }
        var sum = Compensated()
        for (index, label) in labels.enumerated() {
            for column in 0..<classCount {
                let error = scores[index * classCount + column] - (column == Int(label) ? 1 : 0)
                sum.add(error * error)
            }
        }
        return .value(sum.value / Double(count))
    }

    /// The number of cases whose true class is among the k with the largest scores, of tied ones the lower class first,
    /// so that k = 1 is the accuracy. `bad-argument` unless 1 ≤ k ≤ classes.
    public func topCorrect(_ k: Int) -> Inferred<Int> {
        guard (1...classCount).contains(k) else { return .undefined(.badArgument) }
        guard count > 0 else { return .undefined(.noCases) }
        var correct = 0
        scores.withUnsafeBufferPointer { scores in
            for (index, label) in labels.enumerated() {
                let (start, own) = (index * classCount, Int(label))
                let score = scores[start + own]
                var before = 0
                for column in 0..<classCount {
                    let other = scores[start + column]
                    if other > score || (other == score && column < own) { before += 1 }
                }
                if before < k { correct += 1 }
            }
        }
        return .value(correct)
    }

    /// The top-label bins: the largest probability against whether the call was right, in equal widths over 0...1. C.
    /// Guo et al. (2017), ICML, PMLR 70:1321-1330.
    public func topLabelBins(_ bins: Int) -> Inferred<CalibrationBins> {
        guard (1...CalibrationBins.binLimit).contains(bins) else { return .undefined(.badArgument) }
        guard count > 0 else { return .undefined(.noCases) }
        guard areProbabilities else { return .undefined(.notProbabilities) }
        let calls = calls
        let confidences = labels.indices.map { scores[$0 * classCount + Int(calls[$0])] }
        let correct = zip(labels, calls).map { UInt8($0 == $1 ? 1 : 0) }
        return .value(CalibrationBins.topLabel(confidences: confidences, correct: correct, bins: bins))
    }

    /// One class against the rest, by that class's score.
    public func oneVersusRest(_ label: Int) throws(StatisticsError) -> BinaryCases {
        try BinaryCases(
            scores: labels.indices.map { scores[$0 * classCount + label] },
            labels: labels.map { Int($0) == label ? 1 : 0 })
    }
}
