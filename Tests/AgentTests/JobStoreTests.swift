import Evidence
import Foundation
import Messages
import StudyProtocol
import Testing
import TextCatalogue

@testable import Agent

@Suite("Store of jobs")
struct JobStoreTests {
    private let consortium = TestConsortium()
    private let folder: TemporaryFolder
    private var file: URL { folder.url.appendingPathComponent("agent.sqlite") }
    private let now = TestConsortium.now

    init() throws { folder = try TemporaryFolder() }

    private func signed(_ envelope: Envelope) throws -> JobVerifier.SignedJob {
        guard case .accepted(let job) = consortium.verifier.signature(of: envelope) else {
            throw AgentError(.unknownJob, .agentUnknownJob)
        }
        return job
    }

    @Test("what was stored is there after the store was opened again")
    func reopened() throws {
        let envelope = try consortium.job()
        let job = try signed(envelope)
        do {
            let store = try JobStore(file: file, siteKey: Data(repeating: 7, count: 32))
            #expect(try store.accept(envelope.encoded, of: job, now: now).isNew)
            try store.apply([.verified, .jobApproved, .started, .started], to: job.digest, now: now) { record in
                record.started = now
                record.snapshot = 7
            }
            try store.apply([.gated, .approvalRequired], to: job.digest, now: now) { record in
                record.release = Data("release".utf8)
                record.localRecord = Data("local".utf8)
            }
            try store.apply([.reported(.received)], to: job.digest, now: now)
        }
        let record = try #require(try JobStore(file: file, siteKey: Data(repeating: 7, count: 32)).record(job.digest))
        #expect(
            record.job
                == SiteJob(
                    digest: job.digest, state: .awaitingReleaseApproval, reported: .received, attempts: 0,
                    unfinishedStarts: 1, deliveries: 1
                )
        )
        #expect(record.envelope == envelope.encoded)
        #expect(record.release == Data("release".utf8))
        #expect(record.localRecord == Data("local".utf8))
        #expect(record.snapshot == 7)
        #expect(record.received == now)
        #expect(record.started == now)
    }

    @Test("the same job again is one job, and its nonce stays the first one's")
    func again() throws {
        let store = try JobStore(file: file, siteKey: Data(repeating: 7, count: 32))
        let first = try consortium.job()
        let second = try consortium.job(expires: now.adding(seconds: 99))
        _ = try store.accept(first.encoded, of: signed(first), now: now)
        #expect(try !store.accept(first.encoded, of: signed(first), now: now).isNew)
        _ = try store.accept(second.encoded, of: signed(second), now: now)
        #expect(try store.records().map(\.digest) == [first.digest, second.digest])
        let nonce = try #require(Nonce(rawValue: "000102030405060708090a0b0c0d0e0f"))
        #expect(try store.job(withNonce: nonce) == first.digest)
    }

    @Test("a protocol belongs to the first job that it was not refused in")
    func protocols() throws {
        let store = try JobStore(file: file, siteKey: Data(repeating: 7, count: 32))
        let jobs = try ["00", "01", "02"].map { try consortium.job(nonce: $0 + "0102030405060708090a0b0c0d0e0f") }
        for job in jobs { _ = try store.accept(job.encoded, of: signed(job), now: now) }
        let digest = try consortium.signedProtocol().digest
        #expect(try store.job(withProtocol: digest) == nil)
        try store.apply([.refused(.expired)], to: jobs[0].digest, now: now)
        #expect(try store.job(withProtocol: digest) == nil)
        try store.apply([.verified, .declined(.policy)], to: jobs[1].digest, now: now)
        #expect(try store.job(withProtocol: digest) == jobs[1].digest)
        try store.apply([.verified], to: jobs[2].digest, now: now)
        #expect(try store.job(withProtocol: digest) == jobs[1].digest)
        #expect(try store.job(withProtocol: Digest(of: Data())) == nil)
    }

    @Test("a store from before starts and protocols were kept knows the protocols of its jobs")
    func migration() throws {
        let job = try consortium.job()
        do {
            let store = try JobStore(file: file, siteKey: Data(repeating: 7, count: 32))
            _ = try store.accept(job.encoded, of: signed(job), now: now)
            try store.apply([.verified, .jobApproved, .started], to: job.digest, now: now)
        }
        let older = """
            import sqlite3, sys
            sqlite3.connect(sys.argv[1]).executescript('''
                DROP INDEX jobs_protocol;
                ALTER TABLE jobs DROP COLUMN protocol;
                ALTER TABLE jobs DROP COLUMN unfinished_starts;
                DELETE FROM grdb_migrations WHERE identifier = '2-starts-protocols';
            ''')
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", older, file.path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let store = try JobStore(file: file, siteKey: Data(repeating: 7, count: 32))
        #expect(try store.job(withProtocol: try consortium.signedProtocol().digest) == job.digest)
        #expect(try store.record(job.digest)?.job.unfinishedStarts == 0)
    }

    @Test("a transition that is not allowed changes nothing at all")
    func atomic() throws {
        let store = try JobStore(file: file, siteKey: Data(repeating: 7, count: 32))
        let envelope = try consortium.job()
        _ = try store.accept(envelope.encoded, of: signed(envelope), now: now)
        #expect(throws: AgentError(.invalidTransition, .agentUnknownJob)) {
            try store.apply([.verified, .sent(delivery: 1)], to: envelope.digest, now: now) { $0.snapshot = 3 }
        }
        let record = try #require(try store.record(envelope.digest))
        #expect(record.job.state == .received)
        #expect(record.snapshot == nil)
    }

    @Test("finished jobs are done with only when the coordinator knows")
    func unfinished() throws {
        let store = try JobStore(file: file, siteKey: Data(repeating: 7, count: 32))
        let envelope = try consortium.job()
        _ = try store.accept(envelope.encoded, of: signed(envelope), now: now)
        try store.apply([.refused(.expired)], to: envelope.digest, now: now)
        #expect(try store.unfinished().count == 1)
        try store.apply([.reported(.received)], to: envelope.digest, now: now)
        #expect(try store.unfinished().count == 1)
        try store.apply([.reported(.refused(.expired))], to: envelope.digest, now: now)
        #expect(try store.unfinished().isEmpty)
    }

    @Test("the file is for its owner alone")
    func mode() throws {
        _ = try JobStore(file: file, siteKey: Data(repeating: 7, count: 32))
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect((attributes[.posixPermissions] as? Int) == 0o600)
    }
}
