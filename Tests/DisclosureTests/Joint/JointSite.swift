import Statistics
import StudyProtocol

@testable import Disclosure

/// A made-up site: its cases, what is asked of them, and the answers as an agent would compute them.
struct JointSite {
    /// One case. Codes as in a column: units, level indices, or reserved codes.
    struct Case {
        var patient: Int32
        /// Hundredths of a millimetre, 0 to 10,000.
        var size: Int64 = 500
        /// One of three.
        var maker: Int64 = 0
        /// 1 positive, 0 negative.
        var truth: Int64 = 0
        /// One of two.
        var sex: Int64 = 0
        /// Millionths; missing where the model failed.
        var score: Int64 = 0
        /// 0 excluded for age, 1 excluded for quality, 2 analysed (or failed, without a score).
        var box: Int64 = 2
    }

    static let micro = Resolution.made("0.000001")
    static let range: ClosedRange<Int64> = 0...10_000
    static let boxes: [FlowBox] = [
        .excluded(reason: "age"), .excluded(reason: "quality"), .analysed, .failed(code: "model-failed"),
    ]

    var cases: [Case] = []
    var failed = FailedCases.worstCase
    /// Who is in the cohort, by `x`, `y`, `group` and `sex`; nil where the cases' boxes say it.
    var criteria: [CaseAxes.CohortCriterion]?
    var parts: [Subgroup: CaseAxes.Part] = [:]
    private(set) var items: [ReleaseGate.Item] = []

    init(cases: [Case] = []) { self.cases = cases }

    /// Adds patients with one case each.
    mutating func add(_ count: Int, _ change: (inout Case) -> Void = { _ in }) {
        for _ in 0..<count { addPatient(1, change) }
    }

    /// Adds a patient with several such cases.
    mutating func addPatient(_ lesions: Int, _ change: (inout Case) -> Void = { _ in }) {
        let patient = (cases.last?.patient ?? -1) + 1
        for _ in 0..<lesions {
            var one = Case(patient: patient)
            change(&one)
            cases.append(one)
        }
    }

    var patients: [Int32] { cases.map(\.patient) }

    /// The box without failures, by the criteria.
    func box(of one: Case) -> Int64 {
        guard let criteria else { return one.box }
        let failing = criteria.first { criterion in
            let code: Int64 =
                switch criterion.variable {
                case "x": one.size
                case "y": one.maker
                case "sex": one.sex
                default: one.truth
                }
            return criterion.excludes(code)
        }
        return failing.map { $0.reason == "age" ? 0 : 1 } ?? 2
    }

    private var boxOfCase: [Int64] {
        cases.map { box(of: $0) == 2 && $0.score == Coded.missing ? 3 : box(of: $0) }
    }
    private var cohort: [Int32] { cases.indices.filter { box(of: cases[$0]) == 2 }.map(Int32.init) }
    private var described: [Int32] {
        failed == .worstCase ? cohort : cohort.filter { cases[Int($0)].score != Coded.missing }
    }

    var axes: CaseAxes {
        CaseAxes(
            patients: patients, boxes: Self.boxes, boxOfCase: boxOfCase,
            variables: [
                "x": .quantity(range: Self.range, codes: cases.map(\.size)),
                "y": .category(levels: 3, codes: cases.map(\.maker)),
                "group": .category(levels: 2, codes: cases.map(\.truth)),
                "sex": .category(levels: 2, codes: cases.map(\.sex)),
                // What the cases' boxes say is no other variable.
                "age": .category(levels: 2, codes: cases.map { $0.box == 0 ? 1 : 0 }),
                "quality": .category(levels: 2, codes: cases.map { $0.box == 1 ? 1 : 0 }),
            ],
            criteria: criteria ?? [
                .init(variable: "age", condition: .equals(0), isRequired: true, reason: "age"),
                .init(variable: "quality", condition: .equals(0), isRequired: true, reason: "quality"),
            ], parts: parts, reference: .init(variable: "group", positiveCode: 1),
            evaluation: .init(scores: cases.map(\.score), one: 1_000_000, failed: failed))!
    }

    /// Three makers by two classes; four patients of the second maker are positive.
    static func withSmallCell() -> JointSite {
        var site = JointSite()
        for (maker, sizes) in [(30, 20), (25, 4), (22, 18)].enumerated() {
            site.add(sizes.0) { $0.maker = Int64(maker) }
            site.add(sizes.1) {
                $0.maker = Int64(maker)
                $0.truth = 1
            }
        }
        return site
    }

    // MARK: Questions

    private mutating func ask(_ name: String, _ aggregate: Aggregate, in part: Subgroup? = nil) {
        items.append(.init(key: .named(name, subgroup: part), outcome: .computed(aggregate)))
    }

