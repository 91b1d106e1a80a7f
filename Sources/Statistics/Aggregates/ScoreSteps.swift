/// Cases by reference class and score step on the protocol's grid, raw. Steps are `[a, b)`, the last one `[a, b]`.
public struct ScoreSteps: Hashable, Sendable {
    public let resolution: Resolution
    /// Strictly ascending score edges in units, from 0 to 1 (see ``ScoreGrid``).
    public let edges: [Int64]
    /// The class of a one-vs-rest reference; nil when there are two classes.
    public let classLabel: String?
    /// Cases by class (positives first) and step.
    public let cells: PatientCells

    /// Counts the selected cases. Cases without a reference are left out; cases without a score are treated as `failed`
    /// says.
    /// - Parameters:
    ///   - edges: as ``ScoreGrid/edges(resolution:)`` gives them.
    ///   - scores: units from 0 to 1, or reserved codes, one a case.
    ///   - reference: see ``ReferenceClass``, or reserved codes.
    ///   - patients: the patient of each case, not decreasing.
    ///   - selection: the analysed cases, ascending.
    ///   - classLabel: the class of a one-vs-rest reference.
    public init(
        edges: [Int64], scores: [Int64], reference: [Int64], failed: FailedCases = .excluded, patients: [Int32],
        selection: [Int32], resolution: Resolution, classLabel: String? = nil
    ) throws(StatisticsError) {
        let steps = try BinEdges(edges)
        let columns = try ScoreColumns(
            scores: scores, reference: reference, patients: patients, selection: selection, resolution: resolution)
        let one = columns.one
        guard edges.first == 0, edges.last == one else {
            throw StatisticsError(.malformedEdges, "score edges go from 0 to 1")
        }
        self.resolution = resolution
        self.edges = edges
        self.classLabel = classLabel
        let stepCount = steps.count
        cells = scores.withUnsafeBufferPointer { scores in
            reference.withUnsafeBufferPointer { reference in
                edges.withUnsafeBufferPointer { edges in
                    PatientCells(cellCount: 2 * stepCount, runs: columns.runs) { index in
                        let truth = reference[index]
                        guard Coded.isValue(truth),
                            let score = failed.scored(scores[index], reference: truth, one: one)
                        else { return -1 }
                        let step = BinEdges.bin(of: score, in: edges)
                        return truth == ReferenceClass.positive ? step : stepCount + step
                    }
                }
            }
        }
    }

    private init(_ shape: ScoreSteps, cells: PatientCells) {
        resolution = shape.resolution
        edges = shape.edges
        classLabel = shape.classLabel
        self.cells = cells
    }

    /// The number of steps.
    public var stepCount: Int { edges.count - 1 }

    /// The cell of a class and step.
    public func cell(positive: Bool, step: Int) -> Int { positive ? step : stepCount + step }

    /// The cases of a class below each edge; at the last edge all of the class.
    public func cumulative(positive: Bool) -> [Int] {
        var counts = [0]
        for step in 0..<stepCount {
            counts.append(counts[step] + cells.cases(inCell: cell(positive: positive, step: step)))
        }
        return counts
    }

    public var empty: ScoreSteps { ScoreSteps(self, cells: cells.empty) }

    /// The steps of both sides' patients.
    public func merged(with other: ScoreSteps) throws(StatisticsError) -> ScoreSteps {
        guard resolution == other.resolution, edges == other.edges, classLabel == other.classLabel else {
            throw StatisticsError(.shapeMismatch, "different score grids")
        }
        return ScoreSteps(self, cells: try PatientCells.merged(cells, other.cells))
    }
}
