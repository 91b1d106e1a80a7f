internal import Crypto
public import Evidence
internal import Foundation
internal import TextCatalogue

/// The keys that never leave the site.
public struct SiteSecrets: Sendable {
    /// Signs releases.
    public let signingKey: SigningKey
    /// P-256, PKCS#8 PEM: proves the site's identity in TLS.
    let tlsKey: String
    /// 32 bytes that key the commitment to the catalogue and the order in which cases are scored.
    let siteKey: Data

    /// Reads the keys, and makes those that are missing. Each is durable before this returns.
    /// - Throws: `state-unwritable`, `state-unreadable`, `disk-full`.
    static func readOrCreate(
        _ state: StateDirectory, using generator: inout some RandomNumberGenerator
    ) throws(AgentError) -> SiteSecrets {
        if try DurableFile.read(state.signingKey) == nil {
            let key = SigningKey.generate(using: &generator)
            try DurableFile.write(Data(key.pem.utf8), to: state.signingKey)
        }
        if try DurableFile.read(state.tlsKey) == nil {
            try DurableFile.write(Data((P256.Signing.PrivateKey().pemRepresentation + "\n").utf8), to: state.tlsKey)
        }
        if try DurableFile.read(state.siteKey) == nil {
            let bytes = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
            try DurableFile.write(bytes, to: state.siteKey)
        }
        guard let secrets = try read(state) else {
            throw AgentError(.stateUnreadable, .agentStateUnreadable(state.url.path))
        }
        if try DurableFile.read(state.verificationKey) == nil {
            try DurableFile.write(Data(secrets.signingKey.verificationKey.pem.utf8), to: state.verificationKey)
        }
        return secrets
    }

    /// Reads the keys; nil when one is missing.
    /// - Throws: `state-unreadable` when a key is not what it should be.
    static func read(_ state: StateDirectory) throws(AgentError) -> SiteSecrets? {
        guard let signing = try DurableFile.read(state.signingKey), let tls = try DurableFile.read(state.tlsKey),
            let site = try DurableFile.read(state.siteKey)
        else { return nil }
        guard site.count == 32, let key = try? SigningKey(pem: String(decoding: signing, as: UTF8.self)) else {
            throw AgentError(.stateUnreadable, .agentStateUnreadable(state.url.path))
        }
        return SiteSecrets(signingKey: key, tlsKey: String(decoding: tls, as: UTF8.self), siteKey: site)
    }

    /// The site key alone.
    /// - Throws: `state-unreadable` when there is none.
    static func readSiteKey(_ state: StateDirectory) throws(AgentError) -> Data {
        guard let key = try DurableFile.read(state.siteKey), key.count == 32 else {
            throw AgentError(.stateUnreadable, .agentStateUnreadable(state.siteKey.path))
        }
        return key
    }

    /// HMAC-SHA-256 of a message under the site key. Messages begin with their purpose, so that no two uses of the
    /// key can meet.
    func code(of message: Data) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: siteKey)))
    }
}
