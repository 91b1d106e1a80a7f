internal import Disclosure
internal import Evidence
internal import Foundation
internal import Logging
internal import Messages
internal import StrictJSON
internal import StudyProtocol
internal import Synchronization

extension AgentService {
    /// Does everything that needs no network and no person, one job after the other.
    func workLocally() async throws {
        try endExpired()
        // Jobs whose attempt failed in a way that may pass wait for a later ring.
        var waiting: Set<Digest> = []
        while true {
            try Task.checkCancellation()
            // A job that may have killed this process before comes after those that have not.
            let next = try store.unfinished()
                .filter { $0.job.localAction != nil && !waiting.contains($0.digest) }
                .min { $0.job.unfinishedStarts < $1.job.unfinishedStarts }
            guard let record = next, let action = record.job.localAction else { return }
            switch action {
            case .verify: try verify(record)
            case .askForJobApproval:
                try advance(record, try settings().asksBeforeJob ? .approvalRequired : .jobApproved)
            case .run:
                if try await isDue(record) { try await run(record) } else { waiting.insert(record.digest) }
            case .askForReleaseApproval:
                try advance(record, try settings().asksBeforeRelease ? .approvalRequired : .releaseApproved)
            }
            remoteBell.ring()
        }
    }

    /// Ends the jobs that wait for a person and whose time is over.
    private func endExpired() throws {
        let now = surroundings.now()
        for record in try store.unfinished() {
            switch record.job.state {
            case .awaitingJobApproval, .awaitingReleaseApproval:
                guard now >= expiry(of: record) else { continue }
                try advance(record, .failed(.expired))
                remoteBell.ring()
            default: continue
            }
        }
    }

    /// When the job's time is over: its own, or its protocol's.
    private func expiry(of record: JobRecord) -> Timestamp {
        if let known = expiries.withLock({ $0[record.digest] }) { return known }
        // Verified when the job came. What cannot be read any more has no time left.
        let job = try? Envelope(record.envelope).unverifiedStatement.predicate.decode(JobPredicate.self)
        let document = try? job?.studyProtocol.envelope.unverifiedStatement.predicate
        let ends = [job?.expires, document?["expires"]?.stringValue.flatMap { Timestamp($0) }]
        let expiry = ends.contains(nil) ? Timestamp(secondsSinceEpoch: .min) : ends.compactMap { $0 }.min()
        let result = expiry ?? Timestamp(secondsSinceEpoch: .min)
        expiries.withLock { $0[record.digest] = result }
        return result
    }

    private func advance(
        _ record: JobRecord, _ events: SiteJob.Event..., changing change: (inout JobRecord) -> Void = { _ in }
    ) throws {
        let after = try store.apply(events, to: record.digest, now: surroundings.now(), changing: change)
        logState(after)
    }

    /// A refusal is an answer too (rule 18): a sponsor that had as many as policy allows gets no further one computed
    /// until the window has passed.
    private func isCapped(_ job: JobVerifier.VerifiedJob, _ settings: SiteSettings) throws -> Bool {
        let policy = GateRun.policy(of: job.studyProtocol, site: settings.disclosure)
        let since = surroundings.now().adding(seconds: -86_400 * Int64(policy.refusalDays))
        return try store.refusals(ofSponsor: job.sponsor, since: since) >= policy.maximumRefusals
    }

    private func logState(_ record: JobRecord) {
        let state = record.job.state
        logger.log(
            .info, "job",
            [
                .job: record.digest.hex, .study: record.study.rawValue, .state: state.name, .reason: state.reason,
            ])
    }

    // MARK: Verification

    private func verdict(_ record: JobRecord) throws -> JobVerifier.Verdict<JobVerifier.VerifiedJob> {
        guard let envelope = try? Envelope(record.envelope) else { return .refused(.schemaError) }
        return try verifier(try settings()).verify(envelope, now: surroundings.now()) {
            try store.job(withNonce: $0)
        } knownProtocol: {
            try store.job(withProtocol: $0)
        }
    }

