/// Rule 4's final check: what an attacker can say about each withheld count who knows what is published, what is
/// withheld, the links, and that counts are whole and not negative. It sees a plan, not how the plan was found.
///
/// A width is believed only when two whole solutions were found that agree with everything published and differ by it:
/// what cannot be proven counts as not protected. Sources: Hundepool et al. 2012, Statistical Disclosure Control, chapter
/// 4.3 (the intruder's problem); the tau-ARGUS manual 2.10 (audit).
public struct RecoveryAudit: Sendable {
    private let effort: Int

    /// - Parameter effort: how many steps (about pivots of the simplex method) each component may take.
    public init(effort: Int = 4_000_000) { self.effort = effort }

    /// The withheld statements for which a width of `requiredWidth` is not proven, ascending; empty: the plan is safe.
    /// A system that is not sound (an index out of range, a negative count, a link that does not hold) proves nothing:
    /// then all withheld statements are returned.
    public func violations(in system: CountSystem, withheld: [Bool]) -> [Int] {
        guard system.isSound, withheld.count == system.statements.count else {
            return system.statements.indices.filter { !withheld.indices.contains($0) || withheld[$0] }
        }
        var result = system.statements.indices.filter { withheld[$0] && system.statements[$0].unknowns.isEmpty }
        for component in system.components() {
            // Decisions are a planner's; here each statement counts as it was published, and a cell is known when any
            // statement says it.
            var isHidden = [Bool](repeating: true, count: component.cells.count)
            var hidden: [(statement: Int, cell: Int)] = []
            for entry in component.statements {
                if withheld[entry.statement] { hidden.append(entry) } else { isHidden[entry.cell] = false }
            }
            if hidden.isEmpty { continue }
            let asked = Set(hidden.map(\.cell))
            let open = Set(
                ComponentAudit(component).violations(
                    isHidden: isHidden, asked: asked.sorted(), steps: StepCounter(effort)))
            result += hidden.filter { open.contains($0.cell) || !isHidden[$0.cell] }.map(\.statement)
        }
        return result.sorted()
    }

    /// Whether every sensitive statement is withheld, every fixed one published, bundles are not torn, and every withheld
    /// statement keeps its width, proven in whole numbers.
    public func holds(_ plan: SuppressionPlan, for system: CountSystem) -> Bool {
        guard plan.withheld.count == system.statements.count else { return false }
        var bundles: [Int32: Bool] = [:]
        for (statement, isWithheld) in zip(system.statements, plan.withheld) {
            if statement.role == .fixed, isWithheld { return false }
            if statement.role == .sensitive, !isWithheld { return false }
            guard let bundle = statement.bundle else { continue }
            if bundles.updateValue(isWithheld, forKey: bundle) ?? isWithheld != isWithheld { return false }
        }
        return violations(in: system, withheld: plan.withheld).isEmpty
    }

    /// What can be said about one statement.
    ///
    /// - Parameters:
    ///   - published: of each statement, whether its true value is known.
    ///   - reach: how far above the true value to look; a count that nothing bounds ends there.
    /// - Returns: nil when the system is not sound.
    public func interval(
        of statement: Int, in system: CountSystem, published: [Bool], reach: Int = 1_000_000
    ) -> RecoveryInterval? {
        guard system.isSound, published.count == system.statements.count, published.indices.contains(statement)
        else { return nil }
        let value = system.value(of: system.statements[statement])
        for component in system.components() {
            guard let cell = component.statements.first(where: { $0.statement == statement })?.cell else { continue }
            var isHidden = [Bool](repeating: true, count: component.cells.count)
            for entry in component.statements where published[entry.statement] { isHidden[entry.cell] = false }
            return ComponentAudit(component).interval(
                cell, isHidden: isHidden, reach: min(reach, 1 << 23), steps: StepCounter(effort))
        }
        return RecoveryInterval(values: value...value, isExact: true, isUnbounded: false)
    }
}
