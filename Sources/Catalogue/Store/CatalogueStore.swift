internal import Evidence
internal import Foundation
internal import GRDB
internal import Statistics
internal import StrictJSON
internal import StudyProtocol
internal import TextCatalogue

/// The site's catalogue: a SQLite file (WAL) of immutable snapshots, one of them current.
public final class CatalogueStore: Sendable {
    let database: DatabasePool

    /// Opens the file, or makes it (readable by its owner only).
    public init(path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw CatalogueError(.fileUnreadable, .siteFileUnreadable(path)) }
            close(descriptor)
        }
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        database = try DatabasePool(path: path, configuration: configuration)
        try CatalogueSchema.migrator.migrate(database)
    }

    /// The snapshot that jobs work with: that of the last index after which it changed.
    ///
    /// - Throws: `CatalogueError` `not-indexed` before the first one.
    public func currentSnapshot() throws -> CatalogueSnapshot {
        let id = try database.read { try Int64.fetchOne($0, sql: "SELECT snapshot FROM current_snapshot") }
        guard let id else { throw CatalogueError(.notIndexed, .catalogueNotIndexed) }
        return try snapshot(id)
    }

    /// A snapshot by its number: a job goes on with the one that it began with.
    public func snapshot(_ id: Int64) throws -> CatalogueSnapshot {
        try CatalogueSnapshot(id, database: database)
    }

    /// The files that the last index could not read, with the code of the reason. For the site's own eyes.
    public func unreadableFiles() throws -> [(path: String, reason: String)] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT path, reason FROM unreadable ORDER BY path").map { ($0[0], $0[1]) }
        }
    }

    /// What became of a content that was read.
    struct Saved {
        /// The snapshot that is current now.
        let id: Int64
        /// Whether it was written now.
        let isNew: Bool
        /// The patients who differ from the current snapshot, where they are too few for a new one; nil otherwise.
        let held: Int?
    }

    /// Writes a snapshot and makes it current, in one transaction. A snapshot with the same content is kept instead.
    ///
    /// Where fewer than `least` patients differ from the current snapshot, that one stays (rule 7 of the release gate):
    /// who asks before and after would else learn about those few. A patient who opted out is taken out at once all the
    /// same; what could then be told from two releases is for the gate's ledger to refuse.
    func save(
        _ content: SnapshotContent, unreadable: [UnreadableFile], created: Timestamp, least: Int,
        optedOut: Set<String>
    ) throws -> Saved {
        let digest = CanonicalForm.digest(content)
        let difference = try currentIfAny().map { try SnapshotDifference(from: $0, to: content) }
        return try database.write { db in
            try db.execute(sql: "DELETE FROM unreadable")
            let statement = try db.makeStatement(sql: "INSERT OR IGNORE INTO unreadable (path, reason) VALUES (?, ?)")
            for file in unreadable { try statement.execute(arguments: [file.path, file.reason]) }

            let current = try Int64.fetchOne(db, sql: "SELECT snapshot FROM current_snapshot")
            if let current, let difference, (1..<max(least, 1)).contains(difference.changed),
                optedOut.isDisjoint(with: difference.gone)
            {
                return Saved(id: current, isNew: false, held: difference.changed)
            }
            let known = try Int64.fetchOne(
                db, sql: "SELECT id FROM snapshot WHERE digest = ?", arguments: [digest.bytes])
            let id = try known ?? insert(content, digest: digest, created: created, db)
            try db.execute(
                sql: """
                    INSERT INTO current_snapshot (only, snapshot) VALUES (1, ?)
                    ON CONFLICT (only) DO UPDATE SET snapshot = excluded.snapshot
                    """, arguments: [id])
            return Saved(id: id, isNew: known == nil, held: nil)
        }
    }

    private func currentIfAny() throws -> CatalogueSnapshot? {
        let id = try database.read { try Int64.fetchOne($0, sql: "SELECT snapshot FROM current_snapshot") }
        return try id.map { try snapshot($0) }
    }

    private func insert(
        _ content: SnapshotContent, digest: Digest, created: Timestamp, _ db: Database
    ) throws -> Int64 {
        try db.execute(
            sql: """
                INSERT INTO snapshot (created, site, digest, cases, patients, case_keys, patient_keys, patient_of_case)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                created.description, content.site.rawValue, digest.bytes, content.caseKeys.count,
                content.patientKeys.count, CanonicalForm.texts(content.caseKeys),
                CanonicalForm.texts(content.patientKeys), CanonicalForm.integers(content.patientOfCase),
            ])
        let id = db.lastInsertedRowID
        for (position, column) in content.columns.enumerated() {
            let record = VariableRecord(column.variable)
            try db.execute(
                sql: """
                    INSERT INTO variable_column
                    (snapshot, position, variable, kind, unit, resolution, low, high, levels, codes)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, position, column.variable.id.rawValue, record.kind, record.unit, record.resolution,
                    record.low, record.high, record.levels, CanonicalForm.integers(column.codes),
                ])
        }
        let statement = try db.makeStatement(
            sql: "INSERT INTO object (snapshot, case_index, position, path, digest) VALUES (?, ?, ?, ?, ?)")
        var position = 0
        var previous = -1
        for object in content.objects {
            position = object.caseIndex == previous ? position + 1 : 0
            previous = object.caseIndex
            try statement.execute(
                arguments: [id, object.caseIndex, position, object.path, object.digest.bytes])
        }
        return id
    }
}

/// The database columns that say what a variable is.
struct VariableRecord {
    var kind: String
    var unit: String?
    var resolution: String?
    var low: Int64?
    var high: Int64?
    var levels: String?

    init(_ variable: SiteVariable) {
        switch variable.kind {
        case .quantity(let quantity):
            kind = "quantity"
            unit = quantity.unit
            resolution = quantity.resolution.text
            low = quantity.range.lowerBound
            high = quantity.range.upperBound
        case .category(let names):
            kind = "category"
            levels = JSONValue.array(names.map { .string($0) }).description
        }
    }

    init(_ row: Row) {
        kind = row["kind"]
        unit = row["unit"]
        resolution = row["resolution"]
        low = row["low"]
        high = row["high"]
        levels = row["levels"]
    }

    /// Nil when the columns contradict each other, which the schema rules out for what this program wrote.
    func variableKind() -> SiteVariable.Kind? {
        if let levels {
            guard let names = (try? StrictJSON.parse(Data(levels.utf8)))?.arrayValue?.map(\.stringValue) else {
                return nil
            }
            return .category(levels: names.compactMap { $0 })
        }
        guard let unit, let resolution, let low, let high, low <= high,
            let resolution = try? Resolution(resolution)
        else { return nil }
        return .quantity(SiteQuantity(unit: unit, resolution: resolution, range: low...high))
    }
}
