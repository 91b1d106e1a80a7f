public import Statistics

/// How the model is evaluated on the cohort.
public struct Evaluation: Hashable, Sendable {
    public enum Task: String, Codable, Hashable, Sendable, CaseIterable {
        case classification
    }

    public enum Output: String, Codable, Hashable, Sendable, CaseIterable {
        /// One number from 0 to 1 for each case: how probable it is that the case is positive.
        case probability
    }

    public let task: Task
    public let output: Output
    /// Scores are held as whole multiples of this; ties are ties of these multiples.
    public let scoreResolution: Resolution
    public let scoreGrid: ScoreGrid
    public let operatingPoints: [OperatingPoint]
    public let subgroups: [SubgroupDefinition]
    /// Nil when cases are independent.
    public let cluster: Cluster?
    public let missing: MissingRules

    /// The edges of the score steps, in multiples of `scoreResolution`: the grid's points, and each operating point's
    /// threshold, because a published operating point is a cut of the same staircase and the release gate must see both
    /// together.
    public func stepEdges() throws(StatisticsError) -> [Int64] {
        Set(try scoreGrid.edges(resolution: scoreResolution)).union(operatingPoints.map(\.thresholdUnits)).sorted()
    }
}

/// A threshold at which a score becomes a decision: a case is called positive when its score is at least this.
public struct OperatingPoint: Hashable, Sendable {
    public let id: OperatingPointID
    public let threshold: DecimalText
    /// In multiples of the score's resolution.
    public let thresholdUnits: Int64
}

/// What makes cases dependent.
public enum Cluster: String, Codable, Hashable, Sendable, CaseIterable {
    case patient
}

/// What becomes of cases without a result.
public struct MissingRules: Hashable, Sendable {
    public enum ModelFailed: String, Codable, Hashable, Sendable, CaseIterable {
        /// A positive case counts as called negative, a negative one as called positive.
        case worstCase = "worst-case"
        /// The case is left out, and counted as failed in the flow.
        case exclude
    }

    public enum ReferenceMissing: String, Codable, Hashable, Sendable, CaseIterable {
        /// The case is left out, and counted in the flow.
        case exclude
    }

    public let modelFailed: ModelFailed
    public let referenceMissing: ReferenceMissing
}

/// Parts of the cohort for which the performance answers are repeated.
public struct SubgroupDefinition: Hashable, Sendable {
    public let variable: VariableID
    /// Of a quantity; nil for a category, whose levels are its subgroups.
    public let edges: Edges?
    public let levels: [SubgroupLevel]
}

/// One part of the cohort.
public struct SubgroupLevel: Hashable, Sendable {
    public enum Cases: Hashable, Sendable {
        case level(code: Int64)
        case bin(Int, of: Edges)
    }

    public let subgroup: Subgroup
    public let cases: Cases

    /// Whether a case belongs here.
    ///
    /// - Parameter code: the case's code for `subgroup.variable`, as in its column (`CaseColumns`).
    public func contains(code: Int64) -> Bool {
        switch cases {
        case .level(let level): code == level
        case .bin(let bin, let edges): edges.bin(of: code) == bin
        }
    }
}
