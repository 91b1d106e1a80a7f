import Foundation
import Testing

@Suite("What the data manager sees of a study", .serialized)
struct AuditStudyTests {
    @Test("the bytes that are shown are the bytes that leave; a decline has a reason that stays; the log is whole")
    func desk() throws {
        let consortium = try Consortium()
        let data = consortium.folder.appendingPathComponent("data")
        try TabularSite.write(TabularSite.rows(300, seed: 2), site: "one", to: data, approvals: "manual")
        try consortium.startCoordinator()
        try consortium.joinPatiently("one", data: data)
        try consortium.startAgent("one")
        let state = ["--state", consortium.path("one")]
        func decide(_ desk: String, _ what: String, _ more: [String] = []) throws {
            try consortium.eventually {
                try Program.agent.run([desk, what, "--by", "Dr. Wang"] + more + state).code == 0
            }
        }

        let first = consortium.folder.appendingPathComponent("first.json")
        try TabularSite.protocolDocument(sites: ["one"], at: first)
        let study = try consortium.submit(first)
        // What a job will bring can be seen before it is let run.
        let preview = try Program.agent.succeed(["preview", first.path, "--format", "json"] + state)
        try decide("jobs", "approve")
        var shown = Data()
        try consortium.eventually {
            let outcome = try Program.agent.run(["releases", "list"] + state)
            guard outcome.output.contains("awaiting-release-approval") else { return false }
            let id = String(outcome.output.prefix(12))
            shown = Data(try Program.agent.succeed(["releases", "show", "--bytes", id] + state).utf8)
            return true
        }
        let table = try Program.agent.succeed(["releases", "show"] + state)
        #expect(table.contains("sum of squares, in units of"))
        #expect(table.contains("Withheld by the release gate"))
        try decide("releases", "approve")
        #expect(try consortium.wait(for: study) == ["one": "released"])
        let body = try #require(
            try FileManager.default.contentsOfDirectory(atPath: consortium.path("recorded-one"))
                .first { $0.hasSuffix("-release.json") })
        let envelope = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: consortium.path("recorded-one/\(body)"))))
                as? [String: Any])
        let payload = try #require((envelope["payload"] as? String).flatMap { Data(base64Encoded: $0) })
        #expect(payload == shown)
        // The preview said the same numbers.
        let statement = try #require(try JSONSerialization.jsonObject(with: payload) as? [String: Any])
        let released = try #require((statement["predicate"] as? [String: Any])?["answers"] as? NSArray)
        let previewed = try #require(
            try JSONSerialization.jsonObject(with: Data(preview.utf8)) as? [String: Any])
        #expect(previewed["answers"] as? NSArray == released)

        var text = try String(contentsOf: first, encoding: .utf8)
        text = text.replacingOccurrences(of: "\"1.0.0\"", with: "\"1.0.1\"")
        let second = consortium.folder.appendingPathComponent("second.json")
        try Data(text.utf8).write(to: second)
        let declined = try consortium.submit(second)
        try decide("jobs", "approve")
        #expect(try Program.agent.run(["releases", "decline", "--by", "X", "--reason", "whim"] + state).code == 2)
        try decide("releases", "decline", ["--reason", "too-detailed"])
        #expect(try consortium.wait(for: declined) == ["one": "declined: release-declined"])

        consortium.killAbruptly("one")
        #expect(try Program.agent.run(["audit", "verify"] + state).code == 0)
        let log = try Program.agent.succeed(["audit", "list", "--last", "1000"] + state)
        let kinds = log.split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst(2).first }
        #expect(
            kinds.filter { $0.hasPrefix("release-") } == [
                "release-gated", "release-waits", "release-approved", "release-sent", "release-gated",
                "release-waits", "release-declined",
            ])
        #expect(log.contains("why=too-detailed"))
        for name in try FileManager.default.subpathsOfDirectory(atPath: consortium.path("recorded-one")) {
            let body = try Data(contentsOf: URL(fileURLWithPath: consortium.path("recorded-one/\(name)")))
            #expect(!String(decoding: body, as: UTF8.self).contains("too-detailed"))
        }
        consortium.stop()
    }
}
