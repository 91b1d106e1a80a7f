internal import Hummingbird
internal import NIOCore

/// Answers now or waits until there is something to answer.
struct LongPoll: Sendable {
    let bells: Bells

    /// The longest wait, in seconds; proxies cut longer requests.
    static let longest = 25

    /// Asks `answer` again whenever the topic's bell rings, until it has something, the time is over, the client is
    /// gone or the server stops. A caller with too many waits open is answered at once.
    func wait<Answer>(
        for topic: Topic, seconds: Int, exchange: Exchange,
        _ answer: () async throws -> Answer?
    ) async throws -> Answer? {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        let connection = await watch(exchange.context.channel)
        while true {
            let strokes = await bells.strokes(of: topic)
            if let result = try await answer() { return result }
            let rest = ContinuousClock.now.duration(to: deadline)
            switch await bells.wait(
                for: topic, after: strokes, atMost: rest, on: connection, by: exchange.caller)
            {
            case .rung: continue
            case .timedOut, .released: return nil
            }
        }
    }

    /// Ends the waits of a request's channel when it closes: a stream of HTTP/2, or the connection itself. A channel is
    /// watched once, however many requests it carries.
    private func watch(_ channel: any Channel) async -> Bells.Connection {
        let connection = Bells.Connection(id: ObjectIdentifier(channel))
        if await bells.beginWatching(connection) {
            channel.closeFuture.whenComplete { _ in Task { await bells.endWatching(connection) } }
        }
        return connection
    }
}
