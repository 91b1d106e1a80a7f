import Statistics
import StudyProtocol

/// Every answer of a release as a table over common axes.
///
/// An axis is cut where a proposed answer publishes a cut, and nowhere else: what lies inside a run that was merged is
/// only known to lie there.
struct JointViews {
    let cases: CaseAxes
    let items: [ReleaseGate.Item]
    let axes: [AxisLevels]
    private(set) var views: [JointView] = []
    /// Items that have no view, or do not count what their view says: to be withheld.
    private(set) var unaccounted: [Int] = []
    let space: JointSpace

    /// - Parameter gate: whose policy the runs of histograms follow.
    init(_ items: [ReleaseGate.Item], proposals: [Proposal], cases: CaseAxes, gate: ReleaseGate) {
        self.cases = cases
        self.items = items
        var cuts: [JointAxis: Set<Int64>] = [:]
        var edges: [Int: [MergedBins?]] = [:]
        var stepCuts: [Int: [Int]] = [:]
        for (index, item) in items.enumerated() {
            guard case .computed(let aggregate) = item.outcome else { continue }
            if let subgroup = item.key.subgroup, aggregate.isOfScores {
                let axis = JointAxis.variable(subgroup.variable.rawValue)
                if case .units(let range)? = cases.parts[subgroup] {
                    cuts[axis, default: []].formUnion([range.lowerBound, range.upperBound + 1])
                } else {
                    cuts[axis, default: []].formUnion([])
                }
            }
            for axis in aggregate.jointAxes(reference: cases.reference) { cuts[axis, default: []].formUnion([]) }
            switch aggregate {
            case .histogram(let histogram):
                let runs = HistogramRule(
                    minimum: MinimumCount(gate.policy), allowsZero: gate.allowsZeros(of: aggregate.variables)
                ).runs(histogram)
                edges[index] = runs
                let used = Set(runs.compactMap { $0?.cuts }.joined()).union([0, histogram.binCount])
                // The last bin is closed.
                let units = used.map { histogram.edges[$0] + ($0 == histogram.binCount ? 1 : 0) }
                cuts[.variable(histogram.variable), default: []].formUnion(units)
            case .confusion(let confusion): cuts[.score, default: []].insert(confusion.threshold)
            case .scoreSteps(let steps):
                let exact = steps.exactCuts(of: proposals[index])
                stepCuts[index] = exact
                cuts[.score, default: []].formUnion(exact.map { steps.edges[$0] })
            case .flow, .moments, .table, .roc, .coMoments, .pairedConfusion, .calibration, .pairedROC, .scoreSums:
                break
            }
        }
        let ordered = cuts.keys.sorted { $0.order < $1.order }
        axes = ordered.compactMap { Self.levels(of: $0, cuts: cuts[$0] ?? [], cases: cases) }
        let described = cases.described
        let columns = axes.map { axis in described.map { axis.level(of: Self.code(axis.axis, $0, cases)) } }
        let builder = JointViewBuilder(cases: cases, axes: axes, runs: edges, stepCuts: stepCuts)
        var views: [JointView] = []
        var unaccounted: [Int] = []
        for (index, item) in items.enumerated() {
            guard case .computed(let aggregate) = item.outcome else { continue }
            if let view = builder.view(
                of: aggregate, item: index, key: item.key, isProposed: proposals[index].isRelease)
            {
                views.append(view)
            } else {
                unaccounted.append(index)
            }
        }
        space = JointSpace(
            axes: axes, columns: columns, patientOfCase: described.map { cases.patients[$0] }, edges: views.map(\.axes))
        // An answer that counts other cases than its view would be protected against the wrong attack.
        for view in views {
            let agrees = view.statements.allSatisfy { statement in
                switch statement.place {
                case .boxes(let boxes):
                    cases.boxOfCase.count { boxes.contains(Int($0)) } == statement.value
                case .described(let region):
                    (region.isImpossible ? 0 : space.cases(in: region)) == statement.value
                }
            }
            if agrees { self.views.append(view) } else { unaccounted.append(view.item) }
        }
        self.unaccounted = unaccounted
    }

    private static func code(_ axis: JointAxis, _ index: Int, _ cases: CaseAxes) -> Int64 {
        switch axis {
        case .score: cases.evaluation?.scores[index] ?? Coded.missing
        case .variable(let id): cases.code(id, index) ?? Coded.missing
        }
    }

    private static func levels(of axis: JointAxis, cuts: Set<Int64>, cases: CaseAxes) -> AxisLevels? {
        switch axis {
        case .score:
            return cases.evaluation.map {
                AxisLevels(scoreUpTo: $0.one, cuts: cuts, hasFailed: $0.failed == .worstCase)
            }
        case .variable(let id):
            switch cases.variables[id] {
            case .category(let levels, _):
                return AxisLevels(
                    category: id, count: levels + 1, impossible: id == cases.reference?.variable ? [levels] : [])
            case .quantity(let range, _): return AxisLevels(quantity: id, range: range, cuts: cuts)
            case nil: return nil
            }
        }
    }
}

extension JointAxis {
    fileprivate var order: String {
        switch self {
        case .score: ""
        case .variable(let id): id
        }
    }
}

extension Aggregate {
    /// Whether it counts cases by the model's score, of the cohort or of a subgroup.
    var isOfScores: Bool {
        switch self {
        case .confusion, .scoreSteps, .roc, .pairedConfusion, .calibration, .pairedROC: true
        case .flow, .moments, .histogram, .table, .coMoments, .scoreSums: false
        }
    }

    fileprivate func jointAxes(reference: CaseAxes.Reference?) -> [JointAxis] {
        let reference = reference.map { [JointAxis.variable($0.variable)] } ?? []
        return
            switch self
        {
        case .flow: []
        case .moments(let moments): ([moments.variable] + (moments.groupedBy.map { [$0] } ?? [])).map { .variable($0) }
        case .histogram(let value): ([value.variable] + (value.groupedBy.map { [$0] } ?? [])).map { .variable($0) }
        case .table(let table): table.axes.map { .variable($0.variable) }
        case .confusion, .scoreSteps: [.score] + reference
        case .roc: reference
        case .coMoments, .pairedConfusion, .calibration, .pairedROC, .scoreSums: []
        }
    }
}

extension ScoreSteps {
    /// The inner edges at which a proposal publishes exact counts of both classes.
    fileprivate func exactCuts(of proposal: Proposal) -> [Int] {
        guard case .release(.scoreSteps(let steps), _) = proposal else { return [] }
        return edges.indices.dropFirst().dropLast().filter {
            steps.positives.lower[$0] == steps.positives.upper[$0]
                && steps.negatives.lower[$0] == steps.negatives.upper[$0]
        }
    }
}
