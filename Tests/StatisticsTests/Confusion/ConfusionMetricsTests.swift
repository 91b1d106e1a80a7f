import Statistics
import Testing

@Suite struct ConfusionMetricsTests {
    private let counts = ConfusionCounts(tp: 40, fp: 7, fn: 10, tn: 93)

    private func isClose(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-13) -> Bool {
        left.map { abs($0 - right) <= tolerance * max(abs(right), 1e-3) } ?? false
    }

    @Test func aCaseAtTheThresholdIsCalledPositive() throws {
        let cases = try BinaryCases(scores: [0.5, 0.5, 0.4, 0.4, 0.6], labels: [1, 0, 1, 0, 0])
        #expect(ConfusionCounts(cases, threshold: 0.5) == ConfusionCounts(tp: 1, fp: 2, fn: 1, tn: 1))
    }

    /// scikit-learn answers 0 to most of these (`zero_division`), so that a model that calls nothing positive seems to
    /// have a precision.
    @Test func aZeroDenominatorIsNoValueAndNeverZero() {
        let silent = ConfusionCounts(tp: 0, fp: 0, fn: 3, tn: 5)
        #expect(silent.ppv.undefined == .zeroDenominator)
        #expect(silent.matthews.undefined == .zeroDenominator)
        #expect(silent.f1.value == 0)
        #expect(LikelihoodRatios.positive(silent).undefined == .zeroDenominator)
        #expect(LikelihoodRatios.diagnosticOddsRatio(silent).undefined == .zeroDenominator)
        let healthy = ConfusionCounts(tp: 0, fp: 0, fn: 0, tn: 5)
        #expect(healthy.sensitivity.undefined == .zeroDenominator)
        #expect(healthy.f1.undefined == .zeroDenominator)
        #expect(healthy.f(beta: 2).undefined == .zeroDenominator)
        #expect(healthy.jaccard.undefined == .zeroDenominator)
        #expect(healthy.kappa.undefined == .zeroDenominator)
        #expect(healthy.balancedAccuracy.undefined == .zeroDenominator)
        #expect(healthy.youden.undefined == .zeroDenominator)
        #expect(ConfusionCounts(tp: 0, fp: 0, fn: 0, tn: 0).accuracy.undefined == .noCases)
        #expect(counts.f(beta: 0).undefined == .badArgument)
    }

    @Test func perfectAndInverseCallsHaveTheEndsOfTheScales() {
        let perfect = ConfusionCounts(tp: 4, fp: 0, fn: 0, tn: 6)
        #expect(perfect.matthews.value == 1 && perfect.kappa.value == 1 && perfect.youden.value == 1)
        #expect(ConfusionIntervals.matthews(perfect, level: 0.95).undefined == .onBoundary)
        #expect(ConfusionIntervals.kappa(perfect, level: 0.95).undefined == .onBoundary)
        #expect(LikelihoodRatios.negative(perfect).value == 0)
        #expect(LikelihoodRatios.negativeInterval(perfect, level: 0.95).undefined == .onBoundary)
        let inverse = ConfusionCounts(tp: 0, fp: 6, fn: 4, tn: 0)
        #expect(inverse.matthews.value == -1 && inverse.youden.value == -1 && inverse.balancedAccuracy.value == 0)
    }

    @Test func likelihoodRatioLimitsAreSimels() throws {
        let interval = try LikelihoodRatios.positiveInterval(counts, level: 0.95).get()
        // ln LR = ln(0.8/0.07), variance 1/40 − 1/50 + 1/7 − 1/100.
        #expect(isClose(LikelihoodRatios.positive(counts).value, 0.8 / 0.07))
        let width = 2 * 1.959963984540054 * (1.0 / 40 - 1.0 / 50 + 1.0 / 7 - 1.0 / 100).squareRoot()
        #expect(isClose(interval.upper / interval.lower, 4.2863463114763, 1e-12))
        #expect(isClose(width, 1.45543469441162, 1e-12))
    }

    @Test func predictiveValuesAtTheSamplesOwnPrevalenceAreTheSamples() throws {
        let prevalence = try counts.prevalence.get()
        #expect(isClose(PredictiveValuesAtPrevalence.ppv(counts, prevalence: prevalence).value, 40.0 / 47))
        #expect(isClose(PredictiveValuesAtPrevalence.npv(counts, prevalence: prevalence).value, 93.0 / 103))
        #expect(isClose(PredictiveValuesAtPrevalence.ppv(counts, prevalence: 0.01).value, 0.8 / (0.8 + 0.07 * 99)))
        #expect(PredictiveValuesAtPrevalence.ppv(counts, prevalence: 1).undefined == .badArgument)
        let one = ConfusionCounts(tp: 3, fp: 0, fn: 1, tn: 0)
        #expect(PredictiveValuesAtPrevalence.ppv(one, prevalence: 0.5).undefined == .singleClass)
    }

