import Foundation
import Statistics
import Testing

@Suite struct MulticlassTests {
    private let probabilities = [
        0.7, 0.2, 0.1, 0.4, 0.4, 0.2, 0.1, 0.8, 0.1, 0.3, 0.3, 0.4, 0.2, 0.5, 0.3, 0.1, 0.2, 0.7,
    ]

    private func cases() throws -> MulticlassCases {
        try MulticlassCases(labels: [0, 1, 1, 2, 0, 2], scores: probabilities, classCount: 3)
    }

    private func isClose(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-13) -> Bool {
        left.map { abs($0 - right) <= tolerance } ?? false
    }

    @Test func tiedScoresCallTheLowestClass() throws {
        let cases = try cases()
        #expect(cases.calls == [0, 0, 1, 2, 1, 2])
        #expect(MulticlassConfusion(cases).table == [[1, 1, 0], [1, 1, 0], [0, 0, 2]])
        // The tie of the second case counts the same way in the first rank.
        #expect(cases.topCorrect(1).value == 4 && cases.topCorrect(2).value == 5 && cases.topCorrect(3).value == 6)
        #expect(cases.topCorrect(4).undefined == .badArgument)
    }

    @Test func oneClassAgainstTheRestHasItsCounts() throws {
        let confusion = MulticlassConfusion(try cases())
        #expect(confusion.oneVersusRest(0) == ConfusionCounts(tp: 1, fp: 1, fn: 1, tn: 3))
        #expect(isClose(confusion.average(.macro, of: \.sensitivity).value, 2.0 / 3))
        #expect(isClose(confusion.average(.micro, of: \.f1).value, 4.0 / 6))
        #expect(confusion.balancedAccuracy.value == confusion.average(.macro, of: \.sensitivity).value)
    }

    /// scikit-learn leaves the class out of the balanced accuracy and counts its F1 as 0: numbers that cannot be
    /// compared.
    @Test func aClassWithoutCasesLeavesTheMacroAverageUndefined() throws {
        let confusion = try #require(MulticlassConfusion([[3, 1, 0], [1, 4, 0], [0, 0, 0]]))
        #expect(confusion.balancedAccuracy.undefined == .zeroDenominator)
        #expect(confusion.average(.macro, of: \.f1).undefined == .zeroDenominator)
        #expect(isClose(confusion.average(.weighted, of: \.sensitivity).value, 7.0 / 9))
        #expect(confusion.accuracy.value == 7.0 / 9)
        let silent = try #require(MulticlassConfusion([[3, 1], [4, 0]])?.oneVersusRest(1))
        #expect(silent.f1.value == 0)
        let uncalled = try #require(MulticlassConfusion([[3, 0], [4, 0]]))
        #expect(uncalled.average(.weighted, of: \.ppv).undefined == .zeroDenominator)
        #expect(uncalled.matthews.undefined == .zeroDenominator)
    }

    @Test func twoClassesAreTheBinaryCase() throws {
        let scores = [0.3, 0.8, 0.45, 0.6, 0.9, 0.2, 0.7]
        let labels: [UInt8] = [0, 1, 1, 0, 1, 0, 1]
        let binary = try BinaryCases(scores: scores, labels: labels)
        let two = try MulticlassCases(
            labels: labels.map(Int32.init), scores: scores.flatMap { [1 - $0, $0] }, classCount: 2)
        let counts = ConfusionCounts(binary, threshold: 0.5)
        let confusion = MulticlassConfusion(two)
        #expect(confusion.oneVersusRest(1) == counts)
        #expect(isClose(confusion.matthews.value, try counts.matthews.get()))
        #expect(isClose(try confusion.kappa().get().estimate.value, try counts.kappa.get()))
        #expect(isClose(two.brier.value, 2 * (try BrierScore.score(binary).get())))
        #expect(isClose(two.logLoss().value, try LogLoss.score(binary).get()))
        let area = try ROCAnalysis(binary).statistics.get().area
        #expect(isClose(MulticlassAUROC.oneVersusRest(two, average: .macro).value, area))
        #expect(isClose(MulticlassAUROC.oneVersusOne(two, average: .macro).value, area))
    }

    /// All pairs, counted one by one.
    @Test func theAreasAreSharesOfPairs() throws {
        let cases = try cases()
        let wins = { (positives: [Double], negatives: [Double]) in
            var sum = 0.0
            for positive in positives {
                for negative in negatives { sum += positive > negative ? 1 : positive == negative ? 0.5 : 0 }
            }
            return sum / Double(positives.count * negatives.count)
        }
        var rest: [Double] = []
        var pairs: [Double] = []
        for label in 0..<3 {
            let column = { (wanted: (Int32) -> Bool) in
                cases.labels.indices.filter { wanted(cases.labels[$0]) }.map { cases.scores[$0 * 3 + label] }
            }
            rest.append(wins(column { $0 == label }, column { $0 != label }))
            for other in 0..<3 where other != label {
                pairs.append(wins(column { $0 == label }, column { $0 == other }))
            }
        }
        #expect(isClose(MulticlassAUROC.oneVersusRest(cases, average: .macro).value, rest.reduce(0, +) / 3))
        #expect(isClose(MulticlassAUROC.oneVersusOne(cases, average: .macro).value, pairs.reduce(0, +) / 6))
        #expect(MulticlassAUROC.oneVersusOne(cases, average: .micro).undefined == .badArgument)
        let lacking = try MulticlassCases(labels: [0, 1], scores: Array(probabilities.prefix(6)), classCount: 3)
        #expect(MulticlassAUROC.oneVersusRest(lacking, average: .macro).undefined == .singleClass)
        #expect(MulticlassAUROC.oneVersusOne(lacking, average: .weighted).undefined == .singleClass)
    }

