/// Where a screened case ended. A case sits in exactly one box; `screened` is their union.
public enum FlowBox: Hashable, Sendable {
    /// Not in the cohort, with the criterion's reason.
    case excluded(reason: String)
    /// In the cohort, without a reference.
    case missingReference
    /// In the cohort, but the model or its input failed, with a fixed code.
    case failed(code: String)
    /// Analysed.
    case analysed
}

/// The flow of cases and patients through a study (STARD 2015, item 19), raw.
public struct Flow: Hashable, Sendable {
    /// The terminal boxes: all that the protocol makes possible, also those without cases, in a fixed order, so that
    /// sites add up.
    public let boxes: [FlowBox]
    /// Cases by box, in the same order.
    public let cells: PatientCells

    /// Counts the screened cases.
    /// - Parameters:
    ///   - boxes: all possible boxes, each once.
    ///   - boxOfCase: one index into `boxes` a case of the site.
    ///   - patients: the patient of each case, not decreasing.
    ///   - selection: the screened cases, ascending.
    public init(
        boxes: [FlowBox], boxOfCase: [Int64], patients: [Int32], selection: [Int32]
    ) throws(StatisticsError) {
        guard Set(boxes).count == boxes.count else {
            throw StatisticsError(.shapeMismatch, "a flow box is named twice")
        }
        let runs = try CaseRuns(patients: patients, selection: selection, columnLengths: [boxOfCase.count])
        let count = Int64(boxes.count)
        guard selection.allSatisfy({ boxOfCase[Int($0)] >= 0 && boxOfCase[Int($0)] < count }) else {
            throw StatisticsError(.unexpectedValue, "every screened case sits in one of the boxes")
        }
        self.boxes = boxes
        cells = boxOfCase.withUnsafeBufferPointer { column in
            PatientCells(cellCount: boxes.count, runs: runs) { Int(column[$0]) }
        }
    }

    private init(boxes: [FlowBox], cells: PatientCells) {
        self.boxes = boxes
        self.cells = cells
    }

    /// The number of screened cases.
    public var screenedCases: Int { cells.caseCount }
    /// The number of patients with at least one screened case.
    public var screenedPatients: Int { cells.patientCount }

    public var empty: Flow { Flow(boxes: boxes, cells: cells.empty) }

    /// The flow of both sides' patients.
    public func merged(with other: Flow) throws(StatisticsError) -> Flow {
        guard boxes == other.boxes else { throw StatisticsError(.shapeMismatch, "different flow boxes") }
        return Flow(boxes: boxes, cells: try PatientCells.merged(cells, other.cells))
    }
}