    /// Section 2.2 of Mercaldo, Lau and Zhou, computed step by step.
    @Test func theIntervalAtAPrevalenceIsMercaldos() throws {
        let interval = try PredictiveValuesAtPrevalence.npvInterval(counts, prevalence: 0.1, level: 0.95).get()
        #expect(isClose(interval.lower, 0.959964451767324, 1e-12))
        #expect(isClose(interval.upper, 0.986494424917086, 1e-12))
        let none = ConfusionCounts(tp: 5, fp: 0, fn: 1, tn: 9)
        #expect(PredictiveValuesAtPrevalence.ppvInterval(none, prevalence: 0.1, level: 0.95).undefined == .onBoundary)
        #expect(PredictiveValuesAtPrevalence.ppv(none, prevalence: 0.1).value == 1)
    }

    @Test func theDeltaIntervalOfF1IsTakahashis() throws {
        let interval = try ConfusionIntervals.fDelta(counts, level: 0.95).get()
        let variance = 4.0 * 40 * 17 * 57 / (97.0 * 97 * 97 * 97)
        #expect(isClose(interval.upper - 80.0 / 97, 1.959963984540054 * variance.squareRoot(), 1e-12))
    }

    @Test func theIntervalOfF1FollowsTheJaccardIndex() throws {
        let jaccard = try Wilson.interval(successes: 40, trials: 57, level: 0.9).get()
        let f1 = try ConfusionIntervals.f1(counts, level: 0.9).get()
        #expect(isClose(f1.lower, 2 * jaccard.lower / (1 + jaccard.lower)))
        #expect(isClose(f1.upper, 2 * jaccard.upper / (1 + jaccard.upper)))
        // Unlike the delta method it has limits at 0.
        #expect(ConfusionIntervals.f1(ConfusionCounts(tp: 0, fp: 2, fn: 2, tn: 9), level: 0.9).value?.lower == 0)
    }

    @Test func theDeltaVarianceOfTwoByTwoKappaIsThatOfFleissCohenAndEveritt() throws {
        let kappa = try CohenKappa.infer([[40, 10], [7, 93]]).get()
        let general = try kappa.interval(level: 0.95).get()
        let own = try ConfusionIntervals.kappa(counts, level: 0.95).get()
        #expect(isClose(own.lower, general.lower) && isClose(own.upper, general.upper))
        #expect(isClose(counts.kappa.value, try kappa.estimate.get()))
    }

    /// The closed form of Bishop, Fienberg and Holland, section 11.3.4.
    @Test func theVarianceOfTheMatthewsCorrelationIsThatOfPhi() throws {
        let phi = try counts.matthews.get()
        let (n, a, b, c, d) = (150.0, 50.0 / 150, 100.0 / 150, 47.0 / 150, 103.0 / 150)
        let product = (a * b * c * d).squareRoot()
        let skew = (a - b) * (c - d) / product
        let squares = (a - b) * (a - b) / (a * b) + (c - d) * (c - d) / (c * d)
        let variance = (1 - phi * phi + phi * (1 + phi * phi / 2) * skew - 0.75 * phi * phi * squares) / n
        let interval = try ConfusionIntervals.matthews(counts, level: 0.95).get()
        // artanh of both ends, as a ratio of (1 + r)/(1 − r).
        let ends = (1 + interval.upper) / (1 - interval.upper) * (1 - interval.lower) / (1 + interval.lower)
        let z = 1.959963984540054 * variance.squareRoot() / (1 - phi * phi)
        #expect(isClose(ends, exponential(4 * z), 1e-12))
    }

    private func exponential(_ x: Double) -> Double {
        (1...60).reversed().reduce(1.0) { 1 + $0 * x / Double($1) }
    }

    @Test func clusterTotalsAreThoseOfTheRawAggregate() throws {
        // Patients 0: two positives hit and missed; 1: a hit, a false alarm; 2: two right negatives; 3: a miss.
        let cases = try BinaryCases(
            scores: [0.9, 0.1, 0.8, 0.7, 0.2, 0.3, 0.4], labels: [1, 1, 1, 0, 0, 0, 1],
            patients: [0, 0, 1, 1, 2, 2, 3])
        let clusters = try #require(ConfusionClusters(cases, threshold: 0.5))
        #expect(clusters.counts == ConfusionCounts(tp: 2, fp: 1, fn: 2, tn: 2))
        #expect(clusters.patients == 4)
        let positives = clusters.totals(hits: [.truePositive], misses: [.falseNegative])
        #expect(positives.patients == 3)
        #expect(positives.m2.value == 6 && positives.h2.value == 2 && positives.hm.value == 3)
        let negatives = clusters.totals(hits: [.trueNegative], misses: [.falsePositive])
        #expect(negatives.patients == 2)
        #expect(negatives.m2.value == 5 && negatives.h2.value == 4 && negatives.hm.value == 4)
        let inference = try clusters.proportion(hits: [.truePositive], misses: [.falseNegative], level: 0.95).get()
        #expect(inference.estimate == 0.5 && inference.degreesOfFreedom == 2)
        #expect(ConfusionClusters(try BinaryCases(scores: [1], labels: [1]), threshold: 0.5) == nil)
    }