    @Test func aTrueClassOfProbabilityZeroHasNoLogLossUnlessClipped() throws {
        let cases = try MulticlassCases(labels: [2], scores: [0.5, 0.5, 0], classCount: 3)
        #expect(cases.logLoss().undefined == .notFinite)
        #expect(isClose(cases.logLoss(clip: 1e-3).value, 3 * log(10.0)))
        #expect(isClose(cases.brier.value, 1.5))
        let scores = try MulticlassCases(labels: [2], scores: [2, 5, 0], classCount: 3)
        #expect(scores.logLoss().undefined == .notProbabilities && scores.brier.undefined == .notProbabilities)
        #expect(scores.topLabelBins(10).undefined == .notProbabilities)
    }

    @Test func malformedCasesAreRefused() {
        #expect(throws: StatisticsError.self) { try MulticlassCases(labels: [0], scores: [1], classCount: 1) }
        #expect(throws: StatisticsError.self) { try MulticlassCases(labels: [0], scores: [1], classCount: 2) }
        #expect(throws: StatisticsError.self) { try MulticlassCases(labels: [2], scores: [1, 2], classCount: 2) }
        #expect(throws: StatisticsError.self) { try MulticlassCases(labels: [0], scores: [1, .nan], classCount: 2) }
        #expect(throws: StatisticsError.self) { try MultilabelCases(truths: [2], scores: [1], labelCount: 1) }
        #expect(throws: StatisticsError.self) {
            try MultilabelCases(truths: [0, 1, 1], scores: [1, 2, 3], labelCount: 2)
        }
        #expect(MulticlassConfusion([[1, 2]]) == nil)
    }

    @Test func everyMetricOfAReportIsDefined() throws {
        var options = MulticlassMetrics.Options()
        options.areOrdered = true
        let metrics = MulticlassMetrics.metrics(try cases(), classNames: ["a", "b", "c"], options: options)
        let labels = MultilabelMetrics.metrics(
            try MultilabelCases(truths: [1, 0, 1, 1], scores: [0.8, 0.6, 0.3, 0.7], labelCount: 2), labelNames: [],
            thresholds: [0.5])
        let definitions =
            MulticlassMetrics.definitions + ConfusionMetrics.definitions + CalibrationMetrics.definitions
            + ROCAnalysis.definitions
        for metric in metrics + labels {
            #expect(definitions.contains { $0.describes(metric) || $0.name == metric.name }, "\(metric.name)")
        }
        let sensitivity = metrics.filter { $0.name == "sensitivity" }
        #expect(sensitivity.compactMap(\.classLabel) == ["a", "b", "c"])
        #expect(sensitivity.compactMap(\.average) == [.macro, .micro, .weighted])
        #expect(metrics.filter { $0.name == "kappa" }.map(\.definition) == [nil, "linear", "quadratic"])
        #expect(labels.first { $0.name == "sensitivity" }?.classLabel == "0")
    }

    @Test func severalLabelsAreCountedByLabelAndByCase() throws {
        let cases = try MultilabelCases(
            truths: [1, 0, 1, 0, 1, 0, 0, 0, 1], scores: [0.9, 0.1, 0.2, 0.6, 0.7, 0.4, 0.1, 0.2, 0.8], labelCount: 3)
        let confusion = try #require(MultilabelConfusion(cases, thresholds: [0.5]))
        #expect(confusion.labels[0] == ConfusionCounts(tp: 1, fp: 1, fn: 0, tn: 1))
        #expect(confusion.labels[2] == ConfusionCounts(tp: 1, fp: 0, fn: 1, tn: 1))
        #expect(isClose(confusion.subsetAccuracy.value, 1.0 / 3) && isClose(confusion.hammingLoss.value, 2.0 / 9))
        // F1 of the cases: 2/3, 2/3, 1.
        #expect(isClose(confusion.averageOverCases(of: \.f1).value, (2.0 / 3 + 2.0 / 3 + 1) / 3))
        #expect(isClose(confusion.average(.micro, of: \.ppv).value, 3.0 / 4))
        // Raised thresholds leave the second case without a call, and its precision without a value.
        let strict = try #require(MultilabelConfusion(cases, thresholds: [0.9, 0.9, 0.8]))
        #expect(strict.averageOverCases(of: \.ppv).undefined == .zeroDenominator)
        #expect(MultilabelConfusion(cases, thresholds: [0.5, 0.5]) == nil)
        // The first case's labels rank 1 and 2, the others' first.
        #expect(isClose(cases.labelRankingAveragePrecision.value, 1))
    }
}
