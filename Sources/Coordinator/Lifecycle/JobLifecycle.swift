internal import Messages

/// Where a job stands at the coordinator, and what may happen to it next.
///
/// `queued → received → awaiting-job-approval → running → awaiting-release-approval → released`; a live job may end
/// as refused, declined or failed at any point. Agents report over a network that loses, repeats and reorders, and
/// they start again after a crash, so steps may be skipped, and a report of an earlier step changes nothing.
struct JobLifecycle: Hashable, Sendable {
    private(set) var status: JobStatus

    init(_ status: JobStatus = .queued) { self.status = status }

    /// What the caller must do.
    enum Action: Hashable, Sendable {
        /// Store the new status and tell those who wait for the study.
        case record(JobStatus)
        /// Nothing: this is known already, or overtaken.
        case ignore
        case refuse(Objection)
    }

    enum Objection: Hashable, Sendable {
        /// Only the coordinator says so, or only a release does.
        case notReported
        /// The job has ended otherwise.
        case ended
    }

    /// The agent says where the job stands.
    mutating func report(_ reported: JobStatus) -> Action {
        guard reported.code.isReported else {
            // An agent that repeats what its release has shown is right, if late.
            return reported == status && status == .released ? .ignore : .refuse(.notReported)
        }
        if status.code.isTerminal {
            return reported == status || (status == .released && !reported.code.isTerminal)
                ? .ignore : .refuse(.ended)
        }
        guard reported.code.isTerminal || reported.code.progress > status.code.progress else { return .ignore }
        return record(reported)
    }

    /// A release of the site was verified. The same release again is told apart by its bytes before this.
    mutating func release() -> Action {
        status.code.isTerminal ? .refuse(.ended) : record(.released)
    }

    /// The job's time, or its protocol's, is over.
    mutating func expire() -> Action {
        status.code.isTerminal ? .ignore : record(.failed(.expired))
    }

    /// The site joined again with a new agent.
    mutating func requeue() -> Action {
        status.code.isTerminal || status == .queued ? .ignore : record(.queued)
    }

    private mutating func record(_ next: JobStatus) -> Action {
        status = next
        return .record(next)
    }
}

extension JobStatusCode {
    /// How far along the way a live job is.
    fileprivate var progress: Int {
        switch self {
        case .queued: 0
        case .received: 1
        case .awaitingJobApproval: 2
        case .running: 3
        case .awaitingReleaseApproval: 4
        case .released, .refused, .declined, .failed: 5
        }
    }
}
