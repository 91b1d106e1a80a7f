/// What a long poll waits for.
enum Topic: Hashable, Sendable {
    /// A job for this site was issued.
    case jobs(site: String)
    /// The study's revision grew.
    case study(id: String)
}

/// Wakes long polls: whoever changes something rings its bell, and everyone who waits for it looks again.
///
/// A waiter notes the topic's `strokes` before it looks into the store, and passes them to `wait`; a stroke in between
/// is therefore never missed. A wait ends early when its task is cancelled, when its connection closes, and when the
/// bells are closed because the server shuts down.
actor Bells {
    /// What makes a wait end.
    enum Outcome: Equatable, Sendable { case rung, timedOut, released }

    /// Identifies a client's connection, or stream of one.
    struct Connection: Hashable, Sendable { let id: ObjectIdentifier }

    private struct Waiter {
        let topic: Topic
        let connection: Connection?
        let caller: Caller?
        let continuation: CheckedContinuation<Outcome, Never>
    }

    /// How many waits one site or one person may have open; a further one is over at once.
    static let waitsPerCaller = 8

    private var strokesByTopic: [Topic: UInt64] = [:]
    private var total: UInt64 = 0
    private var waiters: [UInt64: Waiter] = [:]
    private var nextWaiter: UInt64 = 0
    private var watched: Set<Connection> = []
    private var isClosed = false

    /// How many waits are open now.
    var waiterCount: Int { waiters.count }

    func strokes(of topic: Topic) -> UInt64 { strokesByTopic[topic] ?? 0 }

    func ring(_ topics: some Sequence<Topic>) {
        for topic in topics {
            total += 1
            strokesByTopic[topic] = total
            for (id, waiter) in waiters where waiter.topic == topic { resume(id, .rung) }
        }
    }

    /// Waits until the topic's bell rings for the first time after `strokes` were noted.
    func wait(
        for topic: Topic, after strokes: UInt64, atMost limit: Duration, on connection: Connection? = nil,
        by caller: Caller? = nil
    ) async -> Outcome {
        guard !isClosed, connection.map({ watched.contains($0) }) ?? true else { return .released }
        guard self.strokes(of: topic) == strokes else { return .rung }
        guard limit > .zero, mayWait(caller) else { return .timedOut }
        nextWaiter += 1
        let id = nextWaiter
        let timer = Task {
            try await Task.sleep(for: limit)
            self.resume(id, .timedOut)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // No suspension lies between this check and the entry: a cancellation is seen here or finds the waiter.
                if Task.isCancelled {
                    continuation.resume(returning: .released)
                } else {
                    waiters[id] = Waiter(
                        topic: topic, connection: connection, caller: caller, continuation: continuation)
                }
            }
        } onCancel: {
            Task { await self.resume(id, .released) }
        }
    }

    /// True the first time for a connection; the caller then sees to it that `endWatching` follows its end.
    func beginWatching(_ connection: Connection) -> Bool { watched.insert(connection).inserted }

    /// Ends the waits of a connection that is gone.
    func endWatching(_ connection: Connection) {
        watched.remove(connection)
        for (id, waiter) in waiters where waiter.connection == connection { resume(id, .released) }
    }

    /// Ends every wait, now and later.
    func close() {
        isClosed = true
        for id in Array(waiters.keys) { resume(id, .released) }
    }

    private func mayWait(_ caller: Caller?) -> Bool {
        guard let caller else { return true }
        return waiters.values.count { $0.caller == caller } < Self.waitsPerCaller
    }

    private func resume(_ id: UInt64, _ outcome: Outcome) {
        waiters.removeValue(forKey: id)?.continuation.resume(returning: outcome)
    }
}
