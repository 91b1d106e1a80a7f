import Evidence
import Foundation
import Messages
@_spi(ReleaseGate) import Statistics
import StrictJSON
import StudyProtocol
import Testing

@testable import Synthesis

@Suite("Study results")
struct StudyResultsTests {
    private let names = ["a", "b", "c"]

    private func sites(_ seed: UInt64 = 11) -> [SyntheticSite] {
        var generator = SplitMix(seed)
        return (0..<3).map { .random(patients: 20 + 5 * $0, separation: 300_000, using: &generator) }
    }

    private func bytes(_ results: StudyResults) throws -> Data { try JSONValue(encoding: results).canonicalBytes }

    @Test("A small fixed study has the results on file")
    func golden() throws {
        let study = try SmallStudy(sites: names)
        let data = sites()
        let contributions = [
            try study.contribution("a", of: data[0]),
            try study.contribution("b", of: data[1], withholding: [.scoreSteps]),
            SiteContribution(site: try SiteID("c"), status: .refused(.unknownSponsor), release: nil),
        ]
        let found = try JSONValue(encoding: study.results(contributions))
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/results.json")
        if ProcessInfo.processInfo.environment["CONCORDAT_WRITE_VECTORS"] != nil {
            try found.prettyBytes.write(to: file)
        }
        let expected = try StrictJSON.parse(Data(contentsOf: file))
        #expect(found.canonicalBytes == expected.canonicalBytes)
        #expect(try expected.decode(StudyResults.self) == study.results(contributions))
    }

    @Test("The order in which sites' contributions come changes no byte")
    func anyOrder() throws {
        let study = try SmallStudy(sites: names)
        let contributions = try zip(names, sites()).map { try study.contribution($0, of: $1) }
        let expected = try bytes(study.results(contributions))
        for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            #expect(try bytes(study.results(order.map { contributions[$0] })) == expected)
        }
    }

    @Test("Splitting one site's patients over two sites leaves every pooled number the same")
    func split() throws {
        let data = sites()
        let whole = try SmallStudy(sites: ["a", "b"])
        let parts = try SmallStudy(sites: ["a", "b1", "b2"])
        let half = data[2].patients.count / 2
        let together = whole.results([
            try whole.contribution("a", of: data[0]), try whole.contribution("b", of: data[2]),
        ])
        let apart = parts.results([
            try parts.contribution("a", of: data[0]),
            try parts.contribution("b1", of: SyntheticSite(patients: Array(data[2].patients[..<half]))),
            try parts.contribution("b2", of: SyntheticSite(patients: Array(data[2].patients[half...]))),
        ])
        for (left, right) in zip(together.pooled, apart.pooled) {
            #expect(left.aggregate == right.aggregate, "\(left.name)")
            #expect(left.metrics == right.metrics, "\(left.name)")
            #expect(left.contributing == 2 && right.contributing == 3)
        }
        #expect(together.pooled.count { $0.aggregate != nil } == 4)
    }

    @Test("What is withheld, failed, missing or not asked for is said to be so, and never counted as zero")
    func neverZero() throws {
        let study = try SmallStudy(sites: names)
        let data = sites()
        let threshold = try data[2].confusion(study.point.id, threshold: 600_000, resolution: study.resolution)
        let point = AnswerName.confusion(try study.point.id)
        let table = AnswerName(rawValue: "findings")
        let results = study.results([
            try study.contribution("a", of: data[0], withholding: [.flow, .roc]),
            try study.contribution("b", of: data[1], replacing: [.scoreSteps: .failed(code: "internal-error")]),
            try study.contribution("c", of: data[2], replacing: [point: .released(.confusion(threshold))]),
        ])
        let codes = Dictionary(
            uniqueKeysWithValues: results.withheld.map { ("\($0.site) \($0.name)", $0.code) })
        #expect(
            codes == [
                "a flow": "not-releasable", "a roc": "not-releasable", "b score-steps": "internal-error",
                "c \(point)": "not-as-planned",
            ])
        let flow = try results.pooled(.flow)
        #expect(flow.contributing == 2 && flow.of == 3)
        guard case .flow(let boxes) = flow.aggregate else { return #expect(Bool(false), "a flow of two sites") }
        #expect(boxes[.screened]?.cases == .exact(data[1].cases.count + data[2].cases.count))
        #expect(try results.pooled(.scoreSteps).contributing == 2)
        #expect(try results.pooled(point).contributing == 2)
        #expect(try results.endpoint("sensitivity").sites.map(\.site.description) == ["a", "b"])
        #expect(try results.pooled(try #require(table)).contributing == 3)
    }

    @Test("A protected count stays protected in the sum")
    func protected() throws {
        let study = try SmallStudy(sites: names)
        let name = try #require(AnswerName(rawValue: "findings"))
        let cells: [Count] = [.exact(12), .protected, .exact(0), .exact(0), .exact(0), .exact(0)]
        let contributions = try zip(names, sites()).map { site, data in
            try study.contribution(
                site, of: data,
                replacing: site == "b"
                    ? [name: .released(.table(ReleasedTable(axes: SmallStudy.axes, cells: cells)))] : [:])
        }
        let results = study.results(contributions)
        guard case .table(let sum) = try results.pooled(name).aggregate else {
            return #expect(Bool(false), "a table of three sites")
        }
        #expect(sum.cells[0].exact != nil)
        #expect(sum.cells[1] == .protected)
        #expect(sum.cells[4] == .exact(0))
        #expect(results.withheld.map(\.code) == ["cell-protected"])
    }

    @Test("A site without a release is waiting or ended, and the study says how far it is")
    func states() throws {
        let study = try SmallStudy(sites: names)
        let data = sites()
        let first = try study.contribution("a", of: data[0])
        #expect(study.results([]).status == .running)
        #expect(study.results([first]).status == .running)
        #expect(study.results([first]).sites.map(\.state) == [.released, .queued, .queued])
        let ended = try ["b", "c"].map {
            SiteContribution(site: try SiteID($0), status: .declined(.jobDeclined), release: nil)
        }
        let partial = study.results([first] + ended)
        #expect(partial.status == .partial)
        #expect(partial.sites.map(\.reason) == [nil, "job-declined", "job-declined"])
        #expect(partial.times.releases.keys.sorted() == ["a"])
        let all = try zip(names, data).map { try study.contribution($0, of: $1) }
        #expect(study.results(all).status == .complete)
        let none = try names.map {
            SiteContribution(site: try SiteID($0), status: .failed(.internalError), release: nil)
        }
        #expect(study.results(none).status == .failed)
        #expect(study.results(none).pooled.allSatisfy { $0.contributing == 0 && $0.aggregate == nil })
    }
}
