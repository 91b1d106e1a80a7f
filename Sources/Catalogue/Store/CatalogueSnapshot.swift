public import Crypto
public import Evidence
internal import Foundation
internal import GRDB
internal import Statistics
public import StudyProtocol
internal import TextCatalogue

/// What the site's data were at one index: immutable, and the only thing that a job reads.
///
/// Cases are sorted by patient key, then by case key, and patients by key, so that the order is the same whatever the
/// order of the files and rows was. Keys, columns and objects are read from the database when they are asked for.
public final class CatalogueSnapshot: Sendable {
    /// A variable as it was declared when the snapshot was made.
    public struct Variable: Hashable, Sendable {
        public let id: VariableID
        public let kind: SiteVariable.Kind
    }

    /// A DICOM file of a case.
    public struct Object: Hashable, Sendable {
        /// As in `site.yaml`: relative to its folder, or absolute. See `SiteDescription.path(of:)`.
        public let path: String
        /// The SHA-256 of the file when it was indexed.
        public let digest: Evidence.Digest
    }

    public let id: Int64
    public let site: SiteID
    public let created: Timestamp
    /// How many cases and patients there are.
    public let cases: Int
    public let patients: Int
    /// The patient of each case, ascending from 0.
    public let patientOfCase: [Int32]
    public let variables: [Variable]
    /// The SHA-256 of the content. It must never leave the site: see `commitment(key:)`.
    public let contentDigest: Evidence.Digest

    private let database: DatabasePool

    init(_ id: Int64, database: DatabasePool) throws {
        self.id = id
        self.database = database
        let loaded = try database.read { db -> (snapshot: Row, variables: [Row])? in
            let row = try Row.fetchOne(
                db,
                sql: "SELECT created, site, digest, cases, patients, patient_of_case FROM snapshot WHERE id = ?",
                arguments: [id])
            guard let row else { return nil }
            let variables = try Row.fetchAll(
                db,
                sql: """
                    SELECT variable, kind, unit, resolution, low, high, levels
                    FROM variable_column WHERE snapshot = ? ORDER BY position
                    """, arguments: [id])
            return (row, variables)
        }
        guard let loaded else { throw CatalogueError(.notIndexed, .catalogueNotIndexed) }
        let row = loaded.snapshot
        cases = row["cases"]
        patients = row["patients"]
        guard let site = SiteID(rawValue: row["site"]), let created = Timestamp(row["created"]),
            let patientOfCase = CanonicalForm.readIntegers(Int32.self, row["patient_of_case"], count: row["cases"])
        else { throw CatalogueError(.catalogueCorrupt, .catalogueCorrupt) }
        self.site = site
        self.created = created
        self.patientOfCase = patientOfCase
        contentDigest = try Digest(bytes: row["digest"])
        variables = try loaded.variables.map { row in
            guard let id = VariableID(rawValue: row["variable"]), let kind = VariableRecord(row).variableKind() else {
                throw CatalogueError(.catalogueCorrupt, .catalogueCorrupt)
            }
            return Variable(id: id, kind: kind)
        }
    }

    public func variable(_ id: VariableID) -> Variable? {
        variables.first { $0.id == id }
    }

    /// The codes of a variable, one a case; nil when the site does not declare it.
    public func column(_ variable: VariableID) throws -> [Int64]? {
        let data = try database.read { db in
            try Data.fetchOne(
                db, sql: "SELECT codes FROM variable_column WHERE snapshot = ? AND variable = ?",
                arguments: [id, variable.rawValue])
        }
        guard let data else { return nil }
        guard let codes = CanonicalForm.readIntegers(Int64.self, data, count: cases) else {
            throw CatalogueError(.catalogueCorrupt, .catalogueCorrupt)
        }
        return codes
    }

    /// The keys of all cases, in their order. For local files only.
    public func caseKeys() throws -> [String] {
        try keys(sql: "SELECT case_keys FROM snapshot WHERE id = ?", count: cases)
    }

    /// The keys of all patients, in their order. For local files only.
    public func patientKeys() throws -> [String] {
        try keys(sql: "SELECT patient_keys FROM snapshot WHERE id = ?", count: patients)
    }

    /// The DICOM files of one case, by path.
    public func objects(ofCase index: Int) throws -> [Object] {
        let rows = try database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT path, digest FROM object WHERE snapshot = ? AND case_index = ? ORDER BY position",
                arguments: [id, index])
        }
        return try rows.map { Object(path: $0["path"], digest: try Digest(bytes: $0["digest"])) }
    }

    /// The digests of each case's files.
    func objectDigests() throws -> [Set<Evidence.Digest>] {
        let rows = try database.read { db in
            try Row.fetchAll(db, sql: "SELECT case_index, digest FROM object WHERE snapshot = ?", arguments: [id])
        }
        var digests = [Set<Evidence.Digest>](repeating: [], count: cases)
        for row in rows {
            let index: Int = row["case_index"]
            guard digests.indices.contains(index) else {
                throw CatalogueError(.catalogueCorrupt, .catalogueCorrupt)
            }
            digests[index].insert(try Digest(bytes: row["digest"]))
        }
        return digests
    }

    /// What a release says of the data that it was made from, `hmac-sha256:` and 64 hexadecimal digits: an HMAC (RFC
    /// 2104) under the site's own key over the format's name, a zero byte and the SHA-256 of the snapshot's canonical
    /// form (`CanonicalForm`: site, keys, objects with their digests, declarations and codes).
    ///
    /// It binds the site to its data without telling anything about them: a bare hash could be guessed from outside.
    public func commitment(key: SymmetricKey) -> String {
        let message = Data(CanonicalForm.name.utf8) + [0] + contentDigest.bytes
        let code = HMAC<SHA256>.authenticationCode(for: message, using: key)
        return "hmac-sha256:" + code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Whether the stored content still has the digest under which it was written.
    public func isIntact() throws -> Bool {
        let columns = try variables.map { variable in
            SnapshotContent.Column(
                variable: SiteVariable(
                    id: variable.id, kind: variable.kind, concept: nil, source: .attribute(""), spellings: [:]),
                codes: try column(variable.id) ?? [])
        }
        let rows = try database.read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT case_index, path, digest FROM object WHERE snapshot = ? ORDER BY case_index, position",
                arguments: [id])
        }
        let objects = try rows.map {
            SnapshotContent.Object(
                caseIndex: $0["case_index"], path: $0["path"], digest: try Digest(bytes: $0["digest"]))
        }
        let content = SnapshotContent(
            site: site, patientKeys: try patientKeys(), caseKeys: try caseKeys(), patientOfCase: patientOfCase,
            columns: columns, objects: objects)
        return CanonicalForm.digest(content) == contentDigest
    }

    private func keys(sql: String, count: Int) throws -> [String] {
        let data = try database.read { try Data.fetchOne($0, sql: sql, arguments: [id]) }
        guard let keys = CanonicalForm.readTexts(data ?? Data(), count: count) else {
            throw CatalogueError(.catalogueCorrupt, .catalogueCorrupt)
        }
        return keys
    }
}
