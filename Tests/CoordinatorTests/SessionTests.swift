import Evidence
import Foundation
import Messages
import StrictJSON
import Testing

@testable import Coordinator

@Suite("Sessions over HTTPS") struct SessionTests {
    @Test func `a registered key opens a session, which ends after its time`() async throws {
        try await TestCoordinator.run { coordinator in
            let token = try await coordinator.session(newKey())
            #expect(try await coordinator.curl("GET", "/v1/studies", bearer: token).status == 200)
            coordinator.clock.advance(seconds: SessionDesk.sessionLifetime)
            let late = try await coordinator.curl("GET", "/v1/studies", bearer: token)
            #expect(late.status == 401)
            #expect(late.problemCode == "unauthenticated")
        }
    }

    @Test func `a challenge is answered once`() async throws {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            try coordinator.register(key)
            let request = try await coordinator.sessionRequest(key)
            #expect(try await coordinator.curl("POST", "/v1/sessions", body: request).status == 201)
            let again = try await coordinator.curl("POST", "/v1/sessions", body: request)
            #expect(again.status == 403)
            #expect(again.problemCode == "proof-invalid")
        }
    }

    @Test func `a challenge waits two minutes`() async throws {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            try coordinator.register(key)
            let request = try await coordinator.sessionRequest(key)
            coordinator.clock.advance(seconds: SessionDesk.challengeLifetime)
            #expect(try await coordinator.curl("POST", "/v1/sessions", body: request).problemCode == "proof-invalid")
        }
    }

    @Test func `an unknown key gets a challenge that opens nothing`() async throws {
        try await TestCoordinator.run { coordinator in
            let request = try await coordinator.sessionRequest(newKey())
            let response = try await coordinator.curl("POST", "/v1/sessions", body: request)
            #expect(response.status == 403)
            #expect(response.problemCode == "unknown-sponsor")
        }
    }

    @Test func `a proof for another coordinator or another's challenge is refused`() async throws {
        try await TestCoordinator.run { coordinator in
            let (key, other) = (newKey(), newKey())
            try coordinator.register(key)
            try coordinator.register(other)
            func challenge(_ key: SigningKey) async throws -> String {
                let body = try StrictJSON.encode(ChallengeRequest(keyID: key.verificationKey.keyID))
                let response = try await coordinator.curl("POST", "/v1/challenges", body: body)
                return try #require(response.json["challenge"]?.stringValue)
            }
            let mine = try await challenge(key)
            let fingerprint = try coordinator.installation.authorityFingerprint
            let keyID = key.verificationKey.keyID
            let proofs = [
                SessionProof(challenge: mine, coordinator: "sha256:" + String(repeating: "0", count: 64), keyID: keyID),
                SessionProof(challenge: try await challenge(other), coordinator: fingerprint, keyID: keyID),
                SessionProof(challenge: mine, coordinator: fingerprint, keyID: other.verificationKey.keyID),
            ]
            for proof in proofs {
                let body = try StrictJSON.encode(SessionRequest(proof: proof.signed(by: key)))
                #expect(try await coordinator.curl("POST", "/v1/sessions", body: body).problemCode == "proof-invalid")
            }
        }
    }

    @Test func `a lead reads but does not submit`() async throws {
        try await TestCoordinator.run { coordinator in
            let token = try await coordinator.session(newKey(), isLead: true)
            #expect(try await coordinator.curl("GET", "/v1/studies", bearer: token).status == 200)
            for path in ["/v1/studies", "/v1/models"] {
                let refused = try await coordinator.curl("POST", path, body: Data("{}".utf8), bearer: token)
                #expect(refused.status == 403)
                #expect(refused.problemCode == "forbidden")
            }
        }
    }

    @Test func `a client certificate is no session and a session is no certificate`() async throws {
        try await TestCoordinator.run { coordinator in
            let site = try await coordinator.enrolled("siemens")
            let asSite = try await coordinator.curl("GET", "/v1/studies", identity: site.identity)
            #expect(asSite.problemCode == "unauthenticated")
            let token = try await coordinator.session(newKey())
            let asSponsor = try await coordinator.curl("GET", "/v1/jobs/next", bearer: token)
            #expect(asSponsor.problemCode == "certificate-required")
        }
    }
}
