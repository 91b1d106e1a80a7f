/// Released cumulative counts of a quantity at the protocol's edges, by group where asked.
///
/// Where a site had to merge bins, the counts at the edges inside a merged bin are known only as bounds; sites with
/// different merging still add up, edge by edge.
public struct ReleasedHistogram: Hashable, Sendable {
    /// One group.
    public struct Group: Codable, Hashable, Sendable {
        /// The level of the grouping; nil when there is none.
        public let level: String?
        /// Cases with a value within the outer edges.
        public let n: Count
        /// At each edge, a lower bound of the cases below it; at the last edge n. Empty when n is withheld.
        public let lower: [Int]
        /// At each edge, an upper bound of the cases below it; at the last edge n. Empty when n is withheld.
        public let upper: [Int]
        /// Cases without a value.
        public let missing: Count
        /// Cases with a value that is not a number.
        public let malformed: Count
        /// Cases with a value outside the outer edges.
        public let outOfRange: Count

        @_spi(ReleaseGate)
        public init(
            level: String?, n: Count, lower: [Int], upper: [Int], missing: Count, malformed: Count, outOfRange: Count
        ) {
            self.level = level
            self.n = n
            self.lower = lower
            self.upper = upper
            self.missing = missing
            self.malformed = malformed
            self.outOfRange = outOfRange
        }

        fileprivate func merged(with other: Group) -> Group {
            let n = n + other.n
            return Group(
                level: level, n: n, lower: n == .protected ? [] : zip(lower, other.lower).map { $0 + $1 },
                upper: n == .protected ? [] : zip(upper, other.upper).map { $0 + $1 },
                missing: missing + other.missing, malformed: malformed + other.malformed,
                outOfRange: outOfRange + other.outOfRange)
        }
    }

    /// The quantity's identifier.
    public let variable: String
    public let resolution: Resolution
    /// What it is grouped by; nil when it is not.
    public let by: String?
    /// Canonical decimal texts, strictly ascending.
    public let edges: [String]
    /// One group a level, in the protocol's order, the last one ``CategoryColumn/missingLevel``; or one without a level.
    public let groups: [Group]

    /// Takes the edges in units.
    @_spi(ReleaseGate)
    public init(variable: String, resolution: Resolution, by: String?, edges: [Int64], groups: [Group]) {
        self.init(
            variable: variable, resolution: resolution, by: by, edgeTexts: edges.map(resolution.text), groups: groups)
    }

    private init(variable: String, resolution: Resolution, by: String?, edgeTexts: [String], groups: [Group]) {
        self.variable = variable
        self.resolution = resolution
        self.by = by
        edges = edgeTexts
        self.groups = groups
    }

    func check() throws(StatisticsError) {
        try ReleasedCheck.label(variable)
        try ReleasedCheck.label(by)
        try ReleasedCheck.edges(edges, resolution: resolution)
        try ReleasedCheck.require((1...ReleasedCheck.listLimit).contains(groups.count), "at least one group")
        try checkCounts()
        for group in groups {
            try ReleasedCheck.label(group.level)
            try ReleasedCheck.bounds(lower: group.lower, upper: group.upper, n: group.n, edges: edges.count)
        }
    }

    /// All that a sum of two checked histograms of one shape can break: bounds that ascend add up to such.
    private func checkCounts() throws(StatisticsError) {
        for group in groups {
            try ReleasedCheck.count(group.n, group.missing, group.malformed, group.outOfRange)
        }
    }

    /// The histogram of both sites: lower and upper counts add, edge by edge.
    public func merged(with other: ReleasedHistogram) throws(StatisticsError) -> ReleasedHistogram {
        guard variable == other.variable, resolution == other.resolution, by == other.by, edges == other.edges,
            groups.map(\.level) == other.groups.map(\.level)
        else { throw StatisticsError(.shapeMismatch, "different histograms") }
        let merged = ReleasedHistogram(
            variable: variable, resolution: resolution, by: by, edgeTexts: edges,
            groups: zip(groups, other.groups).map { $0.merged(with: $1) })
        try merged.checkCounts()
        return merged
    }
}

extension ReleasedHistogram: Codable {
    private enum CodingKeys: String, CodingKey { case variable, resolution, by, edges, groups }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        variable = try container.decode(String.self, forKey: .variable)
        resolution = try container.decode(Resolution.self, forKey: .resolution)
        by = try container.decodeIfPresent(String.self, forKey: .by)
        edges = try container.decode([String].self, forKey: .edges)
        groups = try container.decode([Group].self, forKey: .groups)
        try check()
    }
}
