import Foundation
import Statistics
import StudyProtocol

// Answers that are harmless one by one may say more together.
extension ReleaseGate {
    /// Rule 1 for the cohort: where it is 1 to t-1 patients, even the zeros of a table say what those patients are. An
    /// empty cohort is refused alike: else an answer would say that nobody fits, and a refusal that somebody does.
    func withholdSmallCohort(_ items: [Item], _ proposals: inout [Proposal]) {
        guard let patients = items.lazy.compactMap(\.analysedPatients).first,
            patients < MinimumCount(policy).least
        else { return }
        for index in proposals.indices where proposals[index].isRelease {
            proposals[index] = .withhold(rule: 1, .fewPatients)
        }
    }

    /// A few failed cases must not show as the difference between the analysed cases in the flow and another total: the
    /// cohort's statistics and the performance answers count failed cases where the protocol takes them as the worst case.
    func withholdSmallFailures(_ items: [Item], _ proposals: inout [Proposal]) {
        guard let flow = items.lazy.compactMap(\.flow).first else { return }
        let failed = flow.boxes.indices.filter { if case .failed = flow.boxes[$0] { true } else { false } }
        guard !MinimumCount(policy).allows(flow.cells.patients(inAnyOf: failed)) else { return }
        let analysed = flow.boxes.firstIndex(of: .analysed).map { flow.cells.cases(inCell: $0) }
        let showsFailures = items.contains { item in
            guard item.key.subgroup == nil, let total = item.caseCount ?? item.cohortCount else { return false }
            return total != analysed
        }
        for (index, item) in items.enumerated() where showsFailures && item.flow != nil && proposals[index].isRelease {
            proposals[index] = .withhold(rule: 4, .smallRemainder)
        }
    }

    /// Rule 12: published operating points cut the cases into steps, so two of them hold `t` patients between them. None
    /// are not enough: a model would choose the stretch that somebody is in, which would be the one not shown. They are
    /// taken in the protocol's order. Without the cases the score steps say who lies between two thresholds; where they
    /// are not computed, as in subgroups, only the first operating point can be shown then.
    func withholdCrowdedOperatingPoints(_ items: [Item], _ cases: CaseAxes?, _ proposals: inout [Proposal]) {
        let minimum = MinimumCount(policy)
        var published: [Evaluation: [Int64]] = [:]
        for (index, item) in items.enumerated() {
            guard proposals[index].isRelease, case .computed(.confusion(let confusion)) = item.outcome else { continue }
            let evaluation = Evaluation(subgroup: item.key.subgroup, classLabel: confusion.classLabel)
            let others = published[evaluation] ?? []
            let steps =
                item.key.subgroup == nil
                ? items.lazy.compactMap(\.scoreSteps).first { $0.classLabel == confusion.classLabel } : nil
            let isAllowed = others.allSatisfy { other in
                if other == confusion.threshold { return true }
                if let cases, confusion.classLabel == nil {
                    let between = min(other, confusion.threshold)..<max(other, confusion.threshold)
                    return cases.patientCount(withScoresIn: between, in: item.key.subgroup) >= minimum.least
                }
                guard let steps, let start = steps.edges.firstIndex(of: min(other, confusion.threshold)),
                    let end = steps.edges.firstIndex(of: max(other, confusion.threshold))
                else { return false }
                return ScoreStepsRule.patients(start..<end, of: steps) >= minimum.least
            }
            if isAllowed {
                published[evaluation, default: []].append(confusion.threshold)
            } else {
                proposals[index] = .withhold(rule: 12, .fewPatientsPredicted)
            }
        }
    }

    /// Rule 12: operating points and steps are cuts of one staircase.
    func withholdStepsAgainstOperatingPoints(_ items: [Item], _ proposals: inout [Proposal]) {
        for (index, item) in items.enumerated() {
            guard proposals[index].isRelease, case .computed(.scoreSteps(let steps)) = item.outcome else { continue }
            let thresholds = zip(items, proposals).compactMap { item, proposal -> Int64? in
                guard item.key.subgroup == nil, proposal.isRelease,
                    case .computed(.confusion(let confusion)) = item.outcome, confusion.classLabel == steps.classLabel
                else { return nil }
                return confusion.threshold
            }
            proposals[index] = ScoreStepsRule(minimum: MinimumCount(policy)).decide(steps, operatingPoints: thresholds)
        }
    }

