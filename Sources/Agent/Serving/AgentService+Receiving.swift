internal import Evidence
internal import Foundation
internal import Logging
internal import Messages
internal import Synchronization
internal import Transport

extension AgentService {
    /// Waits for jobs, stores each, and says so: the coordinator hands out the next one only after the receipt.
    func receiveJobs() async throws {
        var backoff = Backoff(base: .milliseconds(250), ceiling: .seconds(60))
        var generator = surroundings.generator()
        let clock = ContinuousClock()
        while true {
            try Task.checkCancellation()
            do {
                let asked = clock.now
                guard let bytes = try await api.nextJob() else {
                    if asked.duration(to: clock.now) < .seconds(1) {
                        // An answer that came too soon to have been waited for must not become a busy loop.
                        try await Task.sleep(for: backoff.next(using: &generator))
                    } else {
                        backoff.reset()
                    }
                    continue
                }
                if try await receive(bytes) {
                    backoff.reset()
                } else {
                    try await Task.sleep(for: backoff.next(using: &generator))
                }
            } catch let error as AgentError {
                // Without a stored job there is no receipt, so the coordinator hands it out again.
                logger.log(.critical, "the state directory fails", [.code: error.code])
                try await Task.sleep(for: backoff.next(using: &generator))
            } catch let error as TransportError {
                try Task.checkCancellation()
                let wait = backoff.next(using: &generator)
                if error.isRevocation { logRevocation() }
                logger.log(
                    error.isTransient ? .notice : .error, "waiting for the coordinator",
                    [.code: error.code, .waitMilliseconds: String(wait.milliseconds)])
                try await Task.sleep(for: wait)
            }
        }
    }

    /// Takes one job that the coordinator handed out.
    /// - Returns: false when it cannot be a job for this site, so that the next request should wait.
    private func receive(_ bytes: Data) async throws -> Bool {
        guard let envelope = try? Envelope(bytes) else {
            logger.log(.error, "the coordinator sent something that is no envelope")
            return false
        }
        let now = surroundings.now()
        switch try verifier(try settings()).signature(of: envelope) {
        case .refused(let code):
            // Whoever sent it did not sign as our coordinator: it is answered, but leaves no trace in the store.
            logger.log(.error, "refused", [.job: envelope.digest.hex, .reason: code.rawValue])
            try await api.report(.refused(code), of: envelope.digest)
            return false
        case .accepted(let job):
            receiving.withLock { _ = $0.insert(job.digest) }
            defer { receiving.withLock { _ = $0.remove(job.digest) } }
            let (record, isNew) = try store.accept(bytes, of: job, now: now)
            logger.log(
                .info, isNew ? "received" : "received again",
                [.job: job.digest.hex, .study: job.predicate.study.rawValue])
            localBell.ring()
            try await api.report(.received, of: job.digest)
            try store.apply([.reported(.received)], to: record.digest, now: surroundings.now())
            receiving.withLock { _ = $0.remove(job.digest) }
            remoteBell.ring()
            return true
        }
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
