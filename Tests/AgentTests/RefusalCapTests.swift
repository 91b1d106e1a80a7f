import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Synchronization
import Testing
import TextCatalogue

@testable import Agent

@Suite("Caps over time")
struct RefusalCapTests {
    /// A job for a protocol of its own.
    private func job(
        _ number: Int, at site: TestSite, isRefused: Bool = true, by sponsor: SigningKey? = nil, days: Int64 = 9
    ) throws -> Envelope {
        let document = TestConsortium.document(
            changing: ["version": .string("1.0.\(number)")],
            of: isRefused ? TestConsortium.unanswerable : TestConsortium.answerable)
        return try site.consortium.job(
            protocol: try site.consortium.signedProtocol(document, by: sponsor),
            nonce: String(repeating: "0", count: 30) + (number < 16 ? "0" : "") + String(number, radix: 16),
            expires: TestConsortium.now.adding(seconds: days * 86_400))
    }

    private func outcome(_ job: Envelope, in service: AgentService, _ site: TestSite) async throws -> JobRecord {
        try site.accept(job, in: service)
        try await service.workLocally()
        return try #require(try service.store.record(job.digest))
    }

    @Test func `a sponsor whose jobs were refused as often as policy allows gets no further one computed`() async throws
    {
        let site = try TestSite(disclosure: "{maximumRefusals: 2}")
        try await site.index()
        let service = try site.service()
        for number in 1...2 {
            let record = try await outcome(try job(number, at: site), in: service, site)
            #expect(record.job.state == .failed(.notReleasable))
            #expect(record.cause == "nothing-released")
            #expect(record.started != nil)
        }
        // Also a job that could be answered: whether it is would be the next bit.
        let record = try await outcome(try job(3, at: site, isRefused: false), in: service, site)
        #expect(record.job.state == .failed(.notReleasable))
        #expect(record.cause == "refusal-cap")
        #expect(record.started == nil)
        #expect(record.snapshot == nil)
        #expect(record.release == nil)
        let last = try #require(try AuditLog(site.state).entries().last)
        #expect(last.kind == "job-failed")
        #expect(last.fields["cause"]?.stringValue == "refusal-cap")
        #expect(try AuditLog(site.state).verify().isIntact)
    }

