import Draws
import Statistics

/// A simulation: in every setting, how often the intervals of several methods hold the truth.
struct Study: Sendable {
    /// One interval, nil where the method has none, with what it should hold.
    struct Trial {
        let interval: Interval?
        let truth: Double
    }

    struct Setting: Sendable {
        let name: String
        /// One replicate: a trial of each method.
        let replicate: @Sendable (inout Draws) -> [Trial]
    }

    let title: String
    let design: String
    let methods: [String]
    /// The methods that Concordat uses by default.
    let standard: Set<String>
    let replicates: Int
    let settings: [Setting]
    /// What to make of it; said below the table.
    var remark: String?

    static let level = 0.95

    /// Runs every setting in a stream of its own, so that no setting hangs on another.
    func run(seed: UInt64, share: Double) -> [[Tally]] {
        let replicates = max(1, Int(Double(replicates) * share))
        return settings.enumerated().map { index, setting in
            var draws = Draws(seed: seed &* 1_000_003 &+ UInt64(index))
            var tallies = methods.map { _ in Tally() }
            for _ in 0..<replicates {
                for (method, trial) in setting.replicate(&draws).enumerated() { tallies[method].note(trial) }
            }
            return tallies
        }
    }
}

/// What became of a method's intervals in one setting.
struct Tally {
    private(set) var count = 0
    private(set) var undefined = 0
    /// The truth lies below the lower limit: a goal would be claimed that is not met.
    private(set) var below = 0
    /// The truth lies above the upper limit.
    private(set) var above = 0
    private(set) var width = 0.0

    mutating func note(_ trial: Study.Trial) {
        count += 1
        guard let interval = trial.interval else {
            undefined += 1
            return
        }
        if trial.truth < interval.lower { below += 1 }
        if trial.truth > interval.upper { above += 1 }
        width += interval.upper - interval.lower
    }

    var defined: Int { count - undefined }
    /// Of the intervals that there were; nil when there were none.
    var coverage: Double? { defined > 0 ? Double(defined - below - above) / Double(defined) : nil }
    var missedBelow: Double { defined > 0 ? Double(below) / Double(defined) : 0 }
    var undefinedShare: Double { count > 0 ? Double(undefined) / Double(count) : 0 }
    var meanWidth: Double { defined > 0 ? width / Double(defined) : 0 }

    /// The Monte-Carlo standard error at the stated level.
    var error: Double {
        defined > 0 ? (Study.level * (1 - Study.level) / Double(defined)).squareRoot() : 0
    }
}
