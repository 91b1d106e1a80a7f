public import Statistics

/// The mean of a score over cases, with what became of the cases in which it is undefined.
public struct ScoreAverage: Hashable, Sendable {
    public let policy: UndefinedScorePolicy
    /// The mean; `no-cases` when no case counts.
    public let mean: Inferred<Double>
    /// The cases that count.
    public let counted: Int
    /// Undefined scores that count as the best or the worst, by reason.
    public let replaced: [Undefined: Int]
    /// Undefined scores that were left out, by reason.
    public let excluded: [Undefined: Int]

    /// - Parameter scores: each case's score with its scale; the diagonals of distances differ by image.
    public init(_ scores: [(score: Inferred<Double>, scale: ScoreScale)], policy: UndefinedScorePolicy) {
        var values: [Double] = []
        var replaced: [Undefined: Int] = [:]
        var excluded: [Undefined: Int] = [:]
        for (score, scale) in scores {
            let value = policy.counted(score, on: scale)
            if let value { values.append(value) }
            guard let reason = score.undefined else { continue }
            if value == nil { excluded[reason, default: 0] += 1 } else { replaced[reason, default: 0] += 1 }
        }
        self.policy = policy
        self.replaced = replaced
        self.excluded = excluded
        counted = values.count
        // Sorted, so that the order of the cases cannot show.
        let tally = DistanceCounts(sorted: values.sorted(), counts: values.map { _ in 1 })
        mean = tally.mean.map { .value($0) } ?? .undefined(.noCases)
    }
}
