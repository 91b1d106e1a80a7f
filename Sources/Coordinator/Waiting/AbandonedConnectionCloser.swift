internal import NIOCore

/// Closes a TCP connection when its client stops sending for good.
///
/// The server keeps half-closed connections open, so that a client may end its side and still read. Behind TLS no
/// client does so: the end of input means that it is gone, and nobody should wait for it. It stands before the TLS
/// handler, because behind it the end of input without a farewell of TLS would wait for that farewell.
final class AbandonedConnectionCloser: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        if let event = event as? ChannelEvent, event == .inputClosed { context.close(promise: nil) }
    }

    /// Puts one into the connection's pipeline.
    static func watch(_ connection: any Channel) {
        connection.eventLoop.execute {
            // It fails only when the connection is closed already.
            try? connection.pipeline.syncOperations.addHandler(AbandonedConnectionCloser(), position: .first)
        }
    }
}
