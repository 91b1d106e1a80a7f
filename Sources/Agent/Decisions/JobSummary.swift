public import Evidence
public import Foundation
internal import Messages
public import StrictJSON
public import StudyProtocol

/// A job in a list.
public struct JobSummary: Codable, Hashable, Sendable {
    public let job: Digest
    public let study: StudyID
    /// The name of a `SiteJob.State`.
    public let state: String
    /// The fixed code that goes with `refused`, `declined` and `failed`.
    public let reason: String?
    /// The site's own, finer code of a failure; never sent.
    public let cause: String?
    public let received: Timestamp
    public let jobDecision: PersonalDecision?
    public let releaseDecision: PersonalDecision?

    /// What a person decided, as it is shown at the site.
    public struct PersonalDecision: Codable, Hashable, Sendable {
        public let approved: Bool
        public let by: String
        public let time: Timestamp
        /// Why not, where the person said it.
        public let reason: DeclineReason?

        enum CodingKeys: String, CodingKey {
            case approved, by, time, reason
        }

        init(_ decision: JobRecord.Decision) {
            approved = decision.isApproval
            by = decision.name
            time = decision.time
            reason = decision.reason
        }
    }

    init(_ record: JobRecord) {
        job = record.digest
        study = record.study
        state = record.job.state.name
        reason = record.job.state.reason
        cause = record.cause
        received = record.received
        jobDecision = record.jobDecision.map(PersonalDecision.init)
        releaseDecision = record.releaseDecision.map(PersonalDecision.init)
    }

    enum CodingKeys: String, CodingKey {
        case job, study, state, reason, cause, received, jobDecision, releaseDecision
    }
}

/// A job with the protocol that it asks to run.
public struct JobDetails: Hashable, Sendable {
    public let summary: JobSummary
    /// The protocol document as its sponsor signed it; null when it cannot be read.
    public let studyProtocol: JSONValue

    init(_ record: JobRecord) {
        summary = JobSummary(record)
        // Shown, not acted on: what may run is decided by the verifier, from verified bytes.
        let predicate = try? Envelope(record.envelope).unverifiedStatement.predicate
        let envelope = predicate?["protocol"]?["envelope"].flatMap { try? Envelope(json: $0) }
        studyProtocol = (try? envelope?.unverifiedStatement.predicate) ?? .null
    }

    /// The summary's members and `protocol`.
    public var json: JSONValue {
        var object = (try? JSONValue(encoding: summary))?.objectValue ?? JSONObject()
        object["protocol"] = studyProtocol
        return .object(object)
    }
}

/// A release as it is, or is to be, sent, and the site's own record beside it.
public struct ReleaseDetails: Hashable, Sendable {
    public let summary: JobSummary
    /// The bytes of the signed payload, exactly as they leave.
    public let bytes: Data
    /// The signed payload: exactly what leaves.
    public let payload: JSONValue
    public let record: LocalRecord
    private let answers: [AnswerRecord]

    /// Nil when the job has no release.
    init?(_ record: JobRecord) {
        guard let release = record.release, let envelope = try? Envelope(release),
            let payload = try? StrictJSON.parse(envelope.payload), let local = record.localRecord,
            let decisions = try? StrictJSON.decode(LocalRecord.self, from: local),
            let predicate: ReleasePredicate = try? payload["predicate"]?.decode()
        else { return nil }
        summary = JobSummary(record)
        bytes = envelope.payload
        self.payload = payload
        self.record = decisions
        answers = predicate.answers
    }

    /// The release for a terminal.
    public var text: ReleaseText { ReleaseText(answers: answers, record: record) }

    /// The summary's members, `release` (the payload) and `local` (what never leaves).
    public var json: JSONValue {
        var object = (try? JSONValue(encoding: summary))?.objectValue ?? JSONObject()
        object["release"] = payload
        object["local"] = (try? JSONValue(encoding: record)) ?? .null
        return .object(object)
    }
}
