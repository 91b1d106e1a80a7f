internal import Ledger
internal import Statistics
internal import StudyProtocol

// Rule 3 lets the errors of an accurate model be few. Who those few patients are is then told along one line at most: the
// levels of one variable, or one other cohort that shares patients with the first. Each further line would add a trait to
// the same patients, until one of them is known.
extension ReleaseGate {
    /// Withholds what would be a second line. Of several variables the first of which something is left may stay.
    /// - Parameter context: what left before; nil where no ledger is kept.
    func withholdErrorProfiles(
        _ items: [Item], cases: CaseAxes, context: LedgerContext?, _ proposals: inout [Proposal]
    ) {
        guard hasFewErrors(items) else { return }
        var lines = ErrorLines()
        if let context {
            guard let own = try? LedgerRows(cases: cases, context: context).area(nil) else {
                for index in items.indices where proposals[index].isRelease && items[index].isConfusion {
                    proposals[index] = .withhold(rule: 7, .ledgerNotUsable)
                }
                return
            }
            lines = ErrorLines(context.ledger.marks, beside: own)
        }
        let isFirstLine = lines.count <= 1
        for (index, item) in items.enumerated() where proposals[index].isRelease && item.isConfusion {
            let variable = item.key.subgroup?.variable.rawValue
            if lines.isTold(variable) || (isFirstLine && lines.admit(variable)) { continue }
            proposals[index] = .withhold(rule: 3, .smallPerformanceCell)
        }
    }

    /// Whether 1 to t-1 patients are among the right or wrong calls of either class, at any operating point.
    fileprivate func hasFewErrors(_ items: [Item]) -> Bool {
        let minimum = MinimumCount(policy)
        return items.contains { item in
            guard item.key.subgroup == nil, case .computed(.confusion(let confusion)) = item.outcome else {
                return false
            }
            return !minimum.allows(all: Confusion.Cell.allCases.map { confusion.patients($0) })
        }
    }
}

/// The lines along which few errors were told. Of whatever model: a copy under another digest errs on the same patients.
private struct ErrorLines {
    private var otherCohorts: Set<PatientRow> = []
    private var variables: Set<String> = []
    /// What was told of this very cohort.
    private var told: Set<String?> = []

    var count: Int { otherCohorts.count + variables.count }

    init() {}

    init(_ marks: [ReleaseLedger.Mark], beside own: PatientRow) {
        for mark in marks {
            guard case .errors(_, let variable) = mark.kind, mark.patients.overlaps(own) else { continue }
            if mark.patients != own { otherCohorts.insert(mark.patients) } else { told.insert(variable) }
            if let variable { variables.insert(variable) }
        }
    }

    func isTold(_ variable: String?) -> Bool { told.contains(variable) }

    /// - Parameter variable: nil for the whole cohort.
    /// - Returns: whether it makes no second line.
    mutating func admit(_ variable: String?) -> Bool {
        guard let variable, !variables.contains(variable) else { return true }
        guard count == 0 else { return false }
        variables.insert(variable)
        return true
    }
}

extension ReleaseGate.Item {
    fileprivate var isConfusion: Bool {
        if case .computed(.confusion) = outcome { true } else { false }
    }
}

extension LedgerRows {
    /// What a release tells of few errors.
    func errorMarks(
        _ items: [ReleaseGate.Item], _ proposals: [Proposal], gate: ReleaseGate
    ) throws(LedgerError) -> [ReleaseLedger.Mark] {
        guard gate.hasFewErrors(items) else { return [] }
        let cohort = try area(nil)
        var variables: Set<String?> = []
        for (index, item) in items.enumerated() where proposals[index].isRelease && item.isConfusion {
            variables.insert(item.key.subgroup?.variable.rawValue)
        }
        return variables.sorted { ($0 ?? "") < ($1 ?? "") }.map {
            ReleaseLedger.Mark(.errors(model: context.model ?? "", variable: $0), patients: cohort)
        }
    }
}
