public import Evidence
internal import Foundation
internal import StrictJSON
internal import TextCatalogue

/// A short signed text that shows possession of a key. Its payload type keeps it from being taken for a statement, or
/// one kind of proof for another.
public protocol Proof: Codable, Hashable, Sendable {
    static var payloadType: String { get }
}

extension Proof {
    /// The proof, signed.
    /// - Throws: `MessageError` or `EvidenceError`.
    public func signed(by key: SigningKey) throws -> Envelope {
        try Envelope(
            payloadType: Self.payloadType, payload: PredicateForm.encode(self).canonicalBytes, signers: [key])
    }

    /// Reads a proof after verifying the envelope's bytes by that key alone.
    /// - Throws: `MessageError` (`wrong-predicate-type`, `schema-error`, `too-large`) or what `Envelope.verify` throws.
    public init(_ envelope: Envelope, signedBy key: VerificationKey) throws {
        let limit = MessageSchema.Limit.other
        guard envelope.payload.count <= limit else {
            throw MessageError(.tooLarge, .messageTooLarge(envelope.payload.count, limit: limit))
        }
        guard envelope.payloadType == Self.payloadType else {
            throw MessageError(
                .wrongPredicateType, .messageWrongType(envelope.payloadType, expected: Self.payloadType))
        }
        _ = try envelope.verify(by: [key])
        let value: JSONValue
        do {
            value = try StrictJSON.parse(envelope.payload, limits: .init(bytes: limit, depth: 4, values: 64))
        } catch {
            throw MessageError(.schemaError, .messageSchema(error.phrase))
        }
        self = try PredicateForm.decode(Self.self, from: value)
    }
}

/// Binds a site's signing key to its invitation and to the TLS key of its CSR.
public struct EnrolmentProof: Proof {
    public static let payloadType = "application/vnd.concordat.enrolment-proof+json"

    public let site: SiteID
    /// SHA-256 of the token's bytes.
    public let token: Digest
    /// SHA-256 of the CSR's PEM text as it is sent.
    public let csr: Digest

    public init(site: SiteID, token: Digest, csr: Digest) {
        self.site = site
        self.token = token
        self.csr = csr
    }

    enum CodingKeys: String, CodingKey {
        case site, token, csr
    }
}

/// Answers a challenge. It names the coordinator, so that one coordinator cannot pass on another's challenge.
public struct SessionProof: Proof {
    public static let payloadType = "application/vnd.concordat.session-proof+json"

    /// The challenge as it was given.
    public let challenge: String
    /// The `fingerprint` of the coordinator's authority.
    public let coordinator: String
    /// `VerificationKey.keyID` of the signer.
    public let keyID: String

    public init(challenge: String, coordinator: String, keyID: String) {
        self.challenge = challenge
        self.coordinator = coordinator
        self.keyID = keyID
    }

    enum CodingKeys: String, CodingKey {
        case challenge, coordinator
        case keyID = "keyid"
    }
}
