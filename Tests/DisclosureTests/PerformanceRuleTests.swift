import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

@Suite("Performance answers")
struct PerformanceRuleTests {
    private func confusion(_ cases: Cases, threshold: Int64 = 500_000) throws -> Confusion {
        try Confusion(
            operatingPoint: "op", threshold: threshold, scores: cases.scores, reference: cases.reference,
            patients: cases.patients, selection: cases.selection, resolution: .made("0.000001"))
    }

    private func steps(_ cases: Cases, edges: [Int64]) throws -> ScoreSteps {
        try ScoreSteps(
            edges: edges, scores: cases.scores, reference: cases.reference, patients: cases.patients,
            selection: cases.selection, resolution: .made("0.000001"))
    }

    private func sample(_ cases: Cases) throws -> RankSample {
        try RankSample(
            scores: cases.scores, reference: cases.reference, patients: cases.patients, selection: cases.selection,
            resolution: .made("0.000001"))
    }

    private func separated() -> Cases {
        var cases = Cases()
        cases.add(19, positive: true, score: 900_000)
        cases.add(1, positive: true, score: 100_000)
        cases.add(20, positive: false, score: 100_000)
        return cases
    }

    @Test("an accurate model's one error may be told, unless the policy asks ten of each cell")
    func smallErrors() throws {
        let aggregate = Aggregate.confusion(try confusion(separated()))
        guard case .released(.confusion(let released)) = ReleaseGate.standard().answer(aggregate) else {
            Issue.record("withheld")
            return
        }
        #expect(released.fn == .exact(1))
        #expect(ReleaseGate.standard { $0.allPerformanceCells = true }.answer(aggregate) == .withheld)
    }

    @Test("nine positives, or three predicted positives, are too few")
    func smallClasses() throws {
        var few = Cases()
        few.add(9, positive: true, score: 900_000)
        few.add(40, positive: false, score: 100_000)
        #expect(ReleaseGate.standard().answer(.confusion(try confusion(few))) == .withheld)
        var predicted = Cases()
        predicted.add(3, positive: true, score: 900_000)
        predicted.add(17, positive: true, score: 100_000)
        predicted.add(40, positive: false, score: 100_000)
        #expect(ReleaseGate.standard().answer(.confusion(try confusion(predicted))) == .withheld)
    }

    @Test("the ROC staircase of a twelve-patient cohort does not leave")
    func staircase() throws {
        var cases = Cases()
        for index in 0..<12 { cases.add(1, positive: index % 2 == 0, score: Int64(index) * 80_000) }
        let edges = (0...50).map { Int64($0) * 20_000 }
        guard
            case .released(.scoreSteps(let released)) = ReleaseGate.standard().answer(
                .scoreSteps(try steps(cases, edges: edges)))
        else { return }
        // All that may be said is one step that holds everybody.
        #expect(Set(released.positives.lower.dropLast()) == [0])
        #expect(ReleaseGate.standard().answer(.roc(try sample(cases))) == .withheld)
    }

