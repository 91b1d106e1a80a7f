import Evidence
import Foundation
import Messages
@_spi(ReleaseGate) import Statistics
import StrictJSON
import StudyProtocol
import Testing

@testable import Synthesis

@Suite("The pooled-only view")
struct PooledOnlyViewTests {
    private let rules = PooledRules(minimumCell: 10)
    private let table = AnswerName(rawValue: "findings")

    private func sites(_ count: Int, patients: Int = 40) -> [SyntheticSite] {
        var generator = SplitMix(31)
        return (0..<count).map { _ in .random(patients: patients, separation: 300_000, using: &generator) }
    }

    /// - Parameter margins: those of all cases, by device and by finding; withheld where nothing is given.
    private func tableAnswer(_ cells: [Count], margins: [[Count]]? = nil) -> Answer {
        let kept = ReleasedTable.marginAxes(2)
        let sizes = kept.map { $0.first.map { SmallStudy.axes[$0].levels.count } ?? 1 }
        let counts = margins ?? sizes.map { Array(repeating: Count.protected, count: $0) }
        let beside = zip(kept, counts).map { axes, cells in
            ReleasedTable.Margin(axes: axes.map { SmallStudy.axes[$0].variable }, cells: cells)
        }
        return .released(
            .table(
                ReleasedTable(
                    axes: SmallStudy.axes, cells: cells, margins: cells.contains(.protected) ? beside : [])))
    }

    /// A study of sites with these tables, every other answer as it is.
    private func view(
        tables: [[Count]?], ended: Bool = true, rules: PooledRules? = nil
    ) throws -> (view: PooledOnlyView, results: StudyResults) {
        let names = tables.indices.map { "s\($0)" } + (ended ? [] : ["late"])
        let study = try SmallStudy(sites: names, minimumSites: 1)
        let data = sites(tables.count)
        let name = try #require(table)
        let contributions = try zip(names, zip(tables, data)).map { site, pair in
            try study.contribution(
                site, of: pair.1, withholding: pair.0 == nil ? [name] : [],
                replacing: pair.0.map { [name: tableAnswer($0)] } ?? [:])
        }
        let results = study.results(contributions)
        return (PooledOnlyView(results, protocol: study.document, rules: rules), results)
    }

    private func findings(_ view: PooledOnlyView) throws -> PooledOnlyView.Answer {
        try #require(view.pooled.first { $0.name == table })
    }

    private func cells(_ a: Int, _ b: Int) -> [Count] { [a, 0, b, 0, 0, 0].map { .exact($0) } }

    // MARK: - Attacks

    /// What a naive view says of two sites, less one's own: the other site.
    @Test(
        "A site subtracting its own share from a pooled result of two learns the other from sums, nothing from the view"
    )
    func subtractFromTwo() throws {
        let (view, results) = try view(tables: [cells(30, 21), cells(50, 33)])
        let own = [30, 0, 21, 0, 0, 0]
        let naive = try #require(results.pooled.first { $0.name == table })
        guard case .table(let sum)? = naive.aggregate else { return #expect(Bool(false), "a table of two sites") }
        #expect(zip(sum.cells, own).map { ($0.exact ?? 0) - $1 } == [50, 0, 33, 0, 0, 0])
        #expect(view.pooled.allSatisfy { $0.withheld == "not-releasable" && $0.counts.isEmpty && $0.metrics.isEmpty })
        #expect(
            view.endpoints.allSatisfy { $0.withheld == "not-releasable" && $0.estimate == nil && $0.decision == nil })
        #expect(!view.pooled.isEmpty && !view.endpoints.isEmpty && view.sites.answers == 0)
    }

