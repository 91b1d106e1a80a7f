import Evidence
import Messages
@_spi(ReleaseGate) import Statistics
import StrictJSON
import StudyProtocol
import Testing

@testable import Synthesis

@Suite("Endpoint decisions")
struct EndpointDecisionTests {
    private let names = ["a", "b", "c"]

    /// Sites at which the model is good.
    private func good(_ count: Int = 3) -> [SyntheticSite] {
        var generator = SplitMix(9)
        return (0..<count).map { _ in .random(patients: 40, separation: 400_000, using: &generator) }
    }

    private func results(
        _ study: SmallStudy, _ sites: [SyntheticSite], withholding: [AnswerName] = [], by: Set<String> = []
    ) throws -> StudyResults {
        study.results(
            try zip(study.document.invitedSites, sites).map { site, data in
                let withheld = by.contains(site.description) ? Set(withholding) : []
                return try study.contribution(site.description, of: data, withholding: withheld)
            })
    }

    @Test("A limit above the goal meets the endpoint, and is the lower end of the interval at that confidence")
    func met() throws {
        let endpoint = try results(SmallStudy(sites: names), good()).endpoint("primary")
        let decision = try #require(endpoint.decision)
        #expect(decision.verdict == .met)
        #expect(decision.bound == 0.75)
        #expect(abs(decision.confidence - 0.975) < 1e-15)
        let limit = try #require(decision.limit)
        #expect(limit > 0.75)
        let lower = try #require(endpoint.estimate.interval?.lower)
        #expect(abs(limit - lower) < 1e-12)
        #expect(endpoint.descriptive == false)
        #expect(endpoint.sites.map(\.site.description) == names)
    }

    @Test("A limit below the goal does not, although the estimate is above it")
    func notMet() throws {
        var generator = SplitMix(10)
        let few = (0..<3).map { _ in SyntheticSite.random(patients: 12, separation: 170_000, using: &generator) }
        let endpoint = try results(SmallStudy(sites: names), few).endpoint("primary")
        let estimate = try #require(endpoint.estimate.value)
        let limit = try #require(endpoint.decision?.limit)
        #expect(estimate > 0.75 && limit <= 0.75)
        #expect(endpoint.decision?.verdict == .notMet)
    }

    @Test("Too few sites, positives or negatives are not evaluable, however good the estimate")
    func tooFew() throws {
        let sites = good()
        func reason(_ study: SmallStudy, _ sites: [SyntheticSite]) throws -> String? {
            let decision = try #require(try results(study, sites).endpoint("primary").decision)
            #expect(decision.verdict == .notEvaluable)
            #expect(decision.limit == nil)
            return decision.reason
        }
        let three = try SmallStudy(sites: names, minimumSites: 3)
        let refused = SiteContribution(site: try SiteID(names[2]), status: .refused(.expired), release: nil)
        let two = try zip(names, sites.prefix(2)).map { try three.contribution($0, of: $1) }
        #expect(try three.results(two + [refused]).endpoint("primary").decision?.reason == "too-few-sites")
        #expect(try reason(SmallStudy(sites: names, minimumCases: 10_000), sites) == "too-few-positives")
        let unbalanced = sites.map { site in
            SyntheticSite(
                patients: site.patients.enumerated().map { index, cases in
                    cases.filter { $0.isPositive || index < 8 }
                }.filter { !$0.isEmpty })
        }
        let between = unbalanced.reduce(0) { $0 + $1.negatives.count } + 1
        #expect(try reason(SmallStudy(sites: names, minimumCases: between), unbalanced) == "too-few-negatives")
    }

    @Test("While a site may still release nothing is decided, whatever the others have brought")
    func whileRunning() throws {
        let study = try SmallStudy(sites: names)
        let results = study.results(try zip(names, good().prefix(2)).map { try study.contribution($0, of: $1) })
        let endpoint = try results.endpoint("primary")
        #expect(results.status == .running)
        #expect(endpoint.estimate.value != nil)
        #expect(endpoint.decision?.verdict == .notEvaluable)
        #expect(endpoint.decision?.reason == "study-running")
    }

    @Test("A withheld summary leaves its site out, and enough of them leave nothing to decide")
    func withheld() throws {
        let study = try SmallStudy(sites: names)
        let one = try results(study, good(), withholding: [.roc], by: ["b"]).endpoint("primary")
        #expect(one.sites.map(\.site.description) == ["a", "c"])
        #expect(one.of == 3)
        let all = try results(study, good(), withholding: [.roc], by: Set(names)).endpoint("primary")
        #expect(all.estimate.value == nil)
        #expect(all.estimate.undefined == "withheld")
        #expect(all.decision?.verdict == .notEvaluable)
        #expect(all.decision?.reason == "withheld")
    }

