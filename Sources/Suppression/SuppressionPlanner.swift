/// Rule 4: chooses what else is withheld so that no withheld count can be computed back, and as little as can be had.
///
/// What is withheld is chosen by number and by count together: neither the fewest cells nor the smallest sum, but near
/// both. Small tables are solved to the optimum; larger ones cell by cell. Every plan is audited before it is returned.
/// Sources: Hundepool et al. 2012, Statistical Disclosure Control, chapter 4; Kelly, Golden and Assad 1992, Networks
/// 22:397 (cell by cell); Fischetti and Salazar 2001, Management Science 47:1008 (the optimum).
public struct SuppressionPlanner: Sendable {
    private let effort: Int

    /// - Parameter effort: how many steps (about pivots of the simplex method, or searches for a path) the plan may
    ///   take. When they run out, all of what remains is withheld.
    public init(effort: Int = 1_000_000) { self.effort = effort }

    /// - Returns: nil when the system is not sound, or when withholding everything that may be withheld would not give
    ///   a sensitive statement its width.
    public func plan(_ system: CountSystem) -> SuppressionPlan? {
        guard system.isSound else { return nil }
        // A sum of nothing is zero for everyone.
        guard !system.statements.contains(where: { $0.unknowns.isEmpty && $0.role == .sensitive }) else { return nil }
        var withheld = [Bool](repeating: false, count: system.statements.count)
        var isComplete = true
        let components = system.components()
        let steps = StepCounter(effort)
        var size = components.reduce(0) { $0 + ($1.isSensitive ? $1.decisions.count : 0) }
        for component in components {
            // Each has its part of the steps; what it leaves, the later ones have.
            let own = component.isSensitive ? component.decisions.count : 0
            let part = steps.left / max(1, size) * own
            let share = steps.share(part)
            guard let plan = ComponentPlanner(component).plan(steps: share) else { return nil }
            steps.close(share, of: part)
            size -= own
            isComplete = isComplete && plan.isComplete
            for (decision, isWithheld) in zip(component.decisions, plan.withheld) where isWithheld {
                for statement in decision.statements { withheld[statement] = true }
            }
        }
        return SuppressionPlan(withheld: withheld, isComplete: isComplete)
    }
}
