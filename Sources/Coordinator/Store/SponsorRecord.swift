internal import Evidence
internal import Foundation
internal import GRDB
internal import Messages

/// A person (or an office) that may use the API, known by a key.
struct SponsorRecord: Codable, FetchableRecord, PersistableRecord, Sendable {
    static let databaseTableName = "sponsor"

    let keyid: String
    let name: String
    let role: SessionRole
    let publicKey: String
    let addedAt: Int64

    func key() throws -> VerificationKey { try VerificationKey(pem: publicKey) }
}

/// A challenge that waits for its one answer.
struct ChallengeRecord: Codable, FetchableRecord, PersistableRecord, Sendable {
    static let databaseTableName = "challenge"

    let challenge: String
    let keyid: String
    let expiresAt: Int64
}

/// A bearer token, by its hash.
struct SessionRecord: Codable, FetchableRecord, PersistableRecord, Sendable {
    static let databaseTableName = "session"

    let tokenHash: Data
    let keyid: String
    let expiresAt: Int64
}
