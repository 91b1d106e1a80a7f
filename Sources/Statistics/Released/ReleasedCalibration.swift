/// Released calibration of scores as probabilities: sums by bin of the protocol's grid, the losses, and the site's own
/// logistic recalibration.
public struct ReleasedCalibration: Hashable, Sendable {
    /// Cumulative counts at the edges.
    public struct Cumulative: Codable, Hashable, Sendable {
        /// At each edge, a lower bound of the number below it.
        public let lower: [Int]
        /// At each edge, an upper bound.
        public let upper: [Int]

        private enum CodingKeys: String, CodingKey { case lower, upper }
    }

    /// Cumulative sums at the edges.
    public struct CumulativeSums: Codable, Hashable, Sendable {
        /// At each edge, a lower bound of the sum below it.
        public let lower: [WideInteger]
        /// At each edge, an upper bound.
        public let upper: [WideInteger]

        private enum CodingKeys: String, CodingKey { case lower, upper }
    }

    /// The cases between two edges at which everything is known exactly.
    public struct Bin: Hashable, Sendable {
        /// Indices into the edges.
        public let range: Range<Int>
        public let cases: Int
        public let positives: Int
        /// Σp in score units.
        public let scores: WideInteger
    }

    public let resolution: Resolution
    /// The class of a one-vs-rest reference; nil when there are two classes.
    public let classLabel: String?
    /// Canonical decimal texts from 0 to 1, strictly ascending (see ``ScoreGrid``).
    public let edges: [String]
    /// Patients.
    public let patients: Int
    /// Cases with a score below each edge; at the last edge all.
    public let cases: Cumulative
    /// Positive cases with a score below each edge.
    public let positives: Cumulative
    /// Σp of the cases with a score below each edge, in score units.
    public let scores: CumulativeSums
    /// Σ(p − y)² in squared score units; nil when withheld.
    public let squaredErrors: WideInteger?
    /// Σ −ln p(y) in units of 2⁻⁴⁰ nats, p clipped to at least 2⁻⁵²; nil when withheld.
    public let logLoss: WideInteger?
    /// The site's own fit; nil where there is none, and across sites, whose fits do not add up.
    public let recalibration: RecalibrationSummary?

    /// Takes a site's calibration, cut where it may be.
    /// - Parameters:
    ///   - cuts: the edges at which exact sums are published, as ascending indices, first and last included.
    ///   - withholding: which of the single numbers are left out.
    @_spi(ReleaseGate)
    public init(
        _ sample: CalibrationSample, cuts: [Int], withholdingSquaredErrors: Bool = false,
        withholdingLogLoss: Bool = false, withholdingRecalibration: Bool = false
    ) {
        let positives = sample.steps.cumulative(positive: true)
        let negatives = sample.steps.cumulative(positive: false)
        let losses = sample.losses
        resolution = sample.steps.resolution
        classLabel = sample.steps.classLabel
        edges = sample.steps.edges.map(sample.steps.resolution.text)
        patients = sample.records.patientCount
        let cases = Self.bounds(zip(positives, negatives).map { $0 + $1 }, cuts: cuts)
        self.cases = Cumulative(lower: cases.lower, upper: cases.upper)
        let known = Self.bounds(positives, cuts: cuts)
        self.positives = Cumulative(lower: known.lower, upper: known.upper)
        let sums = Self.bounds(sample.cumulativeScores.map { WideInteger($0) }, cuts: cuts)
        scores = CumulativeSums(lower: sums.lower, upper: sums.upper)
        squaredErrors = withholdingSquaredErrors ? nil : WideInteger(losses.squaredErrors)
        logLoss = withholdingLogLoss ? nil : WideInteger(losses.logLoss)
        recalibration = withholdingRecalibration ? nil : RecalibrationSummary(sample)
    }

    /// At edges between two cuts only the values at the cuts are known.
    private static func bounds<Value>(_ values: [Value], cuts: [Int]) -> (lower: [Value], upper: [Value]) {
        var (lower, upper) = (values, values)
        for (start, end) in zip(cuts, cuts.dropFirst()) where end > start + 1 {
            for edge in (start + 1)..<end {
                lower[edge] = values[start]
                upper[edge] = values[end]
            }
        }
        return (lower, upper)
    }

    /// The number of cases.
    public var caseCount: Int { cases.lower.last ?? 0 }

    /// The cases between neighbouring edges at which counts and sums are known exactly.
    public var bins: [Bin] {
        let exact = edges.indices.filter {
            cases.lower[$0] == cases.upper[$0] && positives.lower[$0] == positives.upper[$0]
                && scores.lower[$0] == scores.upper[$0]
        }
        return zip(exact, exact.dropFirst()).map { start, end in
            Bin(
                range: start..<end, cases: cases.lower[end] - cases.lower[start],
                positives: positives.lower[end] - positives.lower[start],
                scores: WideInteger(scores.lower[end].value - scores.lower[start].value))
        }
    }

    func check() throws(StatisticsError) {
        try ReleasedCheck.label(classLabel)
        try ReleasedCheck.edges(edges, resolution: resolution)
        guard let one = resolution.units(1.0), one <= Resolution.unitLimit else {
            throw StatisticsError(.malformedGrid, "the score resolution must lie between 1e-14 and 1")
        }
        try ReleasedCheck.require(
            edges.first == "0" && edges.last == resolution.text(one), "score edges go from 0 to 1")
        try checkNumbers(units: edges.compactMap { resolution.units(decimal: $0) })
        try recalibration?.check()
    }

