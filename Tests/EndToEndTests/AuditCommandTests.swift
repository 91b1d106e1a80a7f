import Foundation
import Testing

@Suite("The audit log, as an auditor uses it")
struct AuditCommandTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("audit-\(UUID().uuidString)")
    private var state: String { folder.appendingPathComponent("state").path }
    private var store: String { folder.appendingPathComponent("state/agent.sqlite").path }
    private var index: [String] {
        ["index", "--state", state, "--site", folder.appendingPathComponent("site.yaml").path]
    }

    private func withSite(_ body: () throws -> Void) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try TabularSite.write(TabularSite.rows(120, seed: 7), site: "one", to: folder)
        let yaml = folder.appendingPathComponent("site.yaml")
        let text = try String(contentsOf: yaml, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "[sponsor.pem]", with: "[]").utf8).write(to: yaml)
        try body()
    }

    private func verify(_ more: String...) throws -> Program.Outcome {
        try Program.agent.run(["audit", "verify", "--state", state] + more)
    }

    private func change(_ statements: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])", store,
            "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_shortened; " + statements,
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    @Test func `a log is verified, listed and exported, and its head can be kept elsewhere`() throws {
        try withSite {
            #expect(try verify().code == 1)
            try Program.agent.succeed(index)
            let first = try verify("--format", "json")
            #expect(first.code == 0)
            let verdict = try #require(
                try JSONSerialization.jsonObject(with: Data(first.output.utf8)) as? [String: Any])
            let head = try #require(verdict["head"] as? String)
            #expect(head.hasPrefix("3:sha256:"))
            try Program.agent.succeed(index)
            #expect(try verify("--head", head).code == 0)
            #expect(try verify("--head", head.replacingOccurrences(of: "3:", with: "2:")).code == 3)
            #expect(try verify("--head", "3").code == 2)

            let list = try Program.agent.succeed(["audit", "list", "--state", state, "--last", "2"])
            #expect(list.split(separator: "\n").count == 2)
            #expect(list.contains("catalogue-indexed"))

            let export = folder.appendingPathComponent("log.json")
            try Program.agent.succeed(["audit", "export", "--state", state, "--out", export.path])
            let mode = try FileManager.default.attributesOfItem(atPath: export.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: export)) as? [String: Any])
            #expect((document["entries"] as? [Any])?.count == 4)
            let text = try Program.agent.succeed(["audit", "export", "--state", state, "--format", "text"])
            #expect(text.split(separator: "\n").count == 4)
        }
    }

    @Test func `a changed log ends with exit code 3 and names the entry, in the reader's language`() throws {
        try withSite {
            try Program.agent.succeed(index)
            try change("UPDATE audit SET fields = replace(fields, '\"minimumCount\":10', '\"minimumCount\":1')")
            let outcome = try verify()
            #expect(outcome.code == 3)
            #expect(outcome.output.contains("First broken entry: 2 (entry-changed)"))
            let json = try verify("--format", "json")
            #expect(json.code == 3)
            #expect(json.output.contains("\"firstBroken\": 2"))
        }
    }

    @Test func `an agent that is killed anywhere leaves a whole log, and goes on with it`() throws {
        try withSite {
            try Program.agent.succeed(index)
            for round in 0..<40 {
                let process = Program.agent.process(index)
                process.standardOutput = FileHandle.nullDevice
                process.standardError = FileHandle.nullDevice
                try process.run()
                usleep(UInt32(2_000 + round * 2_500))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                let outcome = try verify()
                #expect(outcome.code == 0, "\(outcome.output)")
            }
            try Program.agent.succeed(index)
            #expect(try verify().code == 0)
        }
    }
}
