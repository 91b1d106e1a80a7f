/// Released joint counts of two models' right and wrong calls of the same cases, by reference class.
public struct ReleasedPairedConfusion: Hashable, Sendable {
    /// What calls a case positive.
    public struct Call: Codable, Hashable, Sendable {
        /// Identifies the model and its operating point.
        public let operatingPoint: String
        /// The threshold as a decimal text; a case is called positive at or above it.
        public let threshold: String

        @_spi(ReleaseGate)
        public init(operatingPoint: String, threshold: String) {
            self.operatingPoint = operatingPoint
            self.threshold = threshold
        }

        private enum CodingKeys: String, CodingKey { case operatingPoint, threshold }
    }

    /// One reference class.
    public struct Class: Hashable, Sendable {
        /// Both calls are right.
        public let both: Count
        /// Only the first is.
        public let firstOnly: Count
        /// Only the second is.
        public let secondOnly: Count
        /// Neither is.
        public let neither: Count
        /// Patient totals; nil when withheld.
        public let clusters: PairedClusterTotals?

        @_spi(ReleaseGate)
        public init(
            both: Count, firstOnly: Count, secondOnly: Count, neither: Count, clusters: PairedClusterTotals?
        ) {
            self.both = both
            self.firstOnly = firstOnly
            self.secondOnly = secondOnly
            self.neither = neither
            self.clusters = clusters
        }

        /// The cases of the class.
        public var cases: Count { both + firstOnly + secondOnly + neither }
        /// The cases that the first call is right about.
        public var first: Count { both + firstOnly }
        /// The cases that the second call is right about.
        public var second: Count { both + secondOnly }

        func check() throws(StatisticsError) {
            try ReleasedCheck.count(both, firstOnly, secondOnly, neither, cases)
            try clusters?.check(
                cases: cases.exact, first: cases.exact == nil ? nil : first.exact,
                second: cases.exact == nil ? nil : second.exact)
        }

        fileprivate func merged(with other: Class) -> Class {
            Class(
                both: both + other.both, firstOnly: firstOnly + other.firstOnly,
                secondOnly: secondOnly + other.secondOnly, neither: neither + other.neither,
                clusters: PairedClusterTotals.add(clusters, other.clusters))
        }
    }

    public let first: Call
    public let second: Call
    public let positives: Class
    public let negatives: Class

    @_spi(ReleaseGate)
    public init(first: Call, second: Call, positives: Class, negatives: Class) {
        self.first = first
        self.second = second
        self.positives = positives
        self.negatives = negatives
    }

    func check() throws(StatisticsError) {
        for call in [first, second] {
            try ReleasedCheck.label(call.operatingPoint)
            try ReleasedCheck.label(call.threshold)
        }
        for part in [positives, negatives] { try part.check() }
    }

    /// The joint counts of both sites.
    public func merged(with other: ReleasedPairedConfusion) throws(StatisticsError) -> ReleasedPairedConfusion {
        guard first == other.first, second == other.second else {
            throw StatisticsError(.shapeMismatch, "different pairs of operating points")
        }
        let merged = ReleasedPairedConfusion(
            first: first, second: second, positives: positives.merged(with: other.positives),
            negatives: negatives.merged(with: other.negatives))
        try merged.check()
        return merged
    }
}

extension ReleasedPairedConfusion.Class: Codable {
    private enum CodingKeys: String, CodingKey { case both, firstOnly, secondOnly, neither, clusters }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        both = try container.decode(Count.self, forKey: .both)
        firstOnly = try container.decode(Count.self, forKey: .firstOnly)
        secondOnly = try container.decode(Count.self, forKey: .secondOnly)
        neither = try container.decode(Count.self, forKey: .neither)
        clusters = try container.decode(PairedClusterTotals.self, unlessWithheldFor: .clusters)
        try check()
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(both, forKey: .both)
        try container.encode(firstOnly, forKey: .firstOnly)
        try container.encode(secondOnly, forKey: .secondOnly)
        try container.encode(neither, forKey: .neither)
        try container.encode(clusters, orWithheldFor: .clusters)
    }
}

extension ReleasedPairedConfusion: Codable {
    private enum CodingKeys: String, CodingKey { case first, second, positives, negatives }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        first = try container.decode(Call.self, forKey: .first)
        second = try container.decode(Call.self, forKey: .second)
        positives = try container.decode(Class.self, forKey: .positives)
        negatives = try container.decode(Class.self, forKey: .negatives)
        try check()
    }
}
