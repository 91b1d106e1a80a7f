/// One site's or study's results of a diagnostic test against the reference.
public struct DiagnosticCounts: Hashable, Sendable {
    public let truePositives: Int
    public let falseNegatives: Int
    public let falsePositives: Int
    public let trueNegatives: Int

    /// Nil when a count is negative.
    public init?(truePositives: Int, falseNegatives: Int, falsePositives: Int, trueNegatives: Int) {
        guard min(truePositives, falseNegatives, falsePositives, trueNegatives) >= 0 else { return nil }
        self.truePositives = truePositives
        self.falseNegatives = falseNegatives
        self.falsePositives = falsePositives
        self.trueNegatives = trueNegatives
    }

    var cells: [Int] { [truePositives, falseNegatives, falsePositives, trueNegatives] }
}
