internal import Foundation
internal import GRDB

/// A model package, by the digest of its manifest.
struct ModelRecord: Codable, FetchableRecord, PersistableRecord, Sendable {
    static let databaseTableName = "model"

    /// Lower-case hex, as every digest in the database.
    let digest: String
    let manifest: Data
    let addedBy: String
    let addedAt: Int64
}

/// A file that a manifest names; its bytes are in the folder of models once `isStored`.
struct ModelFileRecord: Codable, FetchableRecord, PersistableRecord, Sendable {
    static let databaseTableName = "modelFile"

    let model: String
    let sha256: String
    let size: Int64
    var isStored: Bool
}
