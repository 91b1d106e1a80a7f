internal import Evidence
public import Foundation
public import Messages
internal import StrictJSON
public import StudyProtocol
internal import TextCatalogue
internal import Transport

/// Makes this machine the agent of a site.
public enum Enrolment {
    /// The most bytes of an invitation.
    public static let invitationLimit = 64 << 10

    /// What people on both sides compare by telephone.
    public struct Outcome: Hashable, Sendable {
        /// What `join` did.
        public enum Change: String, Hashable, Sendable {
            case joined
            /// The site had joined before, and has a new certificate now. A running `serve` still has the old one.
            case joinedAgain = "joined-again"
            /// The invitation is the one that the site has joined with: nothing was sent, nothing changed.
            case none
        }

        public let change: Change
        public let membership: Membership
        /// Of the key that signs this site's releases.
        public let signingKeyFingerprint: String
        /// Of the key that signs the coordinator's jobs.
        public let jobKeyFingerprint: String
    }

    /// Reads an invitation.
    /// - Throws: `invalid-invitation`, `fingerprint-mismatch`.
    public static func invitation(_ bytes: Data) throws(AgentError) -> Invitation {
        let invitation: Invitation
        do {
            invitation = try StrictJSON.decode(
                Invitation.self, from: bytes, limits: .init(bytes: invitationLimit, depth: 8, values: 64))
        } catch {
            throw AgentError(.invalidInvitation, .agentInvalidInvitation(error.phrase))
        }
        guard let fingerprint = CertificateReading.fingerprint(ofPEM: invitation.coordinator.certificateAuthority)
        else { throw AgentError(.invalidInvitation, .agentInvalidInvitation(.agentInvitationWithoutAuthority)) }
        guard fingerprint == invitation.coordinator.fingerprint else {
            throw AgentError(.fingerprintMismatch, .agentFingerprintMismatch)
        }
        guard (try? VerificationKey(pem: invitation.coordinator.jobKey)) != nil else {
            throw AgentError(.invalidInvitation, .agentInvalidInvitation(.agentInvitationWithoutJobKey))
        }
        return invitation
    }

    /// Joins the coordinator's consortium as the invited site.
    ///
    /// All keys and the certificate request are durable before the token is sent; a second call with the same
    /// invitation, after a crash or a lost answer, sends the same request and gets the same answer. A site that has
    /// joined already keeps its keys: a new invitation of the same coordinator brings a new certificate for them, the
    /// same invitation changes nothing.
    /// - Throws: `AgentError`: `already-joined` when the invitation is for another site or of a coordinator with another
    ///   job key or certificate authority, …; `TransportError`.
    public static func join(
        _ invitation: Invitation, state: StateDirectory, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) async throws -> Outcome {
        try state.prepare()
        let token = Digest(of: Data(invitation.token.utf8))
        let earlier = try Membership.read(state)
        if let earlier {
            guard earlier.site == invitation.site, try earlier.isOf(invitation.coordinator) else {
                throw AgentError(
                    .alreadyJoined, .agentAlreadyJoined(earlier.coordinator.name, site: earlier.site.rawValue))
            }
            if earlier.invitation == token {
                return try outcome(.none, earlier, SiteSecrets.readOrCreate(state, using: &generator))
            }
        }
        // A site may have been indexed, for previews, before it was invited.
        if let indexed = try SiteSettings.read(state), indexed.site != invitation.site {
            throw AgentError(.wrongSite, .agentWrongSite(indexed.site.rawValue, expected: invitation.site.rawValue))
        }
        guard now < invitation.expires else { throw AgentError(.invitationExpired, .agentInvitationExpired) }
        let secrets = try SiteSecrets.readOrCreate(state, using: &generator)
        let request = try SigningRequest.readOrCreate(for: invitation.site, key: secrets.tlsKey, in: state)
        let proof = try EnrolmentProof(
            site: invitation.site, token: token, csr: Digest(of: Data(request.csr.utf8))
        ).signed(by: secrets.signingKey)

        let client = try HTTPSClient(
            .init(
                address: invitation.coordinator.url,
                certificateAuthority: invitation.coordinator.certificateAuthority,
                userAgent: AgentVersion.userAgent))
        let response = try await CoordinatorAPI(client: client).enrol(
            EnrolmentRequest(
                token: invitation.token, csr: request.csr, signingKey: secrets.signingKey.verificationKey.pem,
                proof: proof))

        guard response.site == invitation.site,
            response.signingKeyFingerprint == secrets.signingKey.verificationKey.fingerprint,
            CertificateReading.isCertificate(response.certificate, for: secrets.tlsKey, of: invitation.site)
        else { throw AgentError(.invalidCertificate, .agentInvalidCertificate) }
        let membership = Membership(
            site: invitation.site, coordinator: invitation.coordinator, certificate: response.certificate,
            invitation: token)
        try membership.write(state)
        return try outcome(earlier == nil ? .joined : .joinedAgain, membership, secrets)
    }

    private static func outcome(
        _ change: Outcome.Change, _ membership: Membership, _ secrets: SiteSecrets
    ) throws(AgentError) -> Outcome {
        Outcome(
            change: change, membership: membership,
            signingKeyFingerprint: secrets.signingKey.verificationKey.fingerprint,
            jobKeyFingerprint: try membership.jobKey.fingerprint)
    }
}
