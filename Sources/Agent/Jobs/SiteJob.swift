public import Evidence
public import Messages
internal import TextCatalogue

/// The life of one job at a site: a pure value that says what comes next and which events it takes.
///
/// ```
/// received → verified → [awaiting-job-approval →] approved → running → gated → [awaiting-release-approval →] sending → released
///    └─refused    └─declined     └─declined                     └─failed            └─declined
///                 └─failed
/// ```
/// Whoever performs an action stores the state that its event leads to before the next action begins, so a process
/// that is killed anywhere goes on from the stored state. Every action may be done again.
public struct SiteJob: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        /// The job's bytes are stored; the coordinator signed them.
        case received
        case verified
        case awaitingJobApproval
        case approved
        case running
        /// The release is signed and stored: from here on nothing is computed again.
        case gated
        case awaitingReleaseApproval
        case sending
        case released
        case refused(RefusalCode)
        case declined(DeclineCode)
        case failed(FailureCode)
    }

    public enum Event: Hashable, Sendable {
        case verified
        case refused(RefusalCode)
        case approvalRequired
        case jobApproved
        case declined(DeclineCode)
        /// Work on it begins. A job that has too many unfinished starts fails with this instead.
        case started
        /// Work that was begun was given up in order, as when the agent is stopped: the job is not to blame.
        case interrupted
        /// An attempt ended in a way that another attempt may mend.
        case attemptFailed(FailureCode)
        case failed(FailureCode)
        case gated
        case releaseApproved
        /// The coordinator took the release, as it was asked for by this delivery.
        case sent(delivery: Int)
        /// The coordinator took a status.
        case reported(JobStatus)
        /// The coordinator handed out the same job again, so it does not know what became of it.
        case deliveredAgain
    }

    /// Work that needs no network.
    public enum LocalAction: Hashable, Sendable {
        case verify
        case askForJobApproval
        case run
        case askForReleaseApproval
    }

    /// Work that needs the coordinator.
    public enum RemoteAction: Hashable, Sendable {
        case report(JobStatus)
        case send
    }

    public let digest: Digest
    public private(set) var state: State
    /// The last status that the coordinator took; nil when it has not even the receipt.
    public private(set) var reported: JobStatus?
    /// Attempts to run that failed in a way that may pass.
    public private(set) var attempts: Int

    /// Starts that nothing is known of but that they began: the process was killed, perhaps by the job itself.
    public private(set) var unfinishedStarts: Int

    /// How often the coordinator handed it out.
    public private(set) var deliveries: Int

    /// After so many failed attempts the job has failed.
    public static let maximumAttempts = 5

    /// After so many unfinished starts a job that is to start again has failed. Far more than machines that lose
    /// power explain, and few enough that a job that kills the process does not do so forever.
    public static let maximumUnfinishedStarts = 20

    /// A job that has just come.
    public init(digest: Digest) {
        self.init(digest: digest, state: .received, reported: nil, attempts: 0, deliveries: 1)
    }

    init(
        digest: Digest, state: State, reported: JobStatus?, attempts: Int, unfinishedStarts: Int = 0, deliveries: Int
    ) {
        self.digest = digest
        self.state = state
        self.reported = reported
        self.attempts = attempts
        self.unfinishedStarts = unfinishedStarts
        self.deliveries = deliveries
    }

    public var localAction: LocalAction? {
        switch state {
        case .received: .verify
        case .verified: .askForJobApproval
        case .approved, .running: .run
        case .gated: .askForReleaseApproval
        case .awaitingJobApproval, .awaitingReleaseApproval, .sending, .released, .refused, .declined, .failed: nil
        }
    }

    public var remoteAction: RemoteAction? {
        // The receipt comes first, whatever has happened since.
        if reported == nil { return .report(.received) }
        if state == .sending { return .send }
        guard let due = state.status, due != reported else { return nil }
        return .report(due)
    }

    /// Whether nothing is left to do here or to say.
    public var isFinished: Bool { localAction == nil && remoteAction == nil && state.isTerminal }

    /// - Throws: `invalid-transition` when the state does not take the event; nothing changes then.
    public mutating func apply(_ event: Event) throws(AgentError) {
        switch (state, event) {
        case (_, .reported(let status)):
            reported = status
        case (_, .deliveredAgain):
            reported = nil
            deliveries += 1
            if state == .released { state = .sending }
        case (.received, .verified):
            state = .verified
        case (.received, .refused(let code)), (.verified, .refused(let code)),
            (.awaitingJobApproval, .refused(let code)), (.approved, .refused(let code)),
            (.running, .refused(let code)):
            state = .refused(code)
        case (.verified, .approvalRequired):
            state = .awaitingJobApproval
        case (.verified, .jobApproved), (.awaitingJobApproval, .jobApproved):
            state = .approved
        case (.verified, .declined(let code)), (.awaitingJobApproval, .declined(let code)),
            (.approved, .declined(let code)), (.running, .declined(let code)), (.gated, .declined(let code)),
            (.awaitingReleaseApproval, .declined(let code)):
            state = .declined(code)
        case (.approved, .started), (.running, .started):
            guard unfinishedStarts < Self.maximumUnfinishedStarts else {
                state = .failed(.internalError)
                return
            }
            unfinishedStarts += 1
            state = .running
        case (.running, .interrupted):
            unfinishedStarts = max(0, unfinishedStarts - 1)
        case (.running, .attemptFailed(let code)):
            unfinishedStarts = max(0, unfinishedStarts - 1)
            attempts += 1
            if attempts >= Self.maximumAttempts { state = .failed(code) }
        case (.verified, .failed(let code)), (.awaitingJobApproval, .failed(let code)), (.approved, .failed(let code)),
            (.running, .failed(let code)),
            (.gated, .failed(let code)), (.awaitingReleaseApproval, .failed(let code)), (.sending, .failed(let code)):
            state = .failed(code)
        case (.running, .gated):
            unfinishedStarts = max(0, unfinishedStarts - 1)
            state = .gated
        case (.gated, .approvalRequired):
            state = .awaitingReleaseApproval
        case (.gated, .releaseApproved), (.awaitingReleaseApproval, .releaseApproved):
            state = .sending
        case (.sending, .sent(let delivery)):
            // A job that was delivered again while its release was on the way is answered once more.
            if delivery == deliveries { state = .released }
        default:
            throw AgentError(.invalidTransition, .agentInvalidTransition(from: state.name))
        }
    }
}

