internal import Disclosure
internal import Foundation
internal import GRDB
internal import StrictJSON

/// What earlier releases of a snapshot said, on disk, so that the next one is protected together with them (rule 4): in the
/// jobs' database, so that a release and its statements are one transaction. They stand for single cases and stay here.
enum StatementStore {
    static let schema = """
        -- What each release said of a snapshot's cases: `EarlierStatements`, JSON. The snapshot by the digest of its content:
        -- a catalogue that is made anew numbers its snapshots anew.
        CREATE TABLE gate_statements (
            job TEXT NOT NULL PRIMARY KEY REFERENCES jobs (digest),
            snapshot TEXT NOT NULL,
            content BLOB NOT NULL
        ) STRICT;
        CREATE INDEX gate_statements_snapshot ON gate_statements (snapshot);
        """

    /// In the order in which they were kept.
    /// - Throws: when what is stored cannot be read: nothing may leave then.
    static func statements(snapshot: String, in database: Database) throws -> [EarlierStatements] {
        try Row.fetchAll(
            database, sql: "SELECT content FROM gate_statements WHERE snapshot = ? ORDER BY rowid",
            arguments: [snapshot]
        ).map { try StrictJSON.decode(EarlierStatements.self, from: $0["content"]) }
    }

    static func insert(
        _ statements: EarlierStatements, job: String, snapshot: String, in database: Database
    ) throws {
        // What could not be read again would block the snapshot without saying so.
        var encoded = try StrictJSON.encode(statements)
        if (try? StrictJSON.decode(EarlierStatements.self, from: encoded)) == nil {
            encoded = try StrictJSON.encode(statements.withoutContent)
        }
        // The same question again says nothing more.
        try database.execute(
            sql: """
                INSERT INTO gate_statements (job, snapshot, content) SELECT :job, :snapshot, :content
                WHERE NOT EXISTS (SELECT 1 FROM gate_statements WHERE snapshot = :snapshot AND content = :content)
                """, arguments: ["job": job, "snapshot": snapshot, "content": encoded])
    }
}
