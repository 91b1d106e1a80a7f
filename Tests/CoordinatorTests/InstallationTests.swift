import Evidence
import Foundation
import GRDB
import Messages
import Testing

@testable import Coordinator

@Suite("Initialising a coordinator") struct InstallationTests {
    /// A folder of its own for each test.
    func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "concordat-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    func permissions(_ url: URL) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: url.path(percentEncoded: false))
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }

    @Test func `the folder and its secrets are for their owner alone`() throws {
        try withFolder { folder in
            let state = StateDirectory(folder.appending(path: "state", directoryHint: .isDirectory))
            _ = try Installation.create(at: state, .init(name: "Test", host: "localhost"))
            #expect(try permissions(state.url) == 0o700)
            for secret in [state.authorityKey, state.serverKey, state.jobKey, state.settings] {
                #expect(try permissions(secret) == 0o600)
            }
        }
    }

    @Test func `an existing folder with content is left alone, an empty one is used`() throws {
        try withFolder { folder in
            let state = StateDirectory(folder.appending(path: "state", directoryHint: .isDirectory))
            let first = try Installation.create(at: state, .init(name: "Test", host: "localhost"))
            #expect(throws: CoordinatorError.self) {
                try Installation.create(at: state, .init(name: "Other", host: "localhost"))
            }
            let reopened = try Installation.open(state)
            #expect(reopened.name == "Test")
            #expect(reopened.jobVerificationKey == first.jobVerificationKey)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()) == ["state"])

            let empty = folder.appending(path: "empty", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: false)
            #expect(throws: Never.self) {
                try Installation.create(at: StateDirectory(empty), .init(name: "Test", host: "10.0.0.1"))
            }
        }
    }

    @Test func `a failed initialisation leaves nothing`() throws {
        try withFolder { folder in
            let state = StateDirectory(folder.appending(path: "state", directoryHint: .isDirectory))
            for plan in [
                Installation.Plan(name: "", host: "localhost"), .init(name: "Test", host: "no host"),
                .init(name: "Test", host: "localhost", url: "http://localhost"),
                .init(name: "Test", host: "localhost", days: 0),
            ] {
                #expect(throws: CoordinatorError.self) { try Installation.create(at: state, plan) }
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path())
            #expect(left.isEmpty)
        }
    }

    @Test func `a folder without a coordinator, or with a damaged key, is told apart`() throws {
        try withFolder { folder in
            let state = StateDirectory(folder.appending(path: "state", directoryHint: .isDirectory))
            #expect { try Installation.open(state) } throws: { ($0 as? CoordinatorError)?.kind == .stateMissing }
            _ = try Installation.create(at: state, .init(name: "Test", host: "localhost"))
            try Data("no key".utf8).write(to: state.jobKey)
            #expect { try Installation.open(state) } throws: { ($0 as? CoordinatorError)?.kind == .stateUnreadable }
        }
    }

    @Test func `invitations name the given URL, or else the port last served on`() throws {
        try withFolder { folder in
            let named = StateDirectory(folder.appending(path: "named", directoryHint: .isDirectory))
            let plan = Installation.Plan(name: "Test", host: "localhost", url: "https://gate.example:444/")
            #expect(try Installation.create(at: named, plan).url == "https://gate.example:444")
            let state = StateDirectory(folder.appending(path: "state", directoryHint: .isDirectory))
            let installation = try Installation.create(at: state, .init(name: "Test", host: "::1"))
            #expect(installation.url == "https://[::1]:8443")
            try PortFile.write(7000, to: state.port)
            #expect(installation.url == "https://[::1]:7000")
        }
    }

    @Test func `commits are durable and references are enforced`() throws {
        try withFolder { folder in
            let store = try Store(path: folder.appending(path: "test.sqlite").path(percentEncoded: false))
            let (mode, synchronous) = try store.writeNow { db in
                (
                    try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                    try Int.fetchOne(db, sql: "PRAGMA synchronous")
                )
            }
            #expect(mode == "wal")
            #expect(synchronous == 2)
            #expect(throws: DatabaseError.self) {
                try store.writeNow { db in
                    try db.execute(
                        sql: "INSERT INTO session VALUES (?, ?, 1)",
                        arguments: [Data(repeating: 1, count: 32), String(repeating: "a", count: 64)])
                }
            }
        }
    }

    @Test func `a key's role can be changed by registering it again`() throws {
        try withFolder { folder in
            let state = StateDirectory(folder.appending(path: "state", directoryHint: .isDirectory))
            let installation = try Installation.create(at: state, .init(name: "Test", host: "localhost"))
            let file = folder.appending(path: "key.pem")
            let key = newKey().verificationKey
            try key.pem.write(to: file, atomically: true, encoding: .utf8)
            let administration = Administration(installation)
            _ = try administration.addSponsor(name: "A", keyFile: file, isLead: false)
            _ = try administration.addSponsor(name: "B", keyFile: file, isLead: true)
            let records = try installation.store.readNow { try SponsorRecord.fetchAll($0) }
            #expect(records.map(\.name) == ["B"])
            #expect(records.map(\.role) == [.lead])
            try Data("x".utf8).write(to: file)
            #expect(throws: CoordinatorError.self) {
                try administration.addSponsor(name: "A", keyFile: file, isLead: false)
            }
        }
    }
}
