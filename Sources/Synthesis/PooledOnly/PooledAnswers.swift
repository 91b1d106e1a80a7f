import Messages
import Statistics
import StudyProtocol

/// The planned answers as the pooled-only view shows them.
struct PooledAnswers {
    private(set) var answers: [PooledOnlyView.Answer] = []

    init(_ plan: [PlannedAnswer], released: PooledSites, rules: PooledRules) {
        var edges: [String: [String]] = [:]
        var brokenVariables: Set<VariableID> = []
        for planned in plan {
            let part = released.parts(planned.key).flatMap { parts -> Part? in
                // Two sets of edges of one variable would show the cases between two edges by the difference.
                if case .histogram(let histogram)? = parts.first {
                    if let first = edges[histogram.variable], first != histogram.edges { return nil }
                    edges[histogram.variable] = histogram.edges
                }
                return Part(parts, rules: rules)
            }
            if let subgroup = planned.key.subgroup, case .confusion = planned.what, part?.isWhole != true {
                brokenVariables.insert(subgroup.variable)
            }
            answers.append(
                part.map { $0.answer(planned.key, contributing: released.chosen.count, of: released.invited) }
                    ?? PooledOnlyView.Answer(
                        withheld: PooledOnlyView.notReleasable, of: released.invited, key: planned.key))
        }
        // The levels of one variable add up to the whole cohort: one that is not shown would follow from the others.
        answers = answers.map { answer in
            guard let subgroup = answer.subgroup, brokenVariables.contains(subgroup.variable) else { return answer }
            return PooledOnlyView.Answer(
                withheld: PooledOnlyView.notReleasable, of: released.invited,
                key: AnswerKey(name: answer.name, subgroup: subgroup))
        }
    }

    /// One answer over the chosen sites.
    struct Part {
        private(set) var counts: [PooledCount] = []
        private(set) var metrics: [Metric] = []
        private(set) var isWhole = false

        func answer(_ key: AnswerKey, contributing: Int, of invited: Int) -> PooledOnlyView.Answer {
            PooledOnlyView.Answer(
                name: key.name, subgroup: key.subgroup, contributing: contributing, of: invited, counts: counts,
                metrics: metrics, withheld: nil)
        }

        /// - Returns: nil when nothing of it may be shown: the sites' answers do not add up, or the kind has no rule.
        init?(_ parts: [ReleasedAggregate], rules: PooledRules) {
            guard parts.count >= rules.minimumSites, let first = parts.first else { return nil }
            // By the first alone, so that the compiler asks for a new kind here too.
            switch first {
            case .flow:
                let flows = parts.compactMap { if case .flow(let flow) = $0 { flow } else { nil } }
                guard flows.count == parts.count, Self.add(parts) != nil else { return nil }
                addFlow(flows, rules)
            case .table(let table):
                let tables = parts.compactMap { if case .table(let table) = $0 { table } else { nil } }
                guard tables.count == parts.count, let sum = Self.add(parts) else { return nil }
                addTable(table, tables, rules)
                if isWhole { metrics = SiteMetrics.of(sum) }
            case .moments(let moments):
                let all = parts.compactMap { if case .moments(let moments) = $0 { moments } else { nil } }
                guard all.count == parts.count, let sum = Self.add(parts) else { return nil }
                addMoments(moments, all, sum, rules)
            case .histogram(let histogram):
                let all = parts.compactMap { if case .histogram(let histogram) = $0 { histogram } else { nil } }
                guard all.count == parts.count, Self.add(parts) != nil else { return nil }
                addHistogram(histogram, all, rules)
            case .scoreSteps(let steps):
                let all = parts.compactMap { if case .scoreSteps(let steps) = $0 { steps } else { nil } }
                guard all.count == parts.count, Self.add(parts) != nil else { return nil }
                addSteps(steps, all, rules)
            case .confusion:
                let all = parts.compactMap { if case .confusion(let confusion) = $0 { confusion } else { nil } }
                guard all.count == parts.count, let sum = Self.add(parts) else { return nil }
                addConfusion(all, rules)
                if isWhole { metrics = SiteMetrics.of(sum) }
            // Each site's noise protects its patients from whatever is computed of its numbers.
            case .noisyCounts:
                guard let sum = Self.add(parts) else { return nil }
                isWhole = true
                metrics = SiteMetrics.of(sum)
            // Of one site (an endpoint's estimator speaks over sites), or not yet asked for by any protocol.
            case .roc, .pairedROC, .coMoments, .pairedConfusion, .calibration, .scoreSums: return nil
            }
        }

