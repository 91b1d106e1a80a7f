internal import Evidence
internal import Foundation
internal import GRDB
internal import Logging
internal import Messages
internal import StudyProtocol
internal import TextCatalogue

/// Turns an invitation into a certificate, once.
struct EnrolmentDesk: Sendable {
    let office: Office

    /// How long a site's certificate is valid, in seconds.
    static let certificateLifetime: Int64 = 365 * 86_400

    /// Checks the request's proofs, then decides and stores in one transaction: the invitation is used exactly when
    /// the site is enrolled and its jobs of studies that wait for it are issued. The site's other invitations end with
    /// it.
    func enrol(_ request: EnrolmentRequest) async throws -> EnrolmentResponse {
        let key: VerificationKey
        do {
            key = try VerificationKey(pem: request.signingKey)
        } catch {
            throw Problem(.schemaError, detail: error.phrase.english)
        }
        guard let token = TokenHash(token: request.token) else { throw objection(.unknown) }
        guard let csr = CertificateRequest(pem: request.csr) else {
            throw Problem(.proofInvalid, detail: Phrase.coordinatorCSRInvalid.english)
        }
        let proof: EnrolmentProof
        do {
            proof = try EnrolmentProof(request.proof, signedBy: key)
        } catch {
            throw Problem(.proofInvalid)
        }
        guard equalInConstantTime(proof.token.bytes, token.bytes), proof.csr == Digest(of: Data(request.csr.utf8))
        else { throw Problem(.proofInvalid) }
        let requestHash = Digest(of: Data(request.csr.utf8) + key.der).bytes
        let now = office.surroundings.now()
        let issuer = JobIssuer(office: office)

        let (response, studies) = try await office.store.write { db -> (EnrolmentResponse, [StudyID]) in
            let invitation = try InvitationRecord.fetchOne(db, key: token.bytes)
            // A proof made for one site is no proof for another.
            if let invitation, invitation.site != proof.site { throw Problem(.proofInvalid) }
            let site = try invitation.flatMap { try SiteRecord.fetchOne(db, key: $0.site.rawValue) }
            let decision = EnrolmentDecision.decide(
                invitation: invitation, requestHash: requestHash, site: site, now: now.secondsSinceEpoch)
            switch decision {
            case .refuse(let reason): throw objection(reason)
            case .repeatAnswer(let certificate):
                return (Self.response(certificate, proof.site, key), [])
            case .enrol:
                let taken = try SiteRecord.filter(Column("signingKeyid") == key.keyID)
                    .filter(Column("site") != proof.site.rawValue).fetchCount(db)
                guard taken == 0 else { throw Problem(.conflict) }
                let certificate = try office.installation.authority.issueSiteCertificate(
                    for: csr.publicKey, site: proof.site, now: now, lifetime: Self.certificateLifetime)
                let text = try certificate.pemText()
                try SiteRecord(
                    site: proof.site, signingKey: key.pem, signingKeyid: key.keyID, serial: certificate.serialText,
                    certificate: text, enrolledAt: now.secondsSinceEpoch, revokedAt: nil
                ).save(db)
                if var used = invitation {
                    used.usedAt = now.secondsSinceEpoch
                    used.requestHash = requestHash
                    used.certificate = text
                    try used.update(db)
                }
                try InvitationRecord.withdrawUnused(for: proof.site, in: db)
                let studies = try issuer.requeue(for: proof.site, in: db) + issuer.issueWaiting(for: proof.site, in: db)
                return (Self.response(text, proof.site, key), studies)
            }
        }
        await office.bells.ring(
            [Topic.jobs(site: proof.site.rawValue)] + studies.map { Topic.study(id: $0.rawValue) })
        office.logger.log(.notice, "site enrolled", [.site: proof.site.rawValue, .key: key.fingerprint])
        return response
    }

    private static func response(_ certificate: String, _ site: SiteID, _ key: VerificationKey) -> EnrolmentResponse {
        EnrolmentResponse(certificate: certificate, site: site, signingKeyFingerprint: key.fingerprint)
    }

    private func objection(_ reason: EnrolmentDecision.Objection) -> Problem {
        switch reason {
        case .unknown: Problem(.invitationInvalid, detail: Phrase.coordinatorInvitationUnknown.english)
        case .expired: Problem(.invitationInvalid, detail: Phrase.coordinatorInvitationExpired.english)
        case .used: Problem(.invitationInvalid, detail: Phrase.coordinatorInvitationUsed.english)
        case .siteEnrolled: Problem(.conflict)
        case .siteRevoked: Problem(.certificateRevoked)
        }
    }
}