    private func verify(_ record: JobRecord) throws {
        switch try verdict(record) {
        case .refused(let code): try advance(record, .refused(code))
        case .accepted(let job):
            let settings = try settings()
            guard settings.allows(job.studyProtocol.purpose.rawValue) else {
                try advance(record, .verified, .declined(.policy)) { $0.sponsor = job.sponsor }
                return
            }
            guard try !isCapped(job, settings) else {
                try advance(record, .verified, .failed(.notReleasable)) { record in
                    record.sponsor = job.sponsor
                    record.cause = JobFailure.refusalCapCause
                }
                return
            }
            try advance(record, .verified, settings.asksBeforeJob ? .approvalRequired : .jobApproved) {
                $0.sponsor = job.sponsor
            }
        }
    }

    // MARK: Running

    /// Attempts are further and further apart, counted from the last one's transition.
    private func isDue(_ record: JobRecord) async throws -> Bool {
        guard record.job.attempts > 0, let last = record.lastAttempt else { return true }
        let pause = Int64(5) << min(record.job.attempts, 8)
        return surroundings.now() >= last.adding(seconds: pause)
    }

    private func run(_ record: JobRecord) async throws {
        let clock = ContinuousClock()
        let begun = clock.now
        let now = surroundings.now()
        // Much may have changed since the job was verified: the clock, the policy, the sponsors that are trusted.
        let job: JobVerifier.VerifiedJob
        switch try verdict(record) {
        case .accepted(let verified): job = verified
        case .refused(.expired):
            // It was verified in time, so it is no refusal: it has waited or worked for too long.
            try advance(record, .failed(.expired))
            return
        case .refused(let code):
            try advance(record, .refused(code))
            return
        }
        let settings = try settings()
        guard settings.allows(job.studyProtocol.purpose.rawValue) else {
            try advance(record, .declined(.policy))
            return
        }
        guard try !isCapped(job, settings) else {
            try advance(record, .failed(.notReleasable)) { record in
                record.sponsor = job.sponsor
                record.cause = JobFailure.refusalCapCause
            }
            return
        }
        var hasStarted = false
        do {
            let snapshot: Int64
            if let begun = record.snapshot { snapshot = begun } else { snapshot = try await runner.currentSnapshot() }
            let started = try store.apply([.started], to: record.digest, now: now) { record in
                record.started = record.started ?? now
                record.snapshot = snapshot
                record.sponsor = job.sponsor
            }
            logState(started)
            remoteBell.ring()
            guard started.job.state == .running else {
                logger.log(.error, "gave up", [.job: record.digest.hex, .code: "unfinished-starts"])
                return
            }
            hasStarted = true
            let gated = try await runner.run(
                job, accepted: record.received, snapshot: snapshot, settings: settings, store: store)
            let after = try store.apply(
                [.gated, settings.asksBeforeRelease ? .approvalRequired : .releaseApproved], to: record.digest,
                keeping: gated.memory, now: surroundings.now()
            ) { record in
                record.release = gated.release
                record.localRecord = gated.localRecord
            }
            logState(after)
            logger.log(
                .info, "gated",
                [.job: record.digest.hex, .durationMilliseconds: String(begun.duration(to: clock.now).milliseconds)])
        } catch let failure as JobFailure {
            logger.log(
                failure.isTransient ? .warning : .error, "attempt failed",
                [
                    .job: record.digest.hex, .code: failure.cause, .attempt: String(record.job.attempts + 1),
                    .detail: failure.detail,
                ])
            let time = surroundings.now()
            let after = try store.apply(
                hasStarted ? [failure.event] : [.started, failure.event], to: record.digest, now: time
            ) { record in
                record.lastAttempt = time
                record.cause = failure.cause
                record.localRecord = failure.localRecord
            }
            logState(after)
        } catch {
            // The agent is stopped, or its state directory fails: neither is the job's doing.
            if hasStarted { _ = try? store.apply([.interrupted], to: record.digest, now: surroundings.now()) }
            throw error
        }
    }
}
