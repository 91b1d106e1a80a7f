public import Evidence

/// The body of `POST /v1/enrolments`.
public struct EnrolmentRequest: Codable, Hashable, Sendable {
    /// Of the invitation.
    public let token: String
    /// PKCS#10, PEM, signed by the P-256 key of the agent's TLS identity.
    public let csr: String
    /// The Ed25519 key that will sign releases, PEM.
    public let signingKey: String
    /// An `EnrolmentProof`, signed by `signingKey`.
    public let proof: Envelope

    public init(token: String, csr: String, signingKey: String, proof: Envelope) {
        self.token = token
        self.csr = csr
        self.signingKey = signingKey
        self.proof = proof
    }

    enum CodingKeys: String, CodingKey {
        case token, csr, signingKey, proof
    }
}

/// The answer to `POST /v1/enrolments`; the same token, CSR and key again get the same answer.
public struct EnrolmentResponse: Codable, Hashable, Sendable {
    /// The client certificate, PEM.
    public let certificate: String
    public let site: SiteID
    /// What the coordinator has on record for the site's signing key; the agent compares it with its own.
    public let signingKeyFingerprint: String

    public init(certificate: String, site: SiteID, signingKeyFingerprint: String) {
        self.certificate = certificate
        self.site = site
        self.signingKeyFingerprint = signingKeyFingerprint
    }

    enum CodingKeys: String, CodingKey {
        case certificate, site, signingKeyFingerprint
    }
}
