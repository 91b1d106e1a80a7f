import Foundation
import Statistics
import Testing

@testable import MetaAnalysis

@Suite("Effects and their scales")
struct EffectTests {
    @Test("A transform and its way back are inverse", arguments: EffectScale.allCases)
    func roundTrip(scale: EffectScale) throws {
        for x in [1e-9, 0.001, 0.2, 0.5, 0.9, 0.999999] {
            #expect(agree(scale.original(try scale.transformed(x).get()), x, 1e-12))
        }
    }

    @Test("The variance on a scale is the squared slope times the variance", arguments: EffectScale.allCases)
    func deltaMethod(scale: EffectScale) throws {
        for x in [0.1, 0.3, 0.5, 0.85] {
            let h = 1e-5
            let slope = (try scale.transformed(x + h).get() - (try scale.transformed(x - h).get())) / (2 * h)
            let effect = try scale.effect(estimate: x, variance: 0.01).get()
            #expect(agree(effect.variance, 0.01 * slope * slope, 1e-7))
            #expect(effect.estimate == (try scale.transformed(x).get()))
        }
    }

    @Test("Ends and what lies outside have reasons")
    func reasons() {
        #expect(EffectScale.logit.transformed(0).undefined == .onBoundary)
        #expect(EffectScale.logit.transformed(1).undefined == .onBoundary)
        #expect(EffectScale.logit.transformed(1.5).undefined == .badArgument)
        #expect(EffectScale.log.transformed(0).undefined == .onBoundary)
        #expect(EffectScale.log.transformed(-1).undefined == .badArgument)
        #expect(EffectScale.fisherZ.transformed(-1).undefined == .onBoundary)
        #expect(EffectScale.arcsine.transformed(-0.1).undefined == .badArgument)
        #expect(EffectScale.arcsine.effect(estimate: 0, variance: 0.1).undefined == .onBoundary)
        for scale in EffectScale.allCases {
            #expect(scale.transformed(.nan).undefined == .badArgument)
            #expect(scale.effect(estimate: 0.5, variance: 0).undefined == .noVariance)
            #expect(scale.effect(estimate: 0.5, variance: .nan).undefined == .noVariance)
        }
        #expect(EffectScale.arcsine.original(-3) == 0 && EffectScale.arcsine.original(3) == 1)
        #expect(EffectScale.logit.original(1000) == 1 && EffectScale.logit.original(-1000) == 0)
    }

    @Test("A correlation on Fisher's scale")
    func fisher() throws {
        let effect = try CorrelationEffect.fisherZ(correlation: 0.6, cases: 28).get()
        #expect(agree(effect.estimate, 0.6931471805599453, 1e-15) && effect.variance == 0.04)
        #expect(CorrelationEffect.fisherZ(correlation: 0.6, cases: 3).undefined == .tooFewCases)
        #expect(CorrelationEffect.fisherZ(correlation: 1, cases: 9).undefined == .onBoundary)
    }

    @Test("Miller's way back undoes Freeman and Tukey's transform for every count")
    func freemanTukey() {
        for n in [1, 2, 5, 17, 200] {
            for x in 0...n {
                let y = FreemanTukey.transformed(events: Double(x), cases: Double(n))
                let back = FreemanTukey.original(y, cases: Double(n))
                #expect(agree(back, Double(x) / Double(n), 1e-7, absolute: 1e-7), "\(x) of \(n): \(back)")
            }
            #expect(FreemanTukey.original(-1, cases: Double(n)) == 0)
            #expect(FreemanTukey.original(2, cases: Double(n)) == 1)
        }
        #expect(FreemanTukey.harmonicMean([2, 4, 4]) == 3)
        #expect(FreemanTukey.harmonicMean([]) == nil && FreemanTukey.harmonicMean([0, 3]) == nil)
    }

