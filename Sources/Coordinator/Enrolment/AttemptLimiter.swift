/// Slows down whoever keeps failing: counts failures by address in windows of a minute.
///
/// Tokens have 256 bits and need no such help; it bounds the signature checks that strangers can make us do.
actor AttemptLimiter {
    static let failuresPerWindow = 60
    static let window: Int64 = 60
    private static let mostAddresses = 10_000

    private var windowStart: Int64 = .min
    private var failures: [String: Int] = [:]

    /// - Parameter now: in seconds.
    func mayTry(_ address: String, now: Int64) -> Bool {
        turn(now)
        return failures[address, default: 0] < Self.failuresPerWindow
    }

    func recordFailure(_ address: String, now: Int64) {
        turn(now)
        guard failures[address] != nil || failures.count < Self.mostAddresses else { return }
        failures[address, default: 0] += 1
    }

    private func turn(_ now: Int64) {
        let start = now - now % Self.window
        if start != windowStart {
            windowStart = start
            failures = [:]
        }
    }
}
