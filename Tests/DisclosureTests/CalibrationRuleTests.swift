@_spi(ReleaseGate) import Statistics
import Testing

@testable import Disclosure

@Suite("Calibration")
struct CalibrationRuleTests {
    private func sample(_ cases: Cases, edges: [Int64], classLabel: String? = nil) throws -> CalibrationSample {
        try CalibrationSample(
            edges: edges, scores: cases.scores, reference: cases.reference, patients: cases.patients,
            selection: cases.selection, resolution: .made("0.000001"), classLabel: classLabel)
    }

    private func steps(_ cases: Cases, edges: [Int64], classLabel: String? = nil) throws -> ScoreSteps {
        try ScoreSteps(
            edges: edges, scores: cases.scores, reference: cases.reference, patients: cases.patients,
            selection: cases.selection, resolution: .made("0.000001"), classLabel: classLabel)
    }

    private func released(_ answer: Answer) -> ReleasedCalibration? {
        guard case .released(.calibration(let released)) = answer else { return nil }
        return released
    }

    private let tenths = (0...10).map { Int64($0) * 100_000 }

    private func random(_ count: Int, seed: UInt64) -> Cases {
        var random = SplitMix(state: seed)
        var cases = Cases()
        for _ in 0..<count {
            let score = Int64.random(in: 0...1_000_000, using: &random)
            cases.add(1, positive: Int64.random(in: 0..<1_000_000, using: &random) < score, score: score)
        }
        return cases
    }

    @Test("a bin of one patient is that patient's score and label; a released bin holds ten and both classes")
    func binOfOne() throws {
        var cases = random(80, seed: 4)
        cases.scores = cases.scores.map { min($0, 899_999) }
        cases.add(1, positive: true, score: 987_654)
        let raw = try sample(cases, edges: tenths)
        let open = ReleasedCalibration(raw, cuts: Array(0...10))
        #expect(open.bins[9].cases == 1 && open.bins[9].positives == 1)
        #expect(open.bins[9].scores == WideInteger(987_654))
        let gated = try #require(released(ReleaseGate.standard().answer(.calibration(raw))))
        #expect(gated.bins.count > 2)
        for bin in gated.bins {
            #expect(bin.cases >= 10)
            #expect(bin.positives > 0 && bin.positives < bin.cases)
        }
        #expect(gated.recalibration != nil)
    }

