internal import Evidence
internal import Hummingbird
internal import NIOCore
internal import NIOSSL
internal import SwiftASN1
internal import X509

/// The context of one request: the channel it came by, and so the certificate that its client showed.
struct CoordinatorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The connection's own channel: under HTTP/2 a request's channel is a stream of it.
    private var connections: [any Channel] { [channel, channel.parent].compactMap { $0 } }

    /// The client's certificate, which the handshake has verified against our authority; nil when there is none.
    func peerCertificate() async -> Certificate? {
        for connection in connections {
            if let certificate = try? await connection.nioSSL_peerCertificate().get() {
                return try? Certificate(derEncoded: certificate.toDERBytes())
            }
        }
        return nil
    }

    /// The client's address without its port.
    var remoteAddress: String {
        connections.lazy.compactMap { $0.remoteAddress?.ipAddress }.first ?? "unknown"
    }
}
