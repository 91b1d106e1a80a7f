/// Number, sums and patient totals of a score that each case has (Dice, HD95, ...), with its histogram, raw.
///
/// A case has a value, or the score is undefined for it with a coded reason, or it has none. What an undefined score
/// counts as is part of the aggregate: sites with different rules do not add up. With at most 2³¹ cases of at most 2³²
/// units, a patient's sum is at most 2⁶³, and every patient total (the sum over patients of a product of two patient sums)
/// is at most 2³¹ · 2³¹ · 2⁶⁴ = 2¹²⁶ (all cases in one patient), so that all are exact in `Int128`.
public struct ScoreSums: Hashable, Sendable {
    /// A reason why the score of a case may be undefined, with what it counts as.
    public struct Reason: Hashable, Sendable {
        /// The stable code.
        public let code: String
        public let rule: UndefinedScoreRule

        public init(code: String, rule: UndefinedScoreRule) {
            self.code = code
            self.rule = rule
        }
    }

    /// Everything that is added up.
    public struct Sums: Hashable, Sendable {
        /// Cases that count: with a value, or with an undefined score that counts as one.
        public internal(set) var n = 0
        /// Patients with at least one case that counts.
        public internal(set) var patients = 0
        /// Σx in units.
        public internal(set) var sum: Int128 = 0
        /// Σx² in squared units.
        public internal(set) var sumSquares: Int128 = 0
        /// Over patients with m cases that count: Σm².
        public internal(set) var m2: Int128 = 0
        /// Over patients with the sum s of their values: Σs².
        public internal(set) var s2: Int128 = 0
        /// Σm·s.
        public internal(set) var ms: Int128 = 0
        /// Undefined scores by reason, in the order of ``ScoreSums/reasons``.
        public internal(set) var undefined: [Int]
        public internal(set) var missing = 0
        public internal(set) var outOfRange = 0
        /// The patients' contributions to Σm² and to Σs².
        public internal(set) var clusterContributions = [PatientContributions(), PatientContributions()]
        /// The defined scores alone: whoever knows how many undefined ones count as what can take them off.
        public internal(set) var defined = DefinedScores()
    }

    /// What a disclosure rule may ask of the scores that are defined.
    public struct DefinedScores: Hashable, Sendable {
        public internal(set) var n = 0
        /// Patients with at least one of them.
        public internal(set) var patients = 0
        /// Σx in units.
        public internal(set) var sum: Int128 = 0
        /// Σx² in squared units.
        public internal(set) var sumSquares: Int128 = 0
        /// The patients' contributions: to Σx counted from the lowest possible value, from the highest, and to Σx².
        public internal(set) var contributions = Array(repeating: PatientContributions(), count: 3)
        public internal(set) var distinct = DistinctValues.few([])
        /// Never released.
        public internal(set) var minimum: Int64?
        /// Never released.
        public internal(set) var maximum: Int64?
    }

    /// The score's name, such as `dice`.
    public let score: String
    /// The named definition, where the field knows several under one name.
    public let definition: String?
    public let resolution: Resolution
    /// Strictly ascending histogram edges in units; the outer ones are the declared range.
    public let edges: [Int64]
    /// Every reason that can occur, each once.
    public let reasons: [Reason]
    /// One code a case: its value in units, a reserved code, or that of its reason.
    public let records: PatientRecords
    /// Cases with a defined score by bin of the histogram.
    public let bins: PatientCells
    /// Cases by reason, then missing, then out of range.
    public let others: PatientCells

    /// The most units of a value, 2³²: with ``CaseColumns/caseLimit`` it proves that the patient totals fit 128 bits.
    public static let unitLimit: Int64 = 1 << 32

    /// The code of a reason in a column of scores.
    public static func code(reason: Int) -> Int64 { Coded.outOfRange + 1 + Int64(reason) }