        private static func add(_ parts: [ReleasedAggregate]) -> ReleasedAggregate? {
            (try? Pooled.sum(parts.map(Optional.some)))?.value
        }
    }
}

// MARK: - Flow and table

extension PooledAnswers.Part {
    private mutating func add(
        _ partition: PooledPartition, total: [String: String]?, labels: [[String: String]],
        unit: PooledCount.Unit = .cases
    ) {
        if let total, let number = partition.total {
            counts.append(PooledCount(labels: total, unit: unit, number: number))
        }
        counts += zip(labels, partition.cells).map { PooledCount(labels: $0, unit: unit, number: $1) }
    }

    private mutating func addFlow(_ flows: [ReleasedFlow], _ rules: PooledRules) {
        let boxes = flows[0].boxes
        func labels(_ box: ReleasedFlow.Box) -> [String: String] {
            var labels = ["box": box.box.rawValue]
            labels["reason"] = box.reason
            return labels
        }
        // The boxes hold each screened case once.
        let inner = boxes.indices.filter { boxes[$0].box != .screened }
        let screened = boxes.firstIndex { $0.box == .screened }
        let partition = PooledPartition(
            totals: flows.map { flow in screened.flatMap { flow.boxes[$0].cases.exact } },
            cells: inner.map { box in flows.map { $0.boxes[box].cases.exact } }, rules: rules)
        isWhole = partition.isWhole
        add(partition, total: ["box": ReleasedFlow.Box.Name.screened.rawValue], labels: inner.map { labels(boxes[$0]) })
        // A patient may be in several boxes: what a box leaves of the screened is a number of its own.
        let patients = boxes.map { box in flows.compactMap { $0[box.box, box.reason]?.patients.exact } }
        guard let screened, isWhole, patients.allSatisfy({ $0.count == flows.count && rules.allows(counts: $0) })
        else { return }
        let all = patients[screened]
        let several = flows.indices.map { site in inner.reduce(-all[site]) { $0 + patients[$1][site] } }
        let left = inner.map { box in zip(all, patients[box]).map { $0 - $1 } }
        guard (left + [several]).allSatisfy({ $0.allSatisfy { $0 >= 0 } && rules.allows(counts: $0) }) else { return }
        counts += boxes.indices.map {
            PooledCount(
                labels: labels(boxes[$0]), unit: .patients, number: .exact(patients[$0].reduce(0, +)))
        }
    }

    private mutating func addTable(_ shape: ReleasedTable, _ tables: [ReleasedTable], _ rules: PooledRules) {
        let partition = PooledPartition(
            lines: ReleasedTable.marginAxes(shape.axes.count).flatMap { Self.lines(on: $0, of: shape, tables) },
            cells: shape.cells.indices.map { cell in tables.map { $0.cells[cell].exact } }, rules: rules)
        isWhole = partition.isWhole
        let labels = shape.cells.indices.map { cell -> [String: String] in
            var (rest, labels) = (cell, [String: String]())
            for axis in shape.axes.reversed() {
                labels[axis.variable] = axis.levels[rest % axis.levels.count]
                rest /= axis.levels.count
            }
            return labels
        }
        add(partition, total: [:], labels: labels)
    }

    /// The cells behind each number of one margin; the margin of all cases is the first of all.
    private static func lines(
        on kept: [Int], of shape: ReleasedTable, _ tables: [ReleasedTable]
    ) -> [PooledPartition.Line] {
        let margins = tables.map { $0.margin(on: kept) }
        var cells = Array(repeating: [Int](), count: margins[0].count)
        for cell in shape.cells.indices {
            var (rest, place, stride) = (cell, 0, 1)
            for axis in shape.axes.indices.reversed() {
                let size = shape.axes[axis].levels.count
                if kept.contains(axis) {
                    place += rest % size * stride
                    stride *= size
                }
                rest /= size
            }
            cells[place].append(cell)
        }
        return cells.indices.map { place in
            PooledPartition.Line(cells: cells[place], totals: margins.map { $0[place].exact })
        }
    }
}

