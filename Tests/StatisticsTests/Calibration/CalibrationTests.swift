import Foundation
import Statistics
import Testing

@Suite struct CalibrationTests {
    /// Scores from a fixed recurrence, rounded to 1/steps, and classes that mostly follow them.
    private func cases(_ count: Int, steps: Double? = nil) throws -> BinaryCases {
        var state: UInt64 = 7
        let next = {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) * 0x1p-53
        }
        var scores: [Double] = []
        var labels: [UInt8] = []
        for _ in 0..<count {
            let score = next()
            scores.append(steps.map { (score * $0).rounded() / $0 } ?? score)
            labels.append(next() < score * 0.8 + 0.1 ? 1 : 0)
        }
        return try BinaryCases(scores: scores, labels: labels)
    }

    private func isClose(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-13) -> Bool {
        left.map { abs($0 - right) <= tolerance * max(abs(right), 1e-3) } ?? false
    }

    private func occupied(_ bins: Inferred<CalibrationBins>) throws -> [Int] {
        try bins.get().occupied.map(\.index)
    }

    @Test func aBinOfDoublesDependsOnRoundingAndOneOfDecimalsDoesNot() throws {
        let cases = try BinaryCases(scores: [0.29], labels: [1])
        #expect(try occupied(CalibrationBins.of(cases, .equalWidth, bins: 100)) == [28])
        let resolution = try Resolution("0.01")
        #expect(try occupied(CalibrationBins.of(units: [29], labels: [1], resolution: resolution, bins: 100)) == [29])
        // Every hundredth is in its own bin, and every tenth opens its bin of ten.
        let units = (0...100).map(Int64.init)
        let labels = [UInt8](repeating: 0, count: 101)
        let hundred = try CalibrationBins.of(units: units, labels: labels, resolution: resolution, bins: 100).get()
        #expect(hundred.bins.map(\.count) == Array(repeating: 1, count: 99) + [2])
        let ten = try CalibrationBins.of(units: units, labels: labels, resolution: resolution, bins: 10).get()
        #expect(ten.bins.map(\.count) == Array(repeating: 10, count: 9) + [11])
        let doubles = try BinaryCases(scores: units.map { Double($0) / 100 }, labels: labels)
        #expect(
            try CalibrationBins.of(doubles, .equalWidth, bins: 100).get().bins.map(\.count) != hundred.bins.map(\.count)
        )
    }

    @Test func binsAreClosedOnTheNamedSide() throws {
        let cases = try BinaryCases(scores: [0, 0.25, 0.5, 1], labels: [0, 0, 0, 0])
        #expect(try occupied(CalibrationBins.of(cases, .equalWidth, bins: 4)) == [0, 1, 2, 3])
        #expect(try occupied(CalibrationBins.of(cases, .equalWidthRight, bins: 4)) == [0, 1, 3])
    }

    @Test func binsOfEqualMassPutOneCaseMoreIntoTheFirstOnes() throws {
        let bins = try CalibrationBins.of(try cases(23), .equalMass, bins: 5).get()
        #expect(bins.bins.map(\.count) == [5, 5, 5, 4, 4])
        // Fewer cases than bins leave the last ones empty.
        let few = try CalibrationBins.of(try cases(2), .equalMass, bins: 5).get()
        #expect(few.bins.map(\.count) == [1, 1, 0, 0, 0])
    }

    @Test func tiedScoresKeepTheirOrderAcrossACut() throws {
        let tied = try BinaryCases(scores: [0.5, 0.5, 0.5, 0.5], labels: [1, 1, 0, 0])
        #expect(try CalibrationBins.of(tied, .equalMass, bins: 2).get().bins.map(\.events) == [2, 0])
    }

    @Test func numbersThatAreNoProbabilitiesAreRefused() throws {
        let cases = try BinaryCases(scores: [0.5, 1.5], labels: [0, 1])
        #expect(CalibrationBins.of(cases, .equalWidth, bins: 10).undefined == .notProbabilities)
        #expect(BrierScore.score(cases).undefined == .notProbabilities)
        #expect(LogLoss.score(cases).undefined == .notProbabilities)
        #expect(SpiegelhalterTest.test(cases).undefined == .notProbabilities)
        #expect(LogisticRecalibration.fit(cases).undefined == .notProbabilities)
        #expect(NetBenefit.curve(cases, thresholds: [0.5]).undefined == .notProbabilities)
        let metrics = CalibrationMetrics.metrics(cases)
        #expect(metrics.count > 10 && metrics.allSatisfy { $0.undefined == "not-probabilities" })
        let none = try BinaryCases(scores: [], labels: [])
        #expect(CalibrationMetrics.metrics(none).allSatisfy { $0.undefined == "no-cases" })
    }

    @Test func theDecompositionAddsUpOverAnyBins() throws {
        let cases = try cases(1001, steps: 37)
        let score = try BrierScore.score(cases).get()
        for binning in [CalibrationBins.Binning.equalWidth, .equalWidthRight, .equalMass, .distinct] {
            let bins = try CalibrationBins.of(cases, binning, bins: 7).get()
            let parts = try bins.decomposition.get()
            let sum = parts.reliability - parts.generalizedResolution + parts.uncertainty
            #expect(isClose(sum, score) && isClose(parts.score, score))
            if binning == .distinct {
                #expect(bins.bins.count == 38 && parts.within == 0)
            } else {
                #expect(abs(parts.within) > 1e-6)
            }
        }
    }

    @Test func theSkillOfThePrevalenceIsZero() throws {
        let cases = try BinaryCases(scores: [0.25, 0.25, 0.25, 0.25], labels: [0, 1, 0, 0])
        let score = try BrierScore.score(cases).get()
        #expect(score == 0.1875)
        #expect(BrierScore.skill(score: score, events: 1, count: 4).value == 0)
        #expect(BrierScore.skill(score: 0, events: 4, count: 4).undefined == .singleClass)
    }

    @Test func aCertainErrorHasNoLogLossUnlessClipped() throws {
        let wrong = try BinaryCases(scores: [0, 1, 0.5], labels: [1, 1, 0])
        #expect(LogLoss.score(wrong).undefined == .notFinite)
        #expect(isClose(LogLoss.score(wrong, clip: 1e-15).value, (15 * log(10.0) + log(2.0) + 1e-15) / 3))
        #expect(LogLoss.score(wrong, clip: 0.5).undefined == .badArgument)
        let right = try BinaryCases(scores: [0, 1], labels: [0, 1])
        #expect(LogLoss.score(right).value == 0)
    }

    @Test func theLogLossOfAnExcellentModelKeepsItsDigits() throws {
        let tiny = try BinaryCases(scores: Array(repeating: 1e-20, count: 9), labels: Array(repeating: 0, count: 9))
        #expect(isClose(try LogLoss.score(tiny).get() / 1e-20, 1))
        let small = try BinaryCases(scores: Array(repeating: 1e-5, count: 9), labels: Array(repeating: 0, count: 9))
        #expect(isClose(try LogLoss.score(small).get() / 1e-5, 1.0000050000333336))
        // Four cases at a time, or one at a time: the same.
        let mixed = try cases(1003)
        let alone = zip(mixed.scores, mixed.labels).reduce(0.0) { $0 - ($1.1 == 1 ? log($1.0) : log1p(-$1.0)) } / 1003
        #expect(isClose(LogLoss.score(mixed).value, alone))
    }

    @Test func calibrationErrorsFollowFromSumsAlone() throws {
        let bins = CalibrationBins(
            [
                CalibrationBin(index: 0, count: 4, sumPredicted: 0.5, events: 1, sumSquaredError: 0.8),
                CalibrationBin(index: 1, count: 0, sumPredicted: 0, events: 0, sumSquaredError: 0),
                CalibrationBin(index: 2, count: 6, sumPredicted: 5, events: 4, sumSquaredError: 1),
            ], binning: .declared)
        let errors = try bins.calibrationError.get()
        #expect(isClose(errors.expected, 0.15) && isClose(errors.maximum, 1.0 / 6))
        #expect(isClose(errors.rootMeanSquare, ((0.25 / 4 + 1.0 / 6) / 10).squareRoot()))
        #expect(isClose(bins.brier.value, 0.18))
        #expect(try bins.curve(level: 0.95).get().map(\.eventRate) == [0.25, 4.0 / 6])
        let ratio = try bins.observedExpected.get()
        #expect(isClose(ratio.ratio, 5 / 5.5))
        let interval = try ratio.interval(level: 0.95).get()
        #expect(isClose(log(interval.upper / interval.lower), 2 * 1.959963984540054 * (0.5 / 5).squareRoot()))
        #expect(HosmerLemeshow.test(bins).undefined == .tooFewCases)
        #expect(
            isClose(HosmerLemeshow.test(bins, onNewData: true).value?.statistic, 0.25 / (0.5 * 0.875) + 1 / (5.0 / 6)))
    }

    @Test func testsWithoutVarianceHaveNoValue() throws {
        let certain = try BinaryCases(scores: [0, 1, 0.5], labels: [0, 1, 1])
        #expect(SpiegelhalterTest.test(certain).undefined == .noVariance)
        let groups = try CalibrationBins.of(certain, .equalMass, bins: 3).get()
        #expect(HosmerLemeshow.test(groups).undefined == .zeroDenominator)
        let nothing = try BinaryCases(scores: [0, 0], labels: [0, 1])
        #expect(
            try CalibrationBins.of(nothing, .equalWidth, bins: 2).get().observedExpected.undefined == .zeroDenominator)
        #expect(
            ObservedExpectedRatio.of(observed: 0, expected: 2, count: 5).value?.interval(level: 0.95).undefined
                == .onBoundary)
    }

    @Test func theTopLabelIsThatOfAnArgmax() throws {
        // At one half the negative class is called.
        let cases = try BinaryCases(scores: [0.5, 0.5, 0.2, 0.9], labels: [0, 1, 0, 0])
        let bins = try CalibrationBins.topLabel(cases, bins: 10).get()
        #expect(bins.occupied.map(\.index) == [5, 8, 9] && bins.occupied.map(\.events) == [1, 1, 0])
    }

    @Test func netBenefitWeighsFalsePositivesByTheOddsOfTheThreshold() throws {
        let cases = try BinaryCases(scores: [0.2, 0.6, 0.2, 0.1], labels: [1, 1, 0, 0])
        let curve = try NetBenefit.curve(cases, thresholds: [0.2, 0]).get()
        #expect(isClose(curve[0].model, 0.5 - 0.25 * 0.25) && isClose(curve[0].treatAll, 0.5 - 0.5 * 0.25))
        #expect(isClose(curve[0].standardized.value, 0.875))
        #expect(curve[1].model == 0.5 && curve[1].treatAll == 0.5)
        // The standard error of the mean of 1, 1, −1/4, 0.
        #expect(isClose(curve[0].standardError, ((2.0625 - 4 * 0.4375 * 0.4375) / 16).squareRoot()))
        #expect(NetBenefit.curve(cases, thresholds: [1]).undefined == .badArgument)
        let rest = ConfusionCounts(tp: 0, fp: 1, fn: 0, tn: 2)
        #expect(try NetBenefit.of(rest, threshold: 0.5).get().standardized.undefined == .singleClass)
    }

    @Test func everyMetricOfAReportIsDefined() throws {
        var options = CalibrationMetrics.Options()
        options.hosmerLemeshowGroups = 10
        options.thresholds = [0.1, 0.5]
        options.clip = 1e-12
        let metrics = CalibrationMetrics.metrics(try cases(500), options: options)
        for metric in metrics {
            #expect(CalibrationMetrics.definitions.contains { $0.describes(metric) }, "\(metric.name)")
            #expect(metric.value != nil && metric.n == 500, "\(metric.name)")
        }
        let named = { (name: String) in metrics.first { $0.name == name } }
        #expect(named("ece")?.definition == "equal_width" && named("ece")?.parameters == ["bins": "10"])
        #expect(named("log_loss")?.parameters == ["clip": "1e-12"])
        #expect(named("calibration_slope")?.interval?.method == "wald")
    }

    @Test func clusteredCasesGetNoIntervalThatAssumesIndependence() throws {
        let plain = try cases(40)
        let clustered = try BinaryCases(
            scores: plain.scores, labels: plain.labels, patients: (0..<40).map { Int32($0 / 2) })
        #expect(CalibrationMetrics.metrics(clustered).allSatisfy { $0.interval == nil })
        #expect(CalibrationMetrics.metrics(plain).contains { $0.interval != nil })
    }
}
