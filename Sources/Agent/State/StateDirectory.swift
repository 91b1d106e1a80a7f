public import Foundation
internal import TextCatalogue

/// The folder that holds all that an agent knows and keeps: secrets, what the invitation pinned, the site's settings,
/// jobs, catalogue, models and predictions. Mode 0700; every file in it 0600.
public struct StateDirectory: Hashable, Sendable {
    public let url: URL

    public init(_ url: URL) {
        self.url = url.standardizedFileURL
    }

    /// Everything that was agreed with the coordinator at enrolment.
    var membership: URL { file("membership.json") }
    /// The P-256 key of the client certificate, PKCS#8 PEM.
    var tlsKey: URL { file("tls-key.pem") }
    /// The Ed25519 key that signs releases, PKCS#8 PEM.
    var signingKey: URL { file("signing-key.pem") }
    /// The public part, for the site to hand to whoever will verify its releases.
    var verificationKey: URL { file("signing-key.pub.pem") }
    /// The request for the client certificate, kept until it is answered and after.
    var signingRequest: URL { file("signing-request.json") }
    /// 32 random bytes that key the commitment to the catalogue and the order of cases.
    var siteKey: URL { file("site-key") }
    /// The site description as `index` last read it.
    var settings: URL { file("site.json") }
    public var catalogue: URL { file("catalogue.sqlite") }
    var jobs: URL { file("agent.sqlite") }
    var lock: URL { file("lock") }
    var models: URL { url.appendingPathComponent("models", isDirectory: true) }
    var predictions: URL { url.appendingPathComponent("predictions", isDirectory: true) }

    private func file(_ name: String) -> URL {
        url.appendingPathComponent(name, isDirectory: false)
    }

    /// Makes the folder if it is missing, and takes away what others may do with it.
    /// - Throws: `state-not-empty` when the folder holds something that no agent wrote; `state-unwritable`.
    public func prepare() throws(AgentError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        let own = [signingKey, tlsKey, siteKey, membership, lock].map(\.lastPathComponent)
        // `.signing-key.pem.new` is the first file of all, left by a process that was killed while it wrote it.
        guard names.isEmpty || names.contains(where: { own.contains($0) || $0 == ".signing-key.pem.new" }) else {
            throw AgentError(.stateNotEmpty, .agentStateNotEmpty(url.path))
        }
        try Self.makePrivate(url)
    }

    static func makePrivate(_ folder: URL) throws(AgentError) {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw AgentError(.stateUnwritable, .agentStateUnwritable(folder.path))
        }
        guard chmod(folder.path, 0o700) == 0 else {
            throw AgentError(.stateUnwritable, .agentStateUnwritable(folder.path))
        }
    }
}