// MARK: - Quantities

extension PooledAnswers.Part {
    /// Counts that add up to nothing that is released beside them, but for their own sum.
    private mutating func addCounts(_ cells: [[Int?]], labels: [[String: String]], _ rules: PooledRules) {
        let totals = (cells.first ?? []).indices.map { site -> Int? in
            let own = cells.compactMap { $0[site] }
            return own.count == cells.count ? own.reduce(0, +) : nil
        }
        let partition = PooledPartition(totals: totals, cells: cells, rules: rules)
        isWhole = partition.isWhole
        add(partition, total: nil, labels: labels)
    }

    private mutating func addMoments(
        _ shape: ReleasedMoments, _ all: [ReleasedMoments], _ sum: ReleasedAggregate, _ rules: PooledRules
    ) {
        var cells: [[Int?]] = []
        var labels: [[String: String]] = []
        for (group, level) in shape.groups.map(\.level).enumerated() {
            let parts = all.map { $0.groups[group] }
            let kinds: [(String, [Count])] = [
                ("values", parts.map(\.n)), ("missing", parts.map(\.missing)),
                ("malformed", parts.map(\.malformed)), ("out-of-range", parts.map(\.outOfRange)),
            ]
            for (kind, counts) in kinds {
                cells.append(counts.map(\.exact))
                labels.append(Self.labels(shape.variable, by: shape.by, level: level, ["count": kind]))
            }
        }
        addCounts(cells, labels: labels, rules)
        let sumsPass = shape.groups.indices.allSatisfy { group in
            let parts = all.map { $0.groups[group] }
            let sums = parts.compactMap { $0.sum?.value }
            let squares = parts.compactMap { $0.sumSquares?.value }
            return sums.count == parts.count && squares.count == parts.count && rules.allows(sums)
                && rules.allows(squares)
        }
        if isWhole && sumsPass { metrics = SiteMetrics.of(sum) }
    }

    private static func labels(
        _ variable: String, by: String?, level: String?, _ more: [String: String]
    ) -> [String: String] {
        var labels = more
        labels["variable"] = variable
        if let by, let level {
            labels["by"] = by
            labels["level"] = level
        }
        return labels
    }

    private mutating func addHistogram(
        _ shape: ReleasedHistogram, _ all: [ReleasedHistogram], _ rules: PooledRules
    ) {
        var cells: [[Int?]] = []
        var labels: [[String: String]] = []
        var quantiles: [Metric] = []
        for (group, level) in shape.groups.map(\.level).enumerated() {
            let parts = all.map { $0.groups[group] }
            let runs = Self.runs(
                edges: shape.edges, parts.map { ($0.n, $0.lower, $0.upper) }, rules)
            for run in runs {
                cells.append(run.counts)
                labels.append(
                    Self.labels(shape.variable, by: shape.by, level: level, ["from": run.from, "to": run.to]))
            }
            quantiles += Self.quantiles(runs, variable: shape.variable, level: level)
            let kinds: [(String, [Count])] = [
                ("missing", parts.map(\.missing)), ("malformed", parts.map(\.malformed)),
                ("out-of-range", parts.map(\.outOfRange)),
            ]
            for (kind, counts) in kinds {
                cells.append(counts.map(\.exact))
                labels.append(Self.labels(shape.variable, by: shape.by, level: level, ["count": kind]))
            }
        }
        addCounts(cells, labels: labels, rules)
        if isWhole { metrics = quantiles }
    }

