public import Evidence
public import Foundation
public import StudyProtocol

/// A job as it is stored: its life, its bytes, who decided what, and what is to leave.
public struct JobRecord: Hashable, Sendable {
    public var job: SiteJob
    public let study: StudyID
    /// The job's envelope as it came.
    public let envelope: Data
    /// When the site first had it.
    public let received: Timestamp
    /// When work on it began.
    public var started: Timestamp?
    /// The catalogue snapshot that it was begun with, and goes on with.
    public var snapshot: Int64?
    /// When the last attempt failed in a way that may pass.
    public var lastAttempt: Timestamp?
    public var jobDecision: Decision?
    /// The signed release as it is, or is to be, sent.
    public var release: Data?
    /// What the gate withheld and by which rule, JSON. Stays at the site.
    public var localRecord: Data?
    public var releaseDecision: Decision?
    /// The identifier of the sponsor's key that signed the protocol; nil before it was verified.
    public var sponsor: String?
    /// Why the job failed, as a code of the site's own: finer than what the coordinator is told.
    public var cause: String?

    public var digest: Digest { job.digest }

    /// What a person decided. The name stays at the site.
    public struct Decision: Hashable, Sendable {
        public let isApproval: Bool
        public let name: String
        public let time: Timestamp
        /// Why not; nil for an approval.
        public let reason: DeclineReason?

        public init(isApproval: Bool, name: String, time: Timestamp, reason: DeclineReason? = nil) {
            self.isApproval = isApproval
            self.name = name
            self.time = time
            self.reason = reason
        }
    }
}
