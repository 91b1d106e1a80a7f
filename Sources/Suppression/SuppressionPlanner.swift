/// Rule 4: chooses what else is withheld so that no withheld count can be computed back, and as little as can be had.
///
/// The fewest cells and the smallest sum are seldom had at once. For tables with at most 200 counts both are found, and
/// then the pattern that stays within a quarter more of each: alone where there is such a pattern, else with what had to
/// be withheld counted in, else as near to it as there is; within that, the least sum of both in these units. When the
/// steps run out, the best so far. Larger tables, and releases of thousands of counts, are planned cell by cell. Every
/// plan is audited before it is returned.
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
        // With fewer steps for each decision, a start on the optimum would be all.
        let isThorough = steps.left >= 40 * size
        for component in components {
            // Each has its part of the steps; what it leaves, the later ones have.
            let own = component.isSensitive ? component.decisions.count : 0
            let part = steps.left / max(1, size) * own
            let share = steps.share(part)
            guard let plan = ComponentPlanner(component, isThorough: isThorough).plan(steps: share) else { return nil }
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
