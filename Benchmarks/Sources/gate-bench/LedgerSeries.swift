internal import Foundation
internal import GRDB
internal import Ledger

/// An honest series of releases to many sponsors about one large site, and the ledger that it leaves.
///
/// The ledger lies in SQLite in the table that the agent keeps it in, and grows as the agent lets it: a release is
/// checked; of the answers that take part in what isolates somebody the last is withheld and the rest is checked again
/// (`Disclosure/Ledger`); what is left is added, which checks once more.
struct LedgerSeries {
    /// What became of the answers that were asked for.
    private struct Tally: Codable {
        var requests = 0
        var cohorts = 0
        /// Of the ledger's rows: counts that left, without those that are zero.
        var counts = 0
        var rank = 0
        var answers = 0
        /// Withheld before the ledger sees them.
        var smallCells = 0
        var isolating = 0
        var unproven = 0
        /// Requests of which nothing, or only a part, left because of the ledger.
        var requestsRefused = 0
        var requestsReduced = 0
    }

    private static let minimumCount = 10
    /// As many single answers as the gate withholds before it withholds all that take part.
    private static let roundLimit = 12

    private let registry: Registry
    private let patients: Int
    private let seed: UInt64
    private let database: DatabaseQueue

    init(patients: Int, seed: UInt64, folder: URL) throws {
        self.patients = patients
        self.seed = seed
        registry = Registry(patients: patients, seed: seed)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        database = try DatabaseQueue(path: folder.appending(path: "ledger.sqlite").path, configuration: configuration)
        try database.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS ledger_segments (
                        space TEXT NOT NULL,
                        position INTEGER NOT NULL CHECK (position >= 0),
                        minimum_count INTEGER NOT NULL CHECK (minimum_count >= 1),
                        columns BLOB NOT NULL,
                        proof BLOB NOT NULL,
                        PRIMARY KEY (space, position)
                    ) STRICT;
                    CREATE TABLE IF NOT EXISTS series (patients INTEGER, seed INTEGER, tally TEXT) STRICT;
                    """)
            if let row = try Row.fetchOne(database, sql: "SELECT patients, seed FROM series") {
                guard row["patients"] == patients, row["seed"] == Int64(seed) else {
                    throw CocoaError(.fileReadCorruptFile)
                }
            } else {
                try database.execute(
                    sql: "INSERT INTO series VALUES (?, ?, ?)",
                    arguments: [patients, Int64(seed), String(decoding: JSONEncoder().encode(Tally()), as: UTF8.self)])
            }
        }
    }

    /// The series that a folder holds.
    init(stored folder: URL) throws {
        let path = folder.appending(path: "ledger.sqlite").path
        let row = try DatabaseQueue(path: path).read { try Row.fetchOne($0, sql: "SELECT patients, seed FROM series") }
        guard let row else { throw CocoaError(.fileReadCorruptFile) }
        try self.init(patients: row["patients"], seed: UInt64(row["seed"] as Int64), folder: folder)
    }

    // MARK: The store, as the agent's

    private func load() throws -> Ledger {
        let segments = try database.read { database in
            var segments: [Ledger.Segment] = []
            let rows = try Row.fetchCursor(
                database, sql: "SELECT columns, proof FROM ledger_segments WHERE space = 'counts' ORDER BY position")
            while let row = try rows.next() {
                segments.append(Ledger.Segment(columns: row["columns"], proof: row["proof"]))
            }
            return segments
        }
        return try Ledger(minimumCount: Self.minimumCount, segments: segments)
    }

    private func tally() throws -> Tally {
        let text = try database.read { try String.fetchOne($0, sql: "SELECT tally FROM series") }
        return try JSONDecoder().decode(Tally.self, from: Data((text ?? "").utf8))
    }

    private func keep(_ segments: [Ledger.Segment], at position: Int, _ tally: Tally) throws {
        try database.write { database in
            for (index, segment) in segments.enumerated() {
                try database.execute(
                    sql: """
                        INSERT INTO ledger_segments (space, position, minimum_count, columns, proof)
                        VALUES ('counts', ?, ?, ?, ?)
                        """,
                    arguments: [position + index, Self.minimumCount, segment.columns, segment.proof])
            }
            try database.execute(
                sql: "UPDATE series SET tally = ?",
                arguments: [String(decoding: JSONEncoder().encode(tally), as: UTF8.self)])
        }
    }

    // MARK: Growth

    /// Adds releases until there are so many counts.
    func build(rows: Int) throws {
        var ledger = try load()
        var tally = try tally()
        var checks: [Double] = []
        let started = Measured.processorTime()
        print("   counts     rank  requests  reduced  refused  check median / most   processor")
        while tally.counts < rows {
            let before = tally.counts
            let request = try request(tally.requests)
            var open = request.answers
            var isReduced = false
            var round = 0
            tally.requests += 1
            tally.cohorts += request.cohorts
            tally.answers += open.count + request.smallCells
            tally.smallCells += request.smallCells
            checking: while !open.isEmpty {
                let check = Measured.timed { ledger.check(adding: open.flatMap(\.rows)) }
                checks.append(check.processor)
                round += 1
                switch check.result {
                case .allowed: break checking
                case .isolates(_, let rows):
                    tally.isolating += withhold(rows, from: &open, isWhole: round > Self.roundLimit)
                case .beyondEffort(let rows):
                    tally.unproven += withhold(rows, from: &open, isWhole: round > Self.roundLimit)
                }
                isReduced = true
            }
            if isReduced { tally.requestsReduced += 1 }
            if open.isEmpty && !request.answers.isEmpty { tally.requestsRefused += 1 }
            let position = ledger.segments.count
            let added = try ledger.append(open.flatMap(\.rows))
            tally.counts += open.reduce(0) { $0 + $1.rows.count }
            tally.rank = ledger.independentRowCount
            try keep(added, at: position, tally)
            if tally.counts / 500 != before / 500 || tally.counts >= rows {
                line(tally, checks: checks, processor: Measured.processorTime() - started)
                checks = []
            }
        }
        report(tally, ledger)
    }

    /// Withholds the last answer that takes part, or all.
    private func withhold(_ rows: [Int], from open: inout [SponsorRequest.Answer], isWhole: Bool) -> Int {
        var answerOfRow: [Int] = []
        for (index, answer) in open.enumerated() { answerOfRow += answer.rows.map { _ in index } }
        let involved = rows.isEmpty ? Array(open.indices) : Set(rows.map { answerOfRow[$0] }).sorted()
        let withheld = isWhole ? involved[...] : involved.suffix(1)
        for index in withheld.reversed() { open.remove(at: index) }
        return withheld.count
    }

    private func request(_ index: Int) throws -> SponsorRequest {
        try SponsorRequest(registry, seed: seed &* 1_000_003 &+ UInt64(index), minimumCount: Self.minimumCount)
    }

    private func line(_ tally: Tally, checks: [Double], processor: Double) {
        func padded(_ number: Int, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - String(number).count)) + String(number)
        }
        print(
            padded(tally.counts, 9) + padded(tally.rank, 9) + padded(tally.requests, 10)
                + padded(tally.requestsReduced, 9) + padded(tally.requestsRefused, 9)
                + "    \(Measured.text(Measured.median(checks))) / \(Measured.text(checks.max() ?? 0))"
                + "     \(Measured.text(processor))")
        fflush(nil)
    }

    private func report(_ tally: Tally, _ ledger: Ledger) {
        let sizes = ledger.segments.reduce((0, 0)) { ($0.0 + $1.columns.count, $0.1 + $1.proof.count) }
        print(
            """
            \(tally.requests) requests about \(tally.cohorts) cohorts: \(tally.answers) answers asked for, \
            \(tally.smallCells) withheld for small cells, \(tally.isolating) because they isolate patients, \
            \(tally.unproven) because the check did not end; of \(tally.requestsReduced) requests a part was withheld \
            by the ledger, of \(tally.requestsRefused) all.
            Ledger: \(tally.counts) counts, rank \(tally.rank), \(ledger.segments.count) segments, \
            columns \(sizes.0 >> 20) MiB, proof \(sizes.1 >> 20) MiB, proof by sets: \(ledger.hasDisjointProof)
            """)
    }

    // MARK: The check

    /// Times what the agent does for further releases, each from a ledger that it reads anew.
    /// - Returns: whether the median check was within the limit.
    func check(releases: Int) throws -> Bool {
        let tally = try tally()
        let before = Measured.peakMemory
        var (loads, checks) = ([Double](), [Double]())
        var ledger = Ledger(minimumCount: Self.minimumCount)
        for index in 0..<releases {
            let request = try request(tally.requests + index)
            let rows = request.answers.flatMap(\.rows)
            ledger = Ledger(minimumCount: Self.minimumCount)  // Not two at a time.
            let loading = try Measured.timed { try load() }
            ledger = loading.result
            let checking = Measured.timed { ledger.check(adding: rows) }
            loads.append(loading.processor)
            checks.append(checking.processor)
            let verdict =
                switch checking.result {
                case .allowed: "allowed"
                case .isolates(let patients, _): "isolates \(patients) patients"
                case .beyondEffort: "not proven"
                }
            print(
                "\(rows.count) new counts: \(verdict); load \(Measured.text(loading.processor)), "
                    + "check \(Measured.text(checking.processor)) (on the wall "
                    + "\(Measured.text(loading.wall)) and \(Measured.text(checking.wall)))")
        }
        report(tally, ledger)
        let median = Measured.median(checks)
        print("check, median of \(releases): \(Measured.text(median, limit: 2))")
        print("load from SQLite, median: \(Measured.text(Measured.median(loads)))")
        print("peak memory \(Measured.peakMemory) MiB, \(before) MiB of it before the first load")
        return median < 2
    }
}
