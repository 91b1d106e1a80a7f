/// What leaves a site of an ``Aggregate``, after the release gate. Only the gate can make one from raw results: the
/// initialisers of the cases' values are in the SPI `ReleaseGate`.
///
/// JSON: the value's fields beside `"kind"`: `flow`, `moments`, `histogram`, `table`, `confusion`, `score-steps`, `roc`.
public enum ReleasedAggregate: Hashable, Sendable {
    case flow(ReleasedFlow)
    case moments(ReleasedMoments)
    case histogram(ReleasedHistogram)
    case table(ReleasedTable)
    case confusion(ReleasedConfusion)
    case scoreSteps(ReleasedScoreSteps)
    case roc(ROCSummary)

    /// The kinds, as in JSON.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case flow, moments, histogram, table, confusion
        case scoreSteps = "score-steps"
        case roc
    }

    /// The kind, as in JSON.
    public var kind: Kind {
        switch self {
        case .flow: .flow
        case .moments: .moments
        case .histogram: .histogram
        case .table: .table
        case .confusion: .confusion
        case .scoreSteps: .scoreSteps
        case .roc: .roc
        }
    }

    /// The sum of two sites' released values: exact numbers add; a number withheld at either is withheld; bounds add as
    /// bounds. `shape-mismatch` when they describe different quantities; `not-poolable` for a ROC summary, whose pairs
    /// are those of one site.
    public func merged(with other: ReleasedAggregate) throws(StatisticsError) -> ReleasedAggregate {
        switch (self, other) {
        case (.flow(let left), .flow(let right)): .flow(try left.merged(with: right))
        case (.moments(let left), .moments(let right)): .moments(try left.merged(with: right))
        case (.histogram(let left), .histogram(let right)): .histogram(try left.merged(with: right))
        case (.table(let left), .table(let right)): .table(try left.merged(with: right))
        case (.confusion(let left), .confusion(let right)): .confusion(try left.merged(with: right))
        case (.scoreSteps(let left), .scoreSteps(let right)): .scoreSteps(try left.merged(with: right))
        case (.roc, .roc): throw StatisticsError(.notPoolable, "a ROC summary is of one site")
        default: throw StatisticsError(.shapeMismatch, "released aggregates of different kinds")
        }
    }

    /// How many numbers of the data it holds: what a size limit counts. Withheld ones count too.
    public var numberCount: Int {
        switch self {
        case .flow(let value): 2 * value.boxes.count
        case .moments(let value): 7 * value.groups.count
        case .histogram(let value): value.groups.reduce(0) { $0 + 4 + Self.distinct($1.lower, $1.upper) }
        case .table(let value): value.cells.count
        case .confusion: 12
        case .scoreSteps(let value):
            [value.positives, value.negatives].reduce(0) { $0 + 1 + Self.distinct($1.lower, $1.upper) }
        case .roc: 7
        }
    }

    /// The exact cumulative counts between the outer edges: what is left after bins were merged.
    private static func distinct(_ lower: [Int], _ upper: [Int]) -> Int {
        zip(lower, upper).dropFirst().dropLast().count { $0 == $1 }
    }
}

extension ReleasedAggregate: Codable {
    private enum CodingKeys: String, CodingKey { case kind }

    public init(from decoder: any Decoder) throws {
        let kind = try decoder.container(keyedBy: CodingKeys.self).decode(Kind.self, forKey: .kind)
        switch kind {
        case .flow: self = .flow(try ReleasedFlow(from: decoder))
        case .moments: self = .moments(try ReleasedMoments(from: decoder))
        case .histogram: self = .histogram(try ReleasedHistogram(from: decoder))
        case .table: self = .table(try ReleasedTable(from: decoder))
        case .confusion: self = .confusion(try ReleasedConfusion(from: decoder))
        case .scoreSteps: self = .scoreSteps(try ReleasedScoreSteps(from: decoder))
        case .roc: self = .roc(try ROCSummary(from: decoder))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        switch self {
        case .flow(let value): try value.encode(to: encoder)
        case .moments(let value): try value.encode(to: encoder)
        case .histogram(let value): try value.encode(to: encoder)
        case .table(let value): try value.encode(to: encoder)
        case .confusion(let value): try value.encode(to: encoder)
        case .scoreSteps(let value): try value.encode(to: encoder)
        case .roc(let value): try value.encode(to: encoder)
        }
    }
}
