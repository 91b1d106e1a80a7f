internal import Catalogue
internal import Disclosure
internal import Foundation
internal import Messages
internal import Statistics
internal import StudyProtocol

/// Computes what a protocol asks of a site, raw: for the release gate's eyes only.
struct AnswerBuilder {
    let studyProtocol: StudyProtocol
    let cohort: CohortSelection
    /// Nil when the protocol has no model.
    let scores: Scores?
    /// Whether only the flow and the statistics are computed, as a preview without scores does.
    var leavesOutEvaluation = false

    private var patients: [Int32] { cohort.columns.patients }

    /// One item for each planned answer, in the plan's order.
    /// - Throws: `StatisticsError`; `JobFailure`.
    func items() throws -> [ReleaseGate.Item] {
        let performance = leavesOutEvaluation ? nil : try performanceColumns()
        return try studyProtocol.plan.filter { !leavesOutEvaluation || !$0.what.needsScores }.map { planned in
            let aggregate: Aggregate =
                switch planned.what {
                case .flow: .flow(try flow())
                case .statistic(let statistic): try aggregate(of: statistic)
                case .roc: .roc(try required(performance).roc(selection(planned.part)))
                case .scoreSteps: .scoreSteps(try required(performance).steps(selection(planned.part)))
                case .confusion(let point):
                    .confusion(try required(performance).confusion(point, selection(planned.part)))
                }
            return ReleaseGate.Item(key: planned.key, outcome: .computed(aggregate))
        }
    }

    // MARK: Flow

    private func flow() throws -> Flow {
        let (boxes, boxOfCase) = flowBoxes()
        return try Flow(
            boxes: boxes, boxOfCase: boxOfCase, patients: patients, selection: cohort.columns.everyCase)
    }

    /// Every box that the protocol makes possible, with or without cases, in one order at all sites; and the box of each
    /// case.
    private func flowBoxes() -> (boxes: [FlowBox], boxOfCase: [Int64]) {
        var boxes: [FlowBox] = cohort.boxes.map { box in
            switch box {
            case .excluded(let reason): .excluded(reason: reason.rawValue)
            case .referenceMissing: .missingReference
            case .analysed: .analysed
            }
        }
        if studyProtocol.referenceStandard == nil, let unused = boxes.firstIndex(of: .missingReference) {
            // Without a reference standard no case can lack it; the box would only be a number more.
            return (
                boxes.filter { $0 != .missingReference }, cohort.boxOfCase.map { Int64($0 > unused ? $0 - 1 : $0) }
            )
        }
        var boxOfCase = cohort.boxOfCase.map(Int64.init)
        if let scores {
            let first = boxes.count
            boxes += Scores.FailureBox.allCases.map { .failed(code: $0.rawValue) }
            for (index, entry) in zip(cohort.analysed, scores.entries) {
                guard case .failed(let box, _) = entry, let place = Scores.FailureBox.allCases.firstIndex(of: box)
                else {
                    continue
                }
                boxOfCase[Int(index)] = Int64(first + place)
            }
        }
        return (boxes, boxOfCase)
    }

    // MARK: What the gate must know of the cases

    /// The cases behind the answers, so that the gate sees what they say together.
    /// - Throws: `JobFailure` when the columns are not those of one site.
    func axes() throws(JobFailure) -> CaseAxes {
        var variables: [String: CaseAxes.Variable] = [:]
        for variable in studyProtocol.variables {
            let codes = try column(variable.id)
            variables[variable.id.rawValue] =
                switch variable.kind {
                case .category(let category): .category(levels: category.levels.count, codes: codes)
                case .quantity(let quantity): .quantity(range: quantity.range, codes: codes)
                }
        }
        var parts: [Subgroup: CaseAxes.Part] = [:]
        for part in leavesOutEvaluation ? [] : studyProtocol.evaluation?.subgroups.flatMap(\.levels) ?? [] {
            parts[part.subgroup] = CaseAxes.Part(part.cases)
        }
        let (boxes, boxOfCase) = flowBoxes()
        let axes = CaseAxes(
            patients: patients, boxes: boxes, boxOfCase: boxOfCase, variables: variables,
            criteria: CaseAxes.CohortCriterion.all(of: studyProtocol.cohort), parts: parts,
            reference: studyProtocol.referenceStandard.map {
                CaseAxes.Reference(variable: $0.variable.rawValue, positiveCode: $0.positiveCode)
            }, evaluation: try evaluationAxis())
        guard let axes else { throw JobFailure(.failed(.internalError), cause: "case-axes") }
        return axes
    }

    private func evaluationAxis() throws(JobFailure) -> CaseAxes.Evaluation? {
        guard !leavesOutEvaluation, let performance = try performanceColumns() else { return nil }
        guard let one = performance.evaluation.scoreResolution.units(1) else { throw Self.unresolved }
        return CaseAxes.Evaluation(scores: performance.scores, one: one, failed: performance.failed)
    }

    // MARK: Statistics of the cohort

    /// The cases that the statistics are about: those that the evaluation counts, so that two totals never differ by the
    /// failed cases.
    private var described: [Int32] {
        guard let scores, studyProtocol.evaluation?.missing.modelFailed == .exclude else { return cohort.analysed }
        return zip(cohort.analysed, scores.entries).compactMap { index, entry in
            if case .score = entry { index } else { nil }
        }
    }

