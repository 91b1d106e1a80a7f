import Statistics

/// What a rule makes of one answer before the answers are looked at together.
enum Proposal {
    /// - Parameter numbers: how many numbers it publishes (rule 16).
    case release(ReleasedAggregate, numbers: Int)
    case withhold(rule: Int, LocalDecision.Reason)
    case failed(code: String)

    var isRelease: Bool {
        if case .release = self { true } else { false }
    }
}
