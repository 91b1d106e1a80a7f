internal import Crypto
internal import Evidence
internal import Foundation
internal import StudyProtocol
internal import SwiftASN1
internal import X509

/// The coordinator's own certificate authority: it signs the server's certificate once and one client certificate for
/// each enrolled site. It signs nothing else (path length 0, key usage `keyCertSign` alone; RFC 5280, section 4.2.1).
struct CertificateAuthority: Sendable {
    let certificate: Certificate
    private let key: P256.Signing.PrivateKey

    /// How far certificates reach back, because clocks of sites are off by minutes.
    static let clockTolerance: Int64 = 10 * 60
    static let siteURIPrefix = "urn:concordat:site:"

    init(certificate: Certificate, key: P256.Signing.PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// A new authority, valid from now on.
    /// - Parameter lifetime: in seconds.
    static func create(name: String, now: Timestamp, lifetime: Int64) throws -> CertificateAuthority {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        let subject = try DistinguishedName {
            CommonName("Concordat authority")
            OrganizationName(name)
        }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: publicKey,
            notValidBefore: now.adding(seconds: -clockTolerance).date,
            notValidAfter: now.adding(seconds: lifetime).date,
            issuer: subject,
            subject: subject,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true))
                SubjectKeyIdentifier(hash: publicKey)
            },
            issuerPrivateKey: Certificate.PrivateKey(key)
        )
        return CertificateAuthority(certificate: certificate, key: key)
    }

    /// The server's certificate for these names, each a DNS name or an IP address.
    func issueServerCertificate(
        for publicKey: P256.Signing.PublicKey, names: [ServerName], now: Timestamp, lifetime: Int64
    ) throws -> Certificate {
        try issue(
            Certificate.PublicKey(publicKey), commonName: names.first?.text ?? "coordinator",
            names: names.map(\.generalName), usage: .serverAuth, now: now, lifetime: lifetime)
    }

    /// The client certificate that names a site by its URI, `urn:concordat:site:<id>`.
    func issueSiteCertificate(
        for publicKey: P256.Signing.PublicKey, site: SiteID, now: Timestamp, lifetime: Int64
    ) throws -> Certificate {
        try issue(
            Certificate.PublicKey(publicKey), commonName: site.rawValue,
            names: [.uniformResourceIdentifier(Self.siteURIPrefix + site.rawValue)], usage: .clientAuth,
            now: now, lifetime: lifetime)
    }

    private func issue(
        _ publicKey: Certificate.PublicKey, commonName: String, names: [GeneralName], usage: ExtendedKeyUsage.Usage,
        now: Timestamp, lifetime: Int64
    ) throws -> Certificate {
        let end = min(now.adding(seconds: lifetime).date, certificate.notValidAfter)
        return try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: publicKey,
            notValidBefore: now.adding(seconds: -Self.clockTolerance).date,
            notValidAfter: end,
            issuer: certificate.subject,
            subject: try DistinguishedName { CommonName(commonName) },
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([usage])
                SubjectAlternativeNames(names)
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier)
            },
            issuerPrivateKey: Certificate.PrivateKey(key)
        )
    }
}

extension CertificateAuthority {
    init(certificatePEM: String, keyPEM: String) throws {
        try self.init(
            certificate: Certificate(pemEncoded: certificatePEM),
            key: P256.Signing.PrivateKey(pemRepresentation: keyPEM))
    }

    var keyPEM: String { key.pemRepresentation + "\n" }
}

extension Certificate {
    /// With the trailing newline that `pemString` lacks, so that texts can be put one after the other.
    func pemText() throws -> String { try serializeAsPEM().pemString + "\n" }

    func derBytes() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(self)
        return serializer.serializedBytes
    }

    /// `sha256:` and the digest of the DER form, which `openssl x509 -fingerprint -sha256` shows with colons.
    func fingerprint() throws -> String { Digest(of: try derBytes()).description }

    /// The serial number in lower-case hex.
    var serialText: String { serialNumber.bytes.hexText }

    /// The site that the certificate names; nil unless it names exactly one thing, and that a site.
    var site: SiteID? {
        guard let names = try? extensions.subjectAlternativeNames, names.count == 1,
            case .uniformResourceIdentifier(let uri)? = names.first,
            uri.hasPrefix(CertificateAuthority.siteURIPrefix)
        else { return nil }
        return SiteID(rawValue: String(uri.dropFirst(CertificateAuthority.siteURIPrefix.count)))
    }
}

extension Timestamp {
    var date: Date { Date(timeIntervalSince1970: TimeInterval(secondsSinceEpoch)) }
}

extension Sequence where Element == UInt8 {
    /// Lower-case hex.
    var hexText: String {
        reduce(into: "") { text, byte in
            text.append(String(byte >> 4, radix: 16))
            text.append(String(byte & 15, radix: 16))
        }
    }
}
