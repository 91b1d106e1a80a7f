import Evidence
import Foundation
import GRDB
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

    @Test func `a challenge for an unknown key has the form of any other and is kept nowhere`() async throws {
        try await TestCoordinator.run { coordinator in
            func kept() throws -> Int {
                try coordinator.installation.store.readNow { try ChallengeRecord.fetchCount($0) }
            }
            let (key, late) = (newKey(), newKey())
            try coordinator.register(key)
            let known = try await coordinator.challenge(for: key)
            #expect(try kept() == 1)
            coordinator.clock.advance(seconds: SessionDesk.challengeLifetime)
            let unknown = try await coordinator.challenge(for: late)
            // The expired one is still there: a stranger's request writes nothing, not even to tidy up.
            #expect(try kept() == 1)
            #expect(unknown.status == known.status)
            #expect(unknown.json.objectValue?.keys.sorted() == known.json.objectValue?.keys.sorted())
            let texts = [known, unknown].compactMap { $0.json["challenge"]?.stringValue }
            #expect(Set(texts).count == 2)
            #expect(texts.allSatisfy { TokenHash(token: $0) != nil })
            // Not even a registration that follows makes it good.
            try coordinator.register(late)
            let proof = SessionProof(
                challenge: texts[1], coordinator: try coordinator.installation.authorityFingerprint,
                keyID: late.verificationKey.keyID)
            let body = try StrictJSON.encode(SessionRequest(proof: proof.signed(by: late)))
            #expect(try await coordinator.curl("POST", "/v1/sessions", body: body).problemCode == "proof-invalid")
        }
    }

    @Test func `whoever asks for too many challenges is told to wait, and enrolments go on`() async throws {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            try coordinator.register(key)
            for _ in 0..<AttemptLimiter.challengesPerWindow {
                #expect(await coordinator.office.challengeLimiter.admit("127.0.0.1", now: coordinator.office.now))
            }
            let refused = try await coordinator.challenge(for: key)
            #expect(refused.status == 429)
            #expect(refused.problemCode == "too-many-requests")
            _ = try await coordinator.enrolled("siemens")
            coordinator.clock.advance(seconds: AttemptLimiter.window)
            #expect(try await coordinator.challenge(for: key).status == 201)
        }
    }

    @Test func `every challenge counts, known key or not, by address`() async {
        let limiter = AttemptLimiter(perWindow: 2)
        #expect(await limiter.admit("192.0.2.1", now: 60))
        #expect(await limiter.admit("192.0.2.1", now: 119))
        #expect(await !limiter.admit("192.0.2.1", now: 119))
        #expect(await limiter.admit("192.0.2.2", now: 119))
        #expect(await limiter.admit("192.0.2.1", now: 120))
    }

    @Test func `one address cannot push out the challenges of a key`() {
        let windows = Int(SessionDesk.challengeLifetime / AttemptLimiter.window) + 1
        #expect(windows * AttemptLimiter.challengesPerWindow < SessionDesk.openChallenges)
    }

    @Test func `a proof for another coordinator or another's challenge is refused`() async throws {
        try await TestCoordinator.run { coordinator in
            let (key, other) = (newKey(), newKey())
            try coordinator.register(key)
            try coordinator.register(other)
            func challenge(_ key: SigningKey) async throws -> String {
                try #require(try await coordinator.challenge(for: key).json["challenge"]?.stringValue)
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

extension TestCoordinator {
    fileprivate func challenge(for key: SigningKey) async throws -> Curl.Response {
        try await curl(
            "POST", "/v1/challenges",
            body: try StrictJSON.encode(ChallengeRequest(keyID: key.verificationKey.keyID)))
    }
}
