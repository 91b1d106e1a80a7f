@_spi(ReleaseGate) import Statistics
import Testing

@testable import Disclosure

@Suite("Two models on the same cases")
struct PairedRuleTests {
    /// Cases of one patient each with the scores of two models.
    private struct Pairs {
        var reference: [Int64] = []
        var first: [Int64] = []
        var second: [Int64] = []
        var patients: [Int32] { reference.indices.map(Int32.init) }

        mutating func add(_ count: Int, positive: Bool, first: Int64, second: Int64) {
            reference += Array(repeating: positive ? 1 : 0, count: count)
            self.first += Array(repeating: first, count: count)
            self.second += Array(repeating: second, count: count)
        }

        func confusion() throws -> JointConfusion {
            func call(_ name: String) -> JointConfusion.Call {
                JointConfusion.Call(operatingPoint: name, threshold: 500_000, resolution: .made("0.000001"))
            }
            return try JointConfusion(
                first: call("a"), firstScores: first, second: call("b"), secondScores: second, reference: reference,
                patients: patients, selection: patients)
        }

        func ranks() throws -> PairedRankSample {
            func model(_ name: String) -> PairedRankSample.Model {
                PairedRankSample.Model(model: name, resolution: .made("0.000001"))
            }
            return try PairedRankSample(
                first: model("a"), firstScores: first, second: model("b"), secondScores: second, reference: reference,
                patients: patients, selection: patients)
        }

        func sample(second isSecond: Bool = false) throws -> RankSample {
            try RankSample(
                scores: isSecond ? second : first, reference: reference, patients: patients, selection: patients,
                resolution: .made("0.000001"))
        }
    }

    private func open(_ pair: JointConfusion, positive: Bool) -> (firstOnly: Int, secondOnly: Int) {
        (pair.cases(positive: positive, .firstOnly), pair.cases(positive: positive, .secondOnly))
    }

    private func agreeing() -> Pairs {
        var pairs = Pairs()
        pairs.add(30, positive: true, first: 900_000, second: 800_000)
        pairs.add(30, positive: false, first: 100_000, second: 200_000)
        return pairs
    }

    @Test("two models that differ on one lesion read its label", arguments: [true, false])
    func oneLesion(positive: Bool) throws {
        var pairs = agreeing()
        pairs.add(1, positive: positive, first: 900_000, second: 100_000)
        let raw = try pairs.confusion()
        // Without a gate: the one case on which the first is positive alone is right or wrong by its label.
        #expect(open(raw, positive: true).firstOnly == (positive ? 1 : 0))
        #expect(open(raw, positive: false).secondOnly == (positive ? 0 : 1))
        #expect(ReleaseGate.standard().rule(.pairedConfusion(raw)) == 3)
    }

    @Test("differences the other way are no cover for the one lesion", arguments: [true, false])
    func cover(positive: Bool) throws {
        var pairs = agreeing()
        pairs.add(15, positive: true, first: 100_000, second: 900_000)
        pairs.add(15, positive: false, first: 100_000, second: 900_000)
        #expect(ReleaseGate.standard().answer(.pairedConfusion(try pairs.confusion())) != .withheld)
        pairs.add(1, positive: positive, first: 900_000, second: 100_000)
        let raw = try pairs.confusion()
        #expect(open(raw, positive: true).firstOnly == (positive ? 1 : 0))
        #expect(ReleaseGate.standard().rule(.pairedConfusion(raw)) == 3)
    }

    @Test("models that agree everywhere, and models that differ on enough patients, leave exactly")
    func released() throws {
        #expect(ReleaseGate.standard().answer(.pairedConfusion(try agreeing().confusion())) != .withheld)
        var pairs = agreeing()
        pairs.add(12, positive: true, first: 900_000, second: 100_000)
        pairs.add(11, positive: false, first: 900_000, second: 100_000)
        guard
            case .released(.pairedConfusion(let released)) = ReleaseGate.standard().answer(
                .pairedConfusion(try pairs.confusion()))
        else {
            Issue.record("withheld")
            return
        }
        #expect(released.positives.firstOnly == .exact(12))
        #expect(released.negatives.secondOnly == .exact(11))
        let strict = ReleaseGate.standard { $0.allPerformanceCells = true }
        #expect(strict.answer(.pairedConfusion(try pairs.confusion())) != .withheld)
    }

    @Test("patient totals that one patient dominates are withheld, the counts are not")
    func dominated() throws {
        var pairs = agreeing()
        pairs.add(44, positive: true, first: 900_000, second: 900_000)
        let patients = pairs.patients.map { min($0, 60) }
        let call = JointConfusion.Call(operatingPoint: "a", threshold: 500_000, resolution: .made("0.000001"))
        let raw = try JointConfusion(
            first: call, firstScores: pairs.first, second: call, secondScores: pairs.second,
            reference: pairs.reference, patients: patients, selection: pairs.patients)
        guard case .released(.pairedConfusion(let released)) = ReleaseGate.standard().answer(.pairedConfusion(raw))
        else {
            Issue.record("withheld")
            return
        }
        #expect(released.positives.clusters == nil)
        #expect(released.negatives.clusters != nil)
        #expect(released.positives.both == .exact(74))
    }

