import Foundation

/// Processor times of something repeated that runs on one thread: what else the machine does hardly counts.
struct Timing {
    /// In milliseconds, the least of the repeats.
    let best: Double

    /// Runs once to warm up, then repeats.
    init(repeats: Int, _ work: () throws -> Void) rethrows {
        try work()
        var best = Double.infinity
        for _ in 0..<max(1, repeats) {
            let started = Self.processorTime()
            try work()
            best = min(best, Self.processorTime() - started)
        }
        self.best = best
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
    }
}