    private func column(_ variable: String) -> CategoryColumn {
        switch variable {
        case "y": CategoryColumn(variable: "y", levels: ["a", "b", "c"], codes: cases.map(\.maker))
        case "sex": CategoryColumn(variable: "sex", levels: ["f", "m"], codes: cases.map(\.sex))
        default: CategoryColumn(variable: "group", levels: ["0", "1"], codes: cases.map(\.truth))
        }
    }

    mutating func askFlow() throws {
        ask(
            "flow",
            .flow(
                try Flow(
                    boxes: Self.boxes, boxOfCase: boxOfCase, patients: patients,
                    selection: cases.indices.map(Int32.init))))
    }

    mutating func askTable(_ variables: String...) throws {
        ask(
            "table-" + variables.joined(separator: "-"),
            .table(try ContingencyTable(axes: variables.map(column), patients: patients, selection: described)))
    }

    mutating func askHistogram(_ edges: [Int64], by: String? = nil) throws {
        ask(
            "histogram-\(items.count)",
            .histogram(
                try Histogram(
                    variable: "x", column: cases.map(\.size), edges: edges, by: by.map(column), patients: patients,
                    selection: described, resolution: .made("0.01"))))
    }

    mutating func askMoments(by: String? = nil) throws {
        ask(
            "moments-\(items.count)",
            .moments(
                try Moments(
                    variable: "x", column: cases.map(\.size), by: by.map(column), range: Self.range,
                    patients: patients, selection: described, resolution: .made("0.01"))))
    }

    private func selection(_ part: Subgroup?) -> [Int32] {
        let axes = axes
        return cohort.filter { axes.contains(part, Int($0)) }
    }

    mutating func askConfusion(_ threshold: Int64, in part: Subgroup? = nil) throws {
        ask(
            "confusion:at-\(threshold)",
            .confusion(
                try Confusion(
                    operatingPoint: "at-\(threshold)", threshold: threshold, scores: cases.map(\.score),
                    reference: cases.map(\.truth), failed: failed, patients: patients, selection: selection(part),
                    resolution: Self.micro)), in: part)
    }

    mutating func askROC(in part: Subgroup? = nil) throws {
        ask(
            "roc",
            .roc(
                try RankSample(
                    scores: cases.map(\.score), reference: cases.map(\.truth), failed: failed, patients: patients,
                    selection: selection(part), resolution: Self.micro)), in: part)
    }

    mutating func askSteps(_ edges: [Int64]) throws {
        ask(
            "score-steps",
            .scoreSteps(
                try ScoreSteps(
                    edges: edges, scores: cases.map(\.score), reference: cases.map(\.truth), failed: failed,
                    patients: patients, selection: cohort, resolution: Self.micro)))
    }

    // MARK: Gates

    func decide(
        _ gate: ReleaseGate = .standard(), earlier: [EarlierStatements] = []
    ) -> ReleaseGate.Decision {
        gate.decide(items, cases: axes, earlier: earlier)
    }

    /// What a gate publishes that looks at each count alone: it withholds the small ones and nothing else.
    func naive() -> [(key: AnswerKey, answer: Answer)] {
        let minimum = MinimumCount(DisclosurePolicy())
        let forms = ProtectedForms(minimum: minimum, withheld: [], patients: [])
        let proposals = items.map { item -> Proposal in
            guard case .computed(let aggregate) = item.outcome else { return .failed(code: "no") }
            switch aggregate {
            case .flow(let flow): return forms.flow(flow)
            case .table(let table): return forms.table(table)
            case .histogram(let histogram): return forms.histogram(histogram)
            default:
                let key = AnswerKey.named("x")
                let alone = ReleaseGate.standard().decide([.init(key: key, outcome: item.outcome)]).answers[0].answer
                return alone.aggregate.map { .release($0, numbers: 1) } ?? .withhold(rule: 1, .fewPatients)
            }
        }
        let views = JointViews(items, proposals: proposals, cases: axes, gate: .standard())
        return items.indices.map { index in
            let small = views.views.filter { $0.item == index }.flatMap(\.statements).filter { statement in
                switch statement.place {
                case .boxes(let boxes): !minimum.allows(axes.patients(inBoxes: boxes))
                case .described(let region): !region.isImpossible && !minimum.allows(views.space.patients(in: region))
                }
            }
            let forms = ProtectedForms(minimum: minimum, withheld: Set(small.map(\.part)), patients: [])
            var proposal = proposals[index]
            if proposal.isRelease, case .computed(let aggregate) = items[index].outcome {
                if case .flow(let flow) = aggregate { proposal = forms.flow(flow) }
                if case .table(let table) = aggregate { proposal = forms.table(table) }
                if case .histogram(let histogram) = aggregate { proposal = forms.histogram(histogram) }
            }
            guard case .release(let aggregate, _) = proposal else { return (items[index].key, .withheld) }
            return (items[index].key, .released(aggregate))
        }
    }
}
