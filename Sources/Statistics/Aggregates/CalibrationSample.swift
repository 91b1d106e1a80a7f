/// How well scores agree with the classes as probabilities, raw: every analysed case's quantised score, class and
/// patient, counted by bin on the protocol's grid.
///
/// With p = s / one (`one` the units of probability 1, at most 2⁴⁷) the sums are whole numbers: Σs in units, Σ(s − y·one)²
/// in squared units (below 2³¹ · 2⁹⁴ = 2¹²⁵), and the log loss in units of 2⁻⁴⁰ nats (see ``LossSums/logLoss``).
public struct CalibrationSample: Hashable, Sendable {
    /// Sums over all cases.
    public struct LossSums: Hashable, Sendable {
        /// Σ(p − y)² in squared score units.
        public internal(set) var squaredErrors: Int128 = 0
        /// Σ −ln p(y) in units of 2⁻⁴⁰ nats, each case rounded to a whole unit and p clipped to at least 2⁻⁵².
        public internal(set) var logLoss: Int128 = 0
        /// The patients' contributions to the squared errors.
        public internal(set) var squaredErrorContributions = PatientContributions()
        /// The patients' contributions to the log loss.
        public internal(set) var logLossContributions = PatientContributions()
    }

    /// The cases by class and bin.
    public let steps: ScoreSteps
    /// One code a case: twice the score's units, and 1 more for a positive.
    public let records: PatientRecords

    /// Takes the selected cases. Cases without a reference are left out; cases without a score are treated as `failed`
    /// says.
    /// - Parameters:
    ///   - edges: of the bins, as ``ScoreGrid/edges(resolution:)`` gives them.
    ///   - scores: units from 0 to 1, or reserved codes, one a case.
    ///   - reference: see ``ReferenceClass``, or reserved codes.
    ///   - patients: the patient of each case, not decreasing.
    ///   - selection: the analysed cases, ascending.
    ///   - classLabel: the class of a one-vs-rest reference, nil when there are two classes.
    public init(
        edges: [Int64], scores: [Int64], reference: [Int64], failed: FailedCases = .excluded, patients: [Int32],
        selection: [Int32], resolution: Resolution, classLabel: String? = nil
    ) throws(StatisticsError) {
        let columns = try ScoreColumns(
            scores: scores, reference: reference, patients: patients, selection: selection, resolution: resolution)
        steps = try ScoreSteps(
            edges: edges, scores: scores, reference: reference, failed: failed, patients: patients,
            selection: selection, resolution: resolution, classLabel: classLabel)
        records = PatientRecords(width: 1, runs: columns.runs) { index, codes in
            let truth = reference[index]
            guard Coded.isValue(truth), let score = failed.scored(scores[index], reference: truth, one: columns.one)
            else { return }
            codes.append(score << 1 | truth)
        }
    }

    private init(steps: ScoreSteps, records: PatientRecords) {
        self.steps = steps
        self.records = records
    }

    /// The units of probability 1.
    public var one: Int64 { steps.edges[steps.stepCount] }

    /// The units of a case's score.
    static func score(_ code: Int64) -> Int64 { code >> 1 }
    /// Whether a case is positive.
    static func isPositive(_ code: Int64) -> Bool { code & 1 == 1 }

    /// The scores of a class in units, ascending.
    public func scores(positive: Bool) -> [Int64] {
        records.everyRow.filter { Self.isPositive($0) == positive }.map(Self.score).sorted()
    }

    /// Σ of the scores below each edge, in units; at the last edge of all.
    public var cumulativeScores: [Int128] {
        var sums = Array(repeating: Int128(0), count: steps.stepCount)
        steps.edges.withUnsafeBufferPointer { edges in
            records.forEachPatient { codes in
                for code in codes {
                    let score = Self.score(code)
                    sums[BinEdges.bin(of: score, in: edges)] += Int128(score)
                }
            }
        }
        return sums.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
    }

    /// The patients' contributions to the sum of scores in runs of bins, given as ascending indices of edges.
    public func scoreContributions(cuts: [Int]) -> [PatientContributions] {
        var contributions = Array(repeating: PatientContributions(), count: max(0, cuts.count - 1))
        let ends = cuts.map { steps.edges[$0] }
        guard ends.count > 1 else { return contributions }
        var own = Array(repeating: Int128(0), count: contributions.count)
        var touched: [Int] = []
        ends.withUnsafeBufferPointer { ends in
            records.forEachPatient { codes in
                for code in codes {
                    let run = BinEdges.bin(of: Self.score(code), in: ends)
                    guard run >= 0 else { continue }
                    if !touched.contains(run) { touched.append(run) }
                    own[run] += Int128(Self.score(code))
                }
                for run in touched {
                    contributions[run].add(own[run])
                    own[run] = 0
                }
                touched.removeAll(keepingCapacity: true)
            }
        }
        return contributions
    }

    /// The squared errors and the log loss.
    public var losses: LossSums {
        var sums = LossSums()
        let one = one
        var previous: (code: Int64, loss: Int128) = (-1, 0)
        records.forEachPatient { codes in
            var (squares, losses): (Int128, Int128) = (0, 0)
            for code in codes {
                let score = Self.score(code)
                // Of the class that the case is of.
                let right = Self.isPositive(code) ? score : one - score
                squares += Int128(one - right) * Int128(one - right)
                if code != previous.code {
                    previous = (code, Int128(LogLossUnits.loss(units: right, one: one)))
                }
                losses += previous.loss
            }
            sums.squaredErrors += squares
            sums.logLoss += losses
            sums.squaredErrorContributions.add(squares)
            sums.logLossContributions.add(losses)
        }
        return sums
    }

    public var empty: CalibrationSample { CalibrationSample(steps: steps.empty, records: records.empty) }

    /// The calibration of both sides' patients.
    public func merged(with other: CalibrationSample) throws(StatisticsError) -> CalibrationSample {
        CalibrationSample(
            steps: try steps.merged(with: other.steps), records: try PatientRecords.merged(records, other.records))
    }
}
