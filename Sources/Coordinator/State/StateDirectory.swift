public import Foundation

/// The coordinator's folder: settings, keys, certificates, database and model packages. Only its owner may enter it.
public struct StateDirectory: Sendable, Hashable {
    public let url: URL

    public init(_ url: URL) { self.url = url }

    var settings: URL { file("coordinator.json") }
    var authorityCertificate: URL { file("authority.pem") }
    var authorityKey: URL { file("authority-key.pem") }
    var serverCertificate: URL { file("server.pem") }
    var serverKey: URL { file("server-key.pem") }
    var jobKey: URL { file("job-key.pem") }
    /// The public part, to hand to whoever will verify jobs.
    var jobVerificationKey: URL { file("job-key.pub.pem") }
    var database: URL { file("coordinator.sqlite") }
    /// The port that was last served on; absent before the first time.
    var port: URL { file("port") }
    /// Held while `serve` runs.
    var lock: URL { file("lock") }
    var models: URL { url.appending(path: "models", directoryHint: .isDirectory) }

    private func file(_ name: String) -> URL { url.appending(path: name, directoryHint: .notDirectory) }
}
