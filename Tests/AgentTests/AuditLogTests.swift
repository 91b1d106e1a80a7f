import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Testing
import TextCatalogue

@testable import Agent

@Suite("Audit log")
struct AuditLogTests {
    /// A site with one release that was approved and sent, and one job that was refused.
    private func siteWithHistory() async throws -> (site: TestSite, job: Digest) {
        let site = try TestSite(approvals: "{jobs: manual, releases: manual}")
        try await site.index()
        let service = try site.service()
        let desk = try DecisionDesk(site.state)
        let job = try site.consortium.job(protocol: answerable(site))
        try site.accept(job, in: service)
        try await service.workLocally()
        try desk.decide(.jobs, nil, isApproval: true, by: "Ada", now: TestConsortium.now)
        try await service.workLocally()
        try desk.decide(.releases, nil, isApproval: true, by: "Grace", now: TestConsortium.now)
        try service.store.apply([.reported(.received), .sent(delivery: 1)], to: job.digest, now: TestConsortium.now)
        let replayed = try site.consortium.job(
            protocol: answerable(site), nonce: "ff0102030405060708090a0b0c0d0e0f")
        try site.accept(replayed, in: service)
        try await service.workLocally()
        return (site, job.digest)
    }

    private func answerable(_ site: TestSite) throws -> Envelope {
        try site.consortium.signedProtocol(TestConsortium.answerable)
    }

