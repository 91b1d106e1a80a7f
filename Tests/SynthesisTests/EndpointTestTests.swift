import Foundation
import Messages
import MetaAnalysis
@_spi(ReleaseGate) import Statistics
import StrictJSON
import Testing

@testable import StudyProtocol
@testable import Synthesis

/// An estimate on the logit scale whose p value a test chooses.
private func evaluation(
    _ id: String, p: Double?, kind: Hypothesis.Kind = .superiorityToGoal, alpha: Double = 0.025
) throws -> EndpointEvaluation {
    let hypothesis = Hypothesis(kind: kind, goal: 0.7, margin: nil, alpha: alpha, sides: 1)
    let endpoint = Endpoint(
        id: try #require(EndpointID(rawValue: id)), role: .primary, metric: .auroc, operatingPoint: nil,
        estimator: .stratified, weights: .pairs, variance: .obuchowski, randomEffects: nil, predictionInterval: nil,
        hypothesis: hypothesis, interval: IntervalRequest(method: .waldLogit, level: 0.95))
    guard let p else {
        return EndpointEvaluation(
            endpoint, estimation: EndpointEstimation(metric: Metric("auroc", undefined: "withheld")), sampleSize: nil)
    }
    let z = try #require(NormalDistribution.quantile(1 - p))
    let center = log(0.7 / 0.3) + 0.1 * z
    return EndpointEvaluation(
        endpoint,
        estimation: EndpointEstimation(
            metric: Metric("auroc", value: EffectScale.logit.original(center)),
            limits: EndpointLimits(
                interval: { level in
                    NormalDistribution.quantile(0.5 + level / 2).map {
                        EffectScale.logit.original(
                            Interval(lower: center - 0.1 * $0, upper: center + 0.1 * $0, level: level))
                    }
                }, statistic: { (center - log($0 / (1 - $0))) / 0.1 }, degreesOfFreedom: nil)), sampleSize: nil)
}

@Suite("Multiplicity over the family of endpoints")
struct EndpointFamilyTests {
    private typealias Verdict = EndpointResult.Verdict

