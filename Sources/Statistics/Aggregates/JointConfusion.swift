/// Exact patient totals of one reference class for two calls of the same cases: over the `patients` with `m` > 0 cases
/// of the class, of which `a` were called correctly by the first and `b` by the second. Raw.
public struct PairedClusterSums: Hashable, Sendable {
    /// Patients with at least one case of the class.
    public let patients: Int
    /// Σm².
    public let m2: Int128
    /// Σa².
    public let a2: Int128
    /// Σb².
    public let b2: Int128
    /// Σa·b.
    public let ab: Int128
    /// Σa·m.
    public let am: Int128
    /// Σb·m.
    public let bm: Int128
}

/// Two models (or two operating points of one) on the same cases, raw: the joint counts of right and wrong calls in each
/// reference class, from which McNemar's test and the paired differences of sensitivity and specificity follow.
public struct JointConfusion: Hashable, Sendable {
    /// What calls a case positive: a score at or above a threshold.
    public struct Call: Hashable, Sendable {
        /// Identifies the model and its operating point.
        public let operatingPoint: String
        /// In units of the score resolution.
        public let threshold: Int64
        public let resolution: Resolution

        public init(operatingPoint: String, threshold: Int64, resolution: Resolution) {
            self.operatingPoint = operatingPoint
            self.threshold = threshold
            self.resolution = resolution
        }
    }

    /// Who is right about a case, in the order of the cells of a class.
    public enum Agreement: Int, Hashable, Sendable, CaseIterable {
        case both, firstOnly, secondOnly, neither
    }

    public let first: Call
    public let second: Call
    /// Cases by class (positives first) and ``Agreement``.
    public let cells: PatientCells

    /// Counts the selected cases. Cases without a reference are left out; cases without one of the scores are treated as
    /// `failed` says.
    /// - Parameters:
    ///   - firstScores: units from 0 to 1 at the first call's resolution, or reserved codes, one a case.
    ///   - secondScores: likewise of the second call.
    ///   - reference: see ``ReferenceClass``, or reserved codes.
    ///   - patients: the patient of each case, not decreasing.
    ///   - selection: the analysed cases, ascending.
    public init(
        first: Call, firstScores: [Int64], second: Call, secondScores: [Int64], reference: [Int64],
        failed: FailedCases = .excluded, patients: [Int32], selection: [Int32]
    ) throws(StatisticsError) {
        let firstColumns = try ScoreColumns(
            scores: firstScores, reference: reference, patients: patients, selection: selection,
            resolution: first.resolution)
        let secondColumns = try ScoreColumns(
            scores: secondScores, reference: reference, patients: patients, selection: selection,
            resolution: second.resolution)
        self.first = first
        self.second = second
        cells = PatientCells(cellCount: 8, runs: firstColumns.runs) { index in
            let truth = reference[index]
            guard Coded.isValue(truth),
                let firstScore = failed.scored(firstScores[index], reference: truth, one: firstColumns.one),
                let secondScore = failed.scored(secondScores[index], reference: truth, one: secondColumns.one)
            else { return -1 }
            let isPositive = truth == ReferenceClass.positive
            let isFirstRight = (firstScore >= first.threshold) == isPositive
            let isSecondRight = (secondScore >= second.threshold) == isPositive
            return (isPositive ? 0 : 4) + (isFirstRight ? 0 : 2) + (isSecondRight ? 0 : 1)
        }
    }

    private init(_ shape: JointConfusion, cells: PatientCells) {
        first = shape.first
        second = shape.second
        self.cells = cells
    }

    /// The cell of a class and agreement.
    public static func cell(positive: Bool, _ agreement: Agreement) -> Int {
        let place =
            switch agreement {
            case .both: 0
            case .firstOnly: 1
            case .secondOnly: 2
            case .neither: 3
            }
        return (positive ? 0 : 4) + place
    }

    /// The number of cases of a class with an agreement.
    public func cases(positive: Bool, _ agreement: Agreement) -> Int {
        cells.cases(inCell: Self.cell(positive: positive, agreement))
    }

    /// The cells of the cases that a call puts in a predicted class.
    public static func cells(calledPositive: Bool, bySecond: Bool) -> [Int] {
        [true, false].flatMap { positive in
            let isRight = positive == calledPositive
            let agreements: [Agreement] =
                isRight
                ? [.both, bySecond ? .secondOnly : .firstOnly] : [.neither, bySecond ? .firstOnly : .secondOnly]
            return agreements.map { cell(positive: positive, $0) }
        }
    }

    /// The patient totals of a class.
    public func sums(positive: Bool) -> PairedClusterSums {
        let both = Self.cell(positive: positive, .both)
        let (first, second, neither) = (both + 1, both + 2, both + 3)
        func sum(_ term: (_ m: Int128, _ a: Int128, _ b: Int128) -> Int128) -> Int128 {
            cells.sum { counts in
                let a = Int128(counts[both] + counts[first])
                let b = Int128(counts[both] + counts[second])
                return term(a + Int128(counts[second] + counts[neither]), a, b)
            }
        }
        return PairedClusterSums(
            patients: cells.patients(inAnyOf: both...neither), m2: sum { m, _, _ in m * m },
            a2: sum { _, a, _ in a * a },
            b2: sum { _, _, b in b * b }, ab: sum { _, a, b in a * b }, am: sum { m, a, _ in a * m },
            bm: sum { m, _, b in b * m })
    }

    /// The patients' contributions to Σm², and to Σ(a − b)². The second largest is taken to be as large as the largest.
    public func contributions(
        positive: Bool
    ) -> (squares: PatientContributions, differences: PatientContributions) {
        let both = Self.cell(positive: positive, .both)
        func contributions(_ size: (UnsafeBufferPointer<Int>) -> Int) -> PatientContributions {
            var largest: Int128 = 0
            let total = cells.sum { counts in
                let own = Int128(size(counts))
                largest = max(largest, own * own)
                return own * own
            }
            return PatientContributions(total: total, largestTwo: largest)
        }
        return (
            contributions { $0[both] + $0[both + 1] + $0[both + 2] + $0[both + 3] },
            contributions { $0[both + 1] - $0[both + 2] }
        )
    }

    public var empty: JointConfusion { JointConfusion(self, cells: cells.empty) }

    /// The joint counts of both sides' patients.
    public func merged(with other: JointConfusion) throws(StatisticsError) -> JointConfusion {
        guard first == other.first, second == other.second else {
            throw StatisticsError(.shapeMismatch, "different pairs of operating points")
        }
        return JointConfusion(self, cells: try PatientCells.merged(cells, other.cells))
    }
}
