internal import Disclosure
internal import Evidence
internal import Foundation
internal import Messages
internal import Privacy
internal import Statistics
internal import StudyProtocol

/// Rule 17 in the agent: what is asked is planned, paid from the dataset's one budget, and noise is drawn. The draw leaves
/// this process only after the charge and the noise are durable (`NoiseStore.append`); a process that is killed before
/// has shown nobody anything.
struct NoisyRun {
    /// What a noisy release is made with, besides the answers.
    struct Context {
        let secrets: SiteSecrets
        /// Of all the snapshot's cases.
        let caseKeys: [String]
        /// The job's digest.
        let release: String
        /// The identifier of the sponsor's key.
        let sponsor: String
        /// All that the dataset was charged.
        let charges: [PrivacyBudget.Charge]
    }

    /// Why a plan is not paid for. The answers exist all the same, for a preview.
    enum Obstacle: String {
        /// The site has set no budget: it gives none away by default.
        case noBudget = "no-privacy-budget"
        case budgetSpent = "privacy-budget-spent"
    }

    let answers: [(key: AnswerKey, answer: Answer)]
    let local: [LocalDecision]
    let numberCount: Int
    let entry: LocalRecord.NoiseEntry
    let obstacle: Obstacle?
    /// Nil when nothing is paid for.
    let change: NoiseStore.Change?

    /// - Parameter privacy: the site's own.
    /// - Throws: `PrivacyError`; `JobFailure`; `StatisticsError`.
    init(
        _ builder: AnswerBuilder, terms: NoiseTerms, privacy: DisclosurePolicy.Privacy, declared: Set<String>,
        context: Context
    ) throws {
        let plan = try NoisyRelease.plan(
            try builder.items(), cases: try builder.axes(), priorities: Self.priorities(context), terms: terms,
            declaredVariables: declared)
        let total = try privacy.budget()
        let budget = try total.map {
            try PrivacyBudget(dataset: NoiseStore.dataset, total: $0, charges: context.charges)
        }
        let spent = try context.charges.reduce(PrivacyCost.zero) { try $0.adding($1.cost) }
        entry = try LocalRecord.NoiseEntry(terms, plan, spent: spent, allowance: budget?.allowance)
        local = plan.local
        numberCount = plan.numberCount
        guard let noise = plan.noise else {
            answers = plan.withheldAnswers
            (obstacle, change) = (nil, nil)
            return
        }
        var generator = SystemRandomNumberGenerator()
        let basis = context.secrets.code(of: Data("concordat-noise-basis-v1\0".utf8) + Data(plan.exactBytes))
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let record = try NoiseRecord(release: context.release, basis: basis, plan: noise, using: &generator)
        answers = try NoisyRelease.answers(plan, record: record, basis: basis)
        guard let total, let budget else {
            (obstacle, change) = (.noBudget, nil)
            return
        }
        guard plan.cost <= budget.remaining else {
            (obstacle, change) = (.budgetSpent, nil)
            return
        }
        obstacle = nil
        change = NoiseStore.Change(
            cost: plan.cost, sponsor: context.sponsor, record: record, earlier: context.charges, total: total)
    }

    /// Which of a patient's cases count: known to nobody without the site key, and the same in every release, so that two
    /// releases do not count two halves of a patient.
    private static func priorities(_ context: Context) -> [UInt64] {
        context.caseKeys.map { key in
            context.secrets.code(of: Data("concordat-noise-case-v1\0".utf8) + Data(key.utf8)).prefix(8)
                .reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
    }
}

extension LocalRecord.NoiseEntry {
    fileprivate init(
        _ terms: NoiseTerms, _ plan: NoisyRelease.Plan, spent: PrivacyCost, allowance: PrivacyCost?
    ) throws {
        var answers: [Answer] = []
        for share in plan.noise?.shares ?? [] {
            answers.append(
                Answer(
                    name: share.answer, scale: share.noise.scale.description,
                    halfWidth: Int(try share.noise.halfWidth(confidence: 0.95))))
        }
        self.init(
            mechanism: terms.mechanism.rawValue, epsilon: terms.epsilon.description,
            delta: terms.delta?.description, casesPerPatient: terms.bound.mostCases, cost: plan.cost.description,
            spent: spent.description, allowance: allowance?.description, answers: answers)
    }
}
