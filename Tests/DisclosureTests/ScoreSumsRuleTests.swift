@_spi(ReleaseGate) import Statistics
import Testing

@testable import Disclosure

@Suite("Scores of each case")
struct ScoreSumsRuleTests {
    private func sums(
        _ column: [Int64], edges: [Int64] = [0, 500, 700, 800, 900, 1000],
        rule: UndefinedScoreRule = .counted(as: 0), patients: [Int32]? = nil
    ) throws -> ScoreSums {
        try ScoreSums(
            score: "dice", column: column, edges: edges,
            reasons: [ScoreSums.Reason(code: "empty-prediction", rule: rule)],
            patients: patients ?? column.indices.map(Int32.init), selection: column.indices.map(Int32.init),
            resolution: .made("0.001"))
    }

    private func answer(_ raw: ScoreSums) -> Answer { ReleaseGate.standard().answer(.scoreSums(raw)) }
    private func gated(_ raw: ScoreSums) -> ReleasedScoreSums? {
        guard case .released(.scoreSums(let released)) = answer(raw) else { return nil }
        return released
    }
    private func rule(_ raw: ScoreSums) -> Int? { ReleaseGate.standard().rule(.scoreSums(raw)) }
    private func open(_ raw: ScoreSums) -> ReleasedScoreSums {
        ReleasedScoreSums(raw, bounds: (raw.cumulative, raw.cumulative))
    }

    private let usual: [Int64] = (0..<60).map { 500 + ($0 * 83) % 480 }
    private let undefined = ScoreSums.code(reason: 0)

    @Test("of many patients leave exactly, with bins of ten or none")
    func released() throws {
        guard case .released(.scoreSums(let released)) = answer(try sums(usual)) else {
            Issue.record("withheld")
            return
        }
        #expect(released.sum == WideInteger(usual.reduce(0) { $0 + Int128($1) }))
        #expect(released.clusters != nil)
        let exact = zip(released.lower, released.upper).filter { $0 == $1 }.map(\.0)
        for (start, end) in zip(exact, exact.dropFirst()) { #expect(end == start || end - start >= 10) }
    }

    @Test("one failed case among perfect ones is what the sum lacks")
    func outlier() throws {
        let column = (0..<40).map { Int64(993 + $0 % 7) } + [137]
        let raw = try sums(column)
        // Who knows that the others are about 0.996 reads the one score off.
        let sum = try #require(open(raw).sum)
        #expect(abs(Int(sum.value) - 40 * 996 - 137) < 20)
        #expect(answer(raw) == .withheld)
    }

    @Test("undefined scores that count as a stated value can be taken off, so that the others must be many")
    func takenOff() throws {
        let raw = try sums(Array(repeating: undefined, count: 40) + [412, 733])
        let released = open(raw)
        #expect(released.n == .exact(42))
        #expect(released.sum == WideInteger(412 + 733))
        #expect(rule(raw) == 6)
        // Also in the histogram: the bin of the stated value holds forty, of whom one has a score.
        let binned = try sums(Array(repeating: undefined, count: 40) + usual + [3])
        #expect(open(binned).lower[1] == 41)
        let gated = try #require(self.gated(binned))
        #expect(gated.lower[1] != gated.upper[1])
    }

    @Test("a reason of one case, a case without a score and one out of range are withheld")
    func fewOthers() throws {
        #expect(rule(try sums(usual + [undefined])) == 1)
        #expect(rule(try sums(usual + [Coded.missing])) == 1)
        #expect(rule(try sums(usual + [4000])) == 1)
        #expect(answer(try sums(usual + Array(repeating: undefined, count: 12), rule: .excluded)) != .withheld)
    }

    @Test("sums of two models that differ on one case give that case's difference, so that the second is withheld")
    func twoModels() throws {
        var other = usual
        other[7] -= 123
        let (first, second) = (try sums(usual), try sums(other))
        #expect((try #require(open(first).sum)).value - (try #require(open(second).sum)).value == 123)
        let answers = ReleaseGate.standard().decide([
            .init(key: .named("first"), outcome: .computed(.scoreSums(first))),
            .init(key: .named("second"), outcome: .computed(.scoreSums(second))),
        ]).answers
        #expect(answers.map { $0.answer == .withheld } == [false, true])
    }

    @Test("a score of few values, or of few patients, is withheld")
    func fewValues() throws {
        #expect(rule(try sums((0..<60).map { Int64($0 % 2) * 1000 })) == 6)
        #expect(rule(try sums(Array(usual.prefix(19)))) == 6)
    }

    @Test("patient totals that one patient dominates are withheld, the sums are not")
    func dominated() throws {
        let column = usual + usual.prefix(30)
        let patients = column.indices.map { Int32(min($0, 60)) }
        let raw = try sums(column, patients: patients)
        // Σm² less one for each other patient is the square of the one patient's number of cases.
        #expect(open(raw).clusters?.m2 == WideInteger(900 + 60))
        let gated = try #require(self.gated(raw))
        #expect(gated.clusters == nil)
        #expect(gated.sum != nil)
    }
}