    /// As ``QuantileBounds``, from the runs that are shown.
    private static func quantiles(
        _ runs: [(from: String, to: String, counts: [Int?])], variable: String, level: String?
    ) -> [Metric] {
        let sums = runs.map { $0.counts.reduce(0) { $0 + ($1 ?? 0) } }
        let n = sums.reduce(0, +)
        guard n > 0, let end = runs.last?.to else { return [] }
        let edges = runs.map(\.from) + [end]
        let below = sums.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        return QuantileBounds.usualPercents.compactMap { percent in
            let first = max(1, n * percent / 100)
            let last = min(n, (n * percent + 99) / 100 + 1)
            guard let from = below.lastIndex(where: { $0 < first }), let to = below.firstIndex(where: { $0 >= last }),
                let lower = Double(edges[from]), let upper = Double(edges[to])
            else { return nil }
            return Metric(
                "quantile", bounds: Metric.Interval(lower: lower, upper: upper, level: nil, method: "histogram-bounds"),
                n: n, variable: variable, group: level, parameters: ["percent": String(percent)])
        }
    }

    private mutating func addSteps(_ shape: ReleasedScoreSteps, _ all: [ReleasedScoreSteps], _ rules: PooledRules) {
        var cells: [[Int?]] = []
        var labels: [[String: String]] = []
        for isPositive in [true, false] {
            let parts = all.map { isPositive ? $0.positives : $0.negatives }
            for run in Self.runs(edges: shape.edges, parts.map { ($0.n, $0.lower, $0.upper) }, rules) {
                cells.append(run.counts)
                labels.append(["class": isPositive ? "positive" : "negative", "from": run.from, "to": run.to])
            }
        }
        addCounts(cells, labels: labels, rules)
    }

    /// Stretches between edges at which every site's cumulative count is exact, joined from the left until each passes; a
    /// rest joins the last one.
    private static func runs(
        edges: [String], _ parts: [(n: Count, lower: [Int], upper: [Int])], _ rules: PooledRules
    ) -> [(from: String, to: String, counts: [Int?])] {
        guard let first = edges.first, let last = edges.last else { return [] }
        let whole: (from: String, to: String, counts: [Int?]) = (first, last, parts.map(\.n.exact))
        guard parts.allSatisfy({ $0.n.exact != nil && $0.lower.count == edges.count && $0.upper.count == edges.count })
        else { return [whole] }
        let cuts = edges.indices.filter { edge in parts.allSatisfy { $0.lower[edge] == $0.upper[edge] } }
        guard cuts.first == 0, cuts.last == edges.count - 1 else { return [whole] }
        var runs: [(from: Int, to: Int)] = []
        func counts(_ from: Int, _ to: Int) -> [Int] { parts.map { $0.lower[to] - $0.lower[from] } }
        var start = cuts[0]
        for cut in cuts.dropFirst() where rules.allows(counts: counts(start, cut)) {
            runs.append((start, cut))
            start = cut
        }
        if start != edges.count - 1 {
            let from = runs.popLast()?.from ?? start
            runs.append((from, edges.count - 1))
        }
        return runs.map { (edges[$0.from], edges[$0.to], counts($0.from, $0.to).map(Optional.some)) }
    }
}

// MARK: - Performance

extension PooledAnswers.Part {
    /// As in the gate's rule 3, the single cells of a model's performance may be small: the classes and the calls are what
    /// the rules are asked of.
    private mutating func addConfusion(_ all: [ReleasedConfusion], _ rules: PooledRules) {
        let cells = [all.map(\.tp), all.map(\.fp), all.map(\.fn), all.map(\.tn)].map { $0.map(\.exact) }
        let labels = ["tp", "fp", "fn", "tn"].map { ["cell": $0] }
        let known = cells.map { $0.compactMap { $0 } }
        guard known.allSatisfy({ $0.count == all.count }) else {
            let totals = all.map { ($0.tp + $0.fp + $0.fn + $0.tn).exact }
            add(PooledPartition(totals: totals, cells: cells, rules: rules), total: nil, labels: labels)
            return
        }
        func sum(_ left: Int, _ right: Int) -> [Int] { zip(known[left], known[right]).map { $0 + $1 } }
        isWhole =
            rules.allows(counts: sum(0, 2)) && rules.allows(counts: sum(1, 3)) && rules.leavesEnough(sum(0, 1))
            && rules.leavesEnough(sum(2, 3))
        counts = zip(labels, known).map { label, parts in
            PooledCount(
                labels: label, unit: .cases,
                number: isWhole ? .exact(parts.reduce(0, +)) : .between(lower: 0, upper: nil))
        }
    }
}
