public import Disclosure
internal import Evidence
internal import Foundation
internal import Messages
internal import Statistics
internal import StrictJSON
internal import StudyProtocol

/// What the gate let through for one job, signed, and the site's own record of what it did not.
struct GatedRelease: Sendable {
    /// The release's envelope: the very bytes that are stored and sent.
    let release: Data
    /// A `LocalRecord`, JSON.
    let localRecord: Data
}

/// The site's own record of a release: never sent.
public struct LocalRecord: Codable, Hashable, Sendable {
    /// What was withheld and by which rule.
    public let withheld: [LocalDecision]
    /// How many numbers the release holds.
    public let numbers: Int
    /// The policy that decided; the release binds its digest.
    public let policy: DisclosurePolicy

    enum CodingKeys: String, CodingKey {
        case withheld, numbers, policy
    }
}

/// Puts raw answers through the release gate and signs what comes out.
struct ReleaseMaker {
    let site: SiteID
    let signingKey: SigningKey
    let settings: SiteSettings

    /// What a release says besides its answers.
    struct Binding {
        let job: JobVerifier.VerifiedJob
        let commitment: CatalogueCommitment
        let accepted: Timestamp
        let completed: Timestamp
    }

    /// The site's policy, tightened by what the protocol asks.
    func policy(for studyProtocol: StudyProtocol) -> DisclosurePolicy {
        var own = DisclosurePolicy()
        own.minimumCount = settings.minimumCount
        var asked = DisclosurePolicy()
        asked.minimumCount = studyProtocol.disclosure.minimumCell
        return own.merging(asked)
    }

    /// The variance that the protocol's endpoints are judged by; without one, the clustered one unless cases are
    /// independent.
    static func rocVariance(of studyProtocol: StudyProtocol) -> ROCSummary.VarianceMethod {
        let asked = studyProtocol.endpoints.lazy.filter { $0.metric == .auroc }.compactMap(\.variance).first
        switch asked {
        case .delong: return .delong
        case .obuchowski: return .obuchowski
        case .cluster, .binomial, nil:
            guard let evaluation = studyProtocol.evaluation else { return .obuchowski }
            return evaluation.cluster == nil ? .delong : .obuchowski
        }
    }

    /// - Parameter declared: the variables that the site declares.
    /// - Throws: `JobFailure` with `not-releasable` when nothing may leave, `release-too-large`.
    func make(
        _ items: [ReleaseGate.Item], binding: Binding, declared: Set<String>
    ) throws(JobFailure) -> GatedRelease {
        let studyProtocol = binding.job.studyProtocol
        let policy = policy(for: studyProtocol)
        let gate = ReleaseGate(
            policy: policy, declaredVariables: declared,
            rocVariance: Self.rocVariance(of: studyProtocol))
        let decision = gate.decide(items)
        guard decision.answers.contains(where: { $0.answer.aggregate != nil }) else {
            throw JobFailure(.failed(.notReleasable), cause: "nothing-released")
        }
        do {
            let predicate = ReleasePredicate(
                site: site, study: binding.job.predicate.study, job: binding.job.digest,
                studyProtocol: binding.job.predicate.studyProtocol.digest, model: binding.job.predicate.model?.digest,
                agent: AgentDescription(version: AgentVersion.current),
                policy: Digest(of: try JSONValue(encoding: policy).canonicalBytes),
                catalogue: binding.commitment,
                times: ReleaseTimes(accepted: binding.accepted, completed: binding.completed),
                answers: decision.answers.map { AnswerRecord(key: $0.key, answer: $0.answer) })
            let record = LocalRecord(withheld: decision.local, numbers: decision.numberCount, policy: policy)
            return GatedRelease(
                release: try ReleaseStatement.make(predicate).signed(by: [signingKey]).encoded,
                localRecord: try StrictJSON.encode(record))
        } catch let error as MessageError where error.kind == .tooLarge {
            throw JobFailure(.failed(.releaseTooLarge), cause: error.code)
        } catch {
            throw JobFailure(.failed(.internalError), cause: "release-not-encoded")
        }
    }
}
