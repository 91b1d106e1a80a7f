import Statistics
import Testing

@Suite("Paired and clustered areas under the ROC curve")
struct PairedROCTests {
    private func cases(_ seed: Int, count: Int) throws -> (BinaryCases, second: [Double], SlowROC, SlowROC) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let random = RandomCases(count, kind: seed % 2, prevalence: 0.4, using: &generator)
        // Related to the first score and to the patient.
        let second = zip(random.scores, random.patients).map { score, patient in
            ((score + Double(patient % 5) / 7 + Double.random(in: 0..<0.5, using: &generator)) * 16).rounded() / 16
        }
        return (
            try BinaryCases(scores: random.scores, labels: random.labels, patients: random.patients), second,
            SlowROC(random.scores, random.labels, patients: random.patients),
            SlowROC(second, random.labels, patients: random.patients)
        )
    }

    @Test("variances and covariances are those of the published formulas, pair by pair", arguments: 0..<12)
    func published(seed: Int) throws {
        let (cases, second, slowFirst, slowSecond) = try cases(seed, count: [20, 90, 240][seed % 3])
        let paired = try PairedROCStatistics.infer(cases, second: second).get()
        let tolerance = 1e-12
        #expect(agree(paired.first.area, slowFirst.area, relative: 1e-14))
        #expect(agree(paired.second.area, slowSecond.area, relative: 1e-14))
        #expect(agree(paired.difference, slowFirst.area - slowSecond.area, relative: 1e-12, absolute: 1e-15))
        let deLong = [(slowFirst, slowFirst), (slowSecond, slowSecond), (slowFirst, slowSecond)].map(SlowROC.deLong)
        #expect(agree(paired.first.deLongVariance, deLong[0], relative: tolerance))
        #expect(agree(paired.second.deLongVariance, deLong[1], relative: tolerance))
        #expect(agree(paired.deLongCovariance, deLong[2], relative: tolerance, absolute: 1e-17))
        #expect(
            agree(paired.deLongDifferenceVariance, deLong[0] + deLong[1] - 2 * deLong[2], relative: 1e-10))
        let clustered = [(slowFirst, slowFirst), (slowSecond, slowSecond), (slowFirst, slowSecond)]
            .map(SlowROC.obuchowski)
        #expect(agree(paired.first.obuchowskiVariance, clustered[0], relative: tolerance))
        #expect(agree(paired.second.obuchowskiVariance, clustered[1], relative: tolerance))
        #expect(agree(paired.obuchowskiCovariance, clustered[2], relative: tolerance, absolute: 1e-17))
        #expect(
            agree(
                paired.obuchowskiDifferenceVariance, clustered[0] + clustered[1] - 2 * clustered[2], relative: 1e-10))
        #expect(paired.first == (try ROCAnalysis(cases).statistics.get()))
    }

    @Test("units, order and the numbers of the patients do not show in any bit", arguments: 0..<4)
    func invariance(seed: Int) throws {
        var (cases, second, _, _) = try cases(2 * seed + 1, count: 3000)
        let patients = try #require(cases.patients)
        let paired = try PairedROCStatistics.infer(cases, second: second).get()
        var generator = SeededGenerator(seed: 99)
        let order = second.indices.shuffled(using: &generator)
        let names = (0..<Int32(second.count)).shuffled(using: &generator)
        let again = PairedROCStatistics.infer(
            first: order.map { Int64(cases.scores[$0] * 8) }, second: order.map { Int64(second[$0] * 16) },
            isPositive: order.map { cases.labels[$0] == 1 }, patients: order.map { names[Int(patients[$0])] },
            threads: 2)
        #expect(again == .value(paired))
        second = cases.scores
        let same = try PairedROCStatistics.infer(cases, second: second).get()
        #expect(same.deLongDifferenceVariance == 0)
        #expect(same.obuchowskiDifferenceVariance == 0)
        #expect(same.deLongCovariance == same.first.deLongVariance)
        #expect(same.obuchowskiCovariance == same.first.obuchowskiVariance)
        #expect(AUROCDifference.paired(same, method: .delong, level: 0.95) == .undefined(.noVariance))
    }

    @Test("scores that only tell patients apart have no clustered variance left")
    func patientScores() throws {
        // Each patient has a positive and a negative case of one score: the area is one half whatever the patients are.
        let count = 200
        let cases = try BinaryCases(
            scores: (0..<count).map { Double($0 / 2) }, labels: (0..<count).map { UInt8($0 % 2) },
            patients: (0..<count).map { Int32($0 / 2) })
        let statistics = try ROCAnalysis(cases).statistics.get()
        #expect(statistics.area == 0.5)
        #expect(statistics.obuchowskiVariance == 0)
        #expect((statistics.deLongVariance ?? 0) > 1e-3)
    }

    @Test("columns that do not fit are refused")
    func refusals() throws {
        let infer = { (first: [Int64], second: [Int64], isPositive: [Bool], patients: [Int32]?) in
            PairedROCStatistics.infer(first: first, second: second, isPositive: isPositive, patients: patients)
                .undefined
        }
        #expect(infer([1, 2], [1], [true, false], nil) == .badArgument)
        #expect(infer([1, 2], [1, 2], [true, false], [0]) == .badArgument)
        #expect(infer([1, 2], [1, 2], [true, false], [0, 2]) == .badArgument)
        #expect(infer([1, 2], [1, 2], [true, false], [-1, 0]) == .badArgument)
        #expect(infer([1, 2], [1, 2], [true, true], nil) == .singleClass)
        #expect(infer([], [], [], nil) == .noCases)
        let one = try PairedROCStatistics.infer(
            first: [1, 2, 3], second: [2, 1, 3], isPositive: [true, false, false], patients: [0, 1, 1]
        ).get()
        #expect(one.deLongCovariance == nil)
        #expect(one.obuchowskiCovariance == nil)
        #expect(AUROCDifference.paired(one, method: .delong, level: 0.95) == .undefined(.tooFewCases))
        #expect(AUROCDifference.paired(one, method: .obuchowski, level: 0.95) == .undefined(.tooFewClusters))
        #expect(AUROCDifference.unpaired(one.first, one.first, method: .delong, level: 0.9) == .undefined(.tooFewCases))
    }

    @Test("the largest cluster that the bounds allow for stays exact")
    func largePlacements() throws {
        // Every positive above every negative but one tie: close to the largest sums, in two patients and in 20000.
        let count = 20_000
        let scores = (0..<count).map { Double($0 < count / 2 ? 0 : 1) }
        let labels = (0..<count).map { UInt8($0 < count / 2 ? 0 : 1) }
        var tied = scores
        tied[0] = 1
        let cases = try BinaryCases(scores: tied, labels: labels, patients: (0..<count).map { Int32($0 % 2) })
        let statistics = try ROCAnalysis(cases).statistics.get()
        let half = Double(count / 2)
        // One negative is tied with all positives: V01 is 1/2 for it and 1 for the others; V10 is 1 − 1/(2n) for all.
        #expect(agree(statistics.area, 1 - 0.5 / half, relative: 1e-15))
        let negativeSum = 0.25 - 0.25 / half
        #expect(agree(statistics.deLongVariance, negativeSum / (half - 1) / half, relative: 1e-12))
        // By patient: the deviations of the negatives are −(1/4) and 1/4 in units of one case.
        #expect(agree(statistics.obuchowskiVariance, 2 * (2 * 0.0625) / (half * half), relative: 1e-12))
    }
}
