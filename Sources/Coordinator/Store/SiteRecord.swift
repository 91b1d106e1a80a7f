internal import Evidence
internal import Foundation
internal import GRDB

/// An enrolled site with its current certificate and signing key.
struct SiteRecord: Codable, FetchableRecord, PersistableRecord, Sendable {
    static let databaseTableName = "site"

    let site: SiteID
    let signingKey: String
    let signingKeyid: String
    let serial: String
    let certificate: String
    let enrolledAt: Int64
    var revokedAt: Int64?

    func key() throws -> VerificationKey { try VerificationKey(pem: signingKey) }
}

/// An invitation, by the hash of its token. Once used it remembers the request and its answer, so that the same
/// request again has the same answer.
struct InvitationRecord: Codable, FetchableRecord, PersistableRecord, Sendable {
    static let databaseTableName = "invitation"

    let tokenHash: Data
    let site: SiteID
    let createdAt: Int64
    let expiresAt: Int64
    var usedAt: Int64?
    var requestHash: Data?
    var certificate: String?

    /// Withdraws every invitation of the site that nobody has used: what was handed out before an enrolment or a
    /// revocation opens nothing after it.
    static func withdrawUnused(for site: SiteID, in db: Database) throws {
        try filter(Column("site") == site.rawValue).filter(Column("usedAt") == nil).deleteAll(db)
    }
}