extension SiteJob.State {
    /// How the state is stored and shown; stable.
    public var name: String {
        switch self {
        case .received: "received"
        case .verified: "verified"
        case .awaitingJobApproval: "awaiting-job-approval"
        case .approved: "approved"
        case .running: "running"
        case .gated: "gated"
        case .awaitingReleaseApproval: "awaiting-release-approval"
        case .sending: "sending"
        case .released: "released"
        case .refused: "refused"
        case .declined: "declined"
        case .failed: "failed"
        }
    }

    /// The code of the reason, for the states that have one.
    public var reason: String? {
        switch self {
        case .refused(let code): code.rawValue
        case .declined(let code): code.rawValue
        case .failed(let code): code.rawValue
        default: nil
        }
    }

    init?(name: String, reason: String?) {
        let plain: [String: SiteJob.State] = [
            "received": .received, "verified": .verified, "awaiting-job-approval": .awaitingJobApproval,
            "approved": .approved, "running": .running, "gated": .gated,
            "awaiting-release-approval": .awaitingReleaseApproval, "sending": .sending, "released": .released,
        ]
        switch (name, reason) {
        case (_, nil):
            guard let state = plain[name] else { return nil }
            self = state
        case ("refused", let reason?):
            guard let code = RefusalCode(rawValue: reason) else { return nil }
            self = .refused(code)
        case ("declined", let reason?):
            guard let code = DeclineCode(rawValue: reason) else { return nil }
            self = .declined(code)
        case ("failed", let reason?):
            guard let code = FailureCode(rawValue: reason) else { return nil }
            self = .failed(code)
        default: return nil
        }
    }

    public var isTerminal: Bool {
        switch self {
        case .released, .refused, .declined, .failed: true
        default: false
        }
    }

    /// What the coordinator is told of this state; nil where it is told nothing: what is only a step on the way, and
    /// the release, which speaks for itself.
    var status: JobStatus? {
        switch self {
        case .received, .verified, .approved, .gated, .sending, .released: nil
        case .awaitingJobApproval: .awaitingJobApproval
        case .running: .running
        case .awaitingReleaseApproval: .awaitingReleaseApproval
        case .refused(let code): .refused(code)
        case .declined(let code): .declined(code)
        case .failed(let code): .failed(code)
        }
    }
}
