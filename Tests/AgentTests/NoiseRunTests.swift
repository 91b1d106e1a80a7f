import Disclosure
import Evidence
import Foundation
import Messages
import Privacy
import Statistics
import StrictJSON
import StudyProtocol
import Testing
import TextCatalogue

@testable import Agent

@Suite("Noise and its budget, from the job to the stored release")
struct NoiseRunTests {
    private static let noise: JSONValue = [
        "mechanism": "discrete-gaussian", "epsilon": "1", "delta": "0.00001", "casesPerPatient": 1,
    ]
    /// Asks for noise on the flow and one table.
    private static func document(_ number: Int = 0, noise: JSONValue? = Self.noise) -> JSONValue {
        TestConsortium.document(
            changing: [
                "version": .string("1.0.\(number)"),
                "statistics": [["id": "sex-table", "kind": "table", "axes": ["sex", "side"]]],
                "disclosure": .object(
                    noise.map { ["minimumCell": 10, "noise": $0] } ?? ["minimumCell": 10]),
            ], of: TestConsortium.answerable)
    }
    private static let budget = "{privacy: {mechanism: none, epsilon: 3, delta: 0.00001}}"

    private func run(_ number: Int, _ document: JSONValue, at site: TestSite, in service: AgentService) async throws
        -> (job: Envelope, record: JobRecord)
    {
        let job = try site.consortium.job(
            protocol: try site.consortium.signedProtocol(document),
            nonce: String(repeating: "0", count: 31) + String(number, radix: 16))
        try site.accept(job, in: service)
        try await service.workLocally()
        return (job, try #require(try service.store.record(job.digest)))
    }

    private func numbers(_ release: ReleasePredicate) throws -> [[Int64]] {
        try release.answers.map { record in
            guard case .noisyCounts(let counts)? = record.answer.aggregate else {
                Issue.record("no noisy counts: \(record)")
                return []
            }
            try #require(counts.casesPerPatient == 1)
            return counts.numbers
        }
    }

    private func local(_ record: JobRecord) throws -> LocalRecord {
        try StrictJSON.decode(LocalRecord.self, from: try #require(record.localRecord))
    }

    private func tamper(_ site: TestSite, _ statements: String) throws {
        let script = """
            import sqlite3, sys
            store = sqlite3.connect(sys.argv[1])
            store.executescript('DROP TRIGGER IF EXISTS privacy_charges_are_not_changed;'
                'DROP TRIGGER IF EXISTS privacy_charges_are_not_removed;' + sys.argv[2])
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", script, site.state.jobs.path, statements]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    @Test func `every count of a release that a protocol wants noisy is noisy, and the budget is charged once`()
        async throws
    {
        let site = try TestSite(disclosure: Self.budget)
        try await site.index()
        let service = try site.service()
        let (job, record) = try await run(1, Self.document(), at: site, in: service)
        #expect(record.job.state == .sending)
        let noisy = try numbers(try site.released(record))
        // Each axis has a level of its own for what is missing.
        #expect(noisy.map(\.count) == [1, 9])
        // 80 lesions of 60 patients, of whom one counts each.
        let flow = try #require(noisy.first?.first)
        let noise = try #require(try local(record).noise)
        #expect(noise.answers.map(\.name) == ["flow", "sex-table"])
        let width = try #require(noise.answers.first?.halfWidth)
        #expect(width > 2 && width < 40)
        #expect(abs(flow - 60) <= Int64(4 * width))
        #expect(try local(record).ledger == nil)

        let charges = try service.store.privacyCharges()
        #expect(charges.map(\.release) == [job.digest.description])
        #expect(charges.map(\.cost.description) == [noise.cost])
        let entries = try AuditLog(site.state).entries()
        let debit = try #require(entries.first { $0.kind == "budget-debited" })
        let gated = try #require(entries.first { $0.kind == "release-gated" })
        #expect(debit.number < gated.number)
        #expect(debit.fields["cost"]?.stringValue == noise.cost)
        #expect(try AuditLog(site.state).verify().isIntact)
    }

    @Test func `a job that is sent again gets the same bytes, not a second draw`() async throws {
        let site = try TestSite(disclosure: Self.budget)
        try await site.index()
        let service = try site.service()
        let (job, first) = try await run(1, Self.document(), at: site, in: service)
        try service.store.apply([.reported(.received), .sent(delivery: 1)], to: job.digest, now: TestConsortium.now)
        for _ in 0..<3 {
            try site.accept(job, in: service)
            try await service.workLocally()
        }
        let second = try #require(try service.store.record(job.digest))
        #expect(second.job.state == .sending)
        #expect(second.release == first.release)
        #expect(try service.store.privacyCharges().count == 1)

        // A process that is made to run the job again has a charge that it cannot make twice.
        try tamper(
            site,
            "UPDATE jobs SET state = 'running', release = NULL, local_record = NULL WHERE digest = '\(job.digest)'")
        await #expect(throws: AgentError(.storeFailed, .agentStoreFailed)) { try await service.workLocally() }
        #expect(try service.store.record(job.digest)?.release == nil)
        #expect(try service.store.privacyCharges().count == 1)
    }

    @Test func `the same question in another protocol draws anew and pays again, and a spent budget answers nothing`()
        async throws
    {
        let site = try TestSite(disclosure: Self.budget)
        try await site.index()
        let service = try site.service()
        var releases: [[[Int64]]] = []
        var last: JobRecord?
        for number in 1...12 {
            let (_, record) = try await run(number, Self.document(number), at: site, in: service)
            last = record
            guard record.job.state == .sending else { break }
            releases.append(try numbers(try site.released(record)))
        }
        let refused = try #require(last)
        #expect(refused.job.state == .failed(.notReleasable))
        #expect(refused.cause == "privacy-budget-spent")
        // (3, 1e-5) pays for more than three releases of (1, 1e-5): costs of zCDP add up to less than epsilons do.
        #expect(releases.count > 3 && releases.count < 12)
        #expect(Set(releases).count > 1)
        #expect(try service.store.privacyCharges().count == releases.count)
        #expect(try AuditLog(site.state).verify().isIntact)
    }

    @Test func `a site that has set no budget gives none away`() async throws {
        let site = try TestSite()
        try await site.index()
        let service = try site.service()
        let (_, record) = try await run(1, Self.document(), at: site, in: service)
        #expect(record.job.state == .failed(.notReleasable))
        #expect(record.cause == "no-privacy-budget")
        #expect(record.release == nil)
        #expect(try service.store.privacyCharges().isEmpty)
    }

    @Test func `where the site's policy wants noise, no protocol gets exact numbers`() async throws {
        let site = try TestSite(
            disclosure: "{privacy: {mechanism: discrete-laplace, epsilon: 20, casesPerPatient: 1}}")
        try await site.index()
        let service = try site.service()
        let (_, record) = try await run(1, TestConsortium.answerable, at: site, in: service)
        #expect(record.job.state == .sending)
        let release = try site.released(record)
        for answer in release.answers {
            guard let aggregate = answer.answer.aggregate else {
                #expect(answer.name.rawValue == "size")
                continue
            }
            #expect(aggregate.kind == .noisyCounts)
        }
        let withheld = try local(record).withheld
        #expect(withheld.map(\.name) == ["size"])
        #expect(withheld.map(\.reason) == [.notProtectableByNoise])
        #expect(withheld.map(\.rule) == [17])
        #expect(try local(record).noise?.delta == nil)
    }

    @Test func `a release that a person declines stays charged`() async throws {
        let site = try TestSite(approvals: "{jobs: automatic, releases: manual}", disclosure: Self.budget)
        try await site.index()
        let service = try site.service()
        let (_, waiting) = try await run(1, Self.document(), at: site, in: service)
        #expect(waiting.job.state == .awaitingReleaseApproval)
        let details = try #require(ReleaseDetails(waiting))
        let text = (details.text.table(in: .english) + details.text.record(in: .english)).joined(separator: "\n")
        #expect(text.contains("sex=F, side=left"))
        #expect(text.contains("Noise: discrete-gaussian, epsilon = 1, delta = 0.00001; at most 1 cases"))
        try DecisionDesk(site.state).decide(.releases, nil, isApproval: false, by: "Ada", now: TestConsortium.now)
        #expect(try service.store.privacyCharges().count == 1)
        #expect(try service.store.releasedNumbers() == 0)
    }

    @Test func `a release that cannot be kept is not charged`() async throws {
        let site = try TestSite(disclosure: Self.budget)
        try await site.index()
        let service = try site.service()
        // The last statement of the transaction fails, after the charge was written.
        try tamper(
            site,
            """
            CREATE TRIGGER no_release BEFORE UPDATE OF release ON jobs WHEN NEW.release IS NOT NULL
                BEGIN SELECT RAISE(ABORT, 'full'); END
            """)
        let job = try site.consortium.job(protocol: try site.consortium.signedProtocol(Self.document()))
        try site.accept(job, in: service)
        await #expect(throws: AgentError(.storeFailed, .agentStoreFailed)) { try await service.workLocally() }
        #expect(try service.store.privacyCharges().isEmpty)
        #expect(!(try AuditLog(site.state).entries().contains { $0.kind == "budget-debited" }))
        try tamper(site, "DROP TRIGGER no_release")
        try await service.workLocally()
        #expect(try service.store.record(job.digest)?.job.state == .sending)
        #expect(try service.store.privacyCharges().count == 1)
    }

    @Test(arguments: ["DELETE FROM privacy_charges", "UPDATE privacy_charges SET cost = cost - 1"])
    func `a budget that was made larger by hand shows in the audit log`(tampering: String) async throws {
        let site = try TestSite(disclosure: Self.budget)
        try await site.index()
        let service = try site.service()
        _ = try await run(1, Self.document(), at: site, in: service)
        #expect(try AuditLog(site.state).verify().isIntact)
        try tamper(site, tampering)
        guard case .broken(let number, .budgetDiffers) = try AuditLog(site.state).verify() else {
            Issue.record("not noticed")
            return
        }
        #expect(try AuditLog(site.state).entries().first { $0.number == number }?.kind == "budget-debited")
    }

    @Test func `a preview shows an example of the noise, charges nothing and says what a job would meet`() async throws
    {
        let site = try TestSite(disclosure: Self.budget)
        try await site.index()
        let bytes = Self.document().canonicalBytes
        let preview = try await Preview.make(of: bytes, state: site.state, now: TestConsortium.now)
        #expect(preview.remarks == [.noiseIsAnExample])
        #expect(preview.answers.allSatisfy { $0.answer.aggregate?.kind == .noisyCounts })
        #expect(try JobStore(site.state).privacyCharges().isEmpty)

        let without = try TestSite()
        try await without.index()
        let other = try await Preview.make(of: bytes, state: without.state, now: TestConsortium.now)
        #expect(other.remarks == [.noiseIsAnExample, .noBudget])
    }
}