    @Test("whatever the scores, each bin holds ten patients and both classes", arguments: 0..<60)
    func everyBinIsLargeEnough(seed: Int) throws {
        let cases = random(40 + 5 * seed, seed: UInt64(seed))
        let edges = (0...50).map { Int64($0) * 20_000 }
        let answer = ReleaseGate.standard { $0.maximumNumbers = 10_000 }
            .answer(.calibration(try sample(cases, edges: edges)))
        let gated = try #require(released(answer))
        for bin in gated.bins { #expect(bin.cases >= 10 && bin.positives > 0 && bin.positives < bin.cases) }
    }

    @Test("one confident error is the whole of the squared errors and of the log loss, which are then withheld")
    func dominatedLosses() throws {
        var cases = Cases()
        cases.add(30, positive: true, score: 999_000)
        cases.add(30, positive: false, score: 1000)
        cases.add(1, positive: true, score: 12_345)
        let raw = try sample(cases, edges: [0, 500_000, 1_000_000])
        let open = ReleasedCalibration(raw, cuts: [0, 1, 2])
        let squares = try #require(open.squaredErrors)
        // The root of the sum is the error of the one case.
        #expect(abs(1 - Double(squares.value).squareRoot() / 1e6 - 0.012345) < 1e-4)
        let gated = try #require(released(ReleaseGate.standard().answer(.calibration(raw))))
        #expect(gated.squaredErrors == nil)
        #expect(gated.logLoss == nil)
        #expect(ReleasedAggregate.calibration(gated).hasProtectedCounts)
    }

    @Test("a sum of scores that one patient dominates joins the next bin")
    func dominatedScores() throws {
        var cases = Cases()
        cases.add(12, positive: true, score: 0)
        cases.add(12, positive: false, score: 0)
        cases.add(1, positive: false, score: 98_765)
        cases.add(20, positive: true, score: 700_000)
        cases.add(20, positive: false, score: 600_000)
        let raw = try sample(cases, edges: [0, 100_000, 650_000, 1_000_000])
        #expect(ReleasedCalibration(raw, cuts: [0, 1, 2, 3]).bins[0].scores == WideInteger(98_765))
        let gated = try #require(released(ReleaseGate.standard().answer(.calibration(raw))))
        #expect(gated.bins.allSatisfy { $0.scores != WideInteger(98_765) })
    }

    @Test("bins are cut only where the score steps and operating points of the release are")
    func besideSteps() throws {
        let cases = random(300, seed: 9)
        let raw = try sample(cases, edges: (0...20).map { Int64($0) * 50_000 })
        let point = try Confusion(
            operatingPoint: "op", threshold: 500_000, scores: cases.scores, reference: cases.reference,
            patients: cases.patients, selection: cases.selection, resolution: .made("0.000001"))
        let answers = ReleaseGate.standard { $0.maximumNumbers = 10_000 }.decide([
            .init(key: .named("calibration"), outcome: .computed(.calibration(raw))),
            .init(key: .named("score-steps"), outcome: .computed(.scoreSteps(try steps(cases, edges: tenths)))),
            .init(key: .named("confusion:op"), outcome: .computed(.confusion(point))),
        ]).answers.map(\.answer)
        let gated = try #require(released(answers[0]))
        guard case .released(.scoreSteps(let cuts)) = answers[1] else {
            Issue.record("withheld")
            return
        }
        let exact = Set(cuts.edges.indices.filter { cuts.positives.lower[$0] == cuts.positives.upper[$0] })
        for bin in gated.bins {
            #expect(exact.map { cuts.edges[$0] }.contains(gated.edges[bin.range.upperBound]))
        }
        #expect(gated.bins.count > 3)
    }

    @Test("the losses of two models that differ on one lesion read its label, so that the second is withheld")
    func secondModel() throws {
        let cases = random(200, seed: 3)
        var other = cases
        let lesion = try #require(cases.scores.firstIndex { $0 < 300_000 })
        other.scores[lesion] = 900_000
        let first = try sample(cases, edges: tenths)
        let second = try sample(other, edges: tenths)
        // Without a gate: the loss falls when the moved lesion is positive.
        #expect((second.losses.squaredErrors < first.losses.squaredErrors) == (cases.reference[lesion] == 1))
        let withheld = ReleaseGate.standard { $0.maximumNumbers = 10_000 }.decide([
            .init(key: .named("first"), outcome: .computed(.calibration(first))),
            .init(key: .named("second"), outcome: .computed(.calibration(second))),
        ]).answers.map { $0.answer == .withheld }
        #expect(withheld == [false, true])
        let beside = ReleaseGate.standard { $0.maximumNumbers = 10_000 }.decide([
            .init(key: .named("score-steps"), outcome: .computed(.scoreSteps(try steps(cases, edges: tenths)))),
            .init(key: .named("second"), outcome: .computed(.calibration(second))),
        ]).answers.map { $0.answer == .withheld }
        #expect(beside == [false, true])
    }

    @Test("each class of a one-vs-rest evaluation has its own cuts")
    func classes() throws {
        let cases = random(200, seed: 12)
        var other = cases
        other.scores = cases.scores.map { 1_000_000 - $0 }
        let answers = ReleaseGate.standard { $0.maximumNumbers = 10_000 }.decide(
            try [(label: "a", cases: cases), (label: "b", cases: other)].flatMap { part throws in
                [
                    ReleaseGate.Item(
                        key: .named("steps-\(part.label)"),
                        outcome: .computed(.scoreSteps(try steps(part.cases, edges: tenths, classLabel: part.label)))),
                    ReleaseGate.Item(
                        key: .named("calibration-\(part.label)"),
                        outcome: .computed(.calibration(try sample(part.cases, edges: tenths, classLabel: part.label)))),
                ]
            }
        ).answers.map(\.answer)
        #expect(!answers.contains(.withheld))
        #expect(released(answers[3])?.classLabel == "b")
    }

    @Test("few patients of a class are withheld")
    func fewPositives() throws {
        var cases = Cases()
        cases.add(9, positive: true, score: 700_000)
        cases.add(60, positive: false, score: 300_000)
        #expect(ReleaseGate.standard().rule(.calibration(try sample(cases, edges: tenths))) == 12)
    }
}
