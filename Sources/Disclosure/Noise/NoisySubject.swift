@_spi(ReleaseGate) import Statistics

/// One answer as cells that each counted case falls into at most one of. Made from the question alone: no count of the
/// aggregate is looked at.
struct NoisySubject {
    let subject: ReleasedNoisyCounts.Subject
    /// Whether it is about all screened cases, or about those that statistics and evaluation describe.
    let isOfScreened: Bool
    /// The cell of a case; nil for a case that it does not count.
    let cell: (Int) -> Int?

    /// Exhaustive: a new kind does not compile until somebody says whether noise can protect it. Nil for what is not made of
    /// counts of cases (sums have their own sensitivity; an AUROC, a calibration and patients' sums have none that is
    /// useful), and for what the described cases do not know.
    init?(_ aggregate: Aggregate, cases: CaseAxes) {
        switch aggregate {
        case .flow(let flow): self.init(flow, cases)
        case .table(let table): self.init(table, cases)
        case .histogram(let histogram): self.init(histogram, cases)
        case .confusion(let confusion): self.init(confusion, cases)
        case .scoreSteps(let steps): self.init(steps, cases)
        case .moments, .roc, .coMoments, .pairedConfusion, .calibration, .pairedROC, .scoreSums: return nil
        }
    }

    private init(_ subject: ReleasedNoisyCounts.Subject, isOfScreened: Bool = false, cell: @escaping (Int) -> Int?) {
        self.subject = subject
        self.isOfScreened = isOfScreened
        self.cell = cell
    }

    private init?(_ flow: Flow, _ cases: CaseAxes) {
        guard !flow.boxes.isEmpty, flow.boxes == cases.boxes else { return nil }
        let boxes = flow.boxes.map { box in
            switch box {
            case .excluded(let reason): ReleasedNoisyCounts.Subject.Box(box: .excluded, reason: reason)
            case .missingReference: ReleasedNoisyCounts.Subject.Box(box: .missingReference, reason: nil)
            case .failed(let code): ReleasedNoisyCounts.Subject.Box(box: .failed, reason: code)
            case .analysed: ReleasedNoisyCounts.Subject.Box(box: .analysed, reason: nil)
            }
        }
        self.init(.flow(boxes: boxes), isOfScreened: true) { Int(cases.boxOfCase[$0]) }
    }

    private init?(_ table: ContingencyTable, _ cases: CaseAxes) {
        let axes = table.axes
        guard axes.allSatisfy({ Self.isCategory($0.variable, $0.levels, cases) }) else { return nil }
        self.init(.table(axes: axes)) { index in
            var cell = 0
            for axis in axes {
                guard let code = cases.code(axis.variable, index) else { return nil }
                cell = cell * axis.levels.count + CategoryColumn.index(of: code, count: axis.levels.count)
            }
            return cell
        }
    }

    private init?(_ histogram: Histogram, _ cases: CaseAxes) {
        let edges = histogram.edges
        let levels = histogram.levels ?? []
        guard case .quantity? = cases.variables[histogram.variable], edges.count >= 2,
            histogram.groupedBy.map({ Self.isCategory($0, levels, cases) }) ?? true
        else { return nil }
        let subject = ReleasedNoisyCounts.Subject.histogram(
            variable: histogram.variable, resolution: histogram.resolution, by: histogram.groupedBy, levels: levels,
            edges: edges.map(histogram.resolution.text))
        self.init(subject) { index in
            guard let value = cases.code(histogram.variable, index) else { return nil }
            var group = 0
            if let grouping = histogram.groupedBy {
                guard let code = cases.code(grouping, index) else { return nil }
                group = CategoryColumn.index(of: code, count: levels.count)
            }
            let place: Int
            if Coded.isValue(value) {
                // Bins, then missing, malformed, out of range.
                place = Self.bin(of: value, edges) ?? edges.count + 1
            } else {
                place = edges.count - 1 + Int(value &- Coded.missing)
            }
            return group * (edges.count + 2) + place
        }
    }

    private init?(_ confusion: Confusion, _ cases: CaseAxes) {
        guard confusion.classLabel == nil, let scored = ScoredCases(cases) else { return nil }
        let threshold = confusion.threshold
        let subject = ReleasedNoisyCounts.Subject.confusion(
            operatingPoint: confusion.operatingPoint, threshold: confusion.resolution.text(threshold))
        self.init(subject) { index in
            scored.score(index).map { score in
                // TP, FP, FN, TN.
                scored.isPositive(index) ? (score >= threshold ? 0 : 2) : (score >= threshold ? 1 : 3)
            }
        }
    }

    private init?(_ steps: ScoreSteps, _ cases: CaseAxes) {
        let edges = steps.edges
        guard steps.classLabel == nil, edges.count >= 2, let scored = ScoredCases(cases) else { return nil }
        let subject = ReleasedNoisyCounts.Subject.scoreSteps(
            resolution: steps.resolution, edges: edges.map(steps.resolution.text))
        self.init(subject) { index in
            guard let score = scored.score(index), let step = Self.bin(of: score, edges) else { return nil }
            return scored.isPositive(index) ? step : edges.count - 1 + step
        }
    }

    private static func isCategory(_ variable: String, _ levels: [String], _ cases: CaseAxes) -> Bool {
        guard case .category(let count, _)? = cases.variables[variable] else { return false }
        return levels.count == count + 1 && levels.last == CategoryColumn.missingLevel
    }

    /// The bin `[a, b)`, the last one closed; nil outside of the outer edges.
    private static func bin(of value: Int64, _ edges: [Int64]) -> Int? {
        guard value >= edges[0], value <= edges[edges.count - 1] else { return nil }
        var (low, high) = (0, edges.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if edges[middle] <= value { low = middle } else { high = middle }
        }
        return low
    }
}

/// Scores and classes as the evaluation counts them.
private struct ScoredCases {
    let cases: CaseAxes
    let reference: CaseAxes.Reference
    let evaluation: CaseAxes.Evaluation

    init?(_ cases: CaseAxes) {
        guard let reference = cases.reference, let evaluation = cases.evaluation,
            case .category? = cases.variables[reference.variable]
        else { return nil }
        self.cases = cases
        self.reference = reference
        self.evaluation = evaluation
    }

    func isPositive(_ index: Int) -> Bool { cases.code(reference.variable, index) == reference.positiveCode }

    /// A failed case counts against the model, or not at all.
    func score(_ index: Int) -> Int64? {
        let score = evaluation.scores[index]
        if Coded.isValue(score) { return score }
        switch evaluation.failed {
        case .excluded: return nil
        case .worstCase: return isPositive(index) ? 0 : evaluation.one
        }
    }
}
