import Statistics
import StudyProtocol
import Suppression

// Rule 4: what the answers of a release say together.
extension ReleaseGate {
    /// How many steps a plan may take; when they run out, more is withheld.
    static let effort = 1_000_000

    /// Withholds single counts, and answers where that does not do, until nothing withheld can be worked out.
    /// - Returns: what was decided, and what must stay unknown, also to releases that come.
    func protectJointly(
        _ items: [Item], cases: CaseAxes, _ proposals: inout [Proposal]
    ) -> (result: JointResult, requirements: [JointRequirement]) {
        let minimum = MinimumCount(policy)
        let views = JointViews(items, proposals: proposals, cases: cases, gate: self)
        for index in views.unaccounted where proposals[index].isRelease {
            proposals[index] = .withhold(rule: 4, .notAccountedFor)
        }
        var notes = classDisclosures(items, proposals)
        let zeros = refusedZeros(items, proposals, cases)
        let protection = JointProtection(
            views: views, minimum: minimum, refused: zeros, failedBound: failedBound(items, proposals, cases),
            effort: Self.effort)
        let outcome = protection.outcome
        for index in outcome.dropped { proposals[index] = .withhold(rule: 4, .notProtectable) }
        let patients = withheldPatients(items, proposals, cases: cases, counts: outcome)
        for index in patients.dropped { proposals[index] = .withhold(rule: 4, .notProtectable) }
        for index in items.indices where proposals[index].isRelease {
            guard case .computed(let aggregate) = items[index].outcome else { continue }
            let own = outcome.withheld.union(patients.withheld).filter { $0.item == index }
            guard !own.isEmpty else {
                proposals[index] = finished(aggregate, proposals[index], withheld: [], patients: [])
                continue
            }
            let isSmall = outcome.small.contains { $0.item == index }
            let isZero = own.contains { zeros.contains($0) }
            let reason: (Int, LocalDecision.Reason) =
                isSmall ? (1, .fewPatients) : isZero ? (2, .classDisclosure) : (4, .anotherCellWithheld)
            proposals[index] = finished(
                aggregate, proposals[index], withheld: Set(outcome.withheld.filter { $0.item == index }.map(\.part)),
                patients: Set(patients.withheld.filter { $0.item == index }.map(\.part)))
            if case .withhold = proposals[index] {
                proposals[index] = .withhold(rule: reason.0, reason.1)
            } else {
                notes[index, default: []].append((reason.0, isSmall ? .fewPatientsLeft : reason.1))
            }
        }
        let result = JointResult(
            views: views, withheld: outcome.withheld, patientNumbers: patients.published, notes: notes)
        return (result, protection.requirements(of: outcome))
    }

    private func finished(
        _ aggregate: Aggregate, _ proposal: Proposal, withheld: Set<JointStatement.Part>,
        patients: Set<JointStatement.Part>
    ) -> Proposal {
        let forms = ProtectedForms(
            minimum: MinimumCount(policy), withheld: withheld, patients: patients,
            allowsZero: allowsZeros(of: aggregate.variables))
        switch aggregate {
        case .flow(let flow): return forms.flow(flow)
        case .table(let table): return forms.table(table)
        case .histogram(let histogram): return forms.histogram(histogram)
        case .roc: return forms.roc(proposal)
        case .moments, .confusion, .scoreSteps, .coMoments, .pairedConfusion, .calibration, .pairedROC,
            .scoreSums:
            return withheld.isEmpty && patients.isEmpty ? proposal : .withhold(rule: 4, .anotherCellWithheld)
        }
    }

    // MARK: Rule 2

    /// Rows of a table whose cases all have one level: whoever has the row's levels is known to have that one.
    private func classDisclosures(
        _ items: [Item], _ proposals: [Proposal]
    ) -> [Int: [(rule: Int, reason: LocalDecision.Reason)]] {
        guard policy.zeros != .release else { return [:] }
        var notes: [Int: [(rule: Int, reason: LocalDecision.Reason)]] = [:]
        for (index, item) in items.enumerated() where proposals[index].isRelease {
            guard case .computed(.table(let table)) = item.outcome, TableMargin.hasUniformRow(table) else { continue }
            notes[index] = [(2, .classDisclosure)]
        }
        return notes
    }

    /// The empty cells that may not be told.
    private func refusedZeros(
        _ items: [Item], _ proposals: [Proposal], _ cases: CaseAxes
    ) -> Set<JointProtection.Count> {
        var refused: Set<JointProtection.Count> = []
        let minimum = MinimumCount(policy)
        let bracketing = boxesOfSeveralCuts(cases)
        for (index, item) in items.enumerated() where proposals[index].isRelease {
            guard case .computed(let aggregate) = item.outcome else { continue }
            var parts: [JointStatement.Part] = []
            switch aggregate {
            case .flow(let flow):
                // That no case was excluded says that no patient is of that kind.
                parts = flow.boxes.indices.filter { box in
                    flow.boxes[box] != .analysed && flow.cells.cases(inCell: box) == 0
                        && (policy.zeros == .withhold || bracketing.contains(flow.boxes[box]))
                }.map { .box($0) }
            case .table(let table):
                parts = UniformGroups.tellingZeros(table, minimum: minimum).map { .cell($0.cell, axes: $0.axes) }
                if !allowsZeros(of: aggregate.variables) {
                    let axes = 1 << table.axes.count - 1
                    parts += TableMargin.zeros(table).map { .cell($0, axes: axes) }
                }
            case .histogram(let histogram):
                parts = UniformGroups.tellingZeros(histogram, minimum: minimum).map {
                    .outside($0.kind, group: $0.group)
                }
                parts += groupsWithinEdges(histogram, cases).map { .outside(2, group: $0) }
            default: break
            }
            refused.formUnion(parts.map { JointProtection.Count(item: index, part: $0) })
        }
        return refused
    }