    private func verdicts(
        _ rule: Multiplicity.Rule, _ p: [Double?], isRunning: Bool = false
    ) throws -> (decisions: [EndpointResult.Decision], family: EndpointFamily?) {
        let members = try p.enumerated().map { try evaluation("e\($0.offset)", p: $0.element) }
        let found = EndpointVerdicts(
            Multiplicity(family: members.map(\.endpoint.id), rule: rule), members, isRunning: isRunning)
        return (try members.map { try #require(found.decisions[$0.endpoint.id]) }, found.family)
    }

    @Test("Bonferroni divides alpha by the number of endpoints, evaluable or not")
    func bonferroni() throws {
        let (decisions, family) = try verdicts(.bonferroni, [0.008, 0.009, nil])
        #expect(decisions.map(\.verdict) == [.met, .notMet, .notEvaluable])
        #expect(decisions.allSatisfy { abs($0.confidence - (1 - 0.025 / 3)) < 1e-15 })
        let adjusted = decisions.map(\.adjustedP)
        #expect(abs((adjusted[0] ?? 1) - 0.024) < 1e-12 && abs((adjusted[1] ?? 1) - 0.027) < 1e-12)
        #expect(adjusted[2] == nil && decisions[2].p == nil && decisions[2].reason == "withheld")
        #expect(family?.verdict == .partlyMet && family?.alpha == 0.025 && family?.p == nil)
    }

    @Test("Holm steps down from the smallest p value, and stops at the first that is missed")
    func holm() throws {
        let (decisions, family) = try verdicts(.holm, [0.02, 0.006, 0.012, 0.001])
        // 0.001 < 0.025/4, 0.006 < 0.025/3, 0.012 < 0.025/2, 0.02 < 0.025.
        #expect(decisions.allSatisfy { $0.verdict == .met })
        #expect(family?.verdict == .met)
        let confidences = [1.0, 3, 2, 4].map { 1 - 0.025 / $0 }
        #expect(zip(decisions, confidences).allSatisfy { abs($0.confidence - $1) < 1e-15 })
        // The second of these is missed at 0.025/2, and the third is not tried at 0.025 although its p is below.
        let stopped = try verdicts(.holm, [0.02, 0.013, 0.001])
        #expect(stopped.decisions.map(\.verdict) == [.notMet, .notMet, .met])
        #expect(stopped.decisions.map { $0.confidence }[..<2].allSatisfy { abs($0 - (1 - 0.0125)) < 1e-15 })
        let adjusted = stopped.decisions.compactMap(\.adjustedP)
        #expect(zip(adjusted, [0.026, 0.026, 0.003]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(stopped.family?.verdict == .partlyMet)
    }

    @Test("An endpoint that is not evaluable keeps its place in Holm's count")
    func holmKeepsPlaces() throws {
        let two = try verdicts(.holm, [0.011, nil])
        #expect(two.decisions.map(\.verdict) == [.met, .notEvaluable])
        let three = try verdicts(.holm, [0.011, nil, nil])
        #expect(three.decisions.map(\.verdict) == [.notMet, .notEvaluable, .notEvaluable])
        #expect(three.family?.verdict == .notMet)
        #expect(try verdicts(.holm, [nil, nil]).family?.verdict == .notEvaluable)
    }

    @Test("Holm meets what its adjusted p values say, over random families, and never less than Bonferroni")
    func holmAgainstAdjusted() throws {
        var generator = SplitMix(77)
        for _ in 0..<300 {
            let count = Int.random(in: 1...6, using: &generator)
            let p = (0..<count).map { _ in Double.random(in: 1e-5...0.04, using: &generator) }
            let holm = try verdicts(.holm, p).decisions
            let bonferroni = try verdicts(.bonferroni, p).decisions
            let adjusted = try AdjustedPValues.holm(p).get()
            for index in p.indices {
                #expect((holm[index].verdict == .met) == (adjusted[index] < 0.025))
                #expect((bonferroni[index].verdict == .met) == (Double(count) * p[index] < 0.025))
                #expect(bonferroni[index].verdict != .met || holm[index].verdict == .met)
            }
        }
    }

    @Test("Under the rule all every endpoint must be met, at its own alpha, and the family's p is the largest")
    func all() throws {
        let met = try verdicts(.all, [0.02, 0.001])
        #expect(met.family?.verdict == .met)
        #expect(abs((met.family?.p ?? 1) - 0.02) < 1e-12)
        #expect(met.decisions.allSatisfy { abs($0.confidence - 0.975) < 1e-15 && $0.adjustedP == nil })
        #expect(try verdicts(.all, [0.03, 0.001]).family?.verdict == .notMet)
        #expect(try verdicts(.all, [0.03, nil]).family?.verdict == .notMet)
        let open = try verdicts(.all, [0.001, nil])
        #expect(open.family?.verdict == .notEvaluable && open.family?.p == nil)
    }

    @Test("In a fixed sequence each is tested at the full alpha until one is missed")
    func sequence() throws {
        let (decisions, family) = try verdicts(.fixedSequence, [0.02, 0.001, 0.03, 0.001])
        #expect(decisions.map(\.verdict) == [.met, .met, .notMet, .notEvaluable])
        #expect(decisions[3].reason == "earlier-endpoint-not-met" && decisions[3].p == nil)
        #expect(zip(decisions.compactMap(\.adjustedP), [0.02, 0.02, 0.03]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(family?.verdict == .partlyMet)
    }

    @Test("A family is decided by nobody while the study runs, and a single endpoint has no family")
    func running() throws {
        for rule in [Multiplicity.Rule.all, .fixedSequence, .bonferroni, .holm] {
            let (decisions, family) = try verdicts(rule, [0.001, 0.002], isRunning: true)
            #expect(decisions.allSatisfy { $0.verdict == .notEvaluable && $0.p == nil && $0.limit == nil })
            #expect(family?.verdict == .notEvaluable && family?.p == nil)
        }
        #expect(try verdicts(.none, [0.001]).family == nil)
    }

    @Test("A divided alpha that is not one number lets nothing pass")
    func differentAlphas() throws {
        let members = [try evaluation("a", p: 0.0001), try evaluation("b", p: 0.0001, alpha: 0.05)]
        let found = EndpointVerdicts(
            Multiplicity(family: members.map(\.endpoint.id), rule: .holm), members, isRunning: false)
        #expect(found.decisions.values.allSatisfy { $0.verdict == .notEvaluable && $0.reason == "no-family-alpha" })
        #expect(found.family?.verdict == .notEvaluable)
    }
}

@Suite("Limits and p values of endpoints")
struct EndpointTestTests {
    private let names = ["a", "b", "c", "d", "e", "f"]

    private func sites(_ seed: UInt64, _ count: Int = 6, separation: Int64 = 150_000) -> [SyntheticSite] {
        var generator = SplitMix(seed)
        return (0..<count).map { _ in
            .random(
                patients: Int.random(in: 15...45, using: &generator),
                separation: separation + Int64.random(in: -60_000...60_000, using: &generator), using: &generator)
        }
    }

    private func result(_ endpoint: JSONValue, _ sites: [SyntheticSite], transform: String = "logit") throws
        -> EndpointResult
    {
        let study = try SmallStudy(
            sites: names, endpoints: [endpoint], family: [], minimumSites: 2, transform: transform,
            cluster: endpoint["variance"]?.stringValue != "binomial")
        return try #require(
            study.results(try zip(names, sites).map { try study.contribution($0, of: $1) }).endpoints.first)
    }

    private func endpoint(_ changes: [String: JSONValue], goal: Double, margin: Double? = nil, alpha: Double = 0.025)
        -> JSONValue
    {
        var hypothesis: [String: JSONValue] = [
            "kind": margin == nil ? "superiority-to-goal" : "equivalence", "goal": .decimal(goal),
            "alpha": .decimal(alpha), "sides": 1,
        ]
        if let margin { hypothesis["margin"] = .decimal(margin) }
        var members: [String: JSONValue] = ["id": "e", "role": "secondary", "hypothesis": .members(hypothesis)]
        members.merge(changes) { $1 }
        return .members(members)
    }

    static let methods: [[String: String]] = [
        ["metric": "auroc", "estimator": "stratified", "variance": "obuchowski", "method": "wald-logit"],
        ["metric": "auroc", "estimator": "stratified", "variance": "obuchowski", "method": "wald"],
        ["metric": "sensitivity", "estimator": "stratified", "variance": "cluster", "method": "wilson-effective-size"],
        ["metric": "specificity", "estimator": "stratified", "variance": "binomial", "method": "wilson"],
        ["metric": "auroc", "estimator": "random-effects", "variance": "obuchowski", "method": "hksj-guarded"],
        [
            "metric": "auroc", "estimator": "random-effects", "variance": "obuchowski", "method": "hksj",
            "randomEffects": "reml",
        ],
        [
            "metric": "auroc", "estimator": "random-effects", "variance": "obuchowski", "method": "z",
            "randomEffects": "paule-mandel", "transform": "arcsine",
        ],
        [
            "metric": "auroc", "estimator": "random-effects", "variance": "obuchowski", "method": "z",
            "randomEffects": "fixed-effect", "transform": "none",
        ],
        [
            "metric": "sensitivity", "estimator": "random-effects", "variance": "cluster", "method": "hksj-guarded",
            "randomEffects": "ml", "transform": "log",
        ],
        ["metric": "sensitivity", "estimator": "random-effects", "variance": "binomial", "method": "z"],
        [
            "metric": "specificity", "estimator": "random-effects", "variance": "binomial", "method": "z",
            "randomEffects": "binomial-univariate",
        ],
    ]

    @Test("p is below alpha exactly when the limit is beyond the bound, for every method", arguments: methods)
    func duality(_ method: [String: String]) throws {
        var members: [String: JSONValue] = [
            "interval": ["method": .string(try #require(method["method"])), "level": 0.95]
        ]
        for key in ["metric", "estimator", "variance", "randomEffects"] {
            members[key] = method[key].map { .string($0) }
        }
        if method["metric"] != "auroc" { members["operatingPoint"] = "half" }
        let data = sites(31)
        let transform = method["transform"] ?? "logit"
        var verdicts: Set<EndpointResult.Verdict> = []
        for goal in stride(from: 0.3, through: 0.9, by: 0.05) {
            let found = try result(endpoint(members, goal: goal), data, transform: transform)
            let decision = try #require(found.decision)
            #expect(decision.verdict != .notEvaluable, "\(decision.reason ?? "")")
            let (limit, p) = (try #require(decision.limit), try #require(decision.p))
            #expect((limit > goal) == (p < 0.025), "\(goal)")
            #expect((decision.verdict == .met) == (p < 0.025))
            verdicts.insert(decision.verdict)
            // The p value is the alpha at which the limit is the bound: the limit at 1 - p meets it.
            guard p > 1e-10, p < 0.2 else { continue }
            let level = 1 - 2 * p
            members["interval"] = ["method": .string(try #require(method["method"])), "level": .decimal(level)]
            let edge = try #require(
                try result(endpoint(members, goal: goal, alpha: p), data, transform: transform).decision?.limit)
            #expect(abs(edge - goal) < 1e-9, "\(goal)")
            members["interval"] = ["method": .string(try #require(method["method"])), "level": 0.95]
        }
        #expect(verdicts == [.met, .notMet])
    }

    @Test("Equivalence needs both limits inside the margin, and its p is the larger of two")
    func equivalence() throws {
        let members: [String: JSONValue] = [
            "metric": "auroc", "estimator": "stratified", "variance": "obuchowski",
            "interval": ["method": "wald-logit", "level": 0.9],
        ]
        let data = sites(5, 6, separation: 180_000)
        let value = try #require(
            try result(endpoint(members, goal: 0.7, margin: 0.2, alpha: 0.05), data).estimate.value)
        var verdicts: [EndpointResult.Verdict] = []
        for (goal, margin) in [(value, 0.08), (value - 0.07, 0.08), (value + 0.07, 0.08), (value, 0.001)] {
            let found = try result(endpoint(members, goal: goal, margin: margin, alpha: 0.05), data)
            let decision = try #require(found.decision)
            let (limit, upper) = (try #require(decision.limit), try #require(decision.upperLimit))
            #expect(abs(decision.bound - (goal - margin)) < 1e-15)
            #expect(decision.upperBound.map { abs($0 - (goal + margin)) < 1e-15 } == true)
            let interval = try #require(found.estimate.interval)
            #expect(abs(limit - interval.lower) < 1e-12 && abs(upper - interval.upper) < 1e-12)
            #expect((decision.verdict == .met) == (limit > goal - margin && upper < goal + margin))
            #expect(try (#require(decision.p) < 0.05) == (decision.verdict == .met))
            verdicts.append(decision.verdict)
        }
        #expect(verdicts == [.met, .notMet, .notMet, .notMet])
    }

    @Test("A named random-effects method is the one of the meta-analysis, with I2 in per cent and a Q-profile interval")
    func randomEffects() throws {
        let data = sites(41)
        let found = try result(
            [
                "id": "e", "role": "secondary", "metric": "auroc", "estimator": "random-effects",
                "variance": "obuchowski", "randomEffects": "reml", "predictionInterval": "hts-t-k-2",
                "interval": ["method": "hksj", "level": 0.95],
            ], data)
        let resolution = try Resolution("0.000001")
        let effects = try data.map { site in
            let summary = try #require(try site.summary(resolution: resolution))
            return try EffectScale.logit.effect(estimate: summary.area, variance: summary.variance).get()
        }
        let model = try RandomEffects.fit(effects, method: .restrictedMaximumLikelihood).get()
        let inference = try model.inference(.hartungKnapp).get()
        let interval = EffectScale.logit.original(inference.interval)
        #expect(found.estimate.value == EffectScale.logit.original(model.estimate))
        #expect(found.estimate.interval == Metric.Interval(interval, method: "hksj"))
        #expect(found.estimate.definition == "reml-logit")
        let spread = try #require(found.heterogeneity)
        #expect(spread.tau2 == model.tau2 && spread.q == model.heterogeneity.q && spread.h2 == model.heterogeneity.h2)
        let i2 = try #require(spread.i2)
        let h2 = try #require(spread.h2)
        #expect(abs(i2 - 100 * (h2 - 1) / h2) < 1e-9 && i2 > 1)
        #expect(spread.tau2Interval?.upper == (try model.qProfile().get().tau2.upper))
        let prediction = EffectScale.logit.original(
            try model.predictionInterval(.higginsThompsonSpiegelhalter).get())
        #expect(found.predictionInterval == Metric.Interval(prediction, method: "hts-t-k-2"))
    }

    @Test("A protocol that names no method gets what it always got")
    func unnamed() throws {
        let found = try result(
            [
                "id": "e", "role": "secondary", "metric": "auroc", "estimator": "random-effects",
                "variance": "obuchowski", "interval": ["method": "hksj-guarded", "level": 0.95],
            ], sites(41))
        #expect(found.estimate.definition == "dersimonian-laird-logit")
        #expect(found.predictionInterval == nil)
        let spread = try #require(found.heterogeneity)
        #expect(spread.p == nil && spread.h2 == nil && spread.tau2Interval == nil && spread.i2Interval == nil)
    }

    @Test("A fixed effect has no variance between sites, and no interval of one")
    func fixedEffect() throws {
        let found = try result(
            [
                "id": "e", "role": "secondary", "metric": "auroc", "estimator": "random-effects",
                "variance": "obuchowski", "randomEffects": "fixed-effect", "interval": ["method": "z", "level": 0.95],
            ], sites(41))
        let spread = try #require(found.heterogeneity)
        #expect(spread.tau2 == 0 && spread.tau2Interval == nil && spread.i2Interval == nil)
        #expect(try #require(spread.q) > 1 && spread.p != nil)
        #expect(found.estimate.definition == "fixed-effect-logit" && found.estimate.interval?.method == "z")
    }

    @Test("The forms of prediction that a protocol can name are those that the meta-analysis has")
    func forms() {
        #expect(
            Set(Endpoint.PredictionIntervalForm.allCases.map(\.rawValue))
                == Set(PredictionForm.allCases.map(\.rawValue)))
    }

    @Test("The exact binomial models decide only from five sites on, and have a variance between sites")
    func binomial() throws {
        let asked = endpoint(
            [
                "metric": "sensitivity", "operatingPoint": "half", "estimator": "random-effects",
                "variance": "binomial", "interval": ["method": "z", "level": 0.95],
            ], goal: 0.2)
        let six = try result(asked, sites(51))
        #expect(six.decision?.verdict == .met && six.estimate.definition == "binomial-bivariate-logit")
        #expect(six.heterogeneity?.q == nil && six.heterogeneity?.i2 == nil)
        let four = try result(asked, Array(sites(51).prefix(4)))
        #expect(four.descriptive)
        #expect(four.decision?.verdict == .notEvaluable)
    }
}
