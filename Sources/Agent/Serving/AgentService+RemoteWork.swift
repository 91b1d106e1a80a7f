internal import Evidence
internal import Foundation
internal import Logging
internal import Messages
internal import Synchronization
internal import TextCatalogue
internal import Transport

extension AgentService {
    /// A job whose status or release was not taken, and that is left alone until its time.
    private struct Held {
        var backoff = Backoff(base: .milliseconds(250), ceiling: .seconds(60))
        var until = ContinuousClock.now
    }

    /// Tells the coordinator what it does not know yet, and sends releases. What it cannot take now is tried again:
    /// where it was reached, that job alone waits, so that the others are not held up; where it was not, all wait.
    func workRemotely() async throws {
        var held: [Digest: Held] = [:]
        var backoff = Backoff(base: .milliseconds(250), ceiling: .seconds(60))
        var generator = surroundings.generator()
        try await remoteBell.eachRing {
            try await outlasting {
                do {
                    while let record = try nextToTell(notAmong: held), let action = record.job.remoteAction {
                        try Task.checkCancellation()
                        do {
                            try await perform(action, record)
                            held[record.digest] = nil
                        } catch let error as TransportError where error.mayConcernOneJob && !error.isRevocation {
                            var hold = held[record.digest] ?? Held()
                            let wait = hold.backoff.next(using: &generator)
                            hold.until = .now + wait
                            held[record.digest] = hold
                            logger.log(
                                .notice, "waiting to tell the coordinator",
                                [
                                    .job: record.digest.hex, .code: error.code,
                                    .waitMilliseconds: String(wait.milliseconds),
                                ])
                        }
                        backoff.reset()
                    }
                } catch let error as TransportError {
                    try Task.checkCancellation()
                    let wait = backoff.next(using: &generator)
                    if error.isRevocation { logRevocation() }
                    logger.log(
                        .notice, "waiting to tell the coordinator",
                        [.code: error.code, .waitMilliseconds: String(wait.milliseconds)])
                    try await Task.sleep(for: wait)
                }
            }
        }
    }

    private func nextToTell(notAmong held: [Digest: Held]) throws -> JobRecord? {
        let receiving = receiving.withLock { $0 }
        let now = ContinuousClock.now
        return try store.unfinished().first { record in
            record.job.remoteAction != nil && !receiving.contains(record.digest)
                && held[record.digest].map { $0.until <= now } ?? true
        }
    }

    private func perform(_ action: SiteJob.RemoteAction, _ record: JobRecord) async throws {
        switch action {
        case .report(let status): try await report(status, of: record)
        case .send: try await send(record)
        }
    }

    private func report(_ status: JobStatus, of record: JobRecord) async throws {
        do {
            try await api.report(status, of: record.digest)
        } catch {
            guard error.isAboutJob else { throw error }
            // The coordinator knows better, or has forgotten the job: saying it again would change nothing.
            logger.log(
                .warning, "status not taken",
                [.job: record.digest.hex, .state: status.code.rawValue, .code: error.code])
        }
        try store.apply([.reported(status)], to: record.digest, now: surroundings.now())
    }

    private func send(_ record: JobRecord) async throws {
        guard let release = record.release else { throw AgentError(.storeFailed, .agentStoreFailed) }
        var event = SiteJob.Event.sent(delivery: record.job.deliveries)
        do {
            try await api.sendRelease(release, of: record.digest)
            logger.log(.info, "released", [.job: record.digest.hex, .study: record.study.rawValue])
        } catch {
            guard error.isAboutJob else { throw error }
            logger.log(.error, "release not taken", [.job: record.digest.hex, .code: error.code])
            event = .failed(error.code == ProblemCode.expired.rawValue ? .expired : .internalError)
        }
        try store.apply([event], to: record.digest, now: surroundings.now())
    }
}

extension AgentService {
    /// Says what helps: no wait will.
    func logRevocation() {
        logger.log(
            .critical,
            "the coordinator has revoked this site's certificate: ask its operator for a new invitation, join, serve again",
            [.site: membership.site.rawValue, .code: ProblemCode.certificateRevoked.rawValue])
    }
}

extension TransportError {
    /// Whether this site's certificate is no longer the one on record.
    var isRevocation: Bool {
        guard case .problem(let problem) = reason else { return false }
        return problem.known == .certificateRevoked
    }

    /// Whether another job's request may fare better now: something answered, or broke off in the middle.
    fileprivate var mayConcernOneJob: Bool {
        switch reason {
        case .problem, .unexpectedResponse, .responseTooLarge, .protocolViolation, .timedOut: true
        default: false
        }
    }

    /// Whether the coordinator's answer is its last word on this job, and not about the connection, the site's
    /// certificate or its own state.
    fileprivate var isAboutJob: Bool {
        guard case .problem(let problem) = reason else { return false }
        switch problem.known {
        case .notFound, .conflict, .releaseConflict, .statusConflict, .expired, .releaseInvalid, .digestMismatch,
            .badSignature, .tooLarge, .schemaError, .malformedRequest, .wrongSite:
            return true
        default: return false
        }
    }
}
