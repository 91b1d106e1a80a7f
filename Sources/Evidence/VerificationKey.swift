internal import Crypto
public import Foundation
import TextCatalogue

/// An Ed25519 public key (RFC 8032), as SubjectPublicKeyInfo in DER or PEM (RFC 8410).
public struct VerificationKey: Sendable {
    /// The SubjectPublicKeyInfo of every Ed25519 key up to the 32 bytes of the key itself (RFC 8410, section 4).
    private static let header = Data([0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00])

    private let key: Curve25519.Signing.PublicKey

    /// The 32 bytes of the key.
    public var rawRepresentation: Data { key.rawRepresentation }

    /// - Throws: `invalid-key` when there are not 32 bytes; `weak-key` when the point has a small order: then one
    ///   signature would fit many documents.
    public init(rawRepresentation: Data) throws(EvidenceError) {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: rawRepresentation) else {
            throw EvidenceError(.invalidKey, .invalidPublicKey)
        }
        guard !SmallOrderPoints.contains(rawRepresentation) else { throw EvidenceError(.weakKey, .weakKey) }
        self.key = key
    }

    init(_ key: Curve25519.Signing.PublicKey) { self.key = key }

    /// - Throws: `invalid-key` or `weak-key`.
    public init(der: Data) throws(EvidenceError) {
        guard der.count == Self.header.count + 32, der.starts(with: Self.header) else {
            throw EvidenceError(.invalidKey, .invalidPublicKey)
        }
        try self.init(rawRepresentation: Data(der.dropFirst(Self.header.count)))
    }

    /// Reads one `PUBLIC KEY` block.
    /// - Throws: `invalid-key` or `weak-key`.
    public init(pem: String) throws(EvidenceError) {
        guard let der = PEM.decode(pem, label: "PUBLIC KEY") else {
            throw EvidenceError(.invalidKey, .invalidPublicKey)
        }
        try self.init(der: der)
    }

    public var der: Data { Self.header + rawRepresentation }

    /// One `PUBLIC KEY` block with a line end after it.
    public var pem: String { PEM.encode(der, label: "PUBLIC KEY") }

    /// The lower-case hexadecimal SHA-256 of `der`.
    public var keyID: String { Digest(of: der).hex }

    /// The first 128 bits of `keyID` in groups of four digits, for a check by telephone:
    /// `1f3a-90cc-…`. Both sides print it; a forger would have to meet all of it.
    public var fingerprint: String {
        let digits = Array(keyID.utf8.prefix(32))
        return stride(from: 0, to: digits.count, by: 4)
            .map { String(decoding: digits[$0..<$0 + 4], as: UTF8.self) }
            .joined(separator: "-")
    }

    /// Whether the signature (64 bytes) is this key's over exactly these bytes.
    public func isValid(_ signature: Data, for message: Data) -> Bool {
        key.isValidSignature(signature, for: message)
    }
}

extension VerificationKey: Hashable {
    public static func == (left: VerificationKey, right: VerificationKey) -> Bool {
        left.rawRepresentation == right.rawRepresentation
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(rawRepresentation) }
}

/// The points of Edwards25519 whose order divides 8, in every encoding that decoders accept.
private enum SmallOrderPoints {
    private static let encodings: [String] = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ]

    /// The sign of x, the highest bit, does not change the order.
    static func contains(_ point: Data) -> Bool {
        var unsigned = [UInt8](point)
        unsigned[31] &= 0x7F
        return encodings.contains(Hexadecimal.encode(unsigned))
    }
}
