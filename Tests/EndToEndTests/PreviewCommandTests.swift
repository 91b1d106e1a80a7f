import Foundation
import Testing

@Suite("Previews on the command line")
struct PreviewCommandTests {
    @Test func `a site that never joined sees what a protocol would release and what not, as text and as JSON`() throws
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("preview-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try TabularSite.write(TabularSite.rows(120, seed: 7), site: "one", to: folder)
        let yaml = folder.appendingPathComponent("site.yaml")
        let text = try String(contentsOf: yaml, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "[sponsor.pem]", with: "[]").utf8).write(to: yaml)
        let document = folder.appendingPathComponent("protocol.json")
        try TabularSite.protocolDocument(sites: ["one"], at: document)
        let state = folder.appendingPathComponent("state").path
        let preview = ["preview", document.path, "--state", state]

        let early = try Program.agent.run(preview)
        #expect(early.code == 1)
        #expect(early.errors.hasPrefix("not-indexed: "))
        try Program.agent.succeed(["index", "--state", state, "--site", yaml.path])

        let shown = try Program.agent.succeed(preview)
        #expect(shown.contains("Nothing is sent or recorded."))
        #expect(shown.contains("age-summary"))
        #expect(shown.contains("rule 4 (joint protection)"))
        let json = try #require(
            try JSONSerialization.jsonObject(
                with: Data(try Program.agent.succeed(preview + ["--format", "json"]).utf8)) as? [String: Any])
        #expect(
            (json["answers"] as? [[String: Any]])?.map { $0["name"] as? String } == [
                "flow", "age-summary", "volume-summary", "volume", "sex-by-reference",
            ])
        let local = try #require(json["local"] as? [String: Any])
        #expect((local["withheld"] as? [[String: Any]])?.isEmpty == false)

        let both = try Program.agent.run(preview + ["--model", "x", "--predictions", "y"])
        #expect(both.code == 2)
        let missing = try Program.agent.run([
            "preview", folder.appendingPathComponent("no.json").path, "--state", state,
        ])
        #expect(missing.code == 1)
        #expect(missing.errors.hasPrefix("protocol-unreadable: "))
    }
}
