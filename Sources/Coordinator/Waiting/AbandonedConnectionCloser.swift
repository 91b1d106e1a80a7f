internal import NIOCore
internal import NIOSSL

/// Closes an HTTP/1.1 connection when its client stops sending for good.
///
/// The server keeps half-closed connections open, so that a client may end its side and still read. Behind TLS no
/// client does so: the end of input means that it is gone, and nobody should wait for it. Streams of HTTP/2 end their
/// input after each request and are left alone.
final class AbandonedConnectionCloser: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed, Self.isConnection(context) {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    private static func isConnection(_ context: ChannelHandlerContext) -> Bool {
        (try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)) != nil
    }
}
