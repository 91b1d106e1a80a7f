public import Statistics
public import StudyProtocol

/// The one door out of a site. Pure: raw aggregates and policy in, released answers and local decisions out. Total: every
/// kind of aggregate has a rule, by an exhaustive switch. Fail-closed: what no rule allows is withheld.
///
/// The rules are numbered as in `docs/hospital/disclosure.md`. This part holds rules 1, 3, 5, 6, 8, 9, 11, 12, 15, 16
/// and 18.
/// Rule 9 (minimum and maximum never leave) holds by type: no released form has a place for them. What answers say
/// together is in `ReleaseGate+Together.swift`.
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
        withholdOtherModels(items, &proposals)
        withholdOverlappingSums(items, &proposals)
        cutCalibrations(items, &proposals)
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
        case .coMoments(let coMoments): CoMomentsRule(policy: policy, minimum: minimum).decide(coMoments)
        case .pairedConfusion(let pair): PairedConfusionRule(policy: policy, minimum: minimum).decide(pair)
        // Decided again below, together with what else is published of the scores.
        case .calibration(let sample): CalibrationRule(policy: policy, minimum: minimum).decide(sample, cuts: nil)
        case .pairedROC(let sample): PairedROCRule(minimum: minimum, variance: rocVariance).decide(sample)
        case .scoreSums(let sums): ScoreSumsRule(policy: policy, minimum: minimum).decide(sums)
        }
    }
}

extension Aggregate {
    /// The declared variables behind the aggregate.
    fileprivate var variables: [String] {
        switch self {
        case .flow, .confusion, .scoreSteps, .roc, .pairedConfusion, .calibration, .pairedROC, .scoreSums: []
        case .moments(let moments): [moments.variable] + (moments.groupedBy.map { [$0] } ?? [])
        case .histogram(let histogram): [histogram.variable] + (histogram.groupedBy.map { [$0] } ?? [])
        case .table(let table): table.axes.map(\.variable)
        case .coMoments(let coMoments): coMoments.variables.map(\.variable)
        }
    }
}
