/// A two-sided confidence interval. A one-sided limit at level 1 − α is the end of the interval at level 1 − 2α.
public struct Interval: Codable, Hashable, Sendable {
    public let lower: Double
    public let upper: Double
    /// The confidence level, between 0 and 1.
    public let level: Double

    public init(lower: Double, upper: Double, level: Double) {
        self.lower = lower
        self.upper = upper
        self.level = level
    }

    /// The probability up to the upper critical value, nil for a level that is none.
    static func upperProbability(_ level: Double) -> Double? {
        level > 0 && level < 1 ? 0.5 + level / 2 : nil
    }
}