    @Test("Sites of a single class release no summary, and the endpoint is not evaluable")
    func singleClass() throws {
        let positives = good().map { site in
            SyntheticSite(patients: site.patients.map { $0.filter(\.isPositive) }.filter { !$0.isEmpty })
        }
        let results = try results(SmallStudy(sites: names), positives)
        #expect(try results.endpoint("primary").decision?.verdict == .notEvaluable)
        #expect(try results.endpoint("pooled").estimate.undefined == "single-class")
    }

    @Test("A perfect model has no logit limit, and is not evaluable rather than met or failed")
    func perfect() throws {
        let perfect = SyntheticSite(
            patients: (0..<40).map { [.init(score: $0 < 20 ? 900_000 : 100_000, isPositive: $0 < 20)] })
        let endpoint = try results(SmallStudy(sites: names), [perfect, perfect, perfect]).endpoint("primary")
        #expect(endpoint.estimate.value == 1)
        #expect(endpoint.decision?.verdict == .notEvaluable)
        #expect(endpoint.decision?.reason == "no-limit")
    }

    @Test("A variance other than the endpoint's does not stand in for it")
    func otherVariance() throws {
        let study = try SmallStudy(sites: names)
        let contributions = try zip(names, good()).map {
            try study.contribution($0, of: $1, variance: $0 == "b" ? .delong : .obuchowski)
        }
        let endpoint = try study.results(contributions).endpoint("primary")
        #expect(endpoint.estimate.undefined == "variance-method-differs")
        #expect(endpoint.decision?.verdict == .notEvaluable)
    }

    @Test("Random effects over fewer than five sites, and bounds always, are marked as descriptive")
    func descriptive() throws {
        let three = try results(SmallStudy(sites: names), good())
        #expect(try three.endpoint("heterogeneity").descriptive)
        #expect(try three.endpoint("pooled").descriptive)
        #expect(try three.endpoint("heterogeneity").heterogeneity?.degreesOfFreedom == 2)
        let five = ["a", "b", "c", "d", "e"]
        let study = try SmallStudy(sites: five)
        #expect(try results(study, good(5)).endpoint("heterogeneity").descriptive == false)
        let four = try results(study, good(5), withholding: [.roc], by: ["e"])
        #expect(try four.endpoint("heterogeneity").descriptive)
    }

    @Test("Random effects decide nothing when fewer than five of the invited sites contributed")
    func randomEffectsDecide() throws {
        let endpoints: JSONValue = [
            [
                "id": "primary", "role": "primary", "metric": "auroc", "estimator": "random-effects",
                "variance": "obuchowski",
                "hypothesis": ["kind": "superiority-to-goal", "goal": 0.6, "alpha": 0.025, "sides": 1],
                "interval": ["method": "hksj-guarded", "level": 0.95],
            ]
        ]
        let study = try SmallStudy(sites: ["a", "b", "c", "d", "e"], endpoints: endpoints, minimumSites: 1)
        let five = try results(study, good(5)).endpoint("primary")
        #expect(five.decision?.verdict == .met)
        let four = try results(study, good(5), withholding: [.roc], by: ["e"]).endpoint("primary")
        #expect(four.decision?.verdict == .notEvaluable)
        #expect(four.decision?.reason == "too-few-sites")
    }

    @Test("Leaving one site out gives what a study without that site gives")
    func leaveOneOut() throws {
        let sites = good()
        let all = try results(SmallStudy(sites: names), sites)
        let rest = try results(SmallStudy(sites: ["a", "c"]), [sites[0], sites[2]])
        for id in ["primary", "sensitivity", "heterogeneity", "pooled"] {
            let left = try #require(try all.endpoint(id).leaveOneOut)
            #expect(left.map(\.without.description) == names)
            #expect(left[1].estimate == (try rest.endpoint(id).estimate), "\(id)")
        }
        #expect(try results(SmallStudy(sites: ["a"]), [sites[0]]).endpoint("primary").leaveOneOut == nil)
    }

    @Test("In a fixed sequence an endpoint after one that was not met is not tested")
    func fixedSequence() throws {
        let family = ["primary", "sensitivity"]
        let sites = good()
        let passes = try SmallStudy(sites: names, rule: "fixed-sequence", family: family)
        #expect(try results(passes, sites).endpoint("sensitivity").decision?.verdict == .met)
        let fails = try results(passes, sites, withholding: [.roc], by: Set(names)).endpoint("sensitivity")
        #expect(fails.decision?.verdict == .notEvaluable)
        #expect(fails.decision?.reason == "earlier-endpoint-not-met")
        #expect(fails.decision?.limit == nil)
        let apart = try SmallStudy(sites: names)
        let alone = try results(apart, sites, withholding: [.roc], by: Set(names)).endpoint("sensitivity")
        #expect(alone.decision?.verdict == .met)
    }
}
