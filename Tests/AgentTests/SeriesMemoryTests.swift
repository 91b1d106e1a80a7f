import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Testing
import TextCatalogue

@testable import Agent

@Suite("What a site keeps of its releases for the next")
struct SeriesMemoryTests {
    private func run(_ number: Int, at site: TestSite, in service: AgentService) async throws -> JobRecord {
        let document = TestConsortium.document(
            changing: ["version": .string("1.0.\(number)")], of: TestConsortium.answerable)
        let job = try site.consortium.job(
            protocol: try site.consortium.signedProtocol(document),
            nonce: String(repeating: "0", count: 31) + String(number, radix: 16))
        try site.accept(job, in: service)
        try await service.workLocally()
        return try #require(try service.store.record(job.digest))
    }

    private func query(_ site: TestSite, _ statement: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            "import sqlite3, sys; s = sqlite3.connect(sys.argv[1]); print(s.execute(sys.argv[2]).fetchall()); s.commit()",
            site.state.jobs.path, statement,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test
    func
        `a release leaves its statements, and the same question in another study has the same answers and leaves no more`()
        async throws
    {
        let site = try TestSite()
        try await site.index()
        let service = try site.service()
        let first = try await run(1, at: site, in: service)
        let second = try await run(2, at: site, in: service)
        #expect(try query(site, "SELECT count(*), count(DISTINCT snapshot) FROM gate_statements") == "[(1, 1)]")
        #expect(try site.released(first).answers == site.released(second).answers)
    }

    @Test func `statements that cannot be read let nothing leave`() async throws {
        let site = try TestSite()
        try await site.index()
        let service = try site.service()
        #expect(try await run(1, at: site, in: service).job.state == .sending)
        _ = try query(site, "UPDATE gate_statements SET content = CAST('{}' AS BLOB)")
        let record = try await run(2, at: site, in: service)
        #expect(record.release == nil)
        // It is tried again a few times: a store may come back.
        #expect(record.job.state == .running && record.job.attempts == 1)
        #expect(record.cause == "store-failed")
    }

    @Test func `a release that is not kept leaves no statements`() async throws {
        let site = try TestSite()
        try await site.index()
        let service = try site.service()
        _ = try query(
            site,
            """
            CREATE TRIGGER no_release BEFORE UPDATE OF release ON jobs WHEN NEW.release IS NOT NULL
                BEGIN SELECT RAISE(ABORT, 'full'); END
            """)
        await #expect(throws: AgentError(.storeFailed, .agentStoreFailed)) {
            _ = try await run(1, at: site, in: service)
        }
        #expect(try query(site, "SELECT count(*) FROM gate_statements") == "[(0,)]")
        _ = try query(site, "DROP TRIGGER no_release")
        try await service.workLocally()
        #expect(try query(site, "SELECT count(*) FROM gate_statements") == "[(1,)]")
    }
}
