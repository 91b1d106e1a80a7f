internal import Disclosure
internal import Messages
internal import Statistics
internal import StudyProtocol

/// The one place where the agent calls the release gate: for jobs and for previews alike.
struct GateRun {
    /// The site's policy, tightened by what the protocol asks.
    let policy: DisclosurePolicy
    let decision: ReleaseGate.Decision
    private let earlierRows: Int?

    /// - Parameters:
    ///   - builder: computes the answers, and knows the cases behind them.
    ///   - declared: the variables that the site declares.
    ///   - ledger: all that left before; nil where nothing is to leave.
    /// - Throws: `StatisticsError`; `JobFailure`.
    init(
        _ builder: AnswerBuilder, site: DisclosurePolicy, declared: Set<String>, ledger: LedgerContext?
    ) throws {
        let studyProtocol = builder.studyProtocol
        policy = Self.policy(of: studyProtocol, site: site)
        // Rule 17 is not wired yet: who asks for noise gets nothing rather than exact numbers.
        guard studyProtocol.disclosure.noise == nil, policy.privacy.mechanism == .none else {
            throw JobFailure(.failed(.notReleasable), cause: "noise-not-available")
        }
        decision = ReleaseGate(
            policy: policy, declaredVariables: declared, rocVariance: Self.rocVariance(of: studyProtocol)
        ).decide(try builder.items(), cases: try builder.axes(), ledger: ledger)
        earlierRows = ledger?.ledger.rowCount
    }

    var localRecord: LocalRecord {
        LocalRecord(
            withheld: decision.local, numbers: decision.numberCount, policy: policy,
            ledger: decision.ledger.map { LocalRecord.LedgerEntry(rows: $0.rowCount, earlier: earlierRows ?? 0) })
    }

    /// Whether anything at all may leave.
    var releasesSomething: Bool { decision.answers.contains { $0.answer.aggregate != nil } }

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
