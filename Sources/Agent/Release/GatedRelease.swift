internal import Disclosure
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
    /// To be kept in one transaction with it.
    let memory: ReleaseMemory
}

/// Signs what the release gate let through.
struct ReleaseMaker {
    let site: SiteID
    let signingKey: SigningKey

    /// What a release says besides its answers.
    struct Binding {
        let job: JobVerifier.VerifiedJob
        let commitment: CatalogueCommitment
        let accepted: Timestamp
        let completed: Timestamp
    }

    /// The data that the answers are about, as far as the caps must know.
    struct Dataset {
        let patients: Int
        /// Numbers that left, or may still leave, in other releases.
        let releasedNumbers: Int
    }

    /// - Throws: `JobFailure` with `not-releasable` when nothing may leave, or more than may ever leave of the dataset, or
    ///   noise is not paid for; `release-too-large`.
    func make(
        _ run: GateRun, binding: Binding, dataset: Dataset
    ) throws(JobFailure) -> GatedRelease {
        let localRecord = try? StrictJSON.encode(run.localRecord)
        guard run.releasesSomething else {
            throw JobFailure(.failed(.notReleasable), cause: "nothing-released", localRecord: localRecord)
        }
        if let obstacle = run.obstacle {
            throw JobFailure(.failed(.notReleasable), cause: obstacle.rawValue, localRecord: localRecord)
        }
        guard run.fits(patients: dataset.patients, releasedNumbers: dataset.releasedNumbers) else {
            throw JobFailure(.failed(.notReleasable), cause: "dataset-numbers", localRecord: localRecord)
        }
        guard let memory = run.memory else { throw JobFailure(.failed(.internalError), cause: "no-memory") }
        do {
            let predicate = ReleasePredicate(
                site: site, study: binding.job.predicate.study, job: binding.job.digest,
                studyProtocol: binding.job.predicate.studyProtocol.digest, model: binding.job.predicate.model?.digest,
                agent: AgentDescription(version: AgentVersion.current),
                policy: Digest(of: try JSONValue(encoding: run.policy).canonicalBytes),
                catalogue: binding.commitment,
                times: ReleaseTimes(accepted: binding.accepted, completed: binding.completed),
                answers: run.answers.map { AnswerRecord(key: $0.key, answer: $0.answer) })
            guard let localRecord else { throw JobFailure(.failed(.internalError), cause: "release-not-encoded") }
            return GatedRelease(
                release: try ReleaseStatement.make(predicate).signed(by: [signingKey]).encoded,
                localRecord: localRecord, memory: memory)
        } catch let error as MessageError where error.kind == .tooLarge {
            throw JobFailure(.failed(.releaseTooLarge), cause: error.code, localRecord: localRecord)
        } catch {
            throw JobFailure(.failed(.internalError), cause: "release-not-encoded")
        }
    }
}
