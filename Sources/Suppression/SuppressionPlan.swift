/// What a release withholds so that nothing of it can be computed back.
public struct SuppressionPlan: Hashable, Sendable {
    /// For each statement of the system, in its order, whether it is withheld.
    public let withheld: [Bool]
    /// False when the steps ran out: the plan is safe, but withholds more than it would have to.
    public let isComplete: Bool

    public init(withheld: [Bool], isComplete: Bool) {
        self.withheld = withheld
        self.isComplete = isComplete
    }
}
