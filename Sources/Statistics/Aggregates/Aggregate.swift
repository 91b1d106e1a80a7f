/// A site's raw result, one closed type. It may isolate a patient, so it never leaves: it has no `Encodable`
/// conformance and must not get one (a value that could be encoded could be sent), and only the release gate turns it
/// into a ``ReleasedAggregate``.
///
/// `merged(with:)` is exact, associative and commutative, and ``empty`` is its neutral element, so that any partition of
/// the patients over threads, shards or agents of one owner gives an equal value.
///
/// To add a kind: write the raw type here (`Hashable`, `Sendable`, not `Encodable`, with `empty` and `merged(with:)`) and
/// its released form in `Released` (`Codable`, checked when decoded, initialisers in the SPI `ReleaseGate`), add a case
/// to this type and to ``ReleasedAggregate``, and follow the compiler: every switch over the two is exhaustive, also
/// those of the gate's rules and of the metrics. What the compiler cannot ask for: how a protocol asks for the kind
/// (until then a plan accepts none), the kind in `protocols/schema/release.schema.json` and `results.schema.json`, and in
/// the tests a value in `SampleSite`, a golden file, and an attack that the gate's rule withstands.
public enum Aggregate: Hashable, Sendable {
    case flow(Flow)
    case moments(Moments)
    case histogram(Histogram)
    case table(ContingencyTable)
    case confusion(Confusion)
    case scoreSteps(ScoreSteps)
    case roc(RankSample)
    case coMoments(CoMoments)
    case pairedConfusion(JointConfusion)
    case calibration(CalibrationSample)
    case pairedROC(PairedRankSample)
    case scoreSums(ScoreSums)

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
        case .coMoments(let value): .coMoments(value.empty)
        case .pairedConfusion(let value): .pairedConfusion(value.empty)
        case .calibration(let value): .calibration(value.empty)
        case .pairedROC(let value): .pairedROC(value.empty)
        case .scoreSums(let value): .scoreSums(value.empty)
        }
    }

    /// The aggregate of both sides' patients, which must be disjoint; `shape-mismatch` when they describe different
    /// quantities, `too-many-cases` beyond the proven limits.
    public func merged(with other: Aggregate) throws(StatisticsError) -> Aggregate {
        // By the left side alone, so that the compiler asks for a new kind here too.
        switch self {
        case .flow(let left):
            if case .flow(let right) = other { return .flow(try left.merged(with: right)) }
        case .moments(let left):
            if case .moments(let right) = other { return .moments(try left.merged(with: right)) }
        case .histogram(let left):
            if case .histogram(let right) = other { return .histogram(try left.merged(with: right)) }
        case .table(let left):
            if case .table(let right) = other { return .table(try left.merged(with: right)) }
        case .confusion(let left):
            if case .confusion(let right) = other { return .confusion(try left.merged(with: right)) }
        case .scoreSteps(let left):
            if case .scoreSteps(let right) = other { return .scoreSteps(try left.merged(with: right)) }
        case .roc(let left):
            if case .roc(let right) = other { return .roc(try left.merged(with: right)) }
        case .coMoments(let left):
            if case .coMoments(let right) = other { return .coMoments(try left.merged(with: right)) }
        case .pairedConfusion(let left):
            if case .pairedConfusion(let right) = other { return .pairedConfusion(try left.merged(with: right)) }
        case .calibration(let left):
            if case .calibration(let right) = other { return .calibration(try left.merged(with: right)) }
        case .pairedROC(let left):
            if case .pairedROC(let right) = other { return .pairedROC(try left.merged(with: right)) }
        case .scoreSums(let left):
            if case .scoreSums(let right) = other { return .scoreSums(try left.merged(with: right)) }
        }
        throw StatisticsError(.shapeMismatch, "aggregates of different kinds")
    }
}
