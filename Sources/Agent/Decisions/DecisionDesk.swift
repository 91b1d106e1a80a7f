internal import Evidence
internal import Foundation
internal import Messages
internal import StrictJSON
public import StudyProtocol
internal import TextCatalogue

/// Where a person at the site sees jobs and releases, and decides. Works beside a running `serve`, which notices.
public struct DecisionDesk: Sendable {
    /// What is decided about.
    public enum Matter: Sendable {
        /// Whether a job may run.
        case jobs
        /// Whether what it brought may leave.
        case releases
    }

    private let state: StateDirectory
    private let store: JobStore

    /// - Throws: `not-joined` when there is no agent here; `store-failed`.
    public init(_ state: StateDirectory) throws(AgentError) {
        guard try Membership.read(state) != nil else { throw AgentError(.notJoined, .agentNotJoined) }
        self.state = state
        store = try JobStore(state)
    }

    /// Jobs, or the jobs that have a release, the oldest first.
    public func list(_ matter: Matter) throws(AgentError) -> [JobSummary] {
        try store.records().filter { matter == .jobs || $0.release != nil }.map(JobSummary.init)
    }

    /// One job in full.
    /// - Parameter id: the beginning of its digest; nil when only one waits for a decision.
    /// - Throws: `unknown-job`, `ambiguous-job`, `nothing-to-decide`.
    public func job(_ id: String?) throws(AgentError) -> JobDetails {
        try JobDetails(record(.jobs, id))
    }

    /// One release: exactly what leaves, and what does not.
    public func release(_ id: String?) throws(AgentError) -> ReleaseDetails {
        let record = try record(.releases, id)
        guard let details = ReleaseDetails(record) else { throw AgentError(.unknownJob, .agentUnknownJob) }
        return details
    }

    /// Records what a person decided. A job for a purpose that the site's policy no longer names is declined by that
    /// policy, whoever approves it.
    /// - Parameters:
    ///   - name: who decides. Kept at the site, never sent.
    ///   - reason: why not. Kept at the site, never sent.
    /// - Throws: `name-required`, `unknown-job`, `ambiguous-job`, `nothing-to-decide`.
    @discardableResult
    public func decide(
        _ matter: Matter, _ id: String?, isApproval: Bool, by name: String, reason: DeclineReason? = nil,
        now: Timestamp
    ) throws(AgentError) -> JobSummary {
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !name.isEmpty, name.utf8.count <= 200 else { throw AgentError(.nameRequired, .agentNameRequired) }
        let record = try record(matter, id)
        guard record.job.state == matter.waiting else {
            throw AgentError(.nothingToDecide, .agentNothingToDecide(state: record.job.state.name))
        }
        let decision = JobRecord.Decision(isApproval: isApproval, name: name, time: now, reason: reason)
        let event: SiteJob.Event =
            switch (matter, isApproval) {
            case (.jobs, true): try policyAllows(record) ? .jobApproved : .declined(.policy)
            case (.jobs, false): .declined(.jobDeclined)
            case (.releases, true): .releaseApproved
            case (.releases, false): .declined(.releaseDeclined)
            }
        let after = try store.apply([event], to: record.digest, now: now) { record in
            switch matter {
            case .jobs: record.jobDecision = decision
            case .releases: record.releaseDecision = decision
            }
        }
        return JobSummary(after)
    }

    /// The policy of this moment. What cannot be read is left to the verifier, which looks again before the job runs.
    private func policyAllows(_ record: JobRecord) throws(AgentError) -> Bool {
        guard let settings = try SiteSettings.read(state),
            let purpose = JobDetails(record).studyProtocol["purpose"]?.stringValue
        else { return true }
        return settings.allows(purpose)
    }

    private func record(_ matter: Matter, _ id: String?) throws(AgentError) -> JobRecord {
        let records = try store.records()
        guard let id else {
            let waiting = records.filter { $0.job.state == matter.waiting }
            guard let record = waiting.first else { throw AgentError(.nothingToDecide, matter.nothingWaits) }
            guard waiting.count == 1 else {
                throw AgentError(.ambiguousJob, .agentSeveralWait(Self.shortest(waiting)))
            }
            return record
        }
        let digits = id.hasPrefix("sha256:") ? String(id.dropFirst(7)) : id
        guard digits.count >= 4 else { throw AgentError(.unknownJob, .agentJobIDTooShort) }
        let matches = records.filter { $0.digest.hex.hasPrefix(digits) }
        guard let record = matches.first else { throw AgentError(.unknownJob, .agentUnknownJob) }
        guard matches.count == 1 else { throw AgentError(.ambiguousJob, .agentSeveralMatch(Self.shortest(matches))) }
        return record
    }

    /// The beginnings of the digests, as in the list.
    private static func shortest(_ records: [JobRecord]) -> [String] {
        records.map { String($0.digest.hex.prefix(12)) }
    }
}

extension DecisionDesk.Matter {
    fileprivate var waiting: SiteJob.State {
        switch self {
        case .jobs: .awaitingJobApproval
        case .releases: .awaitingReleaseApproval
        }
    }

    fileprivate var nothingWaits: Phrase {
        switch self {
        case .jobs: .agentNoJobWaits
        case .releases: .agentNoReleaseWaits
        }
    }
}