    /// The boxes of criteria that cut one quantity more than once in the same direction: which of them are empty would
    /// bracket the greatest or the least value (rule 9).
    private func boxesOfSeveralCuts(_ cases: CaseAxes) -> Set<FlowBox> {
        struct Cut: Hashable {
            let variable: String
            /// Whether the cases below the cut are excluded.
            let isBelow: Bool
        }
        var reasons: [Cut: [String]] = [:]
        for criterion in cases.criteria ?? [] {
            switch criterion.condition {
            case .atLeast:
                reasons[Cut(variable: criterion.variable, isBelow: criterion.isRequired), default: []]
                    .append(criterion.reason)
            case .atMost:
                reasons[Cut(variable: criterion.variable, isBelow: !criterion.isRequired), default: []]
                    .append(criterion.reason)
            case .equals, .oneOf, .missing: continue
            }
        }
        return Set(reasons.values.filter { $0.count > 1 }.flatMap { $0 }.map { .excluded(reason: $0) })
    }

    /// The groups of which nobody lies beyond edges that do not reach the ends of the range: that would say where the
    /// values end (rule 9), to who moves the edges.
    private func groupsWithinEdges(_ histogram: Histogram, _ cases: CaseAxes) -> [Int] {
        guard case .quantity(let range, _)? = cases.variables[histogram.variable],
            let first = histogram.edges.first, let last = histogram.edges.last,
            first > range.lowerBound || last < range.upperBound
        else { return [] }
        return (0..<histogram.groupCount).filter {
            histogram.cells.cases(inCell: histogram.outOfRangeCell(group: $0)) == 0
        }
    }

    /// With failed cases among the counted ones, there are no more of them than cases called wrongly: at most the false
    /// negatives and the false positives of every published operating point, which rule 3 lets be few.
    private func failedBound(_ items: [Item], _ proposals: [Proposal], _ cases: CaseAxes) -> Int? {
        guard let evaluation = cases.evaluation, evaluation.failed == .worstCase else { return nil }
        var bound: (positives: Int, negatives: Int)?
        func add(_ positives: Int, _ negatives: Int) {
            bound = (min(bound?.positives ?? .max, positives), min(bound?.negatives ?? .max, negatives))
        }
        for (item, proposal) in zip(items, proposals) where proposal.isRelease && item.key.subgroup == nil {
            guard case .computed(let aggregate) = item.outcome else { continue }
            if case .confusion(let confusion) = aggregate {
                add(confusion.cases(.falseNegative), confusion.cases(.falsePositive))
            }
            guard case .scoreSteps = aggregate, case .release(.scoreSteps(let steps), _) = proposal else { continue }
            let cuts = steps.edges.indices.dropFirst().dropLast().filter {
                steps.positives.lower[$0] == steps.positives.upper[$0]
                    && steps.negatives.lower[$0] == steps.negatives.upper[$0]
            }
            if let first = cuts.first, let last = cuts.last, let all = steps.negatives.n.exact {
                add(steps.positives.lower[first], all - steps.negatives.lower[last])
            }
        }
        return bound.map { $0.positives + $0.negatives }
    }

    // MARK: Patients

    /// The numbers of patients that are withheld, and the answers that fall with them.
    private func withheldPatients(
        _ items: [Item], _ proposals: [Proposal], cases: CaseAxes, counts: JointProtection.Outcome
    ) -> (withheld: Set<JointProtection.Count>, published: [(item: Int, cases: [Int])], dropped: Set<Int>) {
        let wholes = Set(counts.withheld.filter { $0.part == .whole }.map(\.item))
        var kept = items.indices.filter { proposals[$0].isRelease && !wholes.contains($0) }
        var dropped: Set<Int> = []
        for tier in JointStatement.Tier.allCases {
            let numbers = kept.flatMap { PatientNumbers(cases: cases).numbers(of: items[$0], at: $0, counts.withheld) }
            let protection = PatientProtection(numbers: numbers, minimum: MinimumCount(policy), effort: Self.effort)
            if let withheld = protection.withheld(patients: cases.patients) {
                let published = numbers.filter { !withheld.contains($0.count) }
                return (withheld, published.map { ($0.count.item, $0.cases) }, dropped)
            }
            let given = kept.filter { PatientNumbers.tier(of: items[$0]) == tier }
            dropped.formUnion(given)
            kept.removeAll { given.contains($0) }
        }
        return ([], [], dropped)
    }
}
