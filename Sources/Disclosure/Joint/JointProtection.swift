import Statistics
import Suppression

/// Rule 4: decides for all counts of a release together which are published, such that no group of 1 to t-1 patients
/// and no count that is withheld can be worked out.
struct JointProtection {
    /// A count of an answer.
    struct Count: Hashable {
        let item: Int
        let part: JointStatement.Part
    }

    struct Outcome {
        /// Counts that are withheld; one `whole` withholds its answer.
        var withheld: Set<Count> = []
        /// Those of them that stand for 1 to t-1 patients themselves.
        var small: Set<Count> = []
        /// Answers that could not be protected.
        var dropped: Set<Int> = []
        /// The groups that were protected.
        var groups: [Region] = []
    }

    let views: JointViews
    let minimum: MinimumCount
    /// Counts that may not be published though they are large enough.
    let refused: Set<Count>
    /// The upper bound of the failed cases that the performance counts give, where failed cases are among them.
    let failedBound: Int?
    let effort: Int

    /// What is given up goes from the subgroups to the flow; the performance answers of the whole cohort are last.
    var outcome: Outcome {
        let groups = SmallGroups(views: views, minimum: minimum).regions
        let tiers = JointStatement.Tier.allCases
        for given in 0...tiers.count {
            let isLast = given == tiers.count
            let kept = views.views.filter { view in
                view.isProposed && (view.tier.rawValue >= given || (isLast && view.tier == .performance))
            }
            guard var outcome = outcome(keeping: kept, groups: groups, fixesPerformance: !isLast) else { continue }
            outcome.groups = groups
            outcome.dropped = Set(
                views.views.filter { view in
                    view.isProposed && !kept.contains { $0.item == view.item }
                }.map(\.item))
            return outcome
        }
        return Outcome(dropped: Set(views.views.filter(\.isProposed).map(\.item)), groups: groups)
    }

    /// What an outcome withholds, and how wide the attacker's interval stays: single counts of answers, then the small
    /// groups.
    func requirements(of outcome: Outcome) -> [JointRequirement] {
        let single = views.views.filter { $0.isProposed && !outcome.dropped.contains($0.item) }.flatMap { view in
            view.statements.compactMap { statement -> JointRequirement? in
                let count = Count(item: view.item, part: statement.part)
                guard statement.part != .whole, outcome.withheld.contains(count) else { return nil }
                let isSmall = SmallGroups.isSmall(patients(in: statement.place), minimum)
                return JointRequirement(
                    item: view.item, place: statement.place, value: statement.value,
                    width: width(statement, isSmall: isSmall))
            }
        }
        return single
            + outcome.groups.map { region in
                JointRequirement(
                    item: nil, place: .described(region), value: views.space.cases(in: region), width: width(region))
            }
    }

    /// One round's counts as the planner sees them.
    private struct Round {
        var system: JointSystem
        var places: [(count: Count, statement: Int)] = []
        /// Counts of answers that are given whole or not at all, and where another answer gives the same count.
        var repeated: [(item: Int, statement: Int)] = []
        var small: Set<Count> = []
    }

    private func outcome(keeping kept: [JointView], groups: [Region], fixesPerformance: Bool) -> Outcome? {
        var forced = refused
        var given: Set<Int> = []
        // Each round withholds more. A histogram's group has few cuts.
        for _ in 0..<6 {
            let round = round(
                keeping: kept.filter { !given.contains($0.item) }, groups: groups, forced: forced,
                fixesPerformance: fixesPerformance)
            guard let plan = SuppressionPlanner(effort: effort).plan(round.system.counts) else { return nil }
            var withheld = Set(round.places.filter { plan.withheld[$0.statement] }.map(\.count))
            // Where a group's number is withheld, so are its counts below the edges: no form has room for them.
            let following = round.places.map(\.count).filter { count in
                guard case .below(_, let group) = count.part, !withheld.contains(count) else { return false }
                return withheld.contains(Count(item: count.item, part: .total(group: group)))
            }
            // An answer that repeats a count which another withholds falls as well.
            let repeating = round.repeated.filter { entry in
                plan.withheld[entry.statement] && !withheld.contains(Count(item: entry.item, part: .whole))
            }
            if following.isEmpty, repeating.isEmpty {
                withheld.formUnion(given.map { Count(item: $0, part: .whole) })
                return Outcome(withheld: withheld, small: round.small.intersection(withheld))
            }
            forced.formUnion(following)
            given.formUnion(repeating.map(\.item))
        }
        return nil
    }

