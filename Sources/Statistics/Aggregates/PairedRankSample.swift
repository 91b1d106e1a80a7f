/// Every analysed case's two quantised scores, class and patient, from which two areas under the ROC curve and their
/// covariance follow. Raw, and never released; only what is computed from it may be.
public struct PairedRankSample: Hashable, Sendable {
    /// Identifies the first model, and its score resolution.
    public let first: Model
    public let second: Model
    /// Two codes a case: twice the first score's units, and 1 more for a positive; then the second score's units.
    public let records: PatientRecords

    /// What gave a score.
    public struct Model: Hashable, Sendable {
        /// The model's identifier.
        public let model: String
        public let resolution: Resolution

        public init(model: String, resolution: Resolution) {
            self.model = model
            self.resolution = resolution
        }
    }

    /// Takes the selected cases. Cases without a reference are left out; cases without one of the scores are treated as
    /// `failed` says.
    /// - Parameters:
    ///   - firstScores: units from 0 to 1 at the first model's resolution, or reserved codes, one a case.
    ///   - secondScores: likewise of the second model.
    ///   - reference: see ``ReferenceClass``, or reserved codes.
    ///   - patients: the patient of each case, not decreasing.
    ///   - selection: the analysed cases, ascending.
    public init(
        first: Model, firstScores: [Int64], second: Model, secondScores: [Int64], reference: [Int64],
        failed: FailedCases = .excluded, patients: [Int32], selection: [Int32]
    ) throws(StatisticsError) {
        let firstColumns = try ScoreColumns(
            scores: firstScores, reference: reference, patients: patients, selection: selection,
            resolution: first.resolution)
        let secondColumns = try ScoreColumns(
            scores: secondScores, reference: reference, patients: patients, selection: selection,
            resolution: second.resolution)
        let records = PatientRecords(width: 2, runs: firstColumns.runs) { index, codes in
            let truth = reference[index]
            guard Coded.isValue(truth),
                let firstScore = failed.scored(firstScores[index], reference: truth, one: firstColumns.one),
                let secondScore = failed.scored(secondScores[index], reference: truth, one: secondColumns.one)
            else { return }
            codes.append(firstScore << 1 | truth)
            codes.append(secondScore)
        }
        try self.init(first: first, second: second, records: records)
    }

    private init(first: Model, second: Model, records: PatientRecords) throws(StatisticsError) {
        guard records.caseCount <= RankSample.caseLimit else {
            throw StatisticsError(.tooManyCases, "at most \(RankSample.caseLimit) cases in a rank sample")
        }
        self.first = first
        self.second = second
        self.records = records
    }

    private init(emptyOf shape: PairedRankSample) {
        first = shape.first
        second = shape.second
        records = shape.records.empty
    }

    /// The cases as columns, in canonical order; the patients are numbered from 0.
    public struct Columns: Sendable {
        public internal(set) var firstScores: [Int64] = []
        public internal(set) var secondScores: [Int64] = []
        public internal(set) var reference: [Int64] = []
        public internal(set) var patients: [Int32] = []

        /// Every case.
        public var selection: [Int32] { patients.indices.map(Int32.init) }
    }

    /// The cases as columns.
    public var columns: Columns {
        var columns = Columns()
        var patient: Int32 = 0
        records.forEachPatient { codes in
            for start in stride(from: 0, to: codes.count, by: 2) {
                columns.firstScores.append(codes[start] >> 1)
                columns.reference.append(codes[start] & 1)
                columns.secondScores.append(codes[start + 1])
                columns.patients.append(patient)
            }
            patient += 1
        }
        return columns
    }

    /// The cases with the scores of one of the models.
    public func sample(second isSecond: Bool) throws(StatisticsError) -> RankSample {
        let columns = columns
        return try RankSample(
            scores: isSecond ? columns.secondScores : columns.firstScores, reference: columns.reference,
            patients: columns.patients, selection: columns.selection,
            resolution: isSecond ? second.resolution : first.resolution)
    }

    /// The fewest cases without which both models would put the others in the same order, ties included: 0 when the
    /// models rank alike, 1 when they differ on one case, whatever increasing function the scores went through.
    ///
    /// It is the number of cases less that of the heaviest chain of (first, second) score pairs in which both rise.
    public var casesOutOfOrder: Int {
        let columns = columns
        let order = columns.patients.indices.sorted {
            (columns.firstScores[$0], columns.secondScores[$0]) < (columns.firstScores[$1], columns.secondScores[$1])
        }
        let ranks = Array(Set(columns.secondScores)).sorted()
        var rank: [Int64: Int] = [:]
        for (place, score) in ranks.enumerated() { rank[score] = place + 1 }
        // The heaviest chain that ends at a second score of at most a rank (a Fenwick tree of maxima).
        var heaviest = Array(repeating: 0, count: ranks.count + 1)
        func best(below place: Int) -> Int {
            var (place, found) = (place, 0)
            while place > 0 {
                found = max(found, heaviest[place])
                place -= place & -place
            }
            return found
        }
        var start = 0
        while start < order.count {
            // Pairs with one first score do not follow each other: all are placed after all were looked up.
            let score = columns.firstScores[order[start]]
            var ends: [(place: Int, weight: Int)] = []
            while start < order.count, columns.firstScores[order[start]] == score {
                let second = columns.secondScores[order[start]]
                var weight = 0
                while start < order.count, columns.firstScores[order[start]] == score,
                    columns.secondScores[order[start]] == second
                {
                    weight += 1
                    start += 1
                }
                let place = rank[second] ?? 0
                ends.append((place, best(below: place - 1) + weight))
            }
            for end in ends {
                var place = end.place
                while place > 0, place < heaviest.count {
                    heaviest[place] = max(heaviest[place], end.weight)
                    place += place & -place
                }
            }
        }
        return columns.patients.count - best(below: ranks.count)
    }

    /// The fewest patients who can hold ``casesOutOfOrder``.
    public var patientsOutOfOrder: Int {
        var left = casesOutOfOrder
        let sizes = (0..<records.patientCount).map { records[$0].count / 2 }.sorted(by: >)
        for (patients, size) in sizes.enumerated() {
            if left <= 0 { return patients }
            left -= size
        }
        return sizes.count
    }

    public var empty: PairedRankSample { PairedRankSample(emptyOf: self) }

    /// The sample of both sides' patients.
    public func merged(with other: PairedRankSample) throws(StatisticsError) -> PairedRankSample {
        guard first == other.first, second == other.second else {
            throw StatisticsError(.shapeMismatch, "different pairs of models")
        }
        return try PairedRankSample(
            first: first, second: second, records: PatientRecords.merged(records, other.records))
    }
}
