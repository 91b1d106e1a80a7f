import Catalogue
import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Testing
import TextCatalogue

@testable import Agent

@Suite("Jobs that wait for a person")
struct WaitingTests {
    private let site: TestSite
    private let now = TestConsortium.now

    init() async throws {
        site = try TestSite(approvals: "{jobs: manual, releases: manual}")
        try await site.index()
    }

    /// The agent at another moment; only one can have the state directory at a time.
    private func work(at time: Timestamp, _ body: (AgentService) throws -> Void = { _ in }) async throws {
        let service = try site.service(now: time)
        try body(service)
        try await service.workLocally()
    }

    private func state(_ job: Envelope) throws -> SiteJob.State? {
        try JobStore(site.state).record(job.digest)?.job.state
    }

    @Test("a job that nobody decides about in time fails as expired, and a decision comes too late then")
    func job() async throws {
        let job = try site.consortium.job(expires: now.adding(seconds: 100))
        try await work(at: now) { try site.accept(job, in: $0) }
        try await work(at: now.adding(seconds: 99))
        #expect(try state(job) == .awaitingJobApproval)
        try await work(at: now.adding(seconds: 100))
        #expect(try state(job) == .failed(.expired))
        #expect(try JobStore(site.state).record(job.digest)?.job.remoteAction == .report(.received))
        #expect(throws: AgentError(.nothingToDecide, .agentNoJobWaits)) {
            try DecisionDesk(site.state).decide(
                .jobs, String(job.digest.hex.prefix(8)), isApproval: true, by: "Ada", now: now)
        }
    }

    @Test("a release that nobody decides about before its protocol expires is not sent")
    func release() async throws {
        let document = TestConsortium.document(changing: ["expires": .string(now.adding(seconds: 60).description)])
        let job = try site.consortium.job(
            protocol: try site.consortium.signedProtocol(document), expires: now.adding(seconds: 86_400))
        try await work(at: now) { try site.accept(job, in: $0) }
        try DecisionDesk(site.state).decide(.jobs, nil, isApproval: true, by: "Ada", now: now)
        try await work(at: now.adding(seconds: 59))
        #expect(try state(job) == .awaitingReleaseApproval)
        try await work(at: now.adding(seconds: 60))
        #expect(try state(job) == .failed(.expired))
    }

    @Test("a job that was approved in time but not begun in time fails as expired, it is not refused")
    func approved() async throws {
        let job = try site.consortium.job(expires: now.adding(seconds: 100))
        try await work(at: now) { try site.accept(job, in: $0) }
        try DecisionDesk(site.state).decide(.jobs, nil, isApproval: true, by: "Ada", now: now)
        try await work(at: now.adding(seconds: 100))
        #expect(try state(job) == .failed(.expired))
    }

    /// The site's description with a policy that no longer names the purpose of the test's protocol.
    private func narrowPurposes() async throws {
        let file = site.folder.url.appendingPathComponent("site.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try #require(text.contains("purposes: []"))
        try site.folder.write(
            text.replacingOccurrences(of: "purposes: []", with: "purposes: [regulatory]"), to: "site.yaml")
        try await site.index()
    }

    @Test("a purpose that the policy has ceased to name is declined, though a person approves the job")
    func purposeAtApproval() async throws {
        let job = try site.consortium.job()
        try await work(at: now) { try site.accept(job, in: $0) }
        try await narrowPurposes()
        let summary = try DecisionDesk(site.state).decide(.jobs, nil, isApproval: true, by: "Ada", now: now)
        #expect(summary.state == "declined")
        #expect(try state(job) == .declined(.policy))
    }

    @Test("a purpose that the policy has ceased to name is declined when the job is to run")
    func purposeAtStart() async throws {
        let job = try site.consortium.job()
        try await work(at: now) { try site.accept(job, in: $0) }
        try DecisionDesk(site.state).decide(.jobs, nil, isApproval: true, by: "Ada", now: now)
        #expect(try state(job) == .approved)
        try await narrowPurposes()
        try await work(at: now)
        #expect(try state(job) == .declined(.policy))
        #expect(try JobStore(site.state).record(job.digest)?.snapshot == nil)
    }

    @Test("without a digest the desk says that none waits, or which ones do")
    func choosing() async throws {
        let desk = try DecisionDesk(site.state)
        func decide(_ id: String?) throws { try desk.decide(.jobs, id, isApproval: true, by: "Ada", now: now) }
        #expect(throws: AgentError(.nothingToDecide, .agentNoJobWaits)) { try decide(nil) }
        let other = TestConsortium.document(changing: ["version": "1.0.1"])
        let jobs = [
            try site.consortium.job(),
            try site.consortium.job(
                protocol: try site.consortium.signedProtocol(other), nonce: "ff0102030405060708090a0b0c0d0e0f"),
        ]
        try await work(at: now) { service in for job in jobs { try site.accept(job, in: service) } }
        let error = #expect(throws: AgentError.self) { try decide(nil) }
        #expect(error?.kind == .ambiguousJob)
        for job in jobs { #expect(error?.phrase.english.contains(job.digest.hex.prefix(12)) == true) }
        #expect(throws: AgentError(.unknownJob, .agentUnknownJob)) { try decide("abc") }
        #expect(throws: AgentError(.unknownJob, .agentUnknownJob)) { try decide("no-such-digest") }
        try decide(jobs[1].digest.description)
        #expect(try state(jobs[1]) == .approved)
        try decide(nil)
        #expect(try state(jobs[0]) == .approved)
    }

    @Test("settings of an agent that did not know limits of models have the default limits")
    func olderSettings() throws {
        let file = site.state.url.appendingPathComponent("site.json")
        var object = try #require(try StrictJSON.parse(Data(contentsOf: file)).objectValue)
        #expect(object["modelLimits"] != nil)
        object["modelLimits"] = nil
        try JSONValue.object(object).canonicalBytes.write(to: file)
        let settings = try #require(try SiteSettings.read(site.state))
        #expect(settings.modelLimits.seconds == 600)
        #expect(settings.modelLimits.memoryMiB == 4_096)
        #expect(settings.purposes.isEmpty)
    }
}
