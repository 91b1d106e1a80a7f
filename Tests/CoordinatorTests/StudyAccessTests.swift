import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
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

    @Test func `who submits another's protocol again is refused as if it were not on record`() async throws {
        try await ReleaseTests.Scene.run { scene in
            let envelope = scene.jobs[0].predicate.studyProtocol.envelope.encoded
            let stranger = try await scene.coordinator.session(newKey())
            let again = try await scene.coordinator.curl("POST", "/v1/studies", body: envelope, bearer: stranger)
            #expect(again.status == 403)
            #expect(again.problemCode == "forbidden")
            let own = try await scene.coordinator.curl("POST", "/v1/studies", body: envelope, bearer: scene.token)
            #expect(own.status == 200)
        }
    }

    @Test func `a sponsor cannot make a protocol its own that another sponsor signed`() async throws {
        try await TestCoordinator.run { coordinator in
            let (author, thief) = (newKey(), newKey())
            let authorsToken = try await coordinator.session(author)
            let thiefsToken = try await coordinator.session(thief)
            let document = TestProtocol.document(
                sites: ["siemens"], expires: coordinator.clock.now.adding(seconds: 86_400))
            let envelope = try TestProtocol.envelope(document, by: author)
            let stolen = try await coordinator.curl("POST", "/v1/studies", body: envelope, bearer: thiefsToken)
            #expect(stolen.status == 403)
            #expect(stolen.problemCode == "forbidden")
            // A signature in its own name that is not over the document makes the thief no signer either.
            var forged = try #require(try Envelope(envelope).json.objectValue)
            let other = TestProtocol.document(
                "other-study", sites: ["siemens"], expires: coordinator.clock.now.adding(seconds: 86_400))
            let borrowed = try Envelope(try TestProtocol.envelope(other, by: thief)).json["signatures"]?.arrayValue
            forged["signatures"] = .array((forged["signatures"]?.arrayValue ?? []) + (borrowed ?? []))
            let refused = try await coordinator.curl(
                "POST", "/v1/studies", body: JSONValue.object(forged).canonicalBytes, bearer: thiefsToken)
            #expect(refused.problemCode == "bad-signature")
            // What was refused has claimed nothing.
            let own = try await coordinator.curl("POST", "/v1/studies", body: envelope, bearer: authorsToken)
            #expect(own.status == 201)
        }
    }

    @Test func `of two sponsors who signed, the one that submits first owns the study`() async throws {
        try await TestCoordinator.run { coordinator in
            let (first, second) = (newKey(), newKey())
            let firstToken = try await coordinator.session(first)
            let secondToken = try await coordinator.session(second)
            let document = TestProtocol.document(
                sites: ["siemens"], expires: coordinator.clock.now.adding(seconds: 86_400))
            var both = try #require(try Envelope(try TestProtocol.envelope(document, by: first)).json.objectValue)
            let added = try Envelope(try TestProtocol.envelope(document, by: second)).json["signatures"]?.arrayValue
            both["signatures"] = .array((both["signatures"]?.arrayValue ?? []) + (added ?? []))
            let envelope = JSONValue.object(both).canonicalBytes
            let submitted = try await coordinator.curl("POST", "/v1/studies", body: envelope, bearer: secondToken)
            #expect(submitted.status == 201)
            let late = try await coordinator.curl("POST", "/v1/studies", body: envelope, bearer: firstToken)
            #expect(late.status == 409)
            #expect(late.problemCode == "conflict")
        }
    }
}
