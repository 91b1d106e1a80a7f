internal import Disclosure
internal import Foundation
internal import GRDB
internal import Ledger
internal import TextCatalogue

/// The site's ledger on disk: in the jobs' database, so that a release and what it adds to the ledger are one
/// transaction. Rows are only ever added; a release that a person declines stays in it.
///
/// Patients are kept as an HMAC of their key under the site key: the ledger alone names nobody.
struct LedgerStore {
    /// The ledger as it was read, with the numbers of a snapshot's patients.
    struct Loaded: Sendable {
        let context: LedgerContext
        /// Patients who have no number yet, with the one that they are to get.
        let newPatients: [(code: Data, number: UInt32)]
        /// How many releases the ledger held: another one means that the decision is to be made anew.
        let generation: Int
    }

    /// What a release adds, as it is written.
    struct Change: Sendable {
        let addition: ReleaseLedger.Addition
        let loaded: Loaded
    }

    static let schema = """
        -- Everybody who was ever behind a released number; numbers are never used again.
        CREATE TABLE ledger_patients (
            patient BLOB NOT NULL PRIMARY KEY CHECK (length(patient) = 16),
            number INTEGER NOT NULL UNIQUE CHECK (number >= 0)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE ledger_releases (
            number INTEGER NOT NULL PRIMARY KEY,
            job TEXT NOT NULL UNIQUE REFERENCES jobs (digest),
            rows INTEGER NOT NULL CHECK (rows >= 0)
        ) STRICT;
        -- Up to 64 rows each, in the order in which they came; `counts`, or a space of sums.
        CREATE TABLE ledger_segments (
            space TEXT NOT NULL,
            position INTEGER NOT NULL CHECK (position >= 0),
            minimum_count INTEGER NOT NULL CHECK (minimum_count >= 1),
            columns BLOB NOT NULL,
            proof BLOB NOT NULL,
            PRIMARY KEY (space, position)
        ) STRICT;
        -- The values of patients that sums were made of: a digest under a key, and the column that it has.
        CREATE TABLE ledger_values (
            space TEXT NOT NULL,
            column INTEGER NOT NULL,
            patient INTEGER NOT NULL,
            digest INTEGER NOT NULL,
            PRIMARY KEY (space, column)
        ) STRICT, WITHOUT ROWID;
        -- What was released once and is not to be released again beside itself: `ReleaseLedger.Mark`, by name.
        CREATE TABLE ledger_areas (
            number INTEGER NOT NULL PRIMARY KEY,
            model TEXT NOT NULL,
            patients BLOB NOT NULL
        ) STRICT;
        """

    let secrets: SiteSecrets

    /// - Parameters:
    ///   - patientKeys: of the snapshot, in its order.
    ///   - minimumCount: the site's own, which a protocol cannot change.
    ///   - sumsMinimumCount: the same for sums over a quantity (rule 6).
    ///   - model: the digest of the model that is evaluated.
    /// - Throws: `LedgerError`, when what is stored cannot be used: nothing may leave then.
    func load(
        patientKeys: [String], minimumCount: Int, sumsMinimumCount: Int, model: String?, in database: Database
    ) throws -> Loaded {
        var numbers: [PatientCode: UInt32] = [:]
        let stored = try Row.fetchCursor(database, sql: "SELECT patient, number FROM ledger_patients")
        while let row = try stored.next() { numbers[PatientCode(row[0])] = UInt32(row[1] as Int64) }
        var next = (numbers.values.max().map { $0 + 1 }) ?? 0
        var newPatients: [(code: Data, number: UInt32)] = []
        let register = patientKeys.map { key -> UInt32 in
            let code = Data(secrets.code(of: Data("ledger-patient\u{0}\(key)".utf8)).prefix(16))
            if let known = numbers[PatientCode(code)] { return known }
            defer { next += 1 }
            newPatients.append((code, next))
            return next
        }
        let seed = secrets.code(of: Data("ledger-values".utf8)).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Loaded(
            context: LedgerContext(
                ledger: try ledger(
                    minimumCount: minimumCount, sumsMinimumCount: sumsMinimumCount, in: database), register: register,
                seed: seed,
                model: model),
            newPatients: newPatients, generation: try Self.generation(in: database))
    }

    /// Sixteen bytes, without storage of their own.
    private struct PatientCode: Hashable {
        private let words: SIMD2<UInt64>

        init(_ data: Data) {
            words = SIMD2(Self.word(data.prefix(8)), Self.word(data.dropFirst(8).prefix(8)))
        }

