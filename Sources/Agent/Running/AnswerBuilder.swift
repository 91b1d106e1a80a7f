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

    private var patients: [Int32] { cohort.columns.patients }

    /// One item for each planned answer, in the plan's order.
    /// - Throws: `StatisticsError`; `JobFailure`.
    func items() throws -> [ReleaseGate.Item] {
        let performance = try performanceColumns()
        return try studyProtocol.plan.map { planned in
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

    /// Every box that the protocol makes possible, with or without cases, in one order at all sites.
    private func flow() throws -> Flow {
        var boxes: [FlowBox] = cohort.boxes.map { box in
            switch box {
            case .excluded(let reason): .excluded(reason: reason.rawValue)
            case .referenceMissing: .missingReference
            case .analysed: .analysed
            }
        }
        if studyProtocol.referenceStandard == nil, let unused = boxes.firstIndex(of: .missingReference) {
            // Without a reference standard no case can lack it; the box would only be a number more.
            return try Flow(
                boxes: boxes.filter { $0 != .missingReference },
                boxOfCase: cohort.boxOfCase.map { Int64($0 > unused ? $0 - 1 : $0) },
                patients: patients, selection: cohort.columns.everyCase)
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
        return try Flow(
            boxes: boxes, boxOfCase: boxOfCase, patients: patients, selection: cohort.columns.everyCase)
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

    private func performanceColumns() throws -> PerformanceColumns? {
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

    private var failed: FailedCases {
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