    /// The parts of a cohort and the whole are one equation: one part that is withheld withholds all parts by that
    /// variable, and parts that do not make up the whole would give away what is missing.
    func withholdSubgroupSets(_ items: [Item], _ proposals: inout [Proposal]) {
        let sets = Dictionary(grouping: items.indices.filter { items[$0].key.subgroup != nil }) {
            items[$0].key.subgroup?.variable
        }
        for indices in sets.values {
            let isWithheld = indices.contains { !proposals[$0].isRelease }
            let isComplete = isPartition(indices.map { items[$0] }, of: items)
            guard isWithheld || !isComplete else { continue }
            for index in indices where proposals[index].isRelease {
                proposals[index] =
                    isComplete ? .withhold(rule: 4, .anotherCellWithheld) : .withhold(rule: 4, .incompletePartition)
            }
        }
    }

    private func isPartition(_ parts: [Item], of items: [Item]) -> Bool {
        Dictionary(grouping: parts, by: \.key.name).allSatisfy { name, parts in
            let whole = items.first { $0.key.name == name && $0.key.subgroup == nil }
            return whole?.caseCount == parts.reduce(0) { $0 + ($1.caseCount ?? 0) }
        }
    }

    /// Rule 16: answers are taken in the protocol's order until the numbers or the bytes are used up.
    func withholdBeyondCaps(_ items: [Item], _ proposals: inout [Proposal]) {
        let patients = items.lazy.compactMap(\.analysedPatients).first ?? 0
        let most = max(policy.maximumNumbers, policy.numbersPerPatient * patients)
        let encoder = JSONEncoder()
        var numbers = 0
        var bytes = 0
        for index in proposals.indices {
            guard case .release(let aggregate, let count) = proposals[index] else { continue }
            // An aggregate that cannot be encoded cannot be sent either.
            let size = (try? encoder.encode(aggregate).count) ?? .max
            if numbers + count > most {
                proposals[index] = .withhold(rule: 16, .tooManyNumbers)
            } else if size > policy.maximumBytes - bytes {
                proposals[index] = .withhold(rule: 16, .tooManyBytes)
            } else {
                numbers += count
                bytes += size
            }
        }
    }
}

extension ReleaseGate.Item {
    fileprivate var flow: Flow? {
        if case .computed(.flow(let flow)) = outcome { flow } else { nil }
    }

    fileprivate var scoreSteps: ScoreSteps? {
        if case .computed(.scoreSteps(let steps)) = outcome { steps } else { nil }
    }

    /// Cases in a statistic of the cohort, also those without a value; nil for other kinds.
    fileprivate var cohortCount: Int? {
        guard case .computed(let aggregate) = outcome else { return nil }
        return
            switch aggregate
        {
        case .moments(let moments): moments.cells.caseCount
        case .histogram(let histogram): histogram.cells.caseCount
        case .table(let table): table.cells.caseCount
        case .coMoments(let coMoments): coMoments.records.caseCount
        case .flow, .confusion, .scoreSteps, .roc, .pairedConfusion, .calibration, .pairedROC, .scoreSums: nil
        }
    }

    /// Cases in a performance answer; nil for other kinds.
    fileprivate var caseCount: Int? {
        guard case .computed(let aggregate) = outcome else { return nil }
        return
            switch aggregate
        {
        case .confusion(let confusion): confusion.cells.caseCount
        case .scoreSteps(let steps): steps.cells.caseCount
        case .roc(let sample): sample.caseCount
        case .pairedConfusion(let pair): pair.cells.caseCount
        case .calibration(let sample): sample.records.caseCount
        case .pairedROC(let sample): sample.records.caseCount
        case .scoreSums(let sums): sums.records.caseCount
        case .flow, .moments, .histogram, .table, .coMoments: nil
        }
    }

    fileprivate var analysedPatients: Int? {
        guard case .computed(.flow(let flow)) = outcome, let analysed = flow.boxes.firstIndex(of: .analysed) else {
            return nil
        }
        return flow.cells.patients(inCell: analysed)
    }
}
