import Evidence
import Foundation
import Testing

@testable import Coordinator

@Suite("Deciding on an enrolment") struct EnrolmentDecisionTests {
    let site = try! SiteID("siemens")
    let hash = Data(repeating: 1, count: 32)

    func invitation(usedBy request: Data? = nil, certificate: String? = nil) -> InvitationRecord {
        InvitationRecord(
            tokenHash: Data(repeating: 9, count: 32), site: site, createdAt: 0, expiresAt: 100,
            usedAt: request.map { _ in 50 }, requestHash: request, certificate: certificate)
    }

    func record(certificate: String, revokedAt: Int64? = nil) -> SiteRecord {
        SiteRecord(
            site: site, signingKey: "", signingKeyid: "", serial: "", certificate: certificate, enrolledAt: 50,
            revokedAt: revokedAt)
    }

    func decide(_ invitation: InvitationRecord?, _ site: SiteRecord? = nil, now: Int64 = 99) -> EnrolmentDecision {
        .decide(invitation: invitation, requestHash: hash, site: site, now: now)
    }

    @Test func `a fresh invitation enrols until its last second`() {
        #expect(decide(invitation()) == .enrol)
        #expect(decide(invitation(), now: 100) == .refuse(.expired))
        #expect(decide(nil) == .refuse(.unknown))
    }

    @Test func `the same request is answered as before, even after the invitation expired`() {
        let used = invitation(usedBy: hash, certificate: "C")
        #expect(decide(used, record(certificate: "C"), now: 1000) == .repeatAnswer(certificate: "C"))
    }

    @Test func `another request finds the invitation used`() {
        let used = invitation(usedBy: Data(repeating: 2, count: 32), certificate: "C")
        #expect(decide(used, record(certificate: "C")) == .refuse(.used))
    }

    @Test func `a revoked or replaced certificate is not handed out again`() {
        let used = invitation(usedBy: hash, certificate: "C")
        #expect(decide(used, record(certificate: "C", revokedAt: 60)) == .refuse(.siteRevoked))
        #expect(decide(used, record(certificate: "D")) == .refuse(.siteRevoked))
    }

    @Test func `a second invitation does not replace an enrolled site, but brings back a revoked one`() {
        #expect(decide(invitation(), record(certificate: "C")) == .refuse(.siteEnrolled))
        #expect(decide(invitation(), record(certificate: "C", revokedAt: 60)) == .enrol)
    }
}