    /// With one case a patient the clustered variance is the multinomial one times G/(G − 1); doubled patients double
    /// it.
    @Test func clusteredIntervalsWidenWhenCasesRepeat() throws {
        var scores: [Double] = []
        var labels: [UInt8] = []
        for (score, label, count) in [(0.9, 1, 40), (0.1, 1, 10), (0.9, 0, 7), (0.1, 0, 93)] {
            scores += Array(repeating: score, count: count)
            labels += Array(repeating: UInt8(label), count: count)
        }
        let single = try BinaryCases(scores: scores, labels: labels, patients: (0..<150).map(Int32.init))
        let twice = try BinaryCases(
            scores: scores + scores, labels: labels + labels, patients: (0..<300).map { Int32($0 % 150) })
        let narrow = try #require(ConfusionClusters(single, threshold: 0.5))
        let wide = try #require(ConfusionClusters(twice, threshold: 0.5))
        for interval in [
            { ConfusionIntervals.matthews($0.counts, clusters: $0, level: 0.95) },
            { ConfusionIntervals.kappa($0.counts, clusters: $0, level: 0.95) },
            { ConfusionIntervals.youden($0.counts, clusters: $0, level: 0.95) },
            { ConfusionIntervals.f1($0.counts, clusters: $0, level: 0.95) },
            { ConfusionIntervals.fDelta($0.counts, clusters: $0, level: 0.95) },
            { LikelihoodRatios.diagnosticOddsRatioInterval($0.counts, clusters: $0, level: 0.95) },
        ] as [(ConfusionClusters) -> Inferred<Interval>] {
            let (one, two) = (try interval(narrow).get(), try interval(wide).get())
            // The same patients, each case given twice: nothing is learnt.
            #expect(isClose(two.lower, one.lower, 1e-12) && isClose(two.upper, one.upper, 1e-12))
            #expect(one.upper > one.lower)
        }
        let delta = try ConfusionIntervals.fDelta(counts, level: 0.95).get()
        let clustered = try ConfusionIntervals.fDelta(counts, clusters: narrow, level: 0.95).get()
        let t = 1.976013177689192
        let factor = t / 1.959963984540054 * (150.0 / 149).squareRoot()
        #expect(isClose((clustered.upper - 80.0 / 97) / (delta.upper - 80.0 / 97), factor, 1e-9))
    }

    @Test func onePatientHasNoClusteredInterval() throws {
        let cases = try BinaryCases(scores: [0.9, 0.1], labels: [1, 0], patients: [0, 0])
        let metrics = ConfusionMetrics.metrics(cases, threshold: 0.5)
        #expect(metrics.allSatisfy { $0.interval == nil })
        #expect(metrics.first { $0.name == "sensitivity" }?.value == 1)
    }

    @Test func pairsAreCountedByClass() throws {
        let cases = try BinaryCases(scores: [0.9, 0.9, 0.1, 0.1, 0.9], labels: [1, 1, 1, 0, 0])
        let paired = try PairedConfusion(cases, threshold: 0.5, other: [3, 1, 3, 1, 1], otherThreshold: 2)
        #expect(paired.positives == .init(bothCorrect: 1, onlyFirst: 1, onlySecond: 1, neither: 0))
        #expect(paired.negatives == .init(bothCorrect: 1, onlyFirst: 0, onlySecond: 1, neither: 0))
        #expect(paired.negatives.difference.value == -0.5 && paired.all.total == 5)
        #expect(throws: StatisticsError.self) {
            try PairedConfusion(cases, threshold: 0.5, other: [1], otherThreshold: 2)
        }
    }

    @Test func everyMetricOfAReportIsDefinedAndNamesItsMethod() {
        for metric in ConfusionMetrics.metrics(counts, threshold: 13, prevalence: 0.1) {
            #expect(ConfusionMetrics.definitions.contains { $0.describes(metric) }, "\(metric.name)")
            #expect(metric.parameters?["threshold"] == "13")
            #expect(metric.value != nil)
            let isCount = ["tp", "fp", "fn", "tn"].contains(metric.name)
            #expect((metric.interval == nil) == isCount, "\(metric.name)")
            if let interval = metric.interval, let value = metric.value {
                #expect(interval.lower < value && value < interval.upper)
            }
        }
        let degenerate = ConfusionMetrics.metrics(ConfusionCounts(tp: 0, fp: 0, fn: 0, tn: 0))
        #expect(degenerate.dropFirst(4).allSatisfy { $0.undefined == "no-cases" && $0.interval == nil })
    }
}
