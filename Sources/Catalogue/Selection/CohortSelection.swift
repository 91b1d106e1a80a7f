public import Statistics
public import StudyProtocol
internal import TextCatalogue

/// A protocol's cohort at this site: which box of the flow each case falls in, and which cases are left to analyse.
public struct CohortSelection: Sendable {
    /// Where a case ends up before any model is run.
    public enum Box: Hashable, Sendable {
        case excluded(ReasonCode)
        /// The protocol has a reference standard and the case has no usable value of it.
        case referenceMissing
        case analysed
    }

    /// The possible boxes, in a fixed order: the reasons as the protocol gives them (each once), then the other two.
    public let boxes: [Box]
    /// The index in `boxes` for each case.
    public let boxOfCase: [Int]
    /// The cases of the box `analysed`, ascending.
    public let analysed: [Int32]
    /// Patients and the protocol's variables, in the protocol's codes.
    public let columns: CaseColumns

    /// Selects the cohort.
    ///
    /// - Throws: `CatalogueError` with `variable-not-declared` or `variable-mismatch`, see `ProtocolColumns`.
    public init(_ study: StudyProtocol, in snapshot: CatalogueSnapshot) throws {
        try self.init(study, columns: ProtocolColumns.load(study, from: snapshot))
    }

    /// - Parameter columns: all of the protocol's variables, in the protocol's codes.
    public init(_ study: StudyProtocol, columns: CaseColumns) throws {
        var boxes: [Box] = []
        for reason in study.cohort.reasons where !boxes.contains(.excluded(reason)) { boxes.append(.excluded(reason)) }
        let (missing, analysed) = (boxes.count, boxes.count + 1)
        boxes += [.referenceMissing, .analysed]

        // Criterion by criterion over whole columns; the first that excludes a case decides (`Cohort.exclusion`).
        var box = [Int](repeating: analysed, count: columns.count)
        let criteria = study.cohort.include.map { ($0, false) } + study.cohort.exclude.map { ($0, true) }
        for (criterion, excludes) in criteria {
            let codes = try Self.column(criterion.variable, columns)
            guard let own = boxes.firstIndex(of: .excluded(criterion.reason)) else { continue }
            for index in box.indices where box[index] == analysed {
                if criterion.condition.holds(for: codes[index]) == excludes { box[index] = own }
            }
        }
        if let reference = study.referenceStandard {
            let codes = try Self.column(reference.variable, columns)
            for index in box.indices where box[index] == analysed && !Coded.isValue(codes[index]) {
                box[index] = missing
            }
        }
        self.boxes = boxes
        boxOfCase = box
        self.analysed = box.indices.filter { box[$0] == analysed }.map { Int32($0) }
        self.columns = columns
    }

    /// How many cases fall in a box.
    public func cases(in wanted: Box) -> Int {
        guard let index = boxes.firstIndex(of: wanted) else { return 0 }
        return boxOfCase.count { $0 == index }
    }

    private static func column(_ id: VariableID, _ columns: CaseColumns) throws(CatalogueError) -> [Int64] {
        guard let codes = columns[id.rawValue] else {
            throw CatalogueError(.variableNotDeclared, .variableNotDeclared(id.rawValue))
        }
        return codes
    }
}
