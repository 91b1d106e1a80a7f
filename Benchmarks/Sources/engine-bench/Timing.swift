/// Times of something repeated.
struct Timing {
    /// In milliseconds, ascending.
    let times: [Double]

    var best: Double { times[0] }
    var median: Double { times[times.count / 2] }

    /// Runs once to warm up, then repeats.
    init(repeats: Int, _ work: () throws -> Void) rethrows {
        try work()
        let clock = ContinuousClock()
        var times: [Double] = []
        for _ in 0..<max(1, repeats) {
            let duration = try clock.measure(work)
            let (seconds, attoseconds) = duration.components
            times.append(Double(seconds) * 1e3 + Double(attoseconds) * 1e-15)
        }
        self.times = times.sorted()
    }
}
