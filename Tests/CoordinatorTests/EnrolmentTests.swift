import Crypto
import Evidence
import Foundation
import Messages
import StrictJSON
import Testing

@testable import Coordinator

@Suite("Enrolment over HTTPS") struct EnrolmentTests {
    @Test func `an invitation gives one certificate that names the site`() async throws {
        try await TestCoordinator.run { coordinator in
            let site = try TestSite("siemens", folder: coordinator.folder)
            let invitation = try coordinator.invitation("siemens")
            let response = try await coordinator.curl("POST", "/v1/enrolments", body: site.enrolment(invitation))
            #expect(response.status == 200)
            #expect(response.json["site"] == "siemens")
            #expect(
                response.json["signingKeyFingerprint"]?.stringValue == site.signingKey.verificationKey.fingerprint)
            try site.install(response.json["certificate"]?.stringValue ?? "")
            let next = try await coordinator.curl("GET", "/v1/jobs/next", identity: site.identity)
            #expect(next.status == 204)
            let overHTTP1 = try await coordinator.curl(
                "GET", "/v1/jobs/next", identity: site.identity, options: ["--http1.1"])
            #expect(overHTTP1.status == 204)
        }
    }

    @Test func `the same request again gets the same certificate, another one is refused`() async throws {
        try await TestCoordinator.run { coordinator in
            let invitation = try coordinator.invitation("siemens")
            let site = try TestSite("siemens", folder: coordinator.folder)
            let first = try await coordinator.curl("POST", "/v1/enrolments", body: site.enrolment(invitation))
            let second = try await coordinator.curl("POST", "/v1/enrolments", body: site.enrolment(invitation))
            #expect(first.status == 200)
            #expect(second.body == first.body)
            let thief = try TestSite("siemens", folder: coordinator.folder)
            let third = try await coordinator.curl("POST", "/v1/enrolments", body: thief.enrolment(invitation))
            #expect(third.status == 403)
            #expect(third.problemCode == "invitation-invalid")
            #expect(third.headers["content-type"] == Problem.contentType)
        }
    }

    @Test func `an expired or invented invitation is refused`() async throws {
        try await TestCoordinator.run { coordinator in
            let site = try TestSite("siemens", folder: coordinator.folder)
            let invitation = try coordinator.invitation("siemens", validity: 3600)
            coordinator.clock.advance(seconds: 3600)
            let late = try await coordinator.curl("POST", "/v1/enrolments", body: site.enrolment(invitation))
            #expect(late.status == 403)
            #expect(late.problemCode == "invitation-invalid")
            let invented = Invitation(
                coordinator: invitation.coordinator, site: invitation.site, token: String(repeating: "0", count: 64),
                expires: invitation.expires)
            let unknown = try await coordinator.curl("POST", "/v1/enrolments", body: site.enrolment(invented))
            #expect(unknown.problemCode == "invitation-invalid")
            #expect(unknown.json["detail"] != late.json["detail"])
        }
    }

    @Test func `a proof by another key, for another site or another request is refused`() async throws {
        try await TestCoordinator.run { coordinator in
            let site = try TestSite("siemens", folder: coordinator.folder)
            let invitation = try coordinator.invitation("siemens")
            func request(_ signer: SigningKey, site name: String, csr: String) throws -> Data {
                let proof = EnrolmentProof(
                    site: try SiteID(name), token: Digest(of: Data(invitation.token.utf8)),
                    csr: Digest(of: Data(csr.utf8)))
                return try StrictJSON.encode(
                    EnrolmentRequest(
                        token: invitation.token, csr: site.csr, signingKey: site.signingKey.verificationKey.pem,
                        proof: proof.signed(by: signer)))
            }
            for body in [
                try request(newKey(), site: "siemens", csr: site.csr),
                try request(site.signingKey, site: "philips", csr: site.csr),
                try request(site.signingKey, site: "siemens", csr: site.csr + "\n"),
            ] {
                let response = try await coordinator.curl("POST", "/v1/enrolments", body: body)
                #expect(response.status == 403)
                #expect(response.problemCode == "proof-invalid")
            }
            // The invitation is still good: what was refused has used nothing.
            let good = try await coordinator.curl("POST", "/v1/enrolments", body: site.enrolment(invitation))
            #expect(good.status == 200)
        }
    }

    @Test func `a certificate of another authority is refused in the handshake`() async throws {
        try await TestCoordinator.run { coordinator in
            let site = try TestSite("siemens", folder: coordinator.folder)
            let rogue = try CertificateAuthority.create(
                name: "Test consortium", now: coordinator.clock.now, lifetime: 86_400)
            let certificate = try rogue.issueSiteCertificate(
                for: site.tlsKey.publicKey, site: site.id, now: coordinator.clock.now, lifetime: 86_400)
            try site.install(certificate.pemText())
            let response = try await coordinator.curl("GET", "/v1/jobs/next", identity: site.identity)
            #expect(response.status == 0)
            #expect(response.exitCode != 0)
        }
    }

    @Test func `a certificate that our authority signed but no enrolment recorded opens nothing`() async throws {
        try await TestCoordinator.run { coordinator in
            let site = try TestSite("siemens", folder: coordinator.folder)
            let certificate = try coordinator.installation.authority.issueSiteCertificate(
                for: site.tlsKey.publicKey, site: site.id, now: coordinator.clock.now, lifetime: 86_400)
            try site.install(certificate.pemText())
            let unknown = try await coordinator.curl("GET", "/v1/jobs/next", identity: site.identity)
            #expect(unknown.problemCode == "certificate-required")
            _ = try await coordinator.enrolled("siemens")
            let superseded = try await coordinator.curl("GET", "/v1/jobs/next", identity: site.identity)
            #expect(superseded.problemCode == "certificate-revoked")
        }
    }

    @Test func `without a certificate an agent's route answers 401`() async throws {
        try await TestCoordinator.run { coordinator in
            let response = try await coordinator.curl("GET", "/v1/jobs/next")
            #expect(response.status == 401)
            #expect(response.problemCode == "certificate-required")
        }
    }

    @Test func `a revoked site is shut out at once and may join again by a new invitation`() async throws {
        try await TestCoordinator.run { coordinator in
            let site = try await coordinator.enrolled("siemens")
            #expect(throws: CoordinatorError.self) { try coordinator.invitation("siemens") }
            _ = try coordinator.administration.revoke(site: "siemens")
            let refused = try await coordinator.curl("GET", "/v1/jobs/next", identity: site.identity)
            #expect(refused.status == 403)
            #expect(refused.problemCode == "certificate-revoked")
            let again = try await coordinator.enrolled("siemens")
            #expect(try await coordinator.curl("GET", "/v1/jobs/next", identity: again.identity).status == 204)
            #expect(try await coordinator.curl("GET", "/v1/jobs/next", identity: site.identity).status == 403)
        }
    }

    @Test func `an enrolment ends the site's other invitations, and those of no other site`() async throws {
        try await TestCoordinator.run { coordinator in
            let (old, used) = (try coordinator.invitation("siemens"), try coordinator.invitation("siemens"))
            let elsewhere = try coordinator.invitation("philips")
            let site = try TestSite("siemens", folder: coordinator.folder)
            let enrolled = try await coordinator.curl("POST", "/v1/enrolments", body: site.enrolment(used))
            #expect(enrolled.status == 200)
            let thief = try TestSite("siemens", folder: coordinator.folder)
            let early = try await coordinator.curl("POST", "/v1/enrolments", body: thief.enrolment(old))
            #expect(early.status == 403)
            #expect(early.problemCode == "invitation-invalid")
            _ = try coordinator.administration.revoke(site: "siemens")
            let late = try await coordinator.curl("POST", "/v1/enrolments", body: thief.enrolment(old))
            #expect(late.status == 403)
            #expect(late.problemCode == "invitation-invalid")
            let neighbour = try TestSite("philips", folder: coordinator.folder)
            let other = try await coordinator.curl("POST", "/v1/enrolments", body: neighbour.enrolment(elsewhere))
            #expect(other.status == 200)
        }
    }

    @Test func `a revocation ends the invitations that are out, a later one is good`() async throws {
        try await TestCoordinator.run { coordinator in
            _ = try await coordinator.enrolled("siemens")
            _ = try coordinator.administration.revoke(site: "siemens")
            let before = try coordinator.invitation("siemens")
            let elsewhere = try coordinator.invitation("philips")
            _ = try coordinator.administration.revoke(site: "siemens")
            let candidate = try TestSite("siemens", folder: coordinator.folder)
            let refused = try await coordinator.curl("POST", "/v1/enrolments", body: candidate.enrolment(before))
            #expect(refused.status == 403)
            #expect(refused.problemCode == "invitation-invalid")
            let neighbour = try TestSite("philips", folder: coordinator.folder)
            let other = try await coordinator.curl("POST", "/v1/enrolments", body: neighbour.enrolment(elsewhere))
            #expect(other.status == 200)
            let after = try coordinator.invitation("siemens")
            let accepted = try await coordinator.curl("POST", "/v1/enrolments", body: candidate.enrolment(after))
            #expect(accepted.status == 200)
        }
    }

    @Test func `only TLS 1_3 is spoken`() async throws {
        try await TestCoordinator.run { coordinator in
            let old = try await coordinator.curl("GET", "/v1/openapi.json", options: ["--tls-max", "1.2"])
            #expect(old.exitCode != 0)
            #expect(try await coordinator.curl("GET", "/v1/openapi.json").status == 200)
        }
    }

    @Test func `whoever keeps failing is told to wait`() async throws {
        try await TestCoordinator.run { coordinator in
            for _ in 0..<AttemptLimiter.failuresPerWindow {
                await coordinator.fail()
            }
            let site = try TestSite("siemens", folder: coordinator.folder)
            let invitation = try coordinator.invitation("siemens")
            let refused = try await coordinator.curl("POST", "/v1/enrolments", body: site.enrolment(invitation))
            #expect(refused.status == 429)
            coordinator.clock.advance(seconds: AttemptLimiter.window)
            let accepted = try await coordinator.curl("POST", "/v1/enrolments", body: site.enrolment(invitation))
            #expect(accepted.status == 200)
        }
    }
}

extension TestCoordinator {
    fileprivate func fail() async {
        let response = try? await curl("POST", "/v1/enrolments", body: Data("{}".utf8))
        #expect(response?.status == 400)
    }
}