    private func round(
        keeping kept: [JointView], groups: [Region], forced: Set<Count>, fixesPerformance: Bool
    ) -> Round {
        var round = Round(system: JointSystem(views: views, hasBoxes: kept.contains { $0.tier == .flow }))
        func isBundled(_ statement: JointStatement, _ view: JointView) -> Bool {
            statement.part == .whole && !(fixesPerformance && view.tier == .performance)
        }
        var alone: [[Int32]: Int] = [:]
        for view in kept {
            for statement in view.statements where !isBundled(statement, view) {
                guard let unknowns = round.system.unknowns(of: statement.place) else { continue }
                let count = Count(item: view.item, part: statement.part)
                let isFixed = statement.part == .whole
                let isSmall = !isFixed && SmallGroups.isSmall(patients(in: statement.place), minimum)
                if isSmall { round.small.insert(count) }
                let place = round.system.add(
                    unknowns, role: isFixed ? .fixed : isSmall || forced.contains(count) ? .sensitive : .open,
                    width: width(statement, isSmall: isSmall), loss: max(1, statement.value) * view.tier.weight,
                    bundle: nil)
                alone[unknowns] = place
                round.places.append((count, place))
            }
        }
        for view in kept {
            for statement in view.statements where isBundled(statement, view) {
                guard let unknowns = round.system.unknowns(of: statement.place) else { continue }
                // The planner would decide equal counts as one, and the answers that give them with it.
                if let place = alone[unknowns] {
                    round.repeated.append((view.item, place))
                    continue
                }
                // An answer that is withheld whole asks for nothing more than its small groups do.
                let place = round.system.add(
                    unknowns, role: .open, width: 0, loss: max(1, statement.value) * view.tier.weight,
                    bundle: view.item)
                round.places.append((Count(item: view.item, part: .whole), place))
            }
        }
        for region in groups {
            guard let unknowns = round.system.unknowns(of: .described(region)) else { continue }
            _ = round.system.add(unknowns, role: .sensitive, width: width(region), loss: 0, bundle: nil)
        }
        return round
    }

    private func patients(in place: JointStatement.Place) -> Int {
        switch place {
        case .boxes(let boxes): views.cases.patients(inBoxes: boxes)
        case .described(let region): region.isImpossible ? 0 : views.space.patients(in: region)
        }
    }

    private func width(_ statement: JointStatement, isSmall: Bool) -> Int {
        let width = isSmall ? max(minimum.least, statement.value) : minimum.least
        guard let failedBound, case .boxes(let boxes) = statement.place else { return width }
        // With the failed cases among the counted ones, the analysed are the rest of a known number.
        let isBounded = boxes.allSatisfy { views.cases.isDescribed(box: views.cases.boxes[$0]) }
        return isBounded ? min(width, failedBound) : width
    }

    private func width(_ group: Region) -> Int {
        let width = max(minimum.least, views.space.cases(in: group))
        return isFailed(group) ? min(width, failedBound ?? width) : width
    }

    private func isFailed(_ region: Region) -> Bool {
        views.axes.indices.contains { axis in
            views.axes[axis].axis == .score && region.levels[axis].map { $0 == views.axes[axis].failed } ?? false
        }
    }
}

extension CaseAxes {
    /// The patients with a case in any of the boxes.
    func patients(inBoxes asked: [Int]) -> Int {
        let isAsked = boxes.indices.map(asked.contains)
        return patientCount(boxOfCase.indices.lazy.filter { isAsked[Int(boxOfCase[$0])] })
    }
}
