internal import Foundation
internal import GRDB

/// The coordinator's database: one SQLite file in WAL mode, written durably (`synchronous = FULL`), so that what was
/// answered with success is still there after the machine loses power.
///
/// Other processes (`invite`, `sponsor add`) may write to it while the server runs.
struct Store: Sendable {
    private let pool: DatabasePool

    /// Opens the file, creates it when there is none, and brings its schema up to date.
    init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        pool = try DatabasePool(path: path, configuration: configuration)
        try Migrations.all.migrate(pool)
        // Only the one writing connection commits, so only it needs this; GRDB's default for WAL is NORMAL.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    }

    func read<Value: Sendable>(_ value: @Sendable (Database) throws -> Value) async throws -> Value {
        // A cancelled reader or writer would look like a failure of the store; requests are short, so let them end.
        try await pool.read(value)
    }

    /// Runs `updates` in one transaction that is rolled back when it throws.
    func write<Value: Sendable>(_ updates: @Sendable (Database) throws -> Value) async throws -> Value {
        try await pool.write(updates)
    }

    /// For the commands, which have nothing else to do meanwhile.
    func writeNow<Value>(_ updates: (Database) throws -> Value) throws -> Value { try pool.write(updates) }
    func readNow<Value>(_ value: (Database) throws -> Value) throws -> Value { try pool.read(value) }

    func close() throws { try pool.close() }
}
