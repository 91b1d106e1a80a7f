internal import Evidence
internal import Foundation
internal import GRDB
internal import Messages

/// What kind of document an envelope holds.
enum EnvelopeKind: String, Codable, Sendable {
    case `protocol`, job, release
}

/// An envelope's exact bytes, by the digest of its payload.
struct EnvelopeRecord: Codable, FetchableRecord, PersistableRecord, Sendable {
    static let databaseTableName = "envelope"

    let digest: String
    let kind: EnvelopeKind
    let bytes: Data
    let storedAt: Int64
}

/// An accepted protocol that is being run.
struct StudyRecord: Codable, FetchableRecord, PersistableRecord, Sendable {
    static let databaseTableName = "study"

    let id: StudyID
    /// The name and version that the protocol gives itself; together they stand for one content.
    let identifier: String
    let version: String
    let `protocol`: String
    let model: String?
    let submittedBy: String
    let submittedAt: Int64
    let expiresAt: Int64
    /// Grows with every change of the study or one of its jobs.
    var revision: Int64
    /// When its protocol expired, once that has been noticed: no site can join it any more.
    var closedAt: Int64?
}

/// A site that the study's protocol invites, enrolled or not.
struct StudySiteRecord: Codable, FetchableRecord, PersistableRecord, Sendable {
    static let databaseTableName = "studySite"

    let study: StudyID
    let site: SiteID
    /// In the protocol's list.
    let position: Int
}

/// One instruction to one site.
struct JobRecord: Codable, FetchableRecord, PersistableRecord, Sendable {
    static let databaseTableName = "job"

    let digest: String
    let study: StudyID
    let site: SiteID
    let nonce: String
    let issuedAt: Int64
    let expiresAt: Int64
    var state: JobStatusCode
    var reason: String?
    var updatedAt: Int64
}

/// What a site sent for a job.
struct ReleaseRecord: Codable, FetchableRecord, PersistableRecord, Sendable {
    static let databaseTableName = "release"

    let job: String
    let digest: String
    let receivedAt: Int64
}
