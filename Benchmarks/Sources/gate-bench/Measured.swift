internal import Foundation

/// What a run took.
enum Measured {
    /// Seconds of this process: what else the machine does hardly counts.
    static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The result, and the seconds of the processor and on the wall that it took.
    static func timed<Result>(
        _ work: () throws -> Result
    ) rethrows -> (result: Result, processor: Double, wall: Double) {
        let clock = ContinuousClock()
        let (start, processor) = (clock.now, processorTime())
        let result = try work()
        let (seconds, attoseconds) = (clock.now - start).components
        return (result, processorTime() - processor, Double(seconds) + Double(attoseconds) * 1e-18)
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    /// The most memory that this process ever held, in MiB (`VmHWM`).
    static var peakMemory: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropLast().last.flatMap { Int($0) } ?? 0) / 1024
    }

    static func text(_ seconds: Double) -> String { String(format: "%.2f s", seconds) }

    /// The seconds beside what is wanted.
    static func text(_ seconds: Double, limit: Double) -> String {
        "\(text(seconds)) (wanted: under \(String(format: "%.0f", limit)) s, \(seconds < limit ? "met" : "MISSED"))"
    }
}
