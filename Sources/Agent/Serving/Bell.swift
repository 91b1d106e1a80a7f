/// Wakes one worker. Rings that come while it works are kept as one.
struct Bell: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func ring() {
        continuation.yield()
    }

    /// Calls the work once for each wake, the first time at once; ends when the task is cancelled.
    func eachRing(_ work: () async throws -> Void) async throws {
        try await work()
        for await _ in stream {
            try Task.checkCancellation()
            try await work()
        }
        try Task.checkCancellation()
    }
}
