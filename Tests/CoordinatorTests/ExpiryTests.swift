import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Testing

@testable import Coordinator

@Suite("Jobs and studies whose time is over") struct ExpiryTests {
    typealias Scene = ReleaseTests.Scene

    func status(_ scene: Scene, since: Int = 0, wait: Int = 0) async throws -> StudyStatus {
        let response = try await scene.coordinator.curl(
            "GET", "/v1/studies/\(scene.study)?since=\(since)&wait=\(wait)", bearer: scene.token)
        return try StrictJSON.decode(StudyStatus.self, from: response.body)
    }

    /// A session outlasts no expiry, so each look from then on needs a new one.
    func later(_ scene: Scene, by seconds: Int64) async throws -> Scene {
        scene.coordinator.clock.advance(seconds: seconds)
        let token = try await scene.coordinator.session(scene.key)
        return Scene(
            coordinator: scene.coordinator, key: scene.key, token: token, study: scene.study, sites: scene.sites,
            jobs: scene.jobs, plan: scene.plan)
    }

    @Test func `a live job fails at its expiry, in a new revision, and what was released stays`() async throws {
        try await Scene.run { scene in
            let release = try scene.sites[0].release(of: scene.jobs[0], plan: scene.plan)
            #expect(try await scene.put(release, for: scene.jobs[0], by: scene.sites[0]).status == 201)
            #expect(try await scene.report(.awaitingJobApproval, scene.jobs[1], by: scene.sites[1]).status == 204)
            let justBefore = try await later(scene, by: JobIssuer.lifetime - 1)
            let before = try await status(justBefore)
            #expect(before.sites.map(\.code) == [.released, .awaitingJobApproval])
            let scene = try await later(scene, by: 1)
            let after = try await status(scene)
            #expect(after.sites.map(\.code) == [.released, .failed])
            #expect(after.sites[1].reason == "expired")
            #expect(after.summary.state == .partial)
            #expect(after.revision == before.revision + 1)
            #expect(try await status(scene).revision == after.revision)
        }
    }

    @Test func `who waits for a change is told of the expiry at the next request`() async throws {
        try await Scene.run { scene in
            let before = try await status(scene)
            let scene = try await later(scene, by: JobIssuer.lifetime)
            let clock = ContinuousClock()
            let start = clock.now
            let after = try await status(scene, since: before.revision, wait: 25)
            #expect(clock.now - start < .seconds(20))
            #expect(after.summary.state == .failed)
        }
    }

    @Test func `a release that comes after the expiry is refused as expired and changes nothing`() async throws {
        try await Scene.run { scene in
            let (site, job) = (scene.sites[0], scene.jobs[0])
            #expect(try await scene.report(.running, job, by: site).status == 204)
            let scene = try await later(scene, by: JobIssuer.lifetime)
            let late = try await scene.put(try site.release(of: job, plan: scene.plan), for: job, by: site)
            #expect(late.status == 409)
            #expect(late.problemCode == "expired")
            #expect(try await scene.report(.failed(.expired), job, by: site).status == 204)
            #expect(try await scene.report(.running, job, by: site).problemCode == "status-conflict")
            #expect(try await scene.state(0)?["reason"] == "expired")
            #expect(try await scene.state(0)?["release"] == nil)
        }
    }

    @Test func `a release that came in time may be sent again after the expiry`() async throws {
        try await Scene.run { scene in
            let (site, job) = (scene.sites[0], scene.jobs[0])
            let release = try site.release(of: job, plan: scene.plan)
            #expect(try await scene.put(release, for: job, by: site).status == 201)
            scene.coordinator.clock.advance(seconds: JobIssuer.lifetime)
            #expect(try await scene.put(release, for: job, by: site).status == 200)
        }
    }

    @Test func `a study ends with its protocol also where a site never enrolled`() async throws {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            let token = try await coordinator.session(key)
            let study = try await coordinator.submit(by: key, token, sites: ["siemens"])
            let id = try #require(study["summary"]?["id"]?.stringValue)
            let expires = try #require(study["summary"]?["expires"]?.stringValue.flatMap { Timestamp($0) })
            coordinator.clock.advance(
                seconds: expires.secondsSinceEpoch - coordinator.clock.now.secondsSinceEpoch)
            let later = try await coordinator.session(key)
            let ended = try await coordinator.curl("GET", "/v1/studies/\(id)", bearer: later)
            #expect(ended.json["sites"]?[0]?["code"] == "failed")
            #expect(ended.json["sites"]?[0]?["reason"] == "expired")
            #expect(ended.json["summary"]?["state"] == "failed")
            #expect(ended.json["revision"] != study["revision"])
            let list = try await coordinator.curl("GET", "/v1/studies", bearer: later)
            #expect(list.json["studies"]?[0]?["state"] == "failed")
        }
    }

    @Test func `times are told to the minute`() async throws {
        try await Scene.run { scene in
            scene.coordinator.clock.advance(seconds: 61)
            #expect(try await scene.report(.received, scene.jobs[0], by: scene.sites[0]).status == 204)
            let status = try await status(scene)
            let times = status.sites.map(\.updated) + [status.summary.submitted]
            #expect(times.allSatisfy { $0.secondsSinceEpoch % 60 == 0 })
            #expect(status.sites[0].updated == scene.coordinator.clock.now.roundedToMinute)
        }
    }
}
