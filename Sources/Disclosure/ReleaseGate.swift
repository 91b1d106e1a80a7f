import Foundation
public import Statistics
public import StudyProtocol

/// The one door out of a site. Pure: raw aggregates and policy in, released answers and local decisions out. Total: every
/// kind of aggregate has a rule, by an exhaustive switch. Fail-closed: what no rule allows is withheld.
///
/// The rules are numbered as in `docs/hospital/disclosure.md`. This part holds rules 1, 3, 5, 6, 8, 9, 11, 12, 16 and 18.
/// Rule 9 (minimum and maximum never leave) holds by type: no released form has a place for them.
public struct ReleaseGate: Sendable {
    /// One answer as the site computed it.
    public struct Item: Sendable {
        public let key: AnswerKey
        public let outcome: Outcome

        public enum Outcome: Sendable {
            case computed(Aggregate)
            case failed(code: String)
        }

        public init(key: AnswerKey, outcome: Outcome) {
            self.key = key
            self.outcome = outcome
        }
    }

    /// What leaves, and why the rest does not.
    public struct Decision: Sendable {
        /// In the order of the items.
        public let answers: [(key: AnswerKey, answer: Answer)]
        /// For the site's own record; never sent.
        public let local: [LocalDecision]
        /// How many numbers leave.
        public let numberCount: Int
    }

    public let policy: DisclosurePolicy
    /// The variables that the site declares; no other may be behind a released number (rule 8).
    public let declaredVariables: Set<String>

    /// Which variance an AUROC leaves with: the clustered one unless the protocol calls the cases independent.
    public let rocVariance: ROCSummary.VarianceMethod

    public init(
        policy: DisclosurePolicy, declaredVariables: Set<String>, rocVariance: ROCSummary.VarianceMethod = .obuchowski
    ) {
        self.policy = policy
        self.declaredVariables = declaredVariables
        self.rocVariance = rocVariance
    }

    public func decide(_ items: [Item]) -> Decision {
        var proposals = items.map { propose($0) }
        withholdSmallFailures(items, &proposals)
        withholdCrowdedOperatingPoints(items, &proposals)
        withholdStepsAgainstOperatingPoints(items, &proposals)
        withholdSubgroupSets(items, &proposals)
        withholdBeyondCaps(items, &proposals)

        var local: [LocalDecision] = []
        var numberCount = 0
        let answers = zip(items, proposals).map { item, proposal in
            switch proposal {
            case .release(let aggregate, let numbers):
                numberCount += numbers
                if aggregate.hasProtectedCounts { local.append(LocalDecision(item.key, rule: 1, .fewPatientsLeft)) }
                return (key: item.key, answer: Answer.released(aggregate))
            case .withhold(let rule, let reason):
                local.append(LocalDecision(item.key, rule: rule, reason))
                return (key: item.key, answer: Answer.withheld)
            case .failed(let code):
                return (key: item.key, answer: Answer.failed(code: code))
            }
        }
        return Decision(answers: answers, local: local, numberCount: numberCount)
    }
}

// MARK: - One answer at a time

extension ReleaseGate {
    private func propose(_ item: Item) -> Proposal {
        let minimum = MinimumCount(policy)
        let aggregate: Aggregate
        switch item.outcome {
        case .failed(let code): return .failed(code: code)
        case .computed(let computed): aggregate = computed
        }
        let variables = aggregate.variables + (item.key.subgroup.map { [$0.variable.rawValue] } ?? [])
        guard variables.allSatisfy(declaredVariables.contains) else { return .withhold(rule: 8, .undeclaredVariable) }
        return
            switch aggregate
        {
        case .flow(let flow): FlowRule(minimum: minimum).decide(flow)
        case .moments(let moments): MomentsRule(policy: policy, minimum: minimum).decide(moments)
        case .histogram(let histogram): HistogramRule(minimum: minimum).decide(histogram)
        case .table(let table): TableRule(minimum: minimum).decide(table)
        case .confusion(let confusion): ConfusionRule(policy: policy, minimum: minimum).decide(confusion)
        // Decided again below, together with the operating points that are published.
        case .scoreSteps(let steps): ScoreStepsRule(minimum: minimum).decide(steps, operatingPoints: [])
        case .roc(let sample): ROCRule(minimum: minimum, variance: rocVariance).decide(sample)
        }
    }
}

// MARK: - Answers that say more together

