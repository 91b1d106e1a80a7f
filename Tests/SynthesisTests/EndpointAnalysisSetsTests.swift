import Evidence
import Messages
@_spi(ReleaseGate) import Statistics
import StrictJSON
import StudyProtocol
import Testing

@testable import Synthesis

@Suite("Analysis sets and withheld sites")
struct EndpointAnalysisSetsTests {
    private let names = ["a", "b", "c"]

    private func sites() -> [SyntheticSite] {
        var generator = SplitMix(19)
        return (0..<3).map { .random(patients: 20 + 5 * $0, separation: 200_000, using: &generator) }
    }

    /// Cases of one patient each.
    private func site(_ scores: [(score: Int64, isPositive: Bool)]) -> SyntheticSite {
        SyntheticSite(patients: scores.map { [.init(score: $0.score, isPositive: $0.isPositive)] })
    }

    private func flow(_ data: SyntheticSite, failed: Count, worstCase: Bool) -> Answer {
        let lost = failed.exact ?? 0
        let analysed = worstCase ? data.cases.count - lost : data.cases.count
        return .released(
            .flow(
                ReleasedFlow(boxes: [
                    .init(
                        box: .screened, reason: nil, cases: .exact(analysed + lost),
                        patients: .exact(data.patients.count)),
                    .init(box: .failed, reason: "model-failed", cases: failed, patients: failed),
                    .init(box: .analysed, reason: nil, cases: .exact(analysed), patients: .exact(analysed)),
                ])))
    }

    @Test("The complete case under the worst-case rule is bounded, and every division of the failed cases lies inside")
    func completeCase() throws {
        // Ten positives of which three are missed, ten negatives of which two are; four of the misses are failures.
        let data = site(
            (0..<10).map { (Int64($0 < 7 ? 900_000 : 0), true) }
                + (0..<10).map { (Int64($0 < 8 ? 100_000 : 1_000_000), false) })
        let study = try SmallStudy(sites: ["a"], minimumSites: 1, minimumCases: 1)
        let results = study.results([
            try study.contribution("a", of: data, replacing: [.flow: flow(data, failed: .exact(4), worstCase: true)])
        ])
        let sets = try #require(try results.endpoint("sensitivity").analysisSets)
        #expect(sets.map(\.definition) == ["worst-case", "complete-case"])
        let own = try results.endpoint("sensitivity").estimate.value
        #expect(sets[0].value == 0.7 && own == 0.7)
        // At most two failed negatives, so two to three of the failures are positives.
        let bounds = try #require(sets[1].interval)
        #expect(sets[1].value == nil && sets[1].undefined == Metric.boundsOnly && bounds.level == nil)
        #expect(bounds.lower == 7.0 / 8 && bounds.upper == 7.0 / 7)
        for positives in 2...3 {
            let value = 7.0 / Double(10 - positives)
            #expect(value >= bounds.lower && value <= bounds.upper)
        }
        #expect(try results.endpoint("primary").analysisSets == nil)
    }

    @Test("The worst case under the rule to exclude is bounded by all failures of the class and none")
    func worstCase() throws {
        let data = site((0..<20).map { (Int64($0 % 2 == 0 ? 900_000 : 0), $0 < 10) })
        let study = try SmallStudy(sites: ["a"], minimumSites: 1, minimumCases: 1, modelFailed: "exclude")
        let results = study.results([
            try study.contribution("a", of: data, replacing: [.flow: flow(data, failed: .exact(5), worstCase: false)])
        ])
        let sets = try #require(try results.endpoint("sensitivity").analysisSets)
        #expect(sets.map(\.definition) == ["complete-case", "worst-case"])
        #expect(sets[0].value == 0.5)
        #expect(sets[1].interval?.lower == 5.0 / 15 && sets[1].interval?.upper == 0.5)
    }

    @Test("Withheld failures leave the other set without a value, and no failures leave no second set")
    func withheldOrNone() throws {
        let data = sites()[0]
        let study = try SmallStudy(sites: ["a"], minimumSites: 1, minimumCases: 1)
        func sets(_ failed: Count) throws -> [Metric]? {
            try study.results([
                try study.contribution("a", of: data, replacing: [.flow: flow(data, failed: failed, worstCase: true)])
            ]).endpoint("sensitivity").analysisSets
        }
        #expect(try sets(.exact(0)) == nil)
        let withheld = try #require(try sets(.protected))
        #expect(withheld[0].value != nil && withheld[1].undefined == "withheld" && withheld[1].interval == nil)
    }

    @Test("What a withheld site could hold bounds the estimate, and what it does hold lies inside")
    func withheldSites() throws {
        let data = sites()
        let study = try SmallStudy(sites: names)
        let point = AnswerName.confusion(try study.point.id)
        let whole = study.results(try zip(names, data).map { try study.contribution($0, of: $1) })
        let part = study.results(
            try zip(names, data).map {
                try study.contribution($0, of: $1, withholding: $0 == "b" ? [.roc, point] : [])
            })
        for id in ["primary", "sensitivity"] {
            #expect(try whole.endpoint(id).withheldSites == nil)
            let found = try #require(try part.endpoint(id).withheldSites)
            #expect(found.sites.map(\.description) == ["b"])
            let bounds = try #require(found.bounds)
            let value = try #require(try whole.endpoint(id).estimate.value)
            let seen = try #require(try part.endpoint(id).estimate.value)
            #expect(bounds.lower < min(value, seen) && max(value, seen) < bounds.upper)
            #expect(bounds.lower > 0 && bounds.upper < 1 && bounds.level == nil)
        }
        // Without the flow nobody knows how many cases there are.
        let silent = study.results(
            try zip(names, data).map {
                try study.contribution($0, of: $1, withholding: $0 == "b" ? [.roc, .flow] : [])
            })
        let found = try #require(try silent.endpoint("primary").withheldSites)
        #expect(found.sites.count == 1 && found.bounds == nil)
    }

    @Test("The bounds are reached: everything wrong, everything right")
    func reached() throws {
        let known = site([(900_000, true), (100_000, false), (900_000, true), (950_000, false)])
        for isRight in [true, false] {
            let hidden = site((0..<6).map { (isRight == ($0 < 3) ? 999_000 : 1000, $0 < 3) })
            let study = try SmallStudy(sites: ["a", "b"], minimumSites: 1, minimumCases: 1)
            let whole = study.results([try study.contribution("a", of: known), try study.contribution("b", of: hidden)])
            let part = study.results([
                try study.contribution("a", of: known), try study.contribution("b", of: hidden, withholding: [.roc]),
            ])
            let bounds = try #require(try part.endpoint("primary").withheldSites?.bounds)
            let value = try #require(try whole.endpoint("primary").estimate.value)
            #expect(abs(value - (isRight ? bounds.upper : bounds.lower)) < 1e-15)
        }
    }
}
