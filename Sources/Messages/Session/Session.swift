public import Evidence
public import StudyProtocol

/// The body of `POST /v1/challenges`.
public struct ChallengeRequest: Codable, Hashable, Sendable {
    /// `VerificationKey.keyID` of the key that will answer.
    public let keyID: String

    public init(keyID: String) { self.keyID = keyID }

    enum CodingKeys: String, CodingKey {
        case keyID = "keyid"
    }
}

/// Its answer: the same form for known and unknown keys, so that nobody learns which keys are known.
public struct Challenge: Codable, Hashable, Sendable {
    public let challenge: String
    public let expires: Timestamp

    public init(challenge: String, expires: Timestamp) {
        self.challenge = challenge
        self.expires = expires
    }

    enum CodingKeys: String, CodingKey {
        case challenge, expires
    }
}

/// The body of `POST /v1/sessions`.
public struct SessionRequest: Codable, Hashable, Sendable {
    /// A `SessionProof`.
    public let proof: Envelope

    public init(proof: Envelope) { self.proof = proof }

    enum CodingKeys: String, CodingKey {
        case proof
    }
}

/// Its answer. `token` goes into `Authorization: Bearer`.
public struct Session: Codable, Hashable, Sendable {
    public let token: String
    public let role: SessionRole
    public let expires: Timestamp

    public init(token: String, role: SessionRole, expires: Timestamp) {
        self.token = token
        self.role = role
        self.expires = expires
    }

    enum CodingKeys: String, CodingKey {
        case token, role, expires
    }
}

/// What a person with a session may do.
public enum SessionRole: String, Codable, Hashable, Sendable, CaseIterable {
    /// Submits protocols and models, and reads the studies that it submitted itself.
    case sponsor
    /// Reads every study of the consortium.
    case lead
}
