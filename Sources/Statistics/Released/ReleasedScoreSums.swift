/// Released number, sums, patient totals and histogram of a score that each case has.
public struct ReleasedScoreSums: Hashable, Sendable {
    /// Undefined scores of one reason.
    public struct UndefinedCases: Hashable, Sendable {
        /// The stable code.
        public let reason: String
        public let cases: Count
        /// The value that each of them counts as, a decimal text; nil when they are excluded.
        public let countedAs: String?

        @_spi(ReleaseGate)
        public init(reason: String, cases: Count, countedAs: String?) {
            self.reason = reason
            self.cases = cases
            self.countedAs = countedAs
        }
    }

    /// Over patients with m cases that count and the sum s of their values, in units. Σm and Σs are `n` and `sum`.
    public struct PatientTotals: Codable, Hashable, Sendable {
        /// Σm².
        public let m2: WideInteger
        /// Σs².
        public let s2: WideInteger
        /// Σm·s.
        public let ms: WideInteger

        private enum CodingKeys: String, CodingKey { case m2, s2, ms }
    }

    /// The score's name, such as `dice`.
    public let score: String
    /// The named definition, where the field knows several under one name.
    public let definition: String?
    public let resolution: Resolution
    /// Cases that count: with a value, or with an undefined score that counts as one.
    public let n: Count
    /// Patients with at least one case that counts.
    public let patients: Count
    /// Every reason that the protocol names, in its order.
    public let undefined: [UndefinedCases]
    /// Cases without a score.
    public let missing: Count
    /// Cases with a score outside the outer edges.
    public let outOfRange: Count
    /// Σx in units; nil when withheld.
    public let sum: WideInteger?
    /// Σx² in squared units; nil when withheld.
    public let sumSquares: WideInteger?
    /// Nil when withheld.
    public let clusters: PatientTotals?
    /// Canonical decimal texts, strictly ascending; the outer ones are the declared range.
    public let edges: [String]
    /// At each edge, a lower bound of the cases that count with a score below it; at the last edge n. Empty when withheld.
    public let lower: [Int]
    /// At each edge, an upper bound. Empty when withheld.
    public let upper: [Int]

    /// Takes a site's sums. What is not to be shown is left out.
    /// - Parameters:
    ///   - bounds: cumulative bounds at every edge.
    ///   - withholdingClusters: leaves out the patient totals.
    @_spi(ReleaseGate)
    public init(
        _ raw: ScoreSums, bounds: (lower: [Int], upper: [Int]), withholdingClusters: Bool = false
    ) {
        let sums = raw.sums
        score = raw.score
        definition = raw.definition
        resolution = raw.resolution
        n = .exact(sums.n)
        patients = .exact(sums.patients)
        undefined = zip(raw.reasons, sums.undefined).map { reason, cases in
            let countedAs: String? =
                if case .counted(let value) = reason.rule { raw.resolution.text(value) } else { nil }
            return UndefinedCases(reason: reason.code, cases: .exact(cases), countedAs: countedAs)
        }
        missing = .exact(sums.missing)
        outOfRange = .exact(sums.outOfRange)
        sum = WideInteger(sums.sum)
        sumSquares = WideInteger(sums.sumSquares)
        clusters =
            withholdingClusters
            ? nil : PatientTotals(m2: WideInteger(sums.m2), s2: WideInteger(sums.s2), ms: WideInteger(sums.ms))
        edges = raw.edges.map(raw.resolution.text)
        lower = bounds.lower
        upper = bounds.upper
    }

    /// The histogram alone, as of one group of a quantity.
    public var histogram: ReleasedHistogram.Group {
        ReleasedHistogram.Group(
            level: nil, n: n, lower: lower, upper: upper, missing: missing, malformed: .exact(0),
            outOfRange: outOfRange)
    }

    func check() throws(StatisticsError) {
        try ReleasedCheck.label(score)
        try ReleasedCheck.label(definition)
        try ReleasedCheck.edges(edges, resolution: resolution)
        try ReleasedCheck.require(
            undefined.count <= 100 && Set(undefined.map(\.reason)).count == undefined.count,
            "each reason is named once")
        for part in undefined {
            try ReleasedCheck.label(part.reason)
            guard let text = part.countedAs else { continue }
            guard let units = resolution.units(decimal: text), resolution.text(units) == text else {
                throw StatisticsError(.unexpectedValue, "an undefined score counts as a multiple of the resolution")
            }
        }
        try checkNumbers()
    }