    @Test func `another sponsor is not held to it, and neither is a sponsor whose jobs were answered`() async throws {
        var generator = SeededGenerator(state: 99)
        let other = SigningKey.generate(using: &generator)
        let site = try TestSite(disclosure: "{maximumRefusals: 1}", sponsors: [other])
        try await site.index()
        let service = try site.service()
        #expect(
            try await outcome(try job(1, at: site, isRefused: false, by: other), in: service, site).job.state
                == .sending)
        #expect(try await outcome(try job(2, at: site), in: service, site).cause == "nothing-released")
        #expect(try await outcome(try job(3, at: site), in: service, site).cause == "refusal-cap")
        #expect(
            try await outcome(try job(4, at: site, isRefused: false, by: other), in: service, site).job.state
                == .sending)
    }

    @Test func `when the window has passed the sponsor is answered again, however often it asked meanwhile`()
        async throws
    {
        let site = try TestSite(disclosure: "{maximumRefusals: 1, refusalDays: 2}")
        try await site.index()
        let seconds = Atomic<Int64>(0)
        let service = try site.service {
            TestConsortium.now.adding(seconds: seconds.load(ordering: .relaxed))
        }
        #expect(try await outcome(try job(1, at: site), in: service, site).cause == "nothing-released")
        seconds.store(86_400, ordering: .relaxed)
        #expect(try await outcome(try job(2, at: site, isRefused: false), in: service, site).cause == "refusal-cap")
        seconds.store(2 * 86_400, ordering: .relaxed)
        #expect(try await outcome(try job(3, at: site, isRefused: false), in: service, site).cause == "refusal-cap")
        seconds.store(2 * 86_400 + 1, ordering: .relaxed)
        #expect(try await outcome(try job(4, at: site, isRefused: false), in: service, site).job.state == .sending)
    }

    @Test func `a release that a person declined is a refusal too, a job that a person declined is none`() async throws
    {
        let site = try TestSite(
            approvals: "{jobs: manual, releases: manual}", disclosure: "{maximumRefusals: 1}")
        try await site.index()
        let service = try site.service()
        let desk = try DecisionDesk(site.state)
        _ = try await outcome(try job(1, at: site, isRefused: false), in: service, site)
        try desk.decide(.jobs, nil, isApproval: false, by: "Ada", reason: .purpose, now: TestConsortium.now)
        _ = try await outcome(try job(2, at: site, isRefused: false), in: service, site)
        try desk.decide(.jobs, nil, isApproval: true, by: "Ada", now: TestConsortium.now)
        try await service.workLocally()
        let declined = try desk.decide(
            .releases, nil, isApproval: false, by: "Ada", reason: .identifiable, now: TestConsortium.now)
        #expect(declined.reason == "release-declined")
        #expect(declined.releaseDecision?.reason == .identifiable)
        // Nobody is asked about a job that is refused anyhow.
        let third = try await outcome(try job(3, at: site, isRefused: false), in: service, site)
        #expect(third.job.state == .failed(.notReleasable))
        let entries = try AuditLog(site.state).entries()
        let why = entries.filter { ["job-declined", "release-declined"].contains($0.kind) }.map { $0.fields["why"] }
        #expect(why == [.string("purpose"), .string("identifiable")])
        // Neither the reason nor the name is in what the coordinator is told.
        let statuses = try JobStore(site.state).records().map { $0.job.state.status }
        #expect(statuses == [.declined(.jobDeclined), .declined(.releaseDeclined), .failed(.notReleasable)])
    }

    @Test func `no more numbers leave of a dataset than policy says, over all sponsors`() async throws {
        let site = try TestSite(disclosure: "{maximumDatasetNumbers: 20, datasetNumbersPerPatient: 0}")
        try await site.index()
        let service = try site.service()
        let first = try await outcome(try job(1, at: site, isRefused: false), in: service, site)
        #expect(first.job.state == .sending)
        let numbers = try service.store.releasedNumbers()
        #expect((11...20).contains(numbers))
        let second = try await outcome(try job(2, at: site, isRefused: false), in: service, site)
        #expect(second.job.state == .failed(.notReleasable))
        #expect(second.cause == "dataset-numbers")
        #expect(try service.store.releasedNumbers() == numbers)
    }

    @Test func `what a person declined has not left and does not count`() async throws {
        let site = try TestSite(
            approvals: "{jobs: automatic, releases: manual}",
            disclosure: "{maximumDatasetNumbers: 20, datasetNumbersPerPatient: 0}")
        try await site.index()
        let service = try site.service()
        _ = try await outcome(try job(1, at: site, isRefused: false), in: service, site)
        #expect(try service.store.releasedNumbers() > 0)
        try DecisionDesk(site.state).decide(
            .releases, nil, isApproval: false, by: "Ada", reason: .other, now: TestConsortium.now)
        #expect(try service.store.releasedNumbers() == 0)
        let second = try await outcome(try job(2, at: site, isRefused: false), in: service, site)
        #expect(second.job.state == .awaitingReleaseApproval)
    }

    @Test func `the data manager sees why nothing could leave`() async throws {
        let site = try TestSite()
        try await site.index()
        let service = try site.service()
        let refused = try job(1, at: site)
        _ = try await outcome(refused, in: service, site)
        let entry = try #require(try AuditLog(site.state).entries().last)
        #expect(entry.kind == "job-failed")
        #expect(entry.fields["numbers"]?.intValue == 0)
        #expect((entry.fields["withheld"]?.arrayValue?.count ?? 0) == 2)
        #expect(
            try DecisionDesk(site.state).job(String(refused.digest.hex.prefix(12))).summary.cause == "nothing-released")
    }
}
