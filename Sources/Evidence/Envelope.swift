public import Foundation
public import StrictJSON
import TextCatalogue

/// A DSSE 1.0.2 envelope (https://github.com/secure-systems-lab/dsse): bytes, their type, and signatures over both.
///
/// Concordat reads a stricter profile than DSSE asks for, so that an envelope cannot be changed unseen in any byte:
/// unknown members, URL-safe or unpadded base64, and signatures without `keyid` are refused. See
/// `docs/developer/evidence.md`.
public struct Envelope: Hashable, Sendable {
    public struct Signature: Hashable, Sendable {
        /// `VerificationKey.keyID` of the key that is said to have signed. Never used to choose the key.
        public let keyID: String
        public let bytes: Data
    }

    /// How many signatures an envelope may hold.
    public static let maximumSignatures = 16
    /// How large an envelope's JSON may be, in bytes.
    public static let maximumSize = 32 << 20

    public let payloadType: String
    /// The signed bytes. Nothing about them is known before the envelope is verified.
    public let payload: Data
    public private(set) var signatures: [Signature]

    /// An envelope signed by each of the keys, in their order.
    /// - Throws: `unsigned`, `too-many-signatures`, or `signing-failed` when the platform's library fails.
    public init(payloadType: String, payload: Data, signers: [SigningKey]) throws(EvidenceError) {
        guard !signers.isEmpty else { throw EvidenceError(.unsigned, .unsigned) }
        self.payloadType = payloadType
        self.payload = payload
        signatures = []
        for signer in signers { try addSignature(of: signer) }
    }

    /// Adds a signature; nothing changes when that key has signed already.
    /// - Throws: `too-many-signatures`.
    public mutating func addSignature(of signer: SigningKey) throws(EvidenceError) {
        let keyID = signer.verificationKey.keyID
        guard !signatures.contains(where: { $0.keyID == keyID }) else { return }
        guard signatures.count < Self.maximumSignatures else {
            throw EvidenceError(.tooManySignatures, .tooManySignatures(limit: Self.maximumSignatures))
        }
        signatures.append(Signature(keyID: keyID, bytes: try signer.sign(preAuthenticationEncoding)))
    }

    /// The digest of the document: SHA-256 of the payload's bytes.
    public var digest: Digest { Digest(of: payload) }

    /// What is signed: `DSSEv1 SP length SP type SP length SP payload`, lengths in bytes, decimal.
    public var preAuthenticationEncoding: Data {
        var encoding = Data("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8)
        encoding.append(payload)
        return encoding
    }

    /// Verifies the exact bytes: each key of `keys` counts once, by any of the signatures.
    ///
    /// Every key is tried on every signature; `keyid` chooses nothing, but must name the key that made the
    /// signature. A signature that claims a key of the list and is not that key's spoils the envelope; signatures
    /// of others are ignored.
    /// - Returns: the keys that signed, in the order of `keys`.
    /// - Throws: `bad-signature`, `unknown-signer` when none of the keys signed, or `below-threshold`.
    public func verify(by keys: [VerificationKey], threshold: Int = 1) throws(EvidenceError) -> [VerificationKey] {
        let encoding = preAuthenticationEncoding
        var distinct: [VerificationKey] = []
        for key in keys where !distinct.contains(key) { distinct.append(key) }
        let claimable = Set(distinct.map(\.keyID))
        var signers: Set<VerificationKey> = []
        for signature in signatures {
            if let signer = distinct.first(where: { $0.isValid(signature.bytes, for: encoding) }) {
                guard signature.keyID == signer.keyID else {
                    throw EvidenceError(.badSignature, .badSignature(keyID: signature.keyID))
                }
                signers.insert(signer)
            } else if claimable.contains(signature.keyID) {
                throw EvidenceError(.badSignature, .badSignature(keyID: signature.keyID))
            }
        }
        guard !signers.isEmpty else { throw EvidenceError(.unknownSigner, .unknownSigner) }
        guard signers.count >= max(1, threshold) else {
            throw EvidenceError(.belowThreshold, .belowThreshold(signers.count, of: threshold))
        }
        return distinct.filter(signers.contains)
    }
}

// MARK: - JSON

extension Envelope {
    /// Reads an envelope's JSON.
    /// - Throws: `invalid-envelope`, `unsigned` or `too-many-signatures`.
    public init(_ data: Data) throws(EvidenceError) {
        let value: JSONValue
        do {
            value = try StrictJSON.parse(data, limits: .init(bytes: Self.maximumSize, depth: 8, values: 256))
        } catch {
            throw EvidenceError(.invalidEnvelope, .invalidEnvelope(error.phrase))
        }
        try self.init(json: value)
    }

    /// Reads an envelope that is a member of another document.
    /// - Throws: `invalid-envelope`, `unsigned` or `too-many-signatures`.
    public init(json value: JSONValue) throws(EvidenceError) {
        let faults = FaultList()
        var reader = ObjectReader(value, faults: faults)
        let type = reader.string("payloadType", maximum: 256)
        let payload = reader.required("payload", .base64)
        let signature = ValueReader<Signature>.object { reader in
            let keyID = reader.string("keyid", maximum: 256)
            guard let bytes = reader.required("sig", .base64), let keyID else { return nil }
            return Signature(keyID: keyID, bytes: bytes)
        }
        let signatures = reader.required("signatures", .array(of: signature, count: 0...Int.max))
        reader.finish()
        if let fault = faults.faults.first {
            let place = fault.pointer.description
            throw EvidenceError(.invalidEnvelope, .invalidEnvelope(.jsonUndecodable(fault.phrase, pointer: place)))
        }
        guard let type, let payload, let signatures else {
            throw EvidenceError(.invalidEnvelope, .invalidEnvelope(.jsonEmpty))
        }
        guard !signatures.isEmpty else { throw EvidenceError(.unsigned, .unsigned) }
        guard signatures.count <= Self.maximumSignatures else {
            throw EvidenceError(.tooManySignatures, .tooManySignatures(limit: Self.maximumSignatures))
        }
        // As other verifiers do: a key that signs twice adds nothing and could hide a difference.
        guard Set(signatures.map(\.keyID)).count == signatures.count else {
            throw EvidenceError(.invalidEnvelope, .invalidEnvelope(.duplicateKeyID))
        }
        self.payloadType = type
        self.payload = payload
        self.signatures = signatures
    }

    public var json: JSONValue {
        [
            "payload": .string(Base64.encode(payload)),
            "payloadType": .string(payloadType),
            "signatures": .array(
                signatures.map { ["keyid": .string($0.keyID), "sig": .string(Base64.encode($0.bytes))] }),
        ]
    }

    /// The envelope's JSON: canonical (RFC 8785), in one line, without a line end. One envelope has one such form.
    public var encoded: Data { json.canonicalBytes }
}

extension Envelope: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(json: try container.decode(JSONValue.self))
        } catch let error as EvidenceError {
            throw DecodingError.refused(error, in: container)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(json)
    }
}

extension ValueReader where Value == Data {
    /// Standard, padded base64 (RFC 4648, section 4); one value has one text.
    public static var base64: Self {
        ValueReader<String>.string(maximum: Envelope.maximumSize).then { text, pointer, faults in
            if let data = Base64.decode(text) { return data }
            faults.add(pointer, "invalid-base64", .invalidBase64)
            return nil
        }
    }
}
