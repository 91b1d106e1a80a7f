import Statistics
import StudyProtocol

/// Makes the view of one answer. The switch is exhaustive: a new kind does not compile until it has a view, or is named
/// among those that have none and are withheld whole.
struct JointViewBuilder {
    let cases: CaseAxes
    let axes: [AxisLevels]
    /// Of each histogram, by item: the runs of each group, nil for a group that has too few patients.
    let runs: [Int: [MergedBins?]]
    /// Of each answer with score steps, by item: the inner edges with exact counts.
    let stepCuts: [Int: [Int]]

    /// Nil for an answer that is not a table over the axes of the release.
    func view(of aggregate: Aggregate, item: Int, key: AnswerKey, isProposed: Bool) -> JointView? {
        func view(_ tier: JointStatement.Tier, _ statements: [JointStatement]?) -> JointView? {
            statements.map { statements in
                let used = statements.reduce(into: Set<Int>()) { axes, statement in
                    if case .described(let region) = statement.place { axes.formUnion(region.axes) }
                }
                return JointView(item: item, tier: tier, axes: used, statements: statements, isProposed: isProposed)
            }
        }
        let tier: JointStatement.Tier = key.subgroup == nil ? .performance : .subgroup
        return
            switch aggregate
        {
        case .flow(let flow): flow.boxes == cases.boxes ? view(.flow, statements(flow)) : nil
        case .table(let table): view(.table, statements(table))
        case .histogram(let histogram): view(.histogram, statements(histogram, runs[item] ?? []))
        case .moments(let moments): view(.moments, statements(moments))
        case .confusion(let confusion): view(tier, statements(confusion, key.subgroup))
        case .scoreSteps(let steps): view(tier, statements(steps, key.subgroup, cuts: stepCuts[item] ?? []))
        case .roc(let sample): view(tier, statements(sample, key.subgroup))
        // No protocol can ask for these beside the others yet.
        case .coMoments, .pairedConfusion, .calibration, .pairedROC, .scoreSums: nil
        }
    }

    // MARK: Regions

    private func place(_ axis: JointAxis) -> Int? { axes.firstIndex { $0.axis == axis } }

    /// The cases on the given levels; all levels that a case can have are no restriction.
    private func region(_ sets: [(axis: Int, levels: [Int])]) -> Region {
        var region = Region(axisCount: axes.count)
        for (axis, levels) in sets {
            let possible = axes[axis].possible
            let kept = possible.filter(levels.contains)
            if kept.count < possible.count || region.levels[axis] != nil {
                region.levels[axis] = region.levels[axis].map { $0.filter(kept.contains) } ?? kept
            }
        }
        return region
    }

    private func statement(
        _ part: JointStatement.Part, _ sets: [(axis: Int, levels: [Int])], _ value: Int
    ) -> JointStatement {
        JointStatement(part: part, place: .described(region(sets)), value: value)
    }

    /// The axis and levels of a subgroup; an empty list for the whole cohort.
    private func part(_ subgroup: Subgroup?) -> [(axis: Int, levels: [Int])]? {
        guard let subgroup else { return [] }
        guard let axis = place(.variable(subgroup.variable.rawValue)), let part = cases.parts[subgroup] else {
            return nil
        }
        switch part {
        case .level(let code): return [(axis, [axes[axis].level(of: code)])]
        case .units(let range):
            return [(axis, axes[axis].levels(from: range.lowerBound, below: range.upperBound + 1))]
        }
    }

    // MARK: The cohort

    private func statements(_ flow: Flow) -> [JointStatement] {
        [JointStatement(part: .screened, place: .boxes(Array(flow.boxes.indices)), value: flow.screenedCases)]
            + flow.boxes.indices.map {
                JointStatement(part: .box($0), place: .boxes([$0]), value: flow.cells.cases(inCell: $0))
            }
    }

    private func statements(_ table: ContingencyTable) -> [JointStatement]? {
        let places = table.axes.compactMap { place(.variable($0.variable)) }
        guard places.count == table.axes.count, Set(places).count == places.count else { return nil }
        let sizes = table.axes.map(\.levels.count)
        guard zip(places, sizes).allSatisfy({ axes[$0].count == $1 }) else { return nil }
        let counts = (0..<table.cells.cellCount).map { table.cells.cases(inCell: $0) }
        return (0..<1 << places.count).flatMap { subset in
            let margin = TableMargin(sizes: sizes, axes: subset)
            return zip(margin.cells, margin.sums(counts)).enumerated().map { cell, content in
                let sets = zip(places, content.0).compactMap { axis, level in level.map { (axis: axis, levels: [$0]) } }
                return statement(.cell(cell, axes: subset), sets, content.1)
            }
        }
    }

