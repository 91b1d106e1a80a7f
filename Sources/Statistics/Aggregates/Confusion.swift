/// Exact patient totals of one reference class at an operating point: over the `patients` with `m` > 0 cases of the
/// class, of which `h` were called correctly, the sums of m, h, m², h² and h·m. Raw.
public struct ClusterSums: Hashable, Sendable {
    /// Patients with at least one case of the class.
    public let patients: Int
    /// Cases, Σm.
    public let cases: Int
    /// Correct calls, Σh: true positives of the positives, true negatives of the negatives.
    public let hits: Int
    /// Σm².
    public let m2: Int128
    /// Σh².
    public let h2: Int128
    /// Σh·m.
    public let hm: Int128
}

/// The confusion matrix at an operating point, raw. A case is called positive when its quantised score is at or above
/// the quantised threshold.
public struct Confusion: Hashable, Sendable {
    /// The cells, in order.
    public enum Cell: Int, Hashable, Sendable, CaseIterable {
        case truePositive, falsePositive, falseNegative, trueNegative
    }

    /// The operating point's identifier.
    public let operatingPoint: String
    /// The class of a one-vs-rest reference; nil when there are two classes.
    public let classLabel: String?
    /// In units of the score resolution.
    public let threshold: Int64
    public let resolution: Resolution
    /// Cases by ``Cell``.
    public let cells: PatientCells

    /// Counts the selected cases. Cases without a reference are left out; cases without a score are treated as `failed`
    /// says.
    /// - Parameters:
    ///   - scores: units from 0 to 1, or reserved codes, one a case.
    ///   - reference: see ``ReferenceClass``, or reserved codes.
    ///   - patients: the patient of each case, not decreasing.
    ///   - selection: the analysed cases, ascending.
    ///   - classLabel: the class of a one-vs-rest reference.
    public init(
        operatingPoint: String, threshold: Int64, scores: [Int64], reference: [Int64], failed: FailedCases = .excluded,
        patients: [Int32], selection: [Int32], resolution: Resolution, classLabel: String? = nil
    ) throws(StatisticsError) {
        let columns = try ScoreColumns(
            scores: scores, reference: reference, patients: patients, selection: selection, resolution: resolution)
        self.operatingPoint = operatingPoint
        self.classLabel = classLabel
        self.threshold = threshold
        self.resolution = resolution
        let one = columns.one
        cells = scores.withUnsafeBufferPointer { scores in
            reference.withUnsafeBufferPointer { reference in
                PatientCells(cellCount: 4, runs: columns.runs) { index in
                    let truth = reference[index]
                    guard Coded.isValue(truth),
                        let score = failed.scored(scores[index], reference: truth, one: one)
                    else { return -1 }
                    let isCalled = score >= threshold
                    return truth == ReferenceClass.positive ? (isCalled ? 0 : 2) : (isCalled ? 1 : 3)
                }
            }
        }
    }

    private init(_ shape: Confusion, cells: PatientCells) {
        operatingPoint = shape.operatingPoint
        classLabel = shape.classLabel
        threshold = shape.threshold
        resolution = shape.resolution
        self.cells = cells
    }

    /// The number of cases in a cell.
    public func cases(_ cell: Cell) -> Int { cells.cases(inCell: cell.rawValue) }

    /// The number of patients with at least one case in any of the cells.
    public func patients(_ asked: Cell...) -> Int { cells.patients(inAnyOf: asked.map(\.rawValue)) }

    /// The patient totals of the positives; hits are true positives.
    public var positives: ClusterSums { sums(hit: .truePositive, miss: .falseNegative) }

    /// The patient totals of the negatives; hits are true negatives.
    public var negatives: ClusterSums { sums(hit: .trueNegative, miss: .falsePositive) }

    private func sums(hit: Cell, miss: Cell) -> ClusterSums {
        let (hit, miss) = (hit.rawValue, miss.rawValue)
        return ClusterSums(
            patients: cells.patients(inAnyOf: [hit, miss]),
            cases: cells.cases(inCell: hit) + cells.cases(inCell: miss),
            hits: cells.cases(inCell: hit),
            m2: cells.sum { Int128($0[hit] + $0[miss]) * Int128($0[hit] + $0[miss]) },
            h2: cells.sum { Int128($0[hit]) * Int128($0[hit]) },
            hm: cells.sum { Int128($0[hit]) * Int128($0[hit] + $0[miss]) })
    }

    public var empty: Confusion { Confusion(self, cells: cells.empty) }

    /// The matrix of both sides' patients.
    public func merged(with other: Confusion) throws(StatisticsError) -> Confusion {
        guard operatingPoint == other.operatingPoint, threshold == other.threshold, resolution == other.resolution,
            classLabel == other.classLabel
        else { throw StatisticsError(.shapeMismatch, "different operating points") }
        return Confusion(self, cells: try PatientCells.merged(cells, other.cells))
    }
}
