public import Statistics

/// Bounds on the AUROC of all sites' cases in one ROC curve, from what the sites released.
///
/// Pairs of cases at one site are counted exactly when that site released its ROC summary. For every other pair the
/// score steps say in which stretch of scores each case lies; the lower bound puts each positive at the bottom and
/// each negative at the top of its stretch, the upper bound the other way round. Both are reached by some data that
/// the releases allow, so no narrower statement about cross-site pairs is possible from cumulative counts.
public struct PooledBounds: Hashable, Sendable {
    public let lower: Double
    public let upper: Double
    public let positives: Int
    public let negatives: Int

    public struct Contribution: Sendable {
        let edges: [String]
        let positives: Steps
        let negatives: Steps
        let summary: ROCSummary?

        /// - Returns: nil when the site withheld the counts.
        public init?(steps: ReleasedScoreSteps, summary: ROCSummary?) {
            guard let positives = Steps(steps.positives), let negatives = Steps(steps.negatives) else { return nil }
            edges = steps.edges
            self.positives = positives
            self.negatives = negatives
            self.summary = summary
        }

        fileprivate var isConsistent: Bool {
            summary.map { $0.positives == positives.n && $0.negatives == negatives.n } ?? true
        }
    }

    /// One class at one site: cumulative counts at every edge, from below and from above.
    struct Steps: Sendable {
        let n: Int
        let lower: [Int]
        let upper: [Int]

        init?(_ released: ReleasedScoreSteps.Class) {
            guard let n = released.n.exact, !released.lower.isEmpty else { return nil }
            self.n = n
            lower = released.lower
            upper = released.upper
        }
    }

    public enum Failure: String, Error, Sendable {
        case noSite = "no-cases"
        case singleClass = "single-class"
        case edgesDiffer = "edges-differ"
        /// A site's steps and its ROC summary are not of the same cases.
        case countsDiffer = "counts-differ"
    }

    public init(_ contributions: [Contribution]) throws(Failure) {
        guard let first = contributions.first else { throw .noSite }
        guard contributions.allSatisfy({ $0.edges == first.edges }) else { throw .edgesDiffer }
        guard contributions.allSatisfy(\.isConsistent) else { throw .countsDiffer }
        let positives = contributions.reduce(0) { $0 + $1.positives.n }
        let negatives = contributions.reduce(0) { $0 + $1.negatives.n }
        guard positives > 0, negatives > 0 else { throw .singleClass }

        // Twice the count of concordant pairs, ties one: integers throughout.
        var twiceLower: Int128 = 0
        var twiceUpper: Int128 = 0
        for (index, ours) in contributions.enumerated() {
            for (other, theirs) in contributions.enumerated() {
                if index == other, let summary = ours.summary {
                    twiceLower += summary.twiceU.value
                    twiceUpper += summary.twiceU.value
                } else {
                    let pairs = Self.concordantPairs(positives: ours.positives, negatives: theirs.negatives)
                    twiceLower += 2 * pairs.lower
                    twiceUpper += 2 * pairs.upper
                }
            }
        }
        let all = 2 * Double(positives) * Double(negatives)
        self.lower = Double(twiceLower) / all
        self.upper = Double(twiceUpper) / all
        self.positives = positives
        self.negatives = negatives
    }

    /// How many (positive, negative) pairs have the positive on top: surely, and at most.
    private static func concordantPairs(positives: Steps, negatives: Steps) -> (lower: Int128, upper: Int128) {
        var lower: Int128 = 0
        var upper: Int128 = 0
        for step in 0..<(positives.lower.count - 1) {
            let lowest = positives.upper[step + 1] - positives.upper[step]
            let highest = positives.lower[step + 1] - positives.lower[step]
            lower += Int128(lowest) * Int128(negatives.lower[step])
            upper += Int128(highest) * Int128(negatives.upper[step + 1])
        }
        return (lower, upper)
    }
}
