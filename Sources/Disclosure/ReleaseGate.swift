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
        /// What the release adds to the ledger; nil where none is kept.
        public let ledger: ReleaseLedger.Addition?
        /// What is kept, with the release, for later releases of the same snapshot; nil without the cases.
        public let statements: EarlierStatements?
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

    /// Decides what leaves.
    ///
    /// - Parameters:
    ///   - items: the answers, in the protocol's order.
    ///   - cases: the cases behind them. Without them nobody can tell which answers share which cases: then a table or a
    ///     flow with one small cell is withheld as a whole, and so are all subgroups of a variable.
    ///   - ledger: what left before. With it, answers are withheld that would isolate patients together with that.
    ///   - earlier: what earlier releases of the same snapshot kept (``Decision/statements``), in their order. With it,
    ///     answers are withheld that would make known, together with those, what one of them withheld.
    public func decide(
        _ items: [Item], cases: CaseAxes? = nil, ledger: LedgerContext? = nil, earlier: [EarlierStatements] = []
    ) -> Decision {
        var proposals = items.map { propose($0, jointly: cases != nil) }
        withholdSmallCohort(items, &proposals)
        if cases == nil { withholdSmallFailures(items, &proposals) }
        withholdCrowdedOperatingPoints(items, cases, &proposals)
        withholdStepsAgainstOperatingPoints(items, &proposals)
        withholdOtherModels(items, &proposals)
        withholdOverlappingSums(items, &proposals)
        cutCalibrations(items, &proposals)
        var notes: [Int: [(rule: Int, reason: LocalDecision.Reason)]] = [:]
        var joint: JointResult?
        var requirements: [JointRequirement] = []
        if let cases {
            withholdSumDifferences(items, cases: cases, &proposals)
            let protected = protectJointly(items, cases: cases, &proposals)
            (joint, requirements) = (protected.result, protected.requirements)
            notes = protected.result.notes
            if ledger == nil { withholdErrorProfiles(items, cases: cases, context: nil, &proposals) }
        } else {
            withholdSubgroupSets(items, &proposals)
        }
        withholdBeyondCaps(items, &proposals)
        var addition: ReleaseLedger.Addition?
        if let ledger {
            // Without the cases nobody can say what the numbers count.
            addition = ReleaseLedger.Addition()
            if let cases, let joint {
                addition = passLedger(items, cases: cases, joint: joint, context: ledger, &proposals)
            } else {
                for index in proposals.indices where proposals[index].isRelease {
                    proposals[index] = .withhold(rule: 7, .ledgerNotUsable)
                }
            }
        }

        var statements: EarlierStatements?
        if let cases, let joint {
            let series = SeriesOfReleases(
                gate: self, items: items, joint: joint, requirements: requirements, model: ledger?.model)
            if series.withhold(besides: earlier, &proposals), let ledger {
                addition = passLedger(items, cases: cases, joint: joint, context: ledger, &proposals)
            }
            statements = series.statements(proposals)
        } else if !earlier.isEmpty {
            for index in proposals.indices where proposals[index].isRelease {
                proposals[index] = .withhold(rule: 4, .earlierAnswers)
            }
        }

        var local: [LocalDecision] = []
        var numberCount = 0
        let answers = zip(items, proposals).enumerated().map { index, content in
            let (item, proposal) = content
            switch proposal {
            case .release(let aggregate, let numbers):
                numberCount += numbers
                let own = notes[index] ?? []
                local += own.map { LocalDecision(item.key, rule: $0.rule, $0.reason) }
                if aggregate.hasProtectedCounts, own.isEmpty {
                    local.append(LocalDecision(item.key, rule: 1, .fewPatientsLeft))
                }
                return (key: item.key, answer: Answer.released(aggregate))
            case .withhold(let rule, let reason):
                local.append(LocalDecision(item.key, rule: rule, reason))
                return (key: item.key, answer: Answer.withheld)
            case .failed(let code):
                return (key: item.key, answer: Answer.failed(code: code))
            }
        }
        return Decision(
            answers: answers, local: local, numberCount: numberCount, ledger: addition, statements: statements)
    }
}

// MARK: - One answer at a time

extension ReleaseGate {
    /// - Parameter jointly: whether single counts of tables, flows and histograms are decided later, together.
    private func propose(_ item: Item, jointly: Bool) -> Proposal {
        let minimum = MinimumCount(policy)
        let aggregate: Aggregate
        switch item.outcome {
        case .failed(let code): return .failed(code: code)
        case .computed(let computed): aggregate = computed
        }
        let variables = aggregate.variables + (item.key.subgroup.map { [$0.variable.rawValue] } ?? [])
        guard variables.allSatisfy(declaredVariables.contains) else { return .withhold(rule: 8, .undeclaredVariable) }
        let allowsZero = allowsZeros(of: variables)
        let forms = ProtectedForms(minimum: minimum, withheld: [], patients: [], allowsZero: allowsZero)
        return
            switch aggregate
        {
        case .flow(let flow):
            jointly ? FlowRule(minimum: minimum).candidate(flow) : FlowRule(minimum: minimum).decide(flow)
        case .moments(let moments): MomentsRule(policy: policy, minimum: minimum).decide(moments)
        case .histogram(let histogram):
            jointly
                ? forms.histogram(histogram)
                : HistogramRule(minimum: minimum, allowsZero: allowsZero).decide(histogram)
        case .table(let table):
            jointly ? forms.table(table) : TableRule(minimum: minimum, allowsZero: allowsZero).decide(table)
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

extension ReleaseGate {
    /// Rule 2: whether a count of zero may be told of what these variables say.
    func allowsZeros(of variables: [String]) -> Bool {
        policy.zeros != .withhold && policy.sensitiveVariables.isDisjoint(with: variables)
    }
}

extension Aggregate {
    /// The declared variables behind the aggregate.
    var variables: [String] {
        switch self {
        case .flow, .confusion, .scoreSteps, .roc, .pairedConfusion, .calibration, .pairedROC, .scoreSums: []
        case .moments(let moments): [moments.variable] + (moments.groupedBy.map { [$0] } ?? [])
        case .histogram(let histogram): [histogram.variable] + (histogram.groupedBy.map { [$0] } ?? [])
        case .table(let table): table.axes.map(\.variable)
        case .coMoments(let coMoments): coMoments.variables.map(\.variable)
        }
    }
}
