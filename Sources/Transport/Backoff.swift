/// Exponential back-off with full jitter: before try *n* (from 0) a client waits a uniformly random time between
/// zero and `min(ceiling, base × 2ⁿ)`.
///
/// Full jitter spreads a fleet that lost its server at one moment over the whole interval (M. Brooker, "Exponential
/// Backoff And Jitter", AWS Architecture Blog, 2015). A pure value: the caller brings the generator and does the waiting.
public struct Backoff: Sendable, Hashable {
    /// The upper bound of the first wait.
    public let base: Duration
    /// The upper bound of every wait.
    public let ceiling: Duration
    /// How many waits were handed out since the last success.
    public private(set) var attempt: Int

    /// - Parameters:
    ///   - base: the bound of the first wait, above zero.
    ///   - ceiling: the bound of every wait, at least `base`.
    public init(base: Duration = .milliseconds(500), ceiling: Duration = .seconds(60)) {
        self.base = max(base, .milliseconds(1))
        self.ceiling = max(ceiling, self.base)
        attempt = 0
    }

    /// The longest that the next wait can be.
    public var bound: Duration {
        // 2^32 × 1 ms is longer than any ceiling that makes sense, so larger exponents change nothing.
        min(ceiling, base * (1 << min(attempt, 32)))
    }

    /// The next wait: uniform over `0 ... bound`, in whole milliseconds.
    public mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let milliseconds = bound.components.seconds * 1000 + bound.components.attoseconds / 1_000_000_000_000_000
        let wait = Duration.milliseconds(Int64.random(in: 0...max(milliseconds, 0), using: &generator))
        attempt += 1
        return wait
    }

    /// Says that a try succeeded: the next wait starts from `base` again.
    public mutating func reset() {
        attempt = 0
    }
}
