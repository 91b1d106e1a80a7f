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
        // A connection's parent is the listening socket, which has no parent and no remote address.
        connection = source.channel.parent.flatMap { $0.remoteAddress == nil ? nil : $0 } ?? source.channel
    }

    /// The connection's own channel, which has the TLS handler: under HTTP/2 a request's channel is a stream of it.
    let connection: any Channel

    /// The client's certificate, which the handshake has verified against our authority; nil when there is none.
    func peerCertificate() async -> Certificate? {
        guard let certificate = try? await connection.nioSSL_peerCertificate().get() else { return nil }
        return try? Certificate(derEncoded: certificate.toDERBytes())
    }

    /// The client's address without its port.
    var remoteAddress: String {
        connection.remoteAddress?.ipAddress ?? "unknown"
    }
}