extension ReleaseGate {
    /// A few failed cases must not show as the difference between two totals: of the analysed cases in the flow, of the
    /// cohort's statistics (which count failed cases), and of the performance answers (which count them only where the
    /// protocol takes them as the worst case).
    private func withholdSmallFailures(_ items: [Item], _ proposals: inout [Proposal]) {
        guard let flow = items.lazy.compactMap(\.flow).first else { return }
        let failed = flow.boxes.indices.filter { if case .failed = flow.boxes[$0] { true } else { false } }
        let failedPatients = flow.cells.patients(inAnyOf: failed)
        guard !MinimumCount(policy).allows(failedPatients) else { return }
        let analysed = flow.boxes.firstIndex(of: .analysed).map { flow.cells.cases(inCell: $0) }
        let countsFailures = items.contains {
            $0.key.subgroup == nil && $0.caseCount != nil && $0.caseCount != analysed
        }
        for (index, item) in items.enumerated() where proposals[index].isRelease {
            if countsFailures ? item.flow != nil : item.isCohortStatistic {
                proposals[index] = .withhold(rule: 4, .smallRemainder)
            }
        }
    }

    /// Rule 12: published operating points cut the cases into steps, so two of them may not hold a few patients between
    /// them. They are taken in the protocol's order. The score steps say who lies between two thresholds; where they are
    /// not computed, as in subgroups, only the first operating point can be shown.
    private func withholdCrowdedOperatingPoints(_ items: [Item], _ proposals: inout [Proposal]) {
        let minimum = MinimumCount(policy)
        var published: [Subgroup?: [Int64]] = [:]
        for (index, item) in items.enumerated() {
            guard proposals[index].isRelease, case .computed(.confusion(let confusion)) = item.outcome else { continue }
            let others = published[item.key.subgroup] ?? []
            let steps = item.key.subgroup == nil ? items.lazy.compactMap(\.scoreSteps).first : nil
            let isAllowed = others.allSatisfy { other in
                if other == confusion.threshold { return true }
                guard let steps, let start = steps.edges.firstIndex(of: min(other, confusion.threshold)),
                    let end = steps.edges.firstIndex(of: max(other, confusion.threshold))
                else { return false }
                return minimum.allows(ScoreStepsRule.patients(start..<end, of: steps))
            }
            if isAllowed {
                published[item.key.subgroup, default: []].append(confusion.threshold)
            } else {
                proposals[index] = .withhold(rule: 12, .fewPatientsPredicted)
            }
        }
    }

    /// Rule 12: operating points and steps are cuts of one staircase.
    private func withholdStepsAgainstOperatingPoints(_ items: [Item], _ proposals: inout [Proposal]) {
        let thresholds = zip(items, proposals).compactMap { item, proposal -> Int64? in
            guard item.key.subgroup == nil, proposal.isRelease, case .computed(.confusion(let confusion)) = item.outcome
            else { return nil }
            return confusion.threshold
        }
        for (index, item) in items.enumerated() {
            guard proposals[index].isRelease, case .computed(.scoreSteps(let steps)) = item.outcome else { continue }
            proposals[index] = ScoreStepsRule(minimum: MinimumCount(policy)).decide(steps, operatingPoints: thresholds)
        }
    }

    /// The parts of a cohort and the whole are one equation: one part that is withheld withholds all parts by that
    /// variable, and parts that do not make up the whole would give away what is missing.
    private func withholdSubgroupSets(_ items: [Item], _ proposals: inout [Proposal]) {
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
    private func withholdBeyondCaps(_ items: [Item], _ proposals: inout [Proposal]) {
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

    /// Whether it counts the cohort by variables, failed cases among them.
    fileprivate var isCohortStatistic: Bool {
        guard case .computed(let aggregate) = outcome else { return false }
        return
            switch aggregate
        {
        case .moments, .histogram, .table: true
        case .flow, .confusion, .scoreSteps, .roc: false
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
        case .flow, .moments, .histogram, .table: nil
        }
    }

    fileprivate var analysedPatients: Int? {
        guard case .computed(.flow(let flow)) = outcome, let analysed = flow.boxes.firstIndex(of: .analysed) else {
            return nil
        }
        return flow.cells.patients(inCell: analysed)
    }
}

extension Aggregate {
    /// The declared variables behind the aggregate.
    fileprivate var variables: [String] {
        switch self {
        case .flow, .confusion, .scoreSteps, .roc: []
        case .moments(let moments): [moments.variable] + (moments.groupedBy.map { [$0] } ?? [])
        case .histogram(let histogram): [histogram.variable] + (histogram.groupedBy.map { [$0] } ?? [])
        case .table(let table): table.axes.map(\.variable)
        }
    }
}
