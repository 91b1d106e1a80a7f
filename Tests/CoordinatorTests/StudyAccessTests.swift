import Evidence
import Foundation
import Messages
import StrictJSON
import Testing

@testable import Coordinator

@Suite("Who sees which study") struct StudyAccessTests {
    @Test func `a sponsor sees what it submitted and nothing of others, a lead sees all`() async throws {
        try await ReleaseTests.Scene.run { scene in
            let coordinator = scene.coordinator
            let release = try scene.sites[0].release(of: scene.jobs[0], plan: scene.plan)
            #expect(try await scene.put(release, for: scene.jobs[0], by: scene.sites[0]).status == 201)
            let stranger = try await coordinator.session(newKey())
            let lead = try await coordinator.session(newKey(), isLead: true)
            let protocolDigest = scene.jobs[0].predicate.studyProtocol.digest
            let digests = [protocolDigest, scene.jobs[0].digest, try Envelope(release).digest]
            let paths =
                ["", "/results", "/envelopes"].map { "/v1/studies/\(scene.study)\($0)" }
                + digests.map { "/v1/envelopes/\($0)" }
            for path in paths {
                for token in [scene.token, lead] {
                    #expect(try await coordinator.curl("GET", path, bearer: token).status == 200, "\(path)")
                }
                let hidden = try await coordinator.curl("GET", path, bearer: stranger)
                #expect(hidden.status == 404, "\(path)")
                #expect(hidden.problemCode == "not-found")
            }
            for (token, count) in [(scene.token, 1), (lead, 1), (stranger, 0)] {
                let list = try await coordinator.curl("GET", "/v1/studies", bearer: token)
                #expect(list.json["studies"]?.arrayValue?.count == count)
            }
        }
    }

    @Test func `who submits another's protocol again learns no more than that it is on record`() async throws {
        try await ReleaseTests.Scene.run { scene in
            let envelope = scene.jobs[0].predicate.studyProtocol.envelope.encoded
            let stranger = try await scene.coordinator.session(newKey())
            let again = try await scene.coordinator.curl("POST", "/v1/studies", body: envelope, bearer: stranger)
            #expect(again.status == 409)
            #expect(again.problemCode == "conflict")
            let own = try await scene.coordinator.curl("POST", "/v1/studies", body: envelope, bearer: scene.token)
            #expect(own.status == 200)
        }
    }
}