    private func statements(_ histogram: Histogram, _ runs: [MergedBins?]) -> [JointStatement]? {
        guard let axis = place(.variable(histogram.variable)), runs.count == histogram.groupCount else { return nil }
        let groups = histogram.groupedBy.map { place(.variable($0)) }
        if groups == .some(nil) { return nil }
        guard let first = histogram.edges.first, let last = histogram.edges.last else { return nil }
        let inside = axes[axis].levels(from: first, below: last + 1)
        let reserved = [Coded.missing, Coded.malformed].map { axes[axis].level(reserved: $0) }
        let outside = axes[axis].possible.filter { !inside.contains($0) && !reserved.joined().contains($0) }
        var statements: [JointStatement] = []
        for (group, runs) in runs.enumerated() {
            let own = groups?.map { [(axis: $0, levels: [group])] } ?? []
            let cumulative = histogram.cumulative(group: group)
            statements.append(statement(.total(group: group), own + [(axis, inside)], cumulative[histogram.binCount]))
            for edge in (runs?.cuts ?? []).dropFirst().dropLast() {
                let below = axes[axis].levels(from: first, below: histogram.edges[edge])
                statements.append(statement(.below(edge: edge, group: group), own + [(axis, below)], cumulative[edge]))
            }
            let cells = [
                histogram.missingCell(group: group), histogram.malformedCell(group: group),
                histogram.outOfRangeCell(group: group),
            ]
            for (kind, levels) in (reserved + [outside]).enumerated() {
                let count = histogram.cells.cases(inCell: cells[kind])
                statements.append(statement(.outside(kind, group: group), own + [(axis, levels)], count))
            }
        }
        return statements
    }

    private func statements(_ moments: Moments) -> [JointStatement]? {
        guard let axis = place(.variable(moments.variable)) else { return nil }
        let groups = moments.groupedBy.map { place(.variable($0)) }
        if groups == .some(nil) { return nil }
        let reserved = [Coded.missing, Coded.malformed, Coded.outOfRange].map { axes[axis].level(reserved: $0) }
        let inside = axes[axis].possible.filter { !reserved.joined().contains($0) }
        return moments.groups.enumerated().flatMap { index, group in
            let own = groups?.map { [(axis: $0, levels: [index])] } ?? []
            let counts = [group.n, group.missing, group.malformed, group.outOfRange]
            return zip([inside] + reserved, counts).map { levels, count in
                statement(.whole, own + [(axis, levels)], count)
            }
        }
    }

    // MARK: Performance

    /// The reference axis with the levels of each class, positives first.
    private var classes: (axis: Int, positive: [Int], negative: [Int])? {
        guard let reference = cases.reference, let axis = place(.variable(reference.variable)) else { return nil }
        let positive = axes[axis].level(of: reference.positiveCode)
        return (axis, [positive], axes[axis].possible.filter { $0 != positive })
    }

    private func statements(_ confusion: Confusion, _ subgroup: Subgroup?) -> [JointStatement]? {
        guard let classes, let score = place(.score), let part = part(subgroup), confusion.classLabel == nil else {
            return nil
        }
        let above = axes[score].levels(from: confusion.threshold)
        let below = axes[score].levels(below: confusion.threshold)
        // A failed case counts as called wrongly.
        let failed = axes[score].failed
        return [
            statement(
                .whole, part + [(classes.axis, classes.positive), (score, above)], confusion.cases(.truePositive)),
            statement(
                .whole, part + [(classes.axis, classes.negative), (score, above + failed)],
                confusion.cases(.falsePositive)),
            statement(
                .whole, part + [(classes.axis, classes.positive), (score, below + failed)],
                confusion.cases(.falseNegative)),
            statement(
                .whole, part + [(classes.axis, classes.negative), (score, below)], confusion.cases(.trueNegative)),
        ]
    }

    private func statements(_ steps: ScoreSteps, _ subgroup: Subgroup?, cuts: [Int]) -> [JointStatement]? {
        guard let classes, let score = place(.score), let part = part(subgroup), steps.classLabel == nil else {
            return nil
        }
        return [true, false].flatMap { positive in
            let own = part + [(axis: classes.axis, levels: positive ? classes.positive : classes.negative)]
            let cumulative = steps.cumulative(positive: positive)
            return [statement(.whole, own, cumulative[steps.stepCount])]
                + cuts.map { edge in
                    // Failed positives have the lowest score, failed negatives the highest.
                    let below = axes[score].levels(below: steps.edges[edge]) + (positive ? axes[score].failed : [])
                    return statement(.whole, own + [(score, below)], cumulative[edge])
                }
        }
    }

    private func statements(_ sample: RankSample, _ subgroup: Subgroup?) -> [JointStatement]? {
        guard let classes, let part = part(subgroup) else { return nil }
        let positives = sample.patients.joined().count(where: \.isPositive)
        return [
            statement(.whole, part + [(classes.axis, classes.positive)], positives),
            statement(.whole, part + [(classes.axis, classes.negative)], sample.caseCount - positives),
        ]
    }
}
