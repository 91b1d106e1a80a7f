internal import Catalogue
internal import Disclosure
internal import Evidence
internal import Messages
internal import Privacy
internal import Statistics
internal import StudyProtocol

/// The one place where the agent calls the release gate: for jobs and for previews alike.
struct GateRun {
    /// All that left before, as far as a decision needs it.
    struct Earlier {
        /// Read only where exact numbers are to leave; nil where there is no store.
        let exact: () throws -> ExactMemory.Loaded?
        /// Read only where noise is drawn.
        let noise: () throws -> NoisyRun.Context
    }

    /// The site's policy, tightened by what the protocol asks.
    let policy: DisclosurePolicy
    let answers: [(key: AnswerKey, answer: Answer)]
    let localRecord: LocalRecord
    /// What is to be kept with the release; nil when it cannot be released.
    let memory: ReleaseMemory?
    /// Why noise is not paid for.
    let obstacle: NoisyRun.Obstacle?

    /// - Parameters:
    ///   - builder: computes the answers, and knows the cases behind them.
    ///   - site: the site's own policy.
    ///   - declared: the variables that the site declares.
    /// - Throws: `StatisticsError`; `PrivacyError`; `JobFailure`; what reading the store throws.
    init(_ builder: AnswerBuilder, site: DisclosurePolicy, declared: Set<String>, earlier: Earlier) throws {
        let studyProtocol = builder.studyProtocol
        policy = Self.policy(of: studyProtocol, site: site)
        if let terms = try NoiseTerms.agreed(asked: studyProtocol.disclosure.noise, site: site.privacy) {
            let run = try NoisyRun(
                builder, terms: terms, privacy: site.privacy, declared: declared, context: try earlier.noise())
            answers = run.answers
            localRecord = LocalRecord(
                withheld: run.local, numbers: run.numberCount, policy: policy, noise: run.entry)
            memory = run.change.map { .noise($0) }
            obstacle = run.obstacle
            return
        }
        let before = try earlier.exact()
        let ledger = before?.ledger
        let decision = ReleaseGate(
            policy: policy, declaredVariables: declared, rocVariance: Self.rocVariance(of: studyProtocol)
        ).decide(
            try builder.items(), cases: try builder.axes(), ledger: ledger?.context,
            earlier: before?.statements ?? [])
        answers = decision.answers
        localRecord = LocalRecord(
            withheld: decision.local, numbers: decision.numberCount, policy: policy,
            ledger: decision.ledger.map {
                LocalRecord.LedgerEntry(rows: $0.rowCount, earlier: ledger?.context.ledger.rowCount ?? 0)
            })
        memory = before.flatMap { before in
            guard let addition = decision.ledger, let statements = decision.statements else { return nil }
            return .exact(
                ExactMemory(
                    ledger: LedgerStore.Change(addition: addition, loaded: before.ledger), snapshot: before.snapshot,
                    statements: statements))
        }
        obstacle = nil
    }

    /// Whether anything at all may leave.
    var releasesSomething: Bool { answers.contains { $0.answer.aggregate != nil } }

    /// Whether the release is within what may ever leave of a dataset of so many patients. Noise has the budget as its cap.
    func fits(patients: Int, releasedNumbers: Int) -> Bool {
        localRecord.noise != nil || localRecord.numbers <= policy.datasetLimit(patients: patients) - releasedNumbers
    }

    static func policy(of studyProtocol: StudyProtocol, site: DisclosurePolicy) -> DisclosurePolicy {
        var asked = DisclosurePolicy.loosest
        asked.minimumCount = studyProtocol.disclosure.minimumCell
        return site.merging(asked)
    }

    /// The variance that the protocol's endpoints are judged by; without one, the clustered one unless cases are
    /// independent.
    private static func rocVariance(of studyProtocol: StudyProtocol) -> ROCSummary.VarianceMethod {
        let asked = studyProtocol.endpoints.lazy.filter { $0.metric == .auroc }.compactMap(\.variance).first
        switch asked {
        case .delong: return .delong
        case .obuchowski: return .obuchowski
        case .cluster, .binomial, nil:
            guard let evaluation = studyProtocol.evaluation else { return .obuchowski }
            return evaluation.cluster == nil ? .delong : .obuchowski
        }
    }
}

extension GateRun.Earlier {
    /// - Parameters:
    ///   - snapshot: the data that the decision is about.
    ///   - policy: the site's own.
    ///   - store: nil where no job ever came.
    init(
        snapshot: CatalogueSnapshot, policy: DisclosurePolicy, model: Digest?, release: Digest, sponsor: String,
        store: JobStore?, secrets: SiteSecrets
    ) {
        exact = {
            try store?.exactMemory(
                of: snapshot.patientKeys(), snapshot: snapshot.contentDigest.description, policy: policy,
                model: model?.description,
                secrets: secrets)
        }
        noise = {
            NoisyRun.Context(
                secrets: secrets, caseKeys: try snapshot.caseKeys(), release: release.description, sponsor: sponsor,
                charges: try store?.privacyCharges() ?? [])
        }
    }
}