    private func checkNumbers() throws(StatisticsError) {
        try ReleasedCheck.count(n, patients, missing, outOfRange)
        try ReleasedCheck.all(undefined.map(\.cases))
        if let cases = n.exact, let patients = patients.exact {
            try ReleasedCheck.require(patients <= cases, "no more patients than cases")
            let counted = undefined.reduce(0) { $0 + ($1.countedAs == nil ? 0 : $1.cases.exact ?? 0) }
            try ReleasedCheck.require(counted <= cases, "undefined scores that count are among the cases")
        }
        try ReleasedCheck.bounds(lower: lower, upper: upper, n: n, edges: edges.count)
        guard sum != nil || sumSquares != nil || clusters != nil else { return }
        guard let n = n.exact, let sum, let sumSquares else {
            throw StatisticsError(.unexpectedValue, "a number and both sums are released together")
        }
        let limit = UInt128(ScoreSums.unitLimit)
        try ReleasedCheck.require(
            sum.value.magnitude <= UInt128(n) * limit && sumSquares.value >= 0
                && sumSquares.value.magnitude <= UInt128(n) * limit * limit,
            "a sum is within its proven bounds")
        try ReleasedCheck.require(
            WideDifference(n: n, sumSquares: sumSquares.value, sum: sum.value) != nil,
            "n times the sum of squares is at least the square of the sum")
        guard let clusters, let patients = patients.exact else { return }
        let (m, g) = (Int128(n), patients)
        try ReleasedCheck.require(
            m <= clusters.m2.value && clusters.m2.value <= m * m
                && clusters.s2.value.magnitude <= UInt128(m * m) * limit * limit
                && clusters.ms.value.magnitude <= UInt128(m * m) * limit,
            "patient totals are within their proven bounds")
        try ReleasedCheck.require(
            WideDifference(n: g, sumSquares: clusters.m2.value, sum: m) != nil
                && WideDifference(n: g, sumSquares: clusters.s2.value, sum: sum.value) != nil,
            "patient totals agree with the sums (Cauchy)")
    }

    /// The sums of both sites; what one of them withholds is withheld.
    public func merged(with other: ReleasedScoreSums) throws(StatisticsError) -> ReleasedScoreSums {
        let merged = try ReleasedScoreSums(self, other)
        try merged.checkNumbers()
        return merged
    }

    private init(_ left: ReleasedScoreSums, _ right: ReleasedScoreSums) throws(StatisticsError) {
        guard left.score == right.score, left.definition == right.definition, left.resolution == right.resolution,
            left.edges == right.edges, left.undefined.map(\.reason) == right.undefined.map(\.reason),
            left.undefined.map(\.countedAs) == right.undefined.map(\.countedAs)
        else { throw StatisticsError(.shapeMismatch, "different scores") }
        score = left.score
        definition = left.definition
        resolution = left.resolution
        n = left.n + right.n
        patients = left.patients + right.patients
        undefined = zip(left.undefined, right.undefined).map {
            UndefinedCases(reason: $0.reason, cases: $0.cases + $1.cases, countedAs: $0.countedAs)
        }
        missing = left.missing + right.missing
        outOfRange = left.outOfRange + right.outOfRange
        sum = WideInteger.add(left.sum, right.sum)
        sumSquares = WideInteger.add(left.sumSquares, right.sumSquares)
        clusters = left.clusters.flatMap { ours in
            right.clusters.map {
                PatientTotals(m2: ours.m2 + $0.m2, s2: ours.s2 + $0.s2, ms: ours.ms + $0.ms)
            }
        }
        edges = left.edges
        lower = n == .protected ? [] : zip(left.lower, right.lower).map { $0 + $1 }
        upper = n == .protected ? [] : zip(left.upper, right.upper).map { $0 + $1 }
    }
}

extension ReleasedScoreSums.UndefinedCases: Codable {
    private enum CodingKeys: String, CodingKey { case reason, cases, countedAs }
}

extension ReleasedScoreSums: Codable {
    private enum CodingKeys: String, CodingKey {
        case score, definition, resolution, n, patients, undefined, missing, outOfRange, sum, sumSquares, clusters
        case edges, lower, upper
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        score = try container.decode(String.self, forKey: .score)
        definition = try container.decodeIfPresent(String.self, forKey: .definition)
        resolution = try container.decode(Resolution.self, forKey: .resolution)
        n = try container.decode(Count.self, forKey: .n)
        patients = try container.decode(Count.self, forKey: .patients)
        undefined = try container.decode([UndefinedCases].self, forKey: .undefined)
        missing = try container.decode(Count.self, forKey: .missing)
        outOfRange = try container.decode(Count.self, forKey: .outOfRange)
        sum = try container.decode(WideInteger.self, unlessWithheldFor: .sum)
        sumSquares = try container.decode(WideInteger.self, unlessWithheldFor: .sumSquares)
        clusters = try container.decode(PatientTotals.self, unlessWithheldFor: .clusters)
        edges = try container.decode([String].self, forKey: .edges)
        lower = try container.decode([Int].self, forKey: .lower)
        upper = try container.decode([Int].self, forKey: .upper)
        try check()
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(score, forKey: .score)
        try container.encodeIfPresent(definition, forKey: .definition)
        try container.encode(resolution, forKey: .resolution)
        try container.encode(n, forKey: .n)
        try container.encode(patients, forKey: .patients)
        try container.encode(undefined, forKey: .undefined)
        try container.encode(missing, forKey: .missing)
        try container.encode(outOfRange, forKey: .outOfRange)
        try container.encode(sum, orWithheldFor: .sum)
        try container.encode(sumSquares, orWithheldFor: .sumSquares)
        try container.encode(clusters, orWithheldFor: .clusters)
        try container.encode(edges, forKey: .edges)
        try container.encode(lower, forKey: .lower)
        try container.encode(upper, forKey: .upper)
    }
}