    @Test("Studies of which a measure knows nothing have reasons")
    func noEffect() throws {
        let empty = try #require(TwoByTwo(0, 0, 1, 2))
        let zero = try #require(TwoByTwo(0, 5, 0, 5))
        for measure in TwoArmMeasure.allCases {
            #expect(measure.effects(of: [empty])[0].undefined == .noCases)
        }
        #expect(TwoArmMeasure.logOddsRatio.effects(of: [zero], correction: .none)[0].undefined == .zeroDenominator)
        #expect(TwoArmMeasure.logRiskRatio.effects(of: [zero], correction: .none)[0].undefined == .zeroDenominator)
        #expect(TwoArmMeasure.riskDifference.effects(of: [zero], correction: .none)[0].undefined == .noVariance)
        #expect(TwoArmMeasure.logOddsRatio.effects(of: [zero])[0].value?.estimate == 0)
        #expect(PooledTables.mantelHaenszel([], measure: .logOddsRatio).undefined == .noCases)
        #expect(PooledTables.mantelHaenszel([zero], measure: .logOddsRatio).undefined == .onBoundary)
        #expect(PooledTables.peto([zero]).undefined == .noVariance)
        #expect(EventCounts(events: 3, cases: 2) == nil)
        let none = try #require(EventCounts(events: 0, cases: 5))
        #expect(
            ProportionMeasure.logit.effects(of: [none], correction: CellCorrection.none)[0].undefined == .onBoundary)
        #expect(
            ProportionMeasure.proportion.effects(of: [none], correction: CellCorrection.none)[0].undefined
                == .noVariance)
        #expect(
            try #require(ProportionMeasure.arcsine.effects(of: [none])[0].value)
                == SiteEffect(estimate: 0, variance: 0.05))
    }

    @Test("Kendall's exact p-values are those of its table, and ties use the normal approximation")
    func kendall() throws {
        // R: cor.test(1:4, c(1, 2, 3, 4), method = "kendall")$p.value = 2/24; (4, 3, 1, 2) has five inversions.
        #expect(try agree(Kendall.test([1, 2, 3, 4], [1, 2, 3, 4]).pValue, 1.0 / 12))
        #expect(try agree(Kendall.test([1, 2, 3, 4], [4, 3, 1, 2]).pValue, 2 * 4.0 / 24))
        // R: cor.test(c(1, 2, 2, 4, 5), c(2, 1, 3, 3, 5), method = "kendall", exact = FALSE).
        let tied = try Kendall.test([1, 2, 2, 4, 5], [2, 1, 3, 3, 5])
        #expect(!tied.isExact)
        #expect(agree(tied.tau, 0.6666666666666667))
        #expect(agree(tied.pValue, 0.1184329289166718, 1e-9))
        #expect(throws: Undefined.noVariance) { _ = try Kendall.test([1, 1, 1], [1, 2, 3]) }
    }

    @Test("Gauss and Hermite's points integrate polynomials of the normal distribution exactly")
    func gaussHermite() throws {
        for points in [1, 2, 3, 7, 20, 50] {
            let rule = try #require(GaussHermite(points: points))
            #expect(agree(rule.weights.reduce(0, +), 1, 1e-12))
            var moment = 1.0
            for half in 1...3 where 2 * half < 2 * points {
                moment *= Double(2 * half - 1)
                let sum = zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(2 * half)) }
                #expect(agree(sum, moment, 1e-11), "\(points) points, moment \(2 * half): \(sum)")
            }
        }
        #expect(GaussHermite(points: 0) == nil && GaussHermite(points: 51) == nil)
    }

    @Test("A jet's derivatives are those of the function")
    func jets() {
        let f = { (x: Jet, y: Jet) in
            (x * y).exponential() / (Jet(1) + x * x).squareRoot() + (x - y).softplus() * y.logistic()
                + (x * x + y).logarithm()
        }
        let plain = { (x: Double, y: Double) -> Double in
            exp(x * y) / (1 + x * x).squareRoot() + log1p(exp(x - y)) / (1 + exp(-y)) + log(x * x + y)
        }
        let (x, y, h) = (0.7, 0.4, 1e-4)
        let jet = f(Jet(x, parameter: 0), Jet(y, parameter: 1))
        #expect(agree(jet.value, plain(x, y), 1e-14))
        #expect(agree(jet.gradient[0], (plain(x + h, y) - plain(x - h, y)) / (2 * h), 1e-6))
        #expect(agree(jet.gradient[1], (plain(x, y + h) - plain(x, y - h)) / (2 * h), 1e-6))
        #expect(agree(jet.curvature(0, 0), (plain(x + h, y) - 2 * plain(x, y) + plain(x - h, y)) / (h * h), 1e-5))
        #expect(agree(jet.curvature(1, 1), (plain(x, y + h) - 2 * plain(x, y) + plain(x, y - h)) / (h * h), 1e-5))
        let mixed = plain(x + h, y + h) - plain(x + h, y - h) - plain(x - h, y + h) + plain(x - h, y - h)
        #expect(agree(jet.curvature(1, 0), mixed / (4 * h * h), 1e-5))
    }
}

