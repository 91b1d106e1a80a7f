import Crypto
import Evidence
import Foundation
import Messages
import Statistics
import StrictJSON
import StudyProtocol
import SwiftASN1
import X509

/// A site as the coordinator sees it: keys, requests and releases, made without the agent.
struct TestSite: Sendable {
    let id: SiteID
    let signingKey = newKey()
    let tlsKey = P256.Signing.PrivateKey()
    let csr: String
    let identity: Curl.Identity

    init(_ name: String, folder: URL) throws {
        id = try SiteID(name)
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName { CommonName("anything") },
            privateKey: Certificate.PrivateKey(tlsKey), attributes: .init())
        csr = try request.serializeAsPEM().pemString + "\n"
        let prefix = UUID().uuidString
        identity = Curl.Identity(
            certificate: folder.appending(path: "\(prefix).crt"), key: folder.appending(path: "\(prefix).key"))
        try tlsKey.pemRepresentation.write(to: identity.key, atomically: true, encoding: .utf8)
    }

    func install(_ certificate: String) throws {
        try certificate.write(to: identity.certificate, atomically: true, encoding: .utf8)
    }

    func enrolment(_ invitation: Invitation) throws -> Data {
        let proof = EnrolmentProof(
            site: invitation.site, token: Digest(of: Data(invitation.token.utf8)), csr: Digest(of: Data(csr.utf8)))
        return try StrictJSON.encode(
            EnrolmentRequest(
                token: invitation.token, csr: csr, signingKey: signingKey.verificationKey.pem,
                proof: proof.signed(by: signingKey)))
    }

    /// A release that answers nothing: every planned answer is withheld.
    func release(
        of job: JobStatement, plan: StudyProtocol, as site: SiteID? = nil, signer: SigningKey? = nil,
        completed: Int64 = 0
    ) throws -> Data {
        let predicate = ReleasePredicate(
            site: site ?? id, study: job.predicate.study, job: job.digest,
            studyProtocol: job.predicate.studyProtocol.digest, model: job.predicate.model?.digest,
            agent: AgentDescription(version: "0"), policy: Digest(of: Data()),
            catalogue: CatalogueCommitment(rawValue: "hmac-sha256:" + String(repeating: "0", count: 64))!,
            times: ReleaseTimes(
                accepted: job.predicate.issued, completed: job.predicate.issued.adding(seconds: completed)),
            answers: plan.plan.map { AnswerRecord(key: $0.key, answer: .withheld) })
        return try ReleaseStatement.make(predicate).signed(by: [signer ?? signingKey]).encoded
    }
}
