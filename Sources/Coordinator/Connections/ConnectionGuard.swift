internal import NIOCore

/// Stands first in each connection's pipeline, before TLS, and closes the TCP connection without asking TLS.
///
/// It does so when the client stops sending for good: the server keeps half-closed connections open, so that a client
/// may end its side and still read, but behind TLS no client does so; the end of input means that it is gone, and
/// nobody should wait for it. And it does so when the server stops: the farewell of TLS waits seconds for clients
/// that do not listen.
final class ConnectionGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        if let event = event as? ChannelEvent, event == .inputClosed { context.close(promise: nil) }
    }

    /// Closes a guarded connection; may be called on any thread.
    static func close(_ connection: any Channel) {
        connection.eventLoop.execute {
            // It fails only when the connection is closed already.
            try? connection.pipeline.syncOperations.context(handlerType: ConnectionGuard.self).close(promise: nil)
        }
    }
}