@Suite("Maxima and roots")
struct OptimisationTests {
    @Test("The maximum of a curved valley is found from far away, and a function without one has none")
    func maximum() throws {
        // Rosenbrock's valley, upside down: its maximum is 0 at (1, 1).
        let valley = { (p: [Jet]) -> Jet? in
            let (across, along) = (p[1] - p[0] * p[0], Jet(1) - p[0])
            return Jet(0) - Jet(100) * across * across - along * along
        }
        let found = try #require(Maximum.find(from: [-1.2, 1], function: valley))
        #expect(agree(found.point, [1, 1], 1e-10))
        #expect(agree(found.curvature[0][1], 400, 1e-9))
        #expect(Maximum.find(from: [1]) { $0[0] } == nil)
        #expect(Maximum.find(from: [1]) { _ in nil } == nil)
    }

    @Test("A root is found to the last bits")
    func root() throws {
        let f = { (x: Double) in 2 - x * x }
        let root = try #require(Root.ofDecreasing(f, valueAtZero: 2, scale: 1e-6))
        #expect(abs(root - 2.0.squareRoot()) <= 2 * root.ulp)
        #expect(Root.ofDecreasing({ _ in 1 }, valueAtZero: 1, scale: 1) == nil)
    }
}

@Suite("Metrics of a meta-analysis")
struct MetaMetricsTests {
    private let sites = [
        SiteEffect(estimate: 0.1, variance: 0.04), SiteEffect(estimate: 0.9, variance: 0.05),
        SiteEffect(estimate: 0.4, variance: 0.02),
    ]

    @Test("Names, methods and values")
    func names() throws {
        let metrics = MetaMetrics.metrics(
            effects: sites, method: .restrictedMaximumLikelihood, test: .hartungKnappGuarded, sites: ["a", "b", "c"])
        let own = metrics.filter { $0.parameters?["left_out"] == nil }
        #expect(
            own.map(\.name) == ["estimate", "se", "statistic", "p", "tau2", "i2", "h2", "q", "prediction_interval"])
        #expect(own.allSatisfy { $0.n == 3 && $0.value != nil })
        let model = try RandomEffects.fit(sites, method: .restrictedMaximumLikelihood).get()
        let estimate = own[0]
        #expect(estimate.value == model.estimate && estimate.interval?.method == "hksj-guarded")
        #expect(estimate.interval?.lower == (try model.inference(.hartungKnappGuarded).get().interval.lower))
        #expect(own[4].definition == "REML" && own[4].interval?.method == "q-profile")
        #expect(own[5].value == 100 * model.heterogeneity.i2 && (own[5].value ?? 0) > 1)
        #expect(own[7].parameters?["df"] == "2")
        #expect(own[8].value == estimate.value && own[8].interval?.method == "hksj-guarded-t-k-1")
        let rows = metrics.filter { $0.parameters?["left_out"] != nil }
        #expect(rows.map { $0.parameters?["left_out"] } == ["a", "a", "b", "b", "c", "c"])
        #expect(rows.allSatisfy { $0.n == 2 })
    }

    @Test("Every metric has a definition, also where it has no value")
    func definitions() {
        for method in BetweenVarianceMethod.allCases {
            for test in ModelTest.allCases {
                for effects in [sites, Array(sites[..<1]), []] {
                    let metrics = MetaMetrics.metrics(
                        effects: effects, method: method, test: test, sites: effects.indices.map { "\($0)" })
                    #expect(!metrics.isEmpty)
                    for metric in metrics {
                        #expect(MetaMetrics.definitions.contains { $0.describes(metric) }, "\(metric.name)")
                        #expect((metric.value == nil) == (metric.undefined != nil))
                    }
                }
            }
        }
    }

    @Test("One site tells nothing of a spread")
    func oneSite() throws {
        let metrics = MetaMetrics.metrics(
            effects: Array(sites[..<1]), method: .pauleMandel, test: .hartungKnapp, sites: ["only"])
        let estimate = try #require(metrics.first)
        #expect(estimate.value == 0.1 && estimate.interval?.method == "z")
        for name in ["tau2", "i2", "h2", "q", "prediction_interval"] {
            #expect(metrics.first { $0.name == name }?.undefined == "too-few-sites")
        }
    }

    @Test("A variance of zero and no sites have reasons; the equal-effects model assumes tau² = 0")
    func reasons() {
        let bad = MetaMetrics.metrics(
            effects: [SiteEffect(estimate: 1, variance: 0)], method: .dersimonianLaird, test: .normal)
        #expect(bad.allSatisfy { $0.undefined == "no-variance" && $0.value == nil })
        let empty = MetaMetrics.metrics(effects: [], method: .dersimonianLaird, test: .normal)
        #expect(empty.allSatisfy { $0.undefined == "no-cases" })
        let equal = MetaMetrics.metrics(effects: sites, method: .equalEffects, test: .normal)
        #expect(equal.first { $0.name == "tau2" }?.value == 0)
        #expect(!equal.contains { $0.name == "prediction_interval" })
    }
}
