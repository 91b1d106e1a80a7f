internal import HummingbirdCore
internal import HummingbirdHTTP2
internal import Logging
internal import NIOCore

/// Sets each connection up as Hummingbird does, with a guard before everything else.
struct GuardedChannel: ServerChildChannel {
    let base: HTTP2UpgradeChannel
    let connections: OpenConnections

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP2UpgradeChannel.Value> {
        do {
            try channel.pipeline.syncOperations.addHandler(ConnectionGuard())
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        connections.add(channel)
        return base.setup(channel: channel, logger: logger)
    }

    func handle(value: HTTP2UpgradeChannel.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
