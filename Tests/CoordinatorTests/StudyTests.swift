import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Testing

@testable import Coordinator

@Suite("Studies over HTTPS") struct StudyTests {
    @Test func `a protocol becomes a study with a signed job for each enrolled site`() async throws {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            let token = try await coordinator.session(key)
            let site = try await coordinator.enrolled("siemens")
            let study = try await coordinator.submit(by: key, token, sites: ["siemens", "philips"])
            let id = try #require(study["summary"]?["id"]?.stringValue)
            let digest = try Digest(study["summary"]?["protocol"]?.stringValue ?? "")
            #expect(id == "small-study-\(digest.hex.prefix(12))")
            #expect(study["sites"]?[0]?["site"] == "siemens")
            #expect(study["sites"]?[0]?["job"] != nil)
            #expect(study["sites"]?[1]?["job"] == nil)

            let job = try await coordinator.job(of: site)
            let predicate = job.predicate
            #expect(predicate.site == site.id)
            #expect(predicate.study.rawValue == id)
            #expect(predicate.studyProtocol.digest == digest)
            #expect(predicate.studyProtocol.envelope.digest == digest)
            #expect(predicate.issued == coordinator.clock.now)
            #expect(predicate.expires == coordinator.clock.now.adding(seconds: JobIssuer.lifetime))
        }
    }

    @Test func `the same protocol again is the same study, the same version with another content is refused`()
        async throws
    {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            let token = try await coordinator.session(key)
            _ = try await coordinator.enrolled("siemens")
            let expires = coordinator.clock.now.adding(seconds: 86_400)
            let document = TestProtocol.document(sites: ["siemens"], expires: expires)
            let envelope = try TestProtocol.envelope(document, by: key)
            let first = try await coordinator.curl("POST", "/v1/studies", body: envelope, bearer: token)
            let second = try await coordinator.curl("POST", "/v1/studies", body: envelope, bearer: token)
            #expect(first.status == 201)
            #expect(second.status == 200)
            #expect(second.body == first.body)
            let changed = TestProtocol.document(sites: ["siemens", "philips"], expires: expires)
            let third = try await coordinator.curl(
                "POST", "/v1/studies", body: try TestProtocol.envelope(changed, by: key), bearer: token)
            #expect(third.status == 409)
            #expect(third.problemCode == "version-conflict")
            let list = try await coordinator.curl("GET", "/v1/studies", bearer: token)
            #expect(list.json["studies"]?.arrayValue?.count == 1)
        }
    }

    @Test func `faults of a protocol are told with pointer and code`() async throws {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            let token = try await coordinator.session(key)
            let expired = TestProtocol.document(sites: ["siemens"], expires: coordinator.clock.now)
            let response = try await coordinator.curl(
                "POST", "/v1/studies", body: try TestProtocol.envelope(expired, by: key), bearer: token)
            #expect(response.status == 422)
            #expect(response.problemCode == "protocol-invalid")
            let fault = response.json["faults"]?[0]
            #expect(fault?["pointer"] == "/expires")
            #expect(fault?["code"] == "expired")
            #expect(fault?["message"]?.stringValue?.isEmpty == false)
        }
    }

    @Test func `a protocol that no registered sponsor signed is refused, as is one that was changed`() async throws {
        try await TestCoordinator.run { coordinator in
            let (key, lead) = (newKey(), newKey())
            let token = try await coordinator.session(key)
            try coordinator.register(lead, isLead: true)
            let document = TestProtocol.document(
                sites: ["siemens"], expires: coordinator.clock.now.adding(seconds: 86_400))
            for stranger in [newKey(), lead] {
                let body = try TestProtocol.envelope(document, by: stranger)
                let response = try await coordinator.curl("POST", "/v1/studies", body: body, bearer: token)
                #expect(response.problemCode == "unknown-sponsor")
            }
            let signed = try Envelope(try TestProtocol.envelope(document, by: key))
            var changed = signed.json.objectValue!
            let payload = String(decoding: signed.payload, as: UTF8.self)
                .replacingOccurrences(of: "small-study", with: "smell-study")
            changed["payload"] = .string(Data(payload.utf8).base64EncodedString())
            let response = try await coordinator.curl(
                "POST", "/v1/studies", body: JSONValue.object(changed).canonicalBytes, bearer: token)
            #expect(response.status == 403)
            #expect(response.problemCode == "bad-signature")
        }
    }

    @Test func `a study waits until its model is complete`() async throws {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            let token = try await coordinator.session(key)
            let model = TestModel()
            let document = TestProtocol.document(
                sites: ["siemens"], expires: coordinator.clock.now.adding(seconds: 86_400), model: model.digest)
            let envelope = try TestProtocol.envelope(document, by: key)
            func submit() async throws -> Curl.Response {
                try await coordinator.curl("POST", "/v1/studies", body: envelope, bearer: token)
            }
            #expect(try await submit().problemCode == "model-incomplete")
            _ = try await coordinator.curl("POST", "/v1/models", body: model.manifest, bearer: token)
            #expect(try await submit().problemCode == "model-incomplete")
            try await coordinator.upload(model, token)
            #expect(try await submit().status == 201)
        }
    }

    @Test func `a site that enrols later gets its job then, and everything is there after a restart`() async throws {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            let token = try await coordinator.session(key)
            let study = try await coordinator.submit(by: key, token, sites: ["siemens"])
            let id = try #require(study["summary"]?["id"]?.stringValue)
            let site = try await coordinator.enrolled("siemens")
            let job = try await coordinator.job(of: site)
            #expect(job.predicate.study.rawValue == id)
            let before = try await coordinator.curl("GET", "/v1/studies/\(id)", bearer: token)
            try await coordinator.restarted { restarted in
                let after = try await restarted.curl("GET", "/v1/studies/\(id)", bearer: token)
                #expect(after.body == before.body)
                #expect(try await restarted.job(of: site).digest == job.digest)
            }
        }
    }

    @Test func `an expired job is not handed out`() async throws {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            let token = try await coordinator.session(key)
            let site = try await coordinator.enrolled("siemens")
            try await coordinator.submit(by: key, token, sites: ["siemens"])
            coordinator.clock.advance(seconds: JobIssuer.lifetime)
            #expect(try await coordinator.curl("GET", "/v1/jobs/next", identity: site.identity).status == 204)
        }
    }

    @Test func `unknown things are problems, not pages`() async throws {
        try await TestCoordinator.run { coordinator in
            let token = try await coordinator.session(newKey())
            for path in ["/", "/v1", "/v1/nothing", "/v1/studies/none", "/v1/envelopes/\(Digest(of: Data()))"] {
                let response = try await coordinator.curl("GET", path, bearer: token)
                #expect(response.status == 404)
                #expect(response.problemCode == "not-found")
                #expect(response.headers["content-type"] == Problem.contentType)
                #expect(response.headers["x-content-type-options"] == "nosniff")
            }
            let wrongMethod = try await coordinator.curl("DELETE", "/v1/studies", bearer: token)
            #expect(wrongMethod.status == 405)
            #expect(wrongMethod.headers["allow"] == "GET, POST")
            let badQuery = try await coordinator.curl("GET", "/v1/studies/none?wait=26", bearer: token)
            #expect(badQuery.status == 400)
        }
    }
}

extension TestCoordinator {
    /// The job that the site is offered, verified as its agent would.
    func job(of site: TestSite) async throws -> JobStatement {
        let response = try await curl("GET", "/v1/jobs/next", identity: site.identity)
        guard response.status == 200 else { throw UnexpectedResponse(response: response) }
        let role = try TrustedRole(.coordinator, keys: [installation.jobVerificationKey])
        return try JobStatement(verified: role.verify(Envelope(response.body), expecting: .job))
    }
}