    /// Distinct scores; the second model is an increasing function of the first.
    private func ranked() -> Pairs {
        var pairs = Pairs()
        for index in 0..<60 {
            let score = Int64(index) * 10_000 + 5000
            pairs.add(1, positive: index % 3 != 0, first: score, second: score * score / 1_000_000)
        }
        return pairs
    }

    @Test("the second area of a model that moves one lesion reads its label", arguments: [30, 31])
    func movedLesion(lesion: Int) throws {
        var pairs = ranked()
        pairs.second[lesion] = 999_999
        let raw = try pairs.ranks()
        let summary = try #require(PairedROCSummary(raw, method: .obuchowski))
        // Moved up, a positive makes the area larger and a negative makes it smaller.
        #expect((summary.secondTwiceU > summary.firstTwiceU) == (pairs.reference[lesion] == 1))
        #expect(raw.casesOutOfOrder == 1)
        #expect(ReleaseGate.standard().answer(.pairedROC(raw)) == .withheld)
    }

    @Test("models that rank alike, or differ on enough patients, leave")
    func rankedAlike() throws {
        #expect(try ranked().ranks().casesOutOfOrder == 0)
        #expect(ReleaseGate.standard().answer(.pairedROC(try ranked().ranks())) != .withheld)
        var pairs = ranked()
        for index in 0..<30 { pairs.second.swapAt(index, 59 - index) }
        #expect(ReleaseGate.standard().answer(.pairedROC(try pairs.ranks())) != .withheld)
    }

    @Test("the cases out of order are those that no set in one order can hold", arguments: 0..<40)
    func outOfOrder(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        var pairs = Pairs()
        let count = Int.random(in: 1...9, using: &random)
        for _ in 0..<count {
            pairs.add(
                1, positive: Bool.random(using: &random), first: Int64.random(in: 0...4, using: &random),
                second: Int64.random(in: 0...4, using: &random))
        }
        // Every set of cases: the largest in which both models put every pair alike.
        var largest = 0
        for set in 1..<(1 << count) {
            let members = (0..<count).filter { set >> $0 & 1 == 1 }
            let isOrdered = members.allSatisfy { left in
                members.allSatisfy { right in
                    (pairs.first[left] - pairs.first[right]).signum()
                        == (pairs.second[left] - pairs.second[right]).signum()
                }
            }
            if isOrdered { largest = max(largest, members.count) }
        }
        #expect(try pairs.ranks().casesOutOfOrder == count - largest)
    }

    @Test("an exact area of a third model beside a pair is one too many")
    func thirdModel() throws {
        let pairs = ranked()
        var third = pairs
        third.first[30] = 999_999
        func answers(_ other: RankSample) throws -> [Bool] {
            ReleaseGate.standard().decide([
                .init(key: .named("roc"), outcome: .computed(.roc(other))),
                .init(key: .named("pair"), outcome: .computed(.pairedROC(try pairs.ranks()))),
            ]).answers.map { $0.answer == .withheld }
        }
        #expect(try answers(try pairs.sample()) == [false, false])
        #expect(try answers(try pairs.sample(second: true)) == [false, false])
        #expect(try answers(try third.sample()) == [false, true])
    }

    @Test("a pair of calls stays beside the steps and operating points of its own models only")
    func callsBesideOthers() throws {
        var pairs = Pairs()
        for index in 0..<200 {
            let score = Int64(index) * 5000
            pairs.add(1, positive: index % 2 == 0, first: score, second: (score * 7 + 40_000) % 1_000_000)
        }
        func items(shift: Int64) throws -> [ReleaseGate.Item] {
            let scores = pairs.first.map { min($0 + shift, 1_000_000) }
            let edges = (0...10).map { Int64($0) * 100_000 }
            let steps = try ScoreSteps(
                edges: edges, scores: scores, reference: pairs.reference, patients: pairs.patients,
                selection: pairs.patients, resolution: .made("0.000001"))
            let point = try Confusion(
                operatingPoint: "a", threshold: 500_000, scores: scores, reference: pairs.reference,
                patients: pairs.patients, selection: pairs.patients, resolution: .made("0.000001"))
            return [
                .init(key: .named("score-steps"), outcome: .computed(.scoreSteps(steps))),
                .init(key: .named("confusion:a"), outcome: .computed(.confusion(point))),
                .init(key: .named("pair"), outcome: .computed(.pairedConfusion(try pairs.confusion()))),
            ]
        }
        func withheld(_ items: [ReleaseGate.Item]) -> [Bool] {
            ReleaseGate.standard().decide(items).answers.map { $0.answer == .withheld }
        }
        #expect(withheld(try items(shift: 0)) == [false, false, false])
        #expect(withheld(try items(shift: 5000)) == [false, false, true])
        // At another threshold of the same model the pair is a cut of its own.
        #expect(withheld([try items(shift: 0)[0], try items(shift: 0)[2]]) == [false, false])
    }
}