    /// What somebody with the file in hand can do to it. The triggers against accidents go first.
    private func tamper(_ site: TestSite, _ statements: String) throws {
        let script = """
            import sqlite3, sys
            store = sqlite3.connect(sys.argv[1])
            store.executescript('DROP TRIGGER IF EXISTS audit_is_not_changed;'
                'DROP TRIGGER IF EXISTS audit_is_not_shortened;' + sys.argv[2])
            store.commit()
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", script, site.state.jobs.path, statements]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    private func verdict(_ site: TestSite, noted: AuditHead? = nil) throws -> AuditVerdict {
        try AuditLog(site.state).verify(noted: noted)
    }

    @Test
    func `every decision is an entry: policy, data, job, gate with rule and reason, approvals with names, sending`()
        async throws
    {
        let (site, job) = try await siteWithHistory()
        let log = try AuditLog(site.state)
        let entries = try log.entries()
        #expect(
            entries.map(\.kind) == [
                "log-begun", "policy-set", "catalogue-indexed", "job-received", "job-verified", "job-waits",
                "job-approved", "job-started", "release-gated", "release-waits", "release-approved", "release-sent",
                "job-received", "job-refused",
            ])
        #expect(entries.map(\.number) == Array(1...14))
        #expect(try verdict(site).isIntact)

        let record = try #require(try JobStore(site.state).record(job))
        let gated = entries[8].fields
        #expect(gated["job"]?.stringValue == job.description)
        #expect(gated["release"]?.stringValue == Digest(of: try #require(record.release)).description)
        let details = try #require(ReleaseDetails(record))
        #expect(gated["numbers"]?.intValue == details.record.numbers)
        #expect(gated["withheld"] == (try JSONValue(encoding: details.record.withheld)))
        #expect(gated["withheld"]?[0]?["rule"]?.intValue != nil)
        #expect(gated["withheld"]?[0]?["reason"]?.stringValue != nil)
        // The release names the policy by the digest that the log has the whole of.
        #expect(details.payload["predicate"]?["policy"] == gated["policy"])
        #expect(entries[1].fields["disclosure"]?["minimumCount"]?.intValue == 10)
        #expect(entries[4].fields["sponsor"]?.stringValue == site.consortium.sponsor.verificationKey.keyID)
        #expect(entries[6].fields["by"]?.stringValue == "Ada")
        #expect(entries[10].fields["by"]?.stringValue == "Grace")
        #expect(entries[13].fields["reason"]?.stringValue == "replayed")
        // The data are named as the release names them.
        #expect(entries[2].fields["catalogue"] == details.payload["predicate"]?["catalogue"])
    }

    @Test func `where policy decides, the log says so`() async throws {
        let site = try TestSite()
        try await site.index()
        let service = try site.service()
        try site.accept(try site.consortium.job(protocol: answerable(site)), in: service)
        try await service.workLocally()
        let entries = try AuditLog(site.state).entries()
        let by = entries.filter { ["job-approved", "release-approved"].contains($0.kind) }.map { $0.fields["by"] }
        #expect(by == [.string("policy"), .string("policy")])
    }

    @Test func `an index is logged each time, the policy only when it changed`() async throws {
        let site = try TestSite()
        try await site.index()
        try await site.index()
        #expect(
            try AuditLog(site.state).entries().map(\.kind) == [
                "log-begun", "policy-set", "catalogue-indexed", "catalogue-indexed",
            ])
        let file = site.folder.url.appendingPathComponent("site.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try site.folder.write(text.replacingOccurrences(of: "{profile: acro}", with: "{profile: cms}"), to: "site.yaml")
        try await site.index()
        let entries = try AuditLog(site.state).entries()
        #expect(entries.suffix(2).map(\.kind) == ["policy-set", "catalogue-indexed"])
        #expect(entries[4].fields["disclosure"]?["minimumCount"]?.intValue == 11)
        #expect(try verdict(site).isIntact)
    }

    @Test func `a refused change of state leaves no entry either`() async throws {
        let (site, job) = try await siteWithHistory()
        let store = try JobStore(site.state)
        let before = try AuditLog(site.state).entries().count
        #expect(throws: AgentError(.invalidTransition, .agentUnknownJob)) {
            // The first of them is allowed and would be logged.
            try store.apply([.deliveredAgain, .verified], to: job, now: TestConsortium.now)
        }
        #expect(try AuditLog(site.state).entries().count == before)
        #expect(try verdict(site).isIntact)
    }

    @Test func `a release that is asked for again is an entry of its own`() async throws {
        let (site, job) = try await siteWithHistory()
        let service = try site.service()
        try site.accept(try site.consortium.job(protocol: answerable(site)), in: service)
        let last = try #require(try AuditLog(site.state).entries().last)
        #expect(last.kind == "release-asked-again")
        #expect(last.fields["job"]?.stringValue == job.description)
        #expect(try verdict(site).isIntact)
    }

    // MARK: Tampering

    @Test(
        "who edits, removes, adds or reorders entries is found at the first entry that is not as it was",
        arguments: [
            // Content.
            (
                "UPDATE audit SET fields = replace(fields, 'Ada', 'Eve') WHERE number = 7", Int64(7),
                AuditVerdict.Break.entryChanged
            ),
            ("UPDATE audit SET fields = '{}' WHERE number = 9", 9, .entryChanged),
            ("UPDATE audit SET fields = '{' WHERE number = 9", 9, .entryChanged),
            ("UPDATE audit SET fields = replace(fields, ',', ', ') WHERE number = 9", 9, .entryChanged),
            ("UPDATE audit SET time = time + 60 WHERE number = 7", 7, .entryChanged),
            ("UPDATE audit SET kind = 'job-declined' WHERE number = 7", 7, .entryChanged),
            ("UPDATE audit SET digest = replace(digest, 'a', 'b') WHERE number = 1", 1, .entryChanged),
            // Removal.
            ("DELETE FROM audit WHERE number = 1", 1, .entryMissing),
            ("DELETE FROM audit WHERE number = 9", 9, .entryMissing),
            ("DELETE FROM audit WHERE number BETWEEN 4 AND 12", 4, .entryMissing),
            // Removal, with the gap closed.
            (
                "DELETE FROM audit WHERE number = 9; UPDATE audit SET number = number - 1 WHERE number > 9", 9,
                .entryChanged
            ),
            // Order.
            (
                """
                UPDATE audit SET number = 99 WHERE number = 6; UPDATE audit SET number = 6 WHERE number = 7;
                UPDATE audit SET number = 7 WHERE number = 99
                """, 6, .entryChanged
            ),
            // The end.
            ("DELETE FROM audit WHERE number = 14", 14, .tailMissing),
            ("DELETE FROM audit WHERE number > 8", 9, .tailMissing),
            ("DELETE FROM audit", 1, .tailMissing),
            // The end, and the head moved back without the key.
            (
                """
                DELETE FROM audit WHERE number > 12; UPDATE audit_head
                SET number = 12, digest = (SELECT digest FROM audit WHERE number = 12)
                """, 12, .headForged
            ),
            ("DELETE FROM audit_head", 14, .headForged),
            ("UPDATE audit_head SET seal = NULL", 14, .headForged),
            ("UPDATE audit_head SET seal = zeroblob(32)", 14, .headForged),
            // The jobs beside the log.
            ("UPDATE jobs SET release = CAST('{}' AS BLOB) WHERE release IS NOT NULL", 12, .releaseDiffers),
            (
                "UPDATE jobs SET release = NULL, local_record = NULL, state = 'approved' WHERE state = 'released'", 12,
                .jobDiffers
            ),
            ("DELETE FROM transitions; DELETE FROM jobs WHERE state = 'refused'", 14, .jobDiffers),
            (
                """
                INSERT INTO jobs (digest, study, envelope, received, state) SELECT
                    replace(digest, 'a', 'b'), study, envelope, received, 'received' FROM jobs LIMIT 1
                """, 14, .jobNotLogged
            ),
        ] as [(String, Int64, AuditVerdict.Break)])
    func tampering(_ statements: String, _ number: Int64, _ reason: AuditVerdict.Break) async throws {
        let (site, _) = try await siteWithHistory()
        #expect(try verdict(site).isIntact)
        try tamper(site, statements)
        #expect(try verdict(site) == .broken(at: number, reason))
    }

    @Test func `an entry that was made up with a right digest does not fit the chain`() async throws {
        let (site, _) = try await siteWithHistory()
        let entries = try AuditLog(site.state).entries()
        // Everything is made anew for entry 7, also what entry 8 says of it, but 9 still names the old 8.
        let forged = AuditEntry(
            number: 7, time: entries[6].time, kind: .jobApproved, fields: ["by": "Eve"], previous: entries[5].digest)
        let next = AuditEntry(
            number: 8, time: entries[7].time, kind: .jobStarted, fields: entries[7].fields, previous: forged.digest)
        for entry in [forged, next] {
            try tamper(
                site,
                """
                UPDATE audit SET fields = '\(entry.fields)', previous = '\(entry.previous)', digest = '\(entry.digest)'
                WHERE number = \(entry.number)
                """)
        }
        #expect(try verdict(site) == .broken(at: 9, .chainBroken))
    }

    @Test func `damage does not heal when the agent goes on writing`() async throws {
        for statements in [
            "DELETE FROM audit WHERE number > 12; DELETE FROM audit_head",
            """
            DELETE FROM audit WHERE number > 12; UPDATE audit_head
            SET number = 12, digest = (SELECT digest FROM audit WHERE number = 12)
            """,
            "DELETE FROM audit; DELETE FROM audit_head",
            "DELETE FROM audit WHERE number > 12",
        ] {
            let (site, _) = try await siteWithHistory()
            try tamper(site, statements)
            try await site.index()
            #expect(try !verdict(site).isIntact, "\(statements)")
            try await site.index()
            #expect(try !verdict(site).isIntact, "\(statements)")
        }
    }

    @Test func `a head that was noted elsewhere shows a log that was put back whole, or made anew with the key`()
        async throws
    {
        let (site, job) = try await siteWithHistory()
        let old = try Data(contentsOf: site.state.jobs)
        let wal = try? Data(contentsOf: URL(fileURLWithPath: site.state.jobs.path + "-wal"))
        guard case .intact(let earlier?) = try verdict(site) else {
            Issue.record("not intact")
            return
        }
        try JobStore(site.state).apply([.deliveredAgain], to: job, now: TestConsortium.now)
        guard case .intact(let later?) = try verdict(site) else {
            Issue.record("not intact")
            return
        }
        #expect(later.number == earlier.number + 1)
        #expect(try verdict(site, noted: earlier).isIntact)
        #expect(try verdict(site, noted: later).isIntact)

        // The copy of before the last entry is a log like any other; only who noted the head knows better.
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: site.state.jobs.path + suffix)
        }
        try old.write(to: site.state.jobs)
        if let wal { try wal.write(to: URL(fileURLWithPath: site.state.jobs.path + "-wal")) }
        #expect(try verdict(site).isIntact)
        #expect(try verdict(site, noted: later) == .broken(at: 15, .notedHeadDiffers))

        // Who has the site key can go on from there as if nothing had been.
        try JobStore(site.state).record(.catalogueIndexed, ["snapshot": 1], now: TestConsortium.now)
        #expect(try verdict(site).isIntact)
        #expect(try verdict(site, noted: later) == .broken(at: 15, .notedHeadDiffers))
    }

    @Test func `a head is read as it is printed`() throws {
        let digest = Digest(of: Data("x".utf8))
        let head = AuditHead(number: 12, digest: digest)
        #expect(AuditHead(head.description) == head)
        for text in ["", "12", "12:", "0:\(digest)", "-1:\(digest)", "12:\(digest.hex)", "x:\(digest)"] {
            #expect(AuditHead(text) == nil, "\(text)")
        }
    }

    // MARK: Older stores

    @Test func `a store from before the log is taken over: its jobs are the first entries`() async throws {
        let (site, job) = try await siteWithHistory()
        try tamper(
            site,
            """
            DROP TABLE audit; DROP TABLE audit_head; DROP INDEX jobs_sponsor;
            ALTER TABLE jobs DROP COLUMN sponsor; ALTER TABLE jobs DROP COLUMN cause;
            ALTER TABLE jobs DROP COLUMN job_decline_reason; ALTER TABLE jobs DROP COLUMN release_decline_reason;
            DELETE FROM grdb_migrations WHERE identifier = '3-audit';
            """)
        #expect(try verdict(site) == .intact(nil))
        try JobStore(site.state).apply([.deliveredAgain], to: job, now: TestConsortium.now)
        let entries = try AuditLog(site.state).entries()
        #expect(entries.map(\.kind) == ["log-begun", "job-known", "job-known", "release-asked-again"])
        #expect(entries[1].fields["state"]?.stringValue == "released")
        #expect(try verdict(site).isIntact)
        try tamper(site, "UPDATE jobs SET release = CAST('{}' AS BLOB) WHERE release IS NOT NULL")
        #expect(try verdict(site) == .broken(at: 4, .releaseDiffers))
    }

    @Test func `the document holds every entry and the head, and each digest can be computed again from it`()
        async throws
    {
        let (site, _) = try await siteWithHistory()
        let document = try AuditLog(site.state).document()
        let entries = try #require(document["entries"]?.arrayValue)
        #expect(entries.count == 14)
        var previous = "sha256:" + String(repeating: "0", count: 64)
        for entry in entries {
            var content = try #require(entry.objectValue)
            #expect(content["previous"]?.stringValue == previous)
            content["digest"] = nil
            previous = Digest(of: JSONValue.object(content).canonicalBytes).description
            #expect(entry["digest"]?.stringValue == previous)
        }
        #expect(document["head"]?.stringValue == "14:\(previous)")
    }
}