    @Test("Of three sites of which one dominates, a site bounds the large one within 10 % from sums, not from the view")
    func subtractFromDominated() throws {
        let (view, results) = try view(tables: [cells(400, 30), cells(30, 30), cells(25, 30)])
        let naive = try #require(results.pooled.first { $0.name == table })
        guard case .table(let sum)? = naive.aggregate else { return #expect(Bool(false), "a table of three sites") }
        let guess = try #require(sum.cells[0].exact) - 30
        #expect(Double(guess - 400) / 400 < 0.10)
        let answer = try findings(view)
        #expect(answer.metrics.isEmpty)
        // Neither the dominated cell nor what it would follow from.
        for count in answer.counts where !count.labels.isEmpty { #expect(count.number.exact == nil) }
        for count in answer.counts { #expect(count.number.exact != 455 && count.number.exact != 425) }
        // Three sites of about one size keep everything.
        let even = try findings(try self.view(tables: [cells(40, 30), cells(30, 30), cells(50, 30)]).view)
        #expect(even.counts.allSatisfy { $0.number.exact != nil } && !even.metrics.isEmpty)
        #expect(even.counts.first { $0.labels == [:] }?.number == .exact(210))
    }

    @Test(
        "The part of a site that comes late would be the difference of two states: nothing is shown while it may come")
    func differenceOverTime() throws {
        let before = try view(tables: [cells(40, 30), cells(30, 30), cells(50, 30)], ended: false)
        #expect(before.results.status == .running)
        let naive = try #require(before.results.pooled.first { $0.name == table })
        #expect(naive.aggregate != nil)
        #expect(before.view.pooled.allSatisfy { $0.withheld == "study-running" && $0.counts.isEmpty })
        #expect(before.view.endpoints.allSatisfy { $0.withheld == "study-running" && $0.estimate == nil })
        #expect(before.view.family == nil)
    }

    @Test(
        "Two answers over sets that differ by one site give it away in sums; in the view all answers are over one set")
    func differenceOfSets() throws {
        let (view, results) = try view(tables: [cells(40, 30), cells(30, 30), cells(50, 30), nil])
        let counts = Set(results.pooled.map(\.contributing))
        #expect(counts.isSuperset(of: [3, 4]))
        let shown = view.pooled.filter { $0.withheld == nil }
        #expect(Set(shown.compactMap(\.contributing)) == [4])
        #expect(try findings(view).withheld == "not-releasable")
        #expect(shown.contains { $0.name == .flow })
    }

    @Test("No name of a site is in the view, nor a weight or an estimate of one")
    func noNames() throws {
        let study = try SmallStudy(sites: ["north", "south", "western"])
        let data = sites(3)
        let results = study.results(
            try zip(["north", "south", "western"], data).map { try study.contribution($0, of: $1) })
        let view = PooledOnlyView(results, protocol: study.document)
        let text = String(decoding: try JSONValue(encoding: view).canonicalBytes, as: UTF8.self)
        let naive = String(decoding: try JSONValue(encoding: results).canonicalBytes, as: UTF8.self)
        for word in ["north", "south", "western", "leaveOneOut", "share", "without"] {
            #expect(naive.contains("\"\(word)\""), "\(word)")
            #expect(!text.contains("\"\(word)\""), "\(word)")
        }
        let primary = try #require(view.endpoints.first { $0.id.rawValue == "primary" })
        #expect(primary.estimate == (try results.endpoint("primary").estimate))
        #expect(primary.contributing == 3 && primary.of == 3 && primary.decision?.verdict == .met)
        for site in try results.endpoint("primary").sites {
            let own = try #require(site.estimate)
            #expect(!text.contains("\(own)"))
        }
    }

    // MARK: - Endpoints

    @Test("An estimate over other sites than the answers is rounded and has no number of cases")
    func rounded() throws {
        let names = ["a", "b", "c", "d"]
        let study = try SmallStudy(sites: names)
        let results = study.results(
            try zip(names, sites(4)).map {
                try study.contribution($0, of: $1, withholding: $0 == "d" ? [.roc] : [])
            })
        let view = PooledOnlyView(results, protocol: study.document)
        let primary = try #require(view.endpoints.first { $0.id.rawValue == "primary" })
        let exact = try #require(try results.endpoint("primary").estimate.value)
        let value = try #require(primary.estimate?.value)
        #expect(primary.contributing == 3 && primary.estimate?.n == nil && primary.decision?.p == nil)
        #expect(value != exact && abs(value - exact) <= 0.0005 && (value * 1000).rounded() == value * 1000)
        let sharp = try #require(try results.endpoint("primary").withheldSites?.bounds)
        let bounds = try #require(primary.withheldSites)
        #expect(bounds.lower <= sharp.lower && sharp.upper <= bounds.upper)
        #expect((bounds.lower * 10).rounded() == bounds.lower * 10)
        // The same metric over all four sites, beside it, would give away the fourth.
        let pooled = try #require(view.endpoints.first { $0.id.rawValue == "pooled" })
        #expect(try results.endpoint("pooled").sites.count == 4)
        #expect(pooled.withheld == "not-releasable" && pooled.estimate == nil)
    }

    @Test("A small study's view is the one on file, and reads back as it was")
    func golden() throws {
        let names = ["a", "b", "c", "d"]
        let study = try SmallStudy(sites: names)
        let name = try #require(table)
        var contributions = try zip(names, sites(4)).map { try study.contribution($0, of: $1) }
        contributions[1] = try study.contribution(
            "b", of: sites(4)[1],
            replacing: [
                name: tableAnswer(
                    [.exact(31), .exact(0), .protected, .protected, .exact(0), .exact(0)],
                    margins: [
                        [.exact(70)], [.exact(31), .exact(39), .exact(0)], [.protected, .protected],
                    ])
            ])
        let view = PooledOnlyView(study.results(contributions), protocol: study.document)
        let found = try JSONValue(encoding: view)
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/pooled.json")
        if ProcessInfo.processInfo.environment["CONCORDAT_WRITE_VECTORS"] != nil {
            try found.prettyBytes.write(to: file)
        }
        let expected = try StrictJSON.parse(Data(contentsOf: file))
        #expect(found.canonicalBytes == expected.canonicalBytes)
        #expect(try expected.decode(PooledOnlyView.self) == view)
    }
}
