internal import Crypto
public import Foundation
import TextCatalogue

/// An Ed25519 private key (RFC 8032), as PKCS#8 in PEM (RFC 8410, section 7).
///
/// It has no description and is not encodable: its only way out is `pem`, which callers hand to `KeyFile`.
public struct SigningKey: Sendable {
    /// The PrivateKeyInfo of every Ed25519 key, version 1, up to the 32 bytes of the seed.
    private static let header = Data([
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ])

    private let key: Curve25519.Signing.PrivateKey

    /// A new key out of 32 bytes of the generator, which must be a cryptographic one such as
    /// `SystemRandomNumberGenerator`.
    public static func generate(using generator: inout some RandomNumberGenerator) -> SigningKey {
        while true {
            let seed = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
            // Every 32 bytes are a seed (RFC 8032, section 5.1.5), so this returns in the first round.
            if let key = try? SigningKey(seed: seed) { return key }
        }
    }

    /// - Throws: `invalid-key` when there are not 32 bytes.
    public init(seed: Data) throws(EvidenceError) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw EvidenceError(.invalidKey, .invalidPrivateKey)
        }
        self.key = key
    }

    /// Reads one unencrypted `PRIVATE KEY` block that holds an Ed25519 key.
    /// - Throws: `invalid-key`.
    public init(pem: String) throws(EvidenceError) {
        guard let der = PEM.decode(pem, label: "PRIVATE KEY"),
            der.count == Self.header.count + 32, der.starts(with: Self.header)
        else { throw EvidenceError(.invalidKey, .invalidPrivateKey) }
        try self.init(seed: Data(der.dropFirst(Self.header.count)))
    }

    /// One unencrypted `PRIVATE KEY` block with a line end after it. A secret.
    public var pem: String { PEM.encode(Self.header + key.rawRepresentation, label: "PRIVATE KEY") }

    public var verificationKey: VerificationKey { VerificationKey(key.publicKey) }

    /// The signature (64 bytes) over the message. Signing anything but a DSSE pre-authentication encoding or a
    /// message with its own distinct prefix lets one kind of signature pass for another.
    /// - Throws: `signing-failed` when the platform's library fails.
    public func sign(_ message: Data) throws(EvidenceError) -> Data {
        do {
            return try key.signature(for: message)
        } catch {
            throw EvidenceError(.signingFailed, .signingFailed)
        }
    }
}
