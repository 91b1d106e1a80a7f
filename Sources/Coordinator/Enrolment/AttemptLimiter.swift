/// Slows down whoever asks too often: counts by address, in windows of a minute, what failed or what was asked for.
///
/// Tokens have 256 bits and need no such help; it bounds the work that strangers can make us do: signature checks, and
/// the store's writes for challenges.
actor AttemptLimiter {
    static let failuresPerWindow = 60
    /// A challenge's lifetime touches three windows at most: from one address there are never so many open challenges
    /// that one of them has to give way (`SessionDesk.openChallenges`).
    static let challengesPerWindow = 120
    static let window: Int64 = 60
    private static let mostAddresses = 10_000

    private let perWindow: Int
    private var windowStart: Int64 = .min
    private var counts: [String: Int] = [:]

    /// - Parameter perWindow: how much an address may have counted against it in a window.
    init(perWindow: Int) { self.perWindow = perWindow }

    /// - Parameter now: in seconds.
    func mayTry(_ address: String, now: Int64) -> Bool {
        turn(now)
        return counts[address, default: 0] < perWindow
    }

    func recordFailure(_ address: String, now: Int64) {
        turn(now)
        count(address)
    }

    /// Counts an attempt whatever comes of it; false when the address has had its share of the window.
    func admit(_ address: String, now: Int64) -> Bool {
        guard mayTry(address, now: now) else { return false }
        count(address)
        return true
    }

    private func count(_ address: String) {
        guard counts[address] != nil || counts.count < Self.mostAddresses else { return }
        counts[address, default: 0] += 1
    }

    private func turn(_ now: Int64) {
        let start = now - now % Self.window
        if start != windowStart {
            windowStart = start
            counts = [:]
        }
    }
}