    private func aggregate(of statistic: Statistic) throws -> Aggregate {
        switch statistic.kind {
        case .summary(let variable, let by):
            let quantity = try quantity(variable)
            return .moments(
                try Moments(
                    variable: variable.rawValue, column: column(variable), by: by.map(grouping),
                    range: quantity.range, patients: patients, selection: described,
                    resolution: quantity.resolution))
        case .histogram(let variable, let edges, let by):
            return .histogram(
                try Histogram(
                    variable: variable.rawValue, column: column(variable), edges: edges.units, by: by.map(grouping),
                    patients: patients, selection: described, resolution: quantity(variable).resolution))
        case .table(let axes):
            return .table(
                try ContingencyTable(axes: axes.map(grouping), patients: patients, selection: described))
        }
    }

    private func quantity(_ id: VariableID) throws(JobFailure) -> Quantity {
        guard let quantity = studyProtocol.variable(id)?.quantity else { throw Self.unresolved }
        return quantity
    }

    private func grouping(_ id: VariableID) throws(JobFailure) -> CategoryColumn {
        guard let category = studyProtocol.variable(id)?.category else { throw Self.unresolved }
        return CategoryColumn(variable: id.rawValue, levels: category.levels, codes: try column(id))
    }

    private func column(_ id: VariableID) throws(JobFailure) -> [Int64] {
        guard let column = cohort.columns[id.rawValue] else { throw Self.unresolved }
        return column
    }

    /// `StudyProtocol.parse` resolves every reference, so this is never thrown for a verified job.
    private static let unresolved = JobFailure(.failed(.internalError), cause: "unresolved-reference")

    // MARK: Performance

    /// The cases of the cohort, or of one part of it, ascending.
    private func selection(_ part: SubgroupLevel?) throws -> [Int32] {
        guard let part else { return cohort.analysed }
        let codes = try column(part.subgroup.variable)
        return cohort.analysed.filter { part.contains(code: codes[Int($0)]) }
    }

    private func required(_ performance: PerformanceColumns?) throws(JobFailure) -> PerformanceColumns {
        guard let performance else { throw Self.unresolved }
        return performance
    }

    private func performanceColumns() throws(JobFailure) -> PerformanceColumns? {
        guard let evaluation = studyProtocol.evaluation else { return nil }
        guard let standard = studyProtocol.referenceStandard, let scores, scores.entries.count == cohort.analysed.count
        else { throw Self.unresolved }
        var column = [Int64](repeating: Coded.missing, count: cohort.columns.count)
        for (index, entry) in zip(cohort.analysed, scores.entries) {
            if case .score(let units) = entry { column[Int(index)] = units }
        }
        return PerformanceColumns(
            evaluation: evaluation, scores: column,
            reference: ReferenceColumn.classes(try self.column(standard.variable), standard), patients: patients)
    }
}

extension CaseAxes.Part {
    fileprivate init(_ cases: SubgroupLevel.Cases) {
        switch cases {
        case .level(let code): self = .level(code)
        case .bin(let bin, let edges):
            // Bins are half open but for the last one.
            let isLast = bin == edges.units.count - 2
            self = .units(edges.units[bin]...(isLast ? edges.units[bin + 1] : edges.units[bin + 1] - 1))
        }
    }
}

extension PlannedAnswer.Kind {
    fileprivate var needsScores: Bool {
        switch self {
        case .flow, .statistic: false
        case .roc, .scoreSteps, .confusion: true
        }
    }
}

/// The reference standard as classes.
enum ReferenceColumn {
    /// 1 positive, 0 negative; reserved codes stay.
    static func classes(_ codes: [Int64], _ standard: ReferenceStandard) -> [Int64] {
        codes.map { code in
            guard Coded.isValue(code) else { return code }
            return code == standard.positiveCode ? ReferenceClass.positive : ReferenceClass.negative
        }
    }
}

/// Scores and reference of all cases of the site, and the protocol's rules for them.
private struct PerformanceColumns {
    let evaluation: Evaluation
    let scores: [Int64]
    let reference: [Int64]
    let patients: [Int32]

    var failed: FailedCases {
        switch evaluation.missing.modelFailed {
        case .worstCase: .worstCase
        case .exclude: .excluded
        }
    }

    func roc(_ selection: [Int32]) throws -> RankSample {
        try RankSample(
            scores: scores, reference: reference, failed: failed, patients: patients, selection: selection,
            resolution: evaluation.scoreResolution)
    }

    func steps(_ selection: [Int32]) throws -> ScoreSteps {
        try ScoreSteps(
            edges: evaluation.stepEdges(), scores: scores,
            reference: reference, failed: failed, patients: patients, selection: selection,
            resolution: evaluation.scoreResolution)
    }

    func confusion(_ point: OperatingPoint, _ selection: [Int32]) throws -> Confusion {
        try Confusion(
            operatingPoint: point.id.rawValue, threshold: point.thresholdUnits, scores: scores, reference: reference,
            failed: failed, patients: patients, selection: selection, resolution: evaluation.scoreResolution)
    }
}
