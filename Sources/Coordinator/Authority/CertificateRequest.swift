internal import Crypto
internal import SwiftASN1
internal import X509

/// A certificate signing request (PKCS #10, RFC 2986) that passed the checks: its key is P-256 and signed the request.
///
/// Nothing else of the request is used: the names in the certificate are the coordinator's own.
struct CertificateRequest: Sendable {
    let publicKey: P256.Signing.PublicKey

    static let maximumLength = 8 * 1024

    /// Nil when the text is not such a request.
    init?(pem: String) {
        guard pem.utf8.count <= Self.maximumLength,
            let request = try? CertificateSigningRequest(pemEncoded: pem),
            let publicKey = P256.Signing.PublicKey(request.publicKey),
            request.publicKey.isValidSignature(request.signature, for: request)
        else { return nil }
        self.publicKey = publicKey
    }
}