    private func checkNumbers(units: [Int64]) throws(StatisticsError) {
        guard let one = units.last, let total = cases.lower.last, let positive = positives.lower.last,
            (0..<CaseColumns.caseLimit).contains(total), units.count == edges.count
        else { throw StatisticsError(.unexpectedValue, "a count lies below 2^31") }
        try ReleasedCheck.bounds(lower: cases.lower, upper: cases.upper, n: .exact(total), edges: edges.count)
        try ReleasedCheck.bounds(
            lower: positives.lower, upper: positives.upper, n: .exact(positive), edges: edges.count)
        try ReleasedCheck.require(
            positive <= total && (0...total).contains(patients) && (patients > 0) == (total > 0),
            "patients and positives agree with the cases")
        try ReleasedCheck.require(
            scores.lower.count == edges.count && scores.upper.count == edges.count
                && scores.lower.first?.value == 0 && scores.upper.first?.value == 0
                && scores.lower.last == scores.upper.last, "one sum an edge, exact at both ends")
        for sums in [scores.lower, scores.upper] {
            try ReleasedCheck.require(
                zip(sums, sums.dropFirst()).allSatisfy { $0 <= $1 }, "cumulative sums do not decrease")
        }
        try ReleasedCheck.require(
            zip(scores.lower, scores.upper).allSatisfy { $0 <= $1 }, "a lower bound is at most the upper bound")
        for bin in bins {
            let (n, sum) = (Int128(bin.cases), bin.scores.value)
            try ReleasedCheck.require(
                (0...bin.cases).contains(bin.positives) && n * Int128(units[bin.range.lowerBound]) <= sum
                    && sum <= n * Int128(units[bin.range.upperBound]), "the sums of a bin agree with its edges")
        }
        let n = Int128(total)
        try ReleasedCheck.require(
            squaredErrors.map { (0...n * Int128(one) * Int128(one)).contains($0.value) } ?? true,
            "squared errors are at most 1")
        try ReleasedCheck.require(
            logLoss.map { (0...n * Int128(LogLossUnits.largest)).contains($0.value) } ?? true,
            "a clipped log loss is at most 52 ln 2")
    }

    /// The calibration of both sites: bins add edge by edge, losses add; the sites' own fits do not.
    public func merged(with other: ReleasedCalibration) throws(StatisticsError) -> ReleasedCalibration {
        guard resolution == other.resolution, classLabel == other.classLabel, edges == other.edges else {
            throw StatisticsError(.shapeMismatch, "different score grids")
        }
        let merged = ReleasedCalibration(adding: self, other)
        try ReleasedCheck.require(merged.caseCount < CaseColumns.caseLimit, "fewer than 2^31 cases")
        return merged
    }

    private init(adding left: ReleasedCalibration, _ right: ReleasedCalibration) {
        func add(_ left: Cumulative, _ right: Cumulative) -> Cumulative {
            Cumulative(
                lower: zip(left.lower, right.lower).map { $0 + $1 }, upper: zip(left.upper, right.upper).map { $0 + $1 }
            )
        }
        resolution = left.resolution
        classLabel = left.classLabel
        edges = left.edges
        patients = left.patients + right.patients
        cases = add(left.cases, right.cases)
        positives = add(left.positives, right.positives)
        scores = CumulativeSums(
            lower: zip(left.scores.lower, right.scores.lower).map { $0 + $1 },
            upper: zip(left.scores.upper, right.scores.upper).map { $0 + $1 })
        squaredErrors = WideInteger.add(left.squaredErrors, right.squaredErrors)
        logLoss = WideInteger.add(left.logLoss, right.logLoss)
        recalibration = nil
    }
}

extension ReleasedCalibration: Codable {
    private enum CodingKeys: String, CodingKey {
        case resolution
        case classLabel = "class"
        case edges, patients, cases, positives, scores, squaredErrors, logLoss, recalibration
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        resolution = try container.decode(Resolution.self, forKey: .resolution)
        classLabel = try container.decodeIfPresent(String.self, forKey: .classLabel)
        edges = try container.decode([String].self, forKey: .edges)
        patients = try container.decode(Int.self, forKey: .patients)
        cases = try container.decode(Cumulative.self, forKey: .cases)
        positives = try container.decode(Cumulative.self, forKey: .positives)
        scores = try container.decode(CumulativeSums.self, forKey: .scores)
        squaredErrors = try container.decode(WideInteger.self, unlessWithheldFor: .squaredErrors)
        logLoss = try container.decode(WideInteger.self, unlessWithheldFor: .logLoss)
        recalibration = try container.decodeIfPresent(RecalibrationSummary.self, forKey: .recalibration)
        try check()
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(resolution, forKey: .resolution)
        try container.encodeIfPresent(classLabel, forKey: .classLabel)
        try container.encode(edges, forKey: .edges)
        try container.encode(patients, forKey: .patients)
        try container.encode(cases, forKey: .cases)
        try container.encode(positives, forKey: .positives)
        try container.encode(scores, forKey: .scores)
        try container.encode(squaredErrors, orWithheldFor: .squaredErrors)
        try container.encode(logLoss, orWithheldFor: .logLoss)
        try container.encodeIfPresent(recalibration, forKey: .recalibration)
    }
}
