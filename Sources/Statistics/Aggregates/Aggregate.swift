/// A site's raw result, one closed type. It may isolate a patient, so it never leaves: it has no `Encodable`
/// conformance and must not get one (a value that could be encoded could be sent), and only the release gate turns it
/// into a ``ReleasedAggregate``.
///
/// `merged(with:)` is exact, associative and commutative, and ``empty`` is its neutral element, so that any partition of
/// the patients over threads, shards or agents of one owner gives an equal value.
public enum Aggregate: Hashable, Sendable {
    case flow(Flow)
    case moments(Moments)
    case histogram(Histogram)
    case table(ContingencyTable)
    case confusion(Confusion)
    case scoreSteps(ScoreSteps)
    case roc(RankSample)

    /// The aggregate of no cases, of the same shape.
    public var empty: Aggregate {
        switch self {
        case .flow(let value): .flow(value.empty)
        case .moments(let value): .moments(value.empty)
        case .histogram(let value): .histogram(value.empty)
        case .table(let value): .table(value.empty)
        case .confusion(let value): .confusion(value.empty)
        case .scoreSteps(let value): .scoreSteps(value.empty)
        case .roc(let value): .roc(value.empty)
        }
    }

    /// The aggregate of both sides' patients, which must be disjoint; `shape-mismatch` when they describe different
    /// quantities, `too-many-cases` beyond the proven limits.
    public func merged(with other: Aggregate) throws(StatisticsError) -> Aggregate {
        switch (self, other) {
        case (.flow(let left), .flow(let right)): .flow(try left.merged(with: right))
        case (.moments(let left), .moments(let right)): .moments(try left.merged(with: right))
        case (.histogram(let left), .histogram(let right)): .histogram(try left.merged(with: right))
        case (.table(let left), .table(let right)): .table(try left.merged(with: right))
        case (.confusion(let left), .confusion(let right)): .confusion(try left.merged(with: right))
        case (.scoreSteps(let left), .scoreSteps(let right)): .scoreSteps(try left.merged(with: right))
        case (.roc(let left), .roc(let right)): .roc(try left.merged(with: right))
        default: throw StatisticsError(.shapeMismatch, "aggregates of different kinds")
        }
    }
}