    @Test("whatever the scores, each step holds ten patients and both classes, also between operating points")
    func everyStepIsLargeEnough() throws {
        var random = SplitMix(state: 11)
        let edges = (0...40).map { Int64($0) * 25_000 }
        for _ in 0..<200 {
            var cases = Cases()
            for _ in 0..<Int.random(in: 60...200, using: &random) {
                cases.add(
                    1, positive: Bool.random(using: &random), score: Int64.random(in: 0...1_000_000, using: &random))
            }
            let raw = try steps(cases, edges: edges)
            let point = try confusion(cases)
            let decision = ReleaseGate.standard().decide([
                .init(key: .named("score-steps"), outcome: .computed(.scoreSteps(raw))),
                .init(key: .named("confusion:op"), outcome: .computed(.confusion(point))),
            ])
            guard case .released(.scoreSteps(let released)) = decision.answers[0].answer,
                case .released(.confusion(let cut)) = decision.answers[1].answer
            else {
                Issue.record("withheld")
                continue
            }
            var below = Set(
                released.edges.indices.filter { released.positives.lower[$0] == released.positives.upper[$0] }
                    .map { released.positives.lower[$0] + released.negatives.lower[$0] })
            // The operating point cuts the same staircase.
            below.insert(cut.fn.exact! + cut.tn.exact!)
            let cuts = below.sorted()
            for (start, end) in zip(cuts, cuts.dropFirst()) { #expect(end - start >= 10) }
        }
    }

    @Test("an operating point that is no edge of the steps withholds the steps")
    func operatingPointOffTheGrid() throws {
        var cases = Cases()
        for index in 0..<100 { cases.add(1, positive: index % 2 == 0, score: Int64(index) * 10_000) }
        let decision = ReleaseGate.standard().decide([
            .init(
                key: .named("score-steps"),
                outcome: .computed(.scoreSteps(try steps(cases, edges: [0, 300_000, 1_000_000])))),
            .init(key: .named("confusion:op"), outcome: .computed(.confusion(try confusion(cases)))),
        ])
        #expect(decision.answers[0].answer == .withheld)
        #expect(decision.answers[1].answer != .withheld)
    }

    @Test("a model that is constant but for one case says nothing about that case")
    func constantModel() throws {
        var cases = Cases()
        cases.add(1, positive: true, score: 900_000)
        cases.add(29, positive: true, score: 100_000)
        cases.add(30, positive: false, score: 100_000)
        #expect(ReleaseGate.standard().answer(.roc(try sample(cases))) == .withheld)
        #expect(ReleaseGate.standard().answer(.confusion(try confusion(cases))) == .withheld)
    }

    @Test("one withheld part withholds every part by that variable; parts that leave a rest do too")
    func subgroupSets() throws {
        var large = Cases()
        large.add(30, positive: true, score: 900_000)
        large.add(30, positive: false, score: 100_000)
        var small = Cases()
        small.add(4, positive: true, score: 900_000)
        small.add(30, positive: false, score: 100_000)
        var whole = large
        whole.add(4, positive: true, score: 900_000)
        whole.add(30, positive: false, score: 100_000)
        func items(_ parts: [Cases]) throws -> [ReleaseGate.Item] {
            [ReleaseGate.Item(key: .named("confusion:op"), outcome: .computed(.confusion(try confusion(whole))))]
                + (try parts.enumerated().map { index, part in
                    ReleaseGate.Item(
                        key: .named("confusion:op", subgroup: .of("sex", "level-\(index)")),
                        outcome: .computed(.confusion(try confusion(part))))
                })
        }
        let withSmall = ReleaseGate.standard().decide(try items([large, small]))
        #expect(withSmall.answers.map { $0.answer == .withheld } == [false, true, true])
        let withRest = ReleaseGate.standard().decide(try items([large]))
        #expect(withRest.answers.map { $0.answer == .withheld } == [false, true])
    }

    @Test("the number cap takes answers in the protocol's order and withholds the rest")
    func numberCap() throws {
        let item = ReleaseGate.Item(key: .named("x"), outcome: .computed(.confusion(try confusion(separated()))))
        let gate = ReleaseGate.standard {
            $0.maximumNumbers = 30
            $0.numbersPerPatient = 0
        }
        let decision = gate.decide(Array(repeating: item, count: 4))
        #expect(decision.answers.map { $0.answer == .withheld } == [false, false, true, true])
        #expect(decision.local.map(\.rule) == [16, 16])
        #expect(decision.numberCount == 24)
    }

    @Test("fifty operating points are not the staircase again: few patients may not lie between two of them")
    func crowdedOperatingPoints() throws {
        var cases = Cases()
        for index in 0..<100 { cases.add(1, positive: index % 2 == 0, score: Int64(index) * 10_000) }
        let thresholds = (1...50).map { Int64($0) * 20_000 }
        let items =
            [
                ReleaseGate.Item(
                    key: .named("score-steps"),
                    outcome: .computed(.scoreSteps(try steps(cases, edges: [0] + thresholds))))
            ]
            + (try thresholds.map {
                ReleaseGate.Item(
                    key: .named("confusion:op"), outcome: .computed(.confusion(try confusion(cases, threshold: $0))))
            })
        let gate = ReleaseGate.standard { $0.maximumNumbers = 10_000 }
        let released = gate.decide(items).answers.compactMap { answer -> Int? in
            guard case .released(.confusion(let confusion)) = answer.answer else { return nil }
            return confusion.fn.exact! + confusion.tn.exact!
        }
        #expect(released.count > 1)
        for (lower, upper) in zip(released.sorted(), released.sorted().dropFirst()) { #expect(upper - lower >= 10) }
    }

    @Test("a second operating point withholds subgroups: nobody can tell there who lies between two thresholds")
    func operatingPointsOfSubgroups() throws {
        var cases = Cases()
        for index in 0..<200 { cases.add(1, positive: index % 2 == 0, score: Int64(index) * 5000) }
        let part = Subgroup.of("sex", "F")
        let items = try [400_000, 600_000].flatMap { threshold throws in
            try [nil, part].map {
                ReleaseGate.Item(
                    key: .named("confusion:op-\(threshold)", subgroup: $0),
                    outcome: .computed(.confusion(try confusion(cases, threshold: Int64(threshold)))))
            }
        }
        let answers = ReleaseGate.standard().decide(items).answers
        // One withheld part withholds its set.
        #expect(answers.filter { $0.key.subgroup != nil }.allSatisfy { $0.answer == .withheld })
    }

    @Test("one failed case does not show as a difference of totals", arguments: [true, false])
    func smallFailures(worstCase: Bool) throws {
        var cases = Cases()
        cases.add(40, positive: true, score: 900_000)
        cases.add(40, positive: false, score: 100_000)
        cases.add(1, positive: true, score: Coded.missing)
        let failed: FailedCases = worstCase ? .worstCase : .excluded
        let flow = try Flow(
            boxes: [.analysed, .failed(code: "input-missing")],
            boxOfCase: cases.scores.map { $0 == Coded.missing ? 1 : 0 },
            patients: cases.patients, selection: cases.selection)
        let described = worstCase ? cases.selection : cases.selection.filter { cases.scores[Int($0)] != Coded.missing }
        let histogram = try Histogram(
            variable: "x", column: cases.values, edges: [0, 10], patients: cases.patients, selection: described,
            resolution: .made("1"))
        let confusion = try Confusion(
            operatingPoint: "op", threshold: 500_000, scores: cases.scores, reference: cases.reference, failed: failed,
            patients: cases.patients, selection: cases.selection, resolution: .made("0.000001"))
        let answers = ReleaseGate.standard().decide([
            .init(key: .named("flow"), outcome: .computed(.flow(flow))),
            .init(key: .named("x"), outcome: .computed(.histogram(histogram))),
            .init(key: .named("confusion:op"), outcome: .computed(.confusion(confusion))),
        ]).answers.map(\.answer)
        var totals: Set<Int> = []
        for case .released(let aggregate) in answers {
            switch aggregate {
            case .flow(let flow): totals.formUnion(flow.boxes.compactMap(\.cases.exact))
            case .histogram(let histogram): totals.formUnion(histogram.groups.compactMap(\.n.exact))
            case .confusion(let confusion):
                totals.insert(
                    [confusion.tp, confusion.fp, confusion.fn, confusion.tn].compactMap(\.exact).reduce(0, +))
            default: break
            }
        }
        #expect(totals.count == 1, "\(totals)")
        #expect(answers[2] != .withheld)
    }

    @Test("steps do not publish a class of one patient that the other answers withhold")
    func stepsOfASmallClass() throws {
        var cases = Cases()
        cases.add(60, positive: false, score: 100_000)
        cases.add(1, positive: true, score: 900_000)
        #expect(
            ReleaseGate.standard().answer(.scoreSteps(try steps(cases, edges: [0, 500_000, 1_000_000]))) == .withheld)
    }

    @Test("an operating point at the highest score would cut the last step unseen")
    func operatingPointAtTheTop() throws {
        var cases = Cases()
        cases.add(30, positive: false, score: 100_000)
        cases.add(26, positive: true, score: 1_000_000)
        cases.add(12, positive: false, score: 1_000_000)
        #expect(ReleaseGate.standard().answer(.confusion(try confusion(cases, threshold: 1_000_000))) == .withheld)
        #expect(ReleaseGate.standard().answer(.confusion(try confusion(cases, threshold: 999_999))) != .withheld)
    }

    @Test("squares that one patient dominates are withheld, the counts are not")
    func dominatedClusters() throws {
        var cases = Cases()
        cases.add(30, positive: true, score: 900_000)
        cases.add(40, positive: false, score: 100_000)
        cases.patients += Array(repeating: 70, count: 44)
        cases.values += Array(repeating: 0, count: 44)
        cases.reference += Array(repeating: 1, count: 44)
        cases.scores += Array(repeating: 900_000, count: 41) + Array(repeating: 100_000, count: 3)
        guard case .released(.confusion(let released)) = ReleaseGate.standard().answer(.confusion(try confusion(cases)))
        else {
            Issue.record("withheld whole")
            return
        }
        #expect(released.positives == nil)
        #expect(released.negatives != nil)
        #expect(released.tp == .exact(71))
    }

    @Test("a failure stays a failure: neither zero nor withheld")
    func failure() {
        let item = ReleaseGate.Item(key: .named("roc"), outcome: .failed(code: "model-failed"))
        #expect(ReleaseGate.standard().decide([item]).answers[0].answer == .failed(code: "model-failed"))
    }
}
