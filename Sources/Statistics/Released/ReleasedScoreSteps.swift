/// Released cumulative counts of the scores at the protocol's score edges, by reference class.
public struct ReleasedScoreSteps: Hashable, Sendable {
    /// One class.
    public struct Class: Codable, Hashable, Sendable {
        /// Cases of the class.
        public let n: Count
        /// At each edge, a lower bound of the cases with a score below it; at the last edge n. Empty when withheld.
        public let lower: [Int]
        /// At each edge, an upper bound of the cases with a score below it; at the last edge n. Empty when withheld.
        public let upper: [Int]

        @_spi(ReleaseGate)
        public init(n: Count, lower: [Int], upper: [Int]) {
            self.n = n
            self.lower = lower
            self.upper = upper
        }

        fileprivate func merged(with other: Class) -> Class {
            let n = n + other.n
            return Class(
                n: n, lower: n == .protected ? [] : zip(lower, other.lower).map { $0 + $1 },
                upper: n == .protected ? [] : zip(upper, other.upper).map { $0 + $1 })
        }
    }

    public let resolution: Resolution
    /// Canonical decimal texts from 0 to 1, strictly ascending (see ``ScoreGrid``).
    public let edges: [String]
    /// The class of a one-vs-rest reference; nil when there are two classes.
    public let classLabel: String?
    public let positives: Class
    public let negatives: Class

    /// Takes the edges in units.
    @_spi(ReleaseGate)
    public init(
        resolution: Resolution, edges: [Int64], positives: Class, negatives: Class, classLabel: String? = nil
    ) {
        self.init(
            resolution: resolution, edgeTexts: edges.map(resolution.text), positives: positives, negatives: negatives,
            classLabel: classLabel)
    }

    private init(
        resolution: Resolution, edgeTexts: [String], positives: Class, negatives: Class, classLabel: String?
    ) {
        self.resolution = resolution
        edges = edgeTexts
        self.classLabel = classLabel
        self.positives = positives
        self.negatives = negatives
    }

    func check() throws(StatisticsError) {
        try ReleasedCheck.label(classLabel)
        try ReleasedCheck.edges(edges, resolution: resolution)
        let one = resolution.units(1.0).map(resolution.text)
        try ReleasedCheck.require(edges.first == "0" && edges.last == one, "score edges go from 0 to 1")
        for part in [positives, negatives] {
            try ReleasedCheck.count(part.n)
            try ReleasedCheck.bounds(lower: part.lower, upper: part.upper, n: part.n, edges: edges.count)
        }
    }

    /// The steps of both sites: lower and upper counts add, edge by edge.
    public func merged(with other: ReleasedScoreSteps) throws(StatisticsError) -> ReleasedScoreSteps {
        guard resolution == other.resolution, edges == other.edges, classLabel == other.classLabel else {
            throw StatisticsError(.shapeMismatch, "different score grids")
        }
        let merged = ReleasedScoreSteps(
            resolution: resolution, edgeTexts: edges, positives: positives.merged(with: other.positives),
            negatives: negatives.merged(with: other.negatives), classLabel: classLabel)
        // Bounds that ascend add up to such: only the numbers can grow too large.
        try ReleasedCheck.count(merged.positives.n, merged.negatives.n)
        return merged
    }
}

extension ReleasedScoreSteps: Codable {
    private enum CodingKeys: String, CodingKey {
        case resolution, edges, positives, negatives
        case classLabel = "class"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        resolution = try container.decode(Resolution.self, forKey: .resolution)
        edges = try container.decode([String].self, forKey: .edges)
        classLabel = try container.decodeIfPresent(String.self, forKey: .classLabel)
        positives = try container.decode(Class.self, forKey: .positives)
        negatives = try container.decode(Class.self, forKey: .negatives)
        try check()
    }
}
