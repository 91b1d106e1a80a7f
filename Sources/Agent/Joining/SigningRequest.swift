internal import Crypto
internal import Evidence
internal import Foundation
internal import StrictJSON
internal import SwiftASN1
internal import TextCatalogue
internal import X509

/// The request for a client certificate (PKCS#10). It is kept, because a repeated request must have the same bytes:
/// its signature is different each time it is made.
struct SigningRequest: Codable, Hashable, Sendable {
    let site: SiteID
    /// PEM, with a line end.
    let csr: String

    enum CodingKeys: String, CodingKey {
        case site, csr
    }

    /// The stored request for the site, or a new one that is durable when this returns.
    static func readOrCreate(
        for site: SiteID, key: String, in state: StateDirectory
    ) throws(AgentError) -> SigningRequest {
        if let bytes = try DurableFile.read(state.signingRequest, limit: 1 << 20),
            let stored = try? StrictJSON.decode(SigningRequest.self, from: bytes), stored.site == site
        {
            return stored
        }
        do {
            let request = try SigningRequest(site: site, key: key)
            try DurableFile.write(StrictJSON.encode(request), to: state.signingRequest)
            return request
        } catch let error as AgentError {
            throw error
        } catch {
            throw AgentError(.stateUnreadable, .agentStateUnreadable(state.tlsKey.path))
        }
    }

    private init(site: SiteID, key: String) throws {
        let name = try DistinguishedName { CommonName(site.rawValue) }
        let extensions = try Certificate.Extensions {
            SubjectAlternativeNames([.uniformResourceIdentifier("urn:concordat:site:\(site)")])
        }
        let request = try CertificateSigningRequest(
            version: .v1, subject: name,
            privateKey: Certificate.PrivateKey(P256.Signing.PrivateKey(pemRepresentation: key)),
            attributes: .init([.init(ExtensionRequest(extensions: extensions))]),
            signatureAlgorithm: .ecdsaWithSHA256)
        self.site = site
        csr = try request.serializeAsPEM().pemString + "\n"
    }
}

/// What the agent reads of certificates.
enum CertificateReading {
    /// `sha256:` and the digest of the DER of the first certificate of the PEM text; nil when there is none.
    static func fingerprint(ofPEM text: String) -> String? {
        guard let document = try? PEMDocument(pemString: text), document.discriminator == "CERTIFICATE" else {
            return nil
        }
        return Digest(of: Data(document.derBytes)).description
    }

    /// Whether the certificate is for this key and names this site.
    static func isCertificate(_ text: String, for key: String, of site: SiteID) -> Bool {
        guard let certificate = try? Certificate(pemEncoded: text),
            let own = try? P256.Signing.PrivateKey(pemRepresentation: key),
            P256.Signing.PublicKey(certificate.publicKey)?.rawRepresentation == own.publicKey.rawRepresentation,
            let names = try? certificate.extensions.subjectAlternativeNames
        else { return false }
        return names.contains(.uniformResourceIdentifier("urn:concordat:site:\(site)"))
    }
}