    /// Takes the selected cases.
    /// - Parameters:
    ///   - column: units of the score, reserved codes, or ``code(reason:)``, one a case.
    ///   - edges: strictly ascending, at least two, within ``unitLimit``; values outside count as out of range.
    ///   - reasons: at most 100, each once; a value that one counts as lies within the edges.
    ///   - patients: the patient of each case, not decreasing.
    ///   - selection: the analysed cases, ascending.
    public init(
        score: String, definition: String? = nil, column: [Int64], edges: [Int64], reasons: [Reason],
        patients: [Int32], selection: [Int32], resolution: Resolution
    ) throws(StatisticsError) {
        let binEdges = try BinEdges(edges)
        let range = edges[0]...edges[binEdges.count]
        guard range.lowerBound >= -Self.unitLimit, range.upperBound <= Self.unitLimit else {
            throw StatisticsError(.unexpectedValue, "a score lies within 2^32 units of zero")
        }
        guard Set(reasons.map(\.code)).count == reasons.count, reasons.count <= 100 else {
            throw StatisticsError(.shapeMismatch, "at most 100 reasons, each named once")
        }
        for case .counted(let value) in reasons.map(\.rule) where !range.contains(value) {
            throw StatisticsError(.unexpectedValue, "an undefined score counts as a value within the edges")
        }
        let runs = try CaseRuns(patients: patients, selection: selection, columnLengths: [column.count])
        // From here on a code is a value within the range, missing, out of range, or a known reason.
        let code = { (index: Int) -> Int64 in
            let code = column[index]
            if code == Coded.missing || code == Coded.malformed { return Coded.missing }
            if range.contains(code) { return code }
            let reason = code &- Self.code(reason: 0)
            return reason >= 0 && reason < Int64(reasons.count) ? code : Coded.outOfRange
        }
        self.score = score
        self.definition = definition
        self.resolution = resolution
        self.edges = edges
        self.reasons = reasons
        records = PatientRecords(width: 1, runs: runs) { index, codes in codes.append(code(index)) }
        bins = edges.withUnsafeBufferPointer { edges in
            PatientCells(cellCount: binEdges.count, runs: runs) { index in
                let code = code(index)
                return range.contains(code) ? BinEdges.bin(of: code, in: edges) : -1
            }
        }
        others = PatientCells(cellCount: reasons.count + 2, runs: runs) { index in
            let code = code(index)
            if range.contains(code) { return -1 }
            if code == Coded.missing { return reasons.count }
            return code == Coded.outOfRange ? reasons.count + 1 : Int(code - Self.code(reason: 0))
        }
    }

    private init(_ shape: ScoreSums, records: PatientRecords, bins: PatientCells, others: PatientCells) {
        score = shape.score
        definition = shape.definition
        resolution = shape.resolution
        edges = shape.edges
        reasons = shape.reasons
        self.records = records
        self.bins = bins
        self.others = others
    }

    /// The declared range in units.
    public var range: ClosedRange<Int64> { edges[0]...edges[edges.count - 1] }

    /// The value that a case counts as, nil when it does not count.
    @inline(__always)
    private static func counted(_ code: Int64, range: ClosedRange<Int64>, reasons: [Reason]) -> Int64? {
        if range.contains(code) { return code }
        let reason = code &- Self.code(reason: 0)
        guard reason >= 0, reason < Int64(reasons.count), case .counted(let value) = reasons[Int(reason)].rule else {
            return nil
        }
        return value
    }

    /// The sums over all patients.
    public var sums: Sums {
        var sums = Sums(undefined: reasons.indices.map { others.cases(inCell: $0) })
        sums.missing = others.cases(inCell: reasons.count)
        sums.outOfRange = others.cases(inCell: reasons.count + 1)
        let range = range
        records.forEachPatient { codes in
            var own = DefinedScores()
            var (below, above): (Int128, Int128) = (0, 0)
            var (m, s): (Int128, Int128) = (0, 0)
            for code in codes {
                guard let value = Self.counted(code, range: range, reasons: reasons) else { continue }
                let wide = Int128(value)
                m += 1
                s += wide
                sums.sumSquares += wide * wide
                guard code == value else { continue }
                own.n += 1
                own.sum += wide
                own.sumSquares += wide * wide
                below += wide - Int128(range.lowerBound)
                above += Int128(range.upperBound) - wide
                sums.defined.minimum = min(sums.defined.minimum ?? value, value)
                sums.defined.maximum = max(sums.defined.maximum ?? value, value)
                if sums.defined.distinct != .many { sums.defined.distinct.insert(value) }
            }
            guard m > 0 else { return }
            sums.n += Int(m)
            sums.patients += 1
            sums.sum += s
            sums.m2 += m * m
            sums.s2 += s * s
            sums.ms += m * s
            sums.clusterContributions[0].add(m * m)
            sums.clusterContributions[1].add(s * s)
            guard own.n > 0 else { return }
            sums.defined.n += own.n
            sums.defined.patients += 1
            sums.defined.sum += own.sum
            sums.defined.sumSquares += own.sumSquares
            for (place, part) in [below, above, own.sumSquares].enumerated() {
                sums.defined.contributions[place].add(part)
            }
        }
        return sums
    }

    /// The cases below each edge, of all that count; at the last edge all of them.
    public var cumulative: [Int] {
        var counts = (0..<bins.cellCount).map { bins.cases(inCell: $0) }
        edges.withUnsafeBufferPointer { edges in
            for (place, reason) in reasons.enumerated() {
                guard case .counted(let value) = reason.rule else { continue }
                counts[BinEdges.bin(of: value, in: edges)] += others.cases(inCell: place)
            }
        }
        return counts.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
    }

    public var empty: ScoreSums { ScoreSums(self, records: records.empty, bins: bins.empty, others: others.empty) }

    /// The sums of both sides' patients.
    public func merged(with other: ScoreSums) throws(StatisticsError) -> ScoreSums {
        guard score == other.score, definition == other.definition, resolution == other.resolution,
            edges == other.edges, reasons == other.reasons
        else { throw StatisticsError(.shapeMismatch, "different scores") }
        return ScoreSums(
            self, records: try PatientRecords.merged(records, other.records),
            bins: try PatientCells.merged(bins, other.bins), others: try PatientCells.merged(others, other.others))
    }
}
