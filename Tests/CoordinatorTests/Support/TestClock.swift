import Foundation
import StudyProtocol
import Synchronization

/// A clock that stands still until it is moved.
final class TestClock: Sendable {
    private let seconds: Mutex<Int64>

    init(_ start: Timestamp = Timestamp(secondsSinceEpoch: Int64(Date().timeIntervalSince1970))) {
        seconds = Mutex(start.secondsSinceEpoch)
    }

    var now: Timestamp { Timestamp(secondsSinceEpoch: seconds.withLock { $0 }) }

    func advance(seconds count: Int64) { seconds.withLock { $0 += count } }
}
