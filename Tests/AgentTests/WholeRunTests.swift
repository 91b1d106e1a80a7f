import Evidence
import Foundation
import Messages
import Statistics
import StrictJSON
import StudyProtocol
import Synchronization
import Testing
import TextCatalogue

@testable import Agent

@Suite("A job from verification to the stored release")
struct WholeRunTests {
    @Test("a cohort description is computed, gated, signed and stored, with everything bound")
    func cohortDescription() async throws {
        let site = try TestSite()
        try await site.index()
        let service = try site.service()
        let job = try site.consortium.job()
        try site.accept(job, in: service)
        try await service.workLocally()

        let record = try #require(try service.store.record(job.digest))
        #expect(record.job.state == .sending)
        #expect(record.job.remoteAction == .report(.received))
        let release = try site.released(record)
        #expect(release.job == job.digest)
        #expect(release.study.rawValue == "lesion-sizes-1")
        #expect(release.studyProtocol == (try site.consortium.signedProtocol().digest))
        #expect(release.model == nil)
        #expect(release.agent.version == AgentVersion.current)
        #expect(release.times.accepted == TestConsortium.now)
        #expect(
            release.answers.map(\.name.rawValue) == ["flow", "size", "size-histogram", "sex-table"])

        // The same numbers by hand: lesions of at least 3 mm.
        let kept = TestSite.sizes.compactMap { row in Double(row.size).map { (row.patient, $0) } }.filter { $0.1 >= 3 }
        let units = kept.map { Int(($0.1 * 10).rounded()) }
        guard case .moments(let moments)? = release.answers[1].answer.aggregate, let group = moments.groups.first else {
            Issue.record("no moments: \(release.answers[1])")
            return
        }
        #expect(group.n == .exact(kept.count))
        #expect(group.patients == .exact(Set(kept.map(\.0)).count))
        #expect(group.sum == WideInteger(Int128(units.reduce(0, +))))
        #expect(group.sumSquares == WideInteger(Int128(units.reduce(0) { $0 + $1 * $1 })))
    }

    @Test("the same job again gives the same bytes, and nothing is computed a second time")
    func sameBytes() async throws {
        let site = try TestSite()
        try await site.index()
        let job = try site.consortium.job()
        let service = try site.service()
        try site.accept(job, in: service)
        try await service.workLocally()
        let first = try #require(try service.store.record(job.digest))
        try service.store.apply([.reported(.received), .sent(delivery: 1)], to: job.digest, now: TestConsortium.now)

        try site.accept(job, in: service)
        try await service.workLocally()
        let second = try #require(try service.store.record(job.digest))
        #expect(second.job.state == .sending)
        #expect(second.release == first.release)
    }

    @Test("a process that ended while it ran goes on, with the catalogue that it began with")
    func resumed() async throws {
        let site = try TestSite()
        try await site.index()
        let job = try site.consortium.job()
        let expected: Data?
        do {
            let service = try site.service()
            try site.accept(job, in: service)
            try await service.workLocally()
            expected = try service.store.record(job.digest)?.release
        }
        // Another state directory would have other keys, so the same one is wound back to the middle of the run.
        try FileManager.default.removeItem(at: site.state.jobs)
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: site.state.jobs.path + suffix) }
        do {
            let store = try JobStore(site.state)
            guard case .accepted(let signed) = site.consortium.verifier.signature(of: job) else { return }
            _ = try store.accept(job.encoded, of: signed, now: TestConsortium.now)
            try store.apply([.verified, .jobApproved, .started], to: job.digest, now: TestConsortium.now) {
                $0.snapshot = 1
            }
        }
        try site.folder.write("lesion,patient,size,sex,side\nx,y,10.0,F,left\n", to: "lesions.csv")
        try await site.index()
        let service = try site.service()
        try await service.workLocally()
        #expect(try service.store.record(job.digest)?.release == expected)
        #expect(expected != nil)
    }

    @Test("where policy asks, a person decides about the job and about the release, and the name stays here")
    func approvals() async throws {
        let site = try TestSite(approvals: "{jobs: manual, releases: manual}")
        try await site.index()
        let service = try site.service()
        let desk = try DecisionDesk(site.state)
        let job = try site.consortium.job()
        try site.accept(job, in: service)
        try await service.workLocally()
        #expect(try service.store.record(job.digest)?.job.state == .awaitingJobApproval)

        #expect(throws: AgentError(.nameRequired, .agentNameRequired)) {
            try desk.decide(.jobs, nil, isApproval: true, by: "  ", now: TestConsortium.now)
        }
        #expect(throws: AgentError(.nothingToDecide, .agentUnknownJob)) {
            try desk.decide(.releases, nil, isApproval: true, by: "Ada", now: TestConsortium.now)
        }
        try desk.decide(.jobs, nil, isApproval: true, by: "Ada", now: TestConsortium.now)
        try await service.workLocally()
        let waiting = try #require(try service.store.record(job.digest))
        #expect(waiting.job.state == .awaitingReleaseApproval)

        let shown = try desk.release(nil)
        #expect(shown.payload == (try StrictJSON.parse(Envelope(try #require(waiting.release)).payload)))
        #expect(!shown.record.withheld.isEmpty)
        try desk.decide(
            .releases, String(job.digest.hex.prefix(8)), isApproval: true, by: "Grace", now: TestConsortium.now)
        let approved = try #require(try service.store.record(job.digest))
        #expect(approved.job.state == .sending)
        #expect(approved.release == waiting.release)
        #expect(approved.jobDecision?.name == "Ada")
        #expect(approved.releaseDecision?.name == "Grace")
        let leaving = String(decoding: try Envelope(try #require(approved.release)).payload, as: UTF8.self)
        #expect(!leaving.contains("Ada") && !leaving.contains("Grace"))
        #expect(throws: AgentError(.nothingToDecide, .agentUnknownJob)) {
            try desk.decide(
                .releases, String(job.digest.hex.prefix(8)), isApproval: false, by: "Eve", now: TestConsortium.now)
        }
    }

    @Test("a purpose that the policy does not name is declined, a job that fails verification refused")
    func refusals() async throws {
        let site = try TestSite(purposes: "[regulatory]")
        try await site.index()
        let service = try site.service()
        let declined = try site.consortium.job()
        let replayed = try site.consortium.job(expires: TestConsortium.now.adding(seconds: 5))
        try site.accept(declined, in: service)
        try site.accept(replayed, in: service)
        try await service.workLocally()
        #expect(try service.store.record(declined.digest)?.job.state == .declined(.policy))
        #expect(try service.store.record(replayed.digest)?.job.state == .refused(.replayed))
    }

    @Test("a protocol that the site answered is answered once: in another job it is a replay")
    func oneAnswer() async throws {
        let site = try TestSite()
        try await site.index()
        let service = try site.service()
        let first = try site.consortium.job()
        try site.accept(first, in: service)
        try await service.workLocally()
        let second = try site.consortium.job(nonce: "ff0102030405060708090a0b0c0d0e0f")
        try site.accept(second, in: service)
        try await service.workLocally()
        #expect(try service.store.record(first.digest)?.job.state == .sending)
        #expect(try service.store.record(second.digest)?.job.state == .refused(.replayed))
    }

    @Test("a job that killed the process before runs after the others, and once too often ends it")
    func poison() async throws {
        let site = try TestSite()
        try await site.index()
        let poison = try site.consortium.job()
        let document = TestConsortium.document(changing: ["version": "1.0.1"])
        let good = try site.consortium.job(
            protocol: try site.consortium.signedProtocol(document), nonce: "ff0102030405060708090a0b0c0d0e0f")
        // A clock that goes on whenever somebody looks shows what came first.
        let looks = Atomic<Int64>(0)
        let service = try site.service {
            TestConsortium.now.adding(seconds: looks.add(1, ordering: .relaxed).newValue)
        }
        try site.accept(poison, in: service)
        let starts = Array(repeating: SiteJob.Event.started, count: SiteJob.maximumUnfinishedStarts)
        try service.store.apply([.verified, .jobApproved] + starts, to: poison.digest, now: TestConsortium.now) {
            $0.snapshot = 1
        }
        try site.accept(good, in: service)
        try await service.workLocally()
        #expect(try service.store.record(good.digest)?.job.state == .sending)
        #expect(try service.store.record(poison.digest)?.job.state == .failed(.internalError))
        let started = try [good, poison].map { try #require(try service.store.record($0.digest)?.started) }
        #expect(started[0] < started[1])
    }

    @Test("a variable that the site declares otherwise is a failure with a fixed code, never an empty success")
    func mismatch() async throws {
        let site = try TestSite()
        try await site.index()
        let service = try site.service()
        let other = TestConsortium.document(changing: [
            "variables": [
                ["id": "size", "kind": "quantity", "unit": "cm", "resolution": "0.1", "range": ["0", "50"]],
                ["id": "sex", "kind": "category", "levels": ["F", "M"]],
                ["id": "side", "kind": "category", "levels": ["left", "right"]],
            ]
        ])
        let job = try site.consortium.job(protocol: try site.consortium.signedProtocol(other))
        try site.accept(job, in: service)
        try await service.workLocally()
        let record = try #require(try service.store.record(job.digest))
        #expect(record.job.state == .failed(.variableMismatch))
        #expect(record.release == nil)
    }

    @Test("a second agent does not work on the same state")
    func lock() async throws {
        let site = try TestSite()
        try await site.index()
        let first = try site.service()
        #expect(throws: AgentError(.alreadyServing, .agentUnknownJob)) { try site.service() }
        withExtendedLifetime(first) {}
    }

    @Test("the description of another site is not indexed")
    func wrongSite() async throws {
        let site = try TestSite()
        let file = site.folder.url.appendingPathComponent("site.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try site.folder.write(text.replacingOccurrences(of: "site: north", with: "site: south"), to: "site.yaml")
        await #expect(throws: AgentError(.wrongSite, .agentUnknownJob)) { try await site.index() }
    }
}
