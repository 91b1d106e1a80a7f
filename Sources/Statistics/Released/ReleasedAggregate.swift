/// What leaves a site of an ``Aggregate``, after the release gate. Only the gate can make one from raw results: the
/// initialisers of the cases' values are in the SPI `ReleaseGate`.
///
/// JSON: the value's fields beside `"kind"` (see ``Kind``).
public enum ReleasedAggregate: Hashable, Sendable {
    case flow(ReleasedFlow)
    case moments(ReleasedMoments)
    case histogram(ReleasedHistogram)
    case table(ReleasedTable)
    case confusion(ReleasedConfusion)
    case scoreSteps(ReleasedScoreSteps)
    case roc(ROCSummary)
    case coMoments(ReleasedCoMoments)
    case pairedConfusion(ReleasedPairedConfusion)
    case calibration(ReleasedCalibration)
    case pairedROC(PairedROCSummary)
    case scoreSums(ReleasedScoreSums)
    case noisyCounts(ReleasedNoisyCounts)

    /// The kinds, as in JSON.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case flow, moments, histogram, table, confusion
        case scoreSteps = "score-steps"
        case roc
        case coMoments = "co-moments"
        case pairedConfusion = "paired-confusion"
        case calibration
        case pairedROC = "paired-roc"
        case scoreSums = "score-sums"
        case noisyCounts = "noisy-counts"
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
        case .coMoments: .coMoments
        case .pairedConfusion: .pairedConfusion
        case .calibration: .calibration
        case .pairedROC: .pairedROC
        case .scoreSums: .scoreSums
        case .noisyCounts: .noisyCounts
        }
    }

    /// The sum of two sites' released values: exact numbers add; a number withheld at either is withheld; bounds add as
    /// bounds; a site's own logistic fit is dropped. `shape-mismatch` when they describe different quantities;
    /// `not-poolable` for a ROC summary, whose pairs are those of one site.
    public func merged(with other: ReleasedAggregate) throws(StatisticsError) -> ReleasedAggregate {
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
        case .coMoments(let left):
            if case .coMoments(let right) = other { return .coMoments(try left.merged(with: right)) }
        case .pairedConfusion(let left):
            if case .pairedConfusion(let right) = other { return .pairedConfusion(try left.merged(with: right)) }
        case .calibration(let left):
            if case .calibration(let right) = other { return .calibration(try left.merged(with: right)) }
        case .scoreSums(let left):
            if case .scoreSums(let right) = other { return .scoreSums(try left.merged(with: right)) }
        case .noisyCounts(let left):
            if case .noisyCounts(let right) = other { return .noisyCounts(try left.merged(with: right)) }
        case .roc:
            if case .roc = other { throw StatisticsError(.notPoolable, "a ROC summary is of one site") }
        case .pairedROC:
            if case .pairedROC = other { throw StatisticsError(.notPoolable, "a ROC summary is of one site") }
        }
        throw StatisticsError(.shapeMismatch, "released aggregates of different kinds")
    }

    /// How many numbers of the data it holds: what a size limit counts. Withheld ones count too.
    public var numberCount: Int {
        switch self {
        case .flow(let value): 2 * value.boxes.count
        case .moments(let value): 7 * value.groups.count
        case .histogram(let value): value.groups.reduce(0) { $0 + 4 + Self.distinct($1.lower, $1.upper) }
        case .table(let value): value.cells.count + value.margins.reduce(0) { $0 + $1.cells.count }
        case .confusion: 12
        case .scoreSteps(let value):
            [value.positives, value.negatives].reduce(0) { $0 + 1 + Self.distinct($1.lower, $1.upper) }
        case .roc: 7
        case .coMoments(let value): 5 + value.variables.count * (value.variables.count + 3) / 2
        case .pairedConfusion: 22
        case .calibration(let value): 3 * value.bins.count + 3 + (value.recalibration == nil ? 0 : 8)
        case .pairedROC: 11
        case .scoreSums(let value): 9 + value.undefined.count + Self.distinct(value.lower, value.upper)
        case .noisyCounts(let value): value.numbers.count
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
        case .coMoments: self = .coMoments(try ReleasedCoMoments(from: decoder))
        case .pairedConfusion: self = .pairedConfusion(try ReleasedPairedConfusion(from: decoder))
        case .calibration: self = .calibration(try ReleasedCalibration(from: decoder))
        case .pairedROC: self = .pairedROC(try PairedROCSummary(from: decoder))
        case .scoreSums: self = .scoreSums(try ReleasedScoreSums(from: decoder))
        case .noisyCounts: self = .noisyCounts(try ReleasedNoisyCounts(from: decoder))
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
        case .coMoments(let value): try value.encode(to: encoder)
        case .pairedConfusion(let value): try value.encode(to: encoder)
        case .calibration(let value): try value.encode(to: encoder)
        case .pairedROC(let value): try value.encode(to: encoder)
        case .scoreSums(let value): try value.encode(to: encoder)
        case .noisyCounts(let value): try value.encode(to: encoder)
        }
    }
}