        private static func word(_ bytes: Data) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    }

    private static func generation(in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM ledger_releases") ?? 0
    }

    private func ledger(minimumCount: Int, sumsMinimumCount: Int, in database: Database) throws -> ReleaseLedger {
        var segments: [String: [Ledger.Segment]] = [:]
        // One at a time: hundreds of megabytes at a site of a million patients.
        let rows = try Row.fetchCursor(
            database, sql: "SELECT space, minimum_count, columns, proof FROM ledger_segments ORDER BY space, position")
        // A site that raises its minimum count asks more of the numbers that left already than they were tested for.
        var least = minimumCount
        var leastOfSums = sumsMinimumCount
        while let row = try rows.next() {
            if ReleaseLedger.isOfQuantity(space: row["space"]) {
                leastOfSums = min(leastOfSums, row["minimum_count"])
            } else {
                least = min(least, row["minimum_count"])
            }
            segments[row["space"], default: []].append(
                Ledger.Segment(columns: row["columns"], proof: row["proof"]))
        }
        let counts = try Ledger(minimumCount: least, segments: segments["counts"] ?? [])
        var sums: [String: ReleaseLedger.Sums] = [:]
        for (space, segments) in segments where space != "counts" {
            var entries: [ValueColumns.Entry] = []
            let values = try Row.fetchCursor(
                database, sql: "SELECT column, patient, digest FROM ledger_values WHERE space = ?", arguments: [space])
            while let row = try values.next() {
                entries.append(
                    ValueColumns.Entry(
                        patient: UInt32(row[1] as Int64), digest: UInt64(bitPattern: row[2] as Int64),
                        column: UInt32(row[0] as Int64)))
            }
            sums[space] = ReleaseLedger.Sums(
                ledger: try Ledger(
                    minimumCount: ReleaseLedger.isOfQuantity(space: space) ? leastOfSums : least, space: .values,
                    segments: segments),
                columns: try ValueColumns(entries))
        }
        let marks = try Row.fetchAll(database, sql: "SELECT model, patients FROM ledger_areas ORDER BY number").map {
            try ReleaseLedger.Mark(name: $0["model"], patients: try PatientRow(serialized: $0["patients"]))
        }
        return ReleaseLedger(counts: counts, sums: sums, marks: marks, sumsMinimumCount: leastOfSums)
    }

    /// Writes what a release adds, in the transaction that keeps the release.
    /// - Returns: false when another release was kept since the ledger was read.
    static func append(_ change: Change, job: String, in database: Database) throws -> Bool {
        guard try generation(in: database) == change.loaded.generation else { return false }
        var ledger = change.loaded.context.ledger
        let before = ledger
        try ledger.append(change.addition)
        for patient in change.loaded.newPatients {
            try database.execute(
                sql: "INSERT INTO ledger_patients (patient, number) VALUES (?, ?)",
                arguments: [patient.code, Int64(patient.number)])
        }
        try insert(ledger.counts, after: before.counts.segments.count, space: "counts", in: database)
        let spaces = Set(change.addition.sums.map(\.space))
        for (space, sums) in ledger.sums where spaces.contains(space) {
            try insert(sums.ledger, after: before.sums[space]?.ledger.segments.count ?? 0, space: space, in: database)
            for entry in sums.columns.entries(since: before.sums[space]?.columns ?? ValueColumns()) {
                try database.execute(
                    sql: "INSERT INTO ledger_values (space, column, patient, digest) VALUES (?, ?, ?, ?)",
                    arguments: [space, Int64(entry.column), Int64(entry.patient), Int64(bitPattern: entry.digest)])
            }
        }
        for mark in change.addition.marks {
            try database.execute(
                sql: "INSERT INTO ledger_areas (model, patients) VALUES (?, ?)",
                arguments: [mark.name, mark.patients.serialized])
        }
        try database.execute(
            sql: "INSERT INTO ledger_releases (job, rows) VALUES (?, ?)",
            arguments: [job, change.addition.rowCount])
        return true
    }

    private static func insert(_ ledger: Ledger, after count: Int, space: String, in database: Database) throws {
        for (position, segment) in ledger.segments.enumerated().dropFirst(count) {
            try database.execute(
                sql: """
                    INSERT INTO ledger_segments (space, position, minimum_count, columns, proof) VALUES (?, ?, ?, ?, ?)
                    """, arguments: [space, position, ledger.minimumCount, segment.columns, segment.proof])
        }
    }
}
