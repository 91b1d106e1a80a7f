internal import Crypto
internal import Evidence
internal import Foundation
internal import GRDB
internal import StrictJSON
internal import StudyProtocol

/// The log's rows in the job store. Everything here works inside of a transaction of the caller, so that a change and
/// its entry are durable together or not at all.
///
/// The head (number and digest of the last entry) is kept in a row of its own, sealed with an HMAC-SHA-256 under the site
/// key: entries that are missing at the end show, and who has no site key cannot move the head back.
struct AuditTrail {
    /// The site key.
    let key: Data

    static let schema = """
        CREATE TABLE audit (
            number INTEGER NOT NULL PRIMARY KEY CHECK (number >= 1),
            time INTEGER NOT NULL,
            kind TEXT NOT NULL,
            fields TEXT NOT NULL,
            previous TEXT NOT NULL CHECK (length(previous) = 71),
            digest TEXT NOT NULL CHECK (length(digest) = 71)
        ) STRICT;
        -- Against accidents. Who wants to tamper can drop these; the chain is what shows it.
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit log is append-only');
        END;
        CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit log is append-only');
        END;
        CREATE TABLE audit_head (
            only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
            number INTEGER NOT NULL,
            digest TEXT NOT NULL CHECK (length(digest) = 71),
            seal BLOB
        ) STRICT;
        INSERT INTO audit_head (only, number, digest, seal)
            VALUES (1, 0, 'sha256:0000000000000000000000000000000000000000000000000000000000000000', NULL);
        """

    /// Appends one entry. The first call of all also tells which jobs were here before the log.
    func append(_ kind: AuditEntry.Kind, _ fields: JSONValue, in database: Database, now: Timestamp) throws {
        var head = try soundHead(in: database, now: now)
        if head.number == 0 { head = try begin(in: database, now: now, after: head) }
        try write(kind, fields, in: database, now: now, after: head)
    }

    /// The head and whether its seal is good; nil when the row is gone.
    func head(in database: Database) throws -> (head: AuditHead, isSealed: Bool)? {
        guard let row = try Row.fetchOne(database, sql: "SELECT number, digest, seal FROM audit_head WHERE only = 1"),
            let digest = try? Digest(row["digest"] as String)
        else { return nil }
        let head = AuditHead(number: row["number"], digest: digest)
        guard let seal: Data = row["seal"] else { return (head, try head == AuditHead.start()) }
        let isSealed = HMAC<SHA256>.isValidAuthenticationCode(
            seal, authenticating: head.sealedMessage, using: SymmetricKey(data: key))
        return (head, isSealed)
    }

    // MARK: -

    /// The head to go on from. A head that is not as this site left it is not silently made good by the next entry: an
    /// entry of its own says so for ever, and the agent can still work.
    private func soundHead(in database: Database, now: Timestamp) throws -> AuditHead {
        let stored = try head(in: database)
        let last = try Row.fetchOne(
            database, sql: "SELECT number, digest FROM audit ORDER BY number DESC LIMIT 1")
        let lastNumber: Int64 = last?["number"] ?? 0
        if let stored, stored.isSealed, stored.head.number >= lastNumber { return stored.head }
        let number = max(stored?.head.number ?? 0, lastNumber)
        let digest = try (last?["digest"] as String?).flatMap { try? Digest($0) } ?? AuditHead.start().digest
        let fields: JSONValue = .object([
            "head": stored.map { .string($0.head.description) }, "sealed": .bool(stored?.isSealed ?? false),
            "last": .number(JSONNumber(Int(lastNumber))),
        ])
        return try write(
            .logDamaged, fields, in: database, now: now, after: AuditHead(number: number, digest: digest))
    }

    private func begin(in database: Database, now: Timestamp, after start: AuditHead) throws -> AuditHead {
        var head = try write(
            .logBegun, ["agent": .string(AgentVersion.current)], in: database, now: now, after: start)
        let rows = try Row.fetchAll(
            database, sql: "SELECT digest, study, state, reason, release FROM jobs ORDER BY received, rowid")
        for row in rows {
            let fields: JSONValue = .object([
                "job": .string(row["digest"]), "study": .string(row["study"]), "state": .string(row["state"]),
                "reason": (row["reason"] as String?).map { .string($0) },
                "release": (row["release"] as Data?).map { .string(Digest(of: $0).description) },
            ])
            head = try write(.jobKnown, fields, in: database, now: now, after: head)
        }
        return head
    }

    @discardableResult
    private func write(
        _ kind: AuditEntry.Kind, _ fields: JSONValue, in database: Database, now: Timestamp, after head: AuditHead
    ) throws -> AuditHead {
        let entry = AuditEntry(
            number: head.number + 1, time: now, kind: kind, fields: fields, previous: head.digest)
        try database.execute(
            sql: "INSERT INTO audit (number, time, kind, fields, previous, digest) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                entry.number, now.secondsSinceEpoch, entry.kind,
                String(decoding: entry.fields.canonicalBytes, as: UTF8.self), entry.previous.description,
                entry.digest.description,
            ])
        let next = AuditHead(number: entry.number, digest: entry.digest)
        let seal = Data(HMAC<SHA256>.authenticationCode(for: next.sealedMessage, using: SymmetricKey(data: key)))
        try database.execute(
            sql: """
                INSERT INTO audit_head (only, number, digest, seal) VALUES (1, ?, ?, ?)
                ON CONFLICT (only) DO UPDATE SET number = excluded.number, digest = excluded.digest,
                    seal = excluded.seal
                """, arguments: [next.number, next.digest.description, seal])
        return next
    }
}
