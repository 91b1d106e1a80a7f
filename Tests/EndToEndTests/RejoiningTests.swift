import Foundation
import Testing

@Suite("A site whose certificate was revoked", .serialized)
struct RejoiningTests {
    @Test("it says so, joins with a new invitation, and finishes the study that it was in")
    func again() throws {
        let consortium = try Consortium()
        let data = consortium.folder.appendingPathComponent("data")
        try TabularSite.write(TabularSite.rows(300, seed: 3), site: "one", to: data, approvals: "manual")
        try consortium.startCoordinator()
        try consortium.joinPatiently("one", data: data)
        try consortium.startAgent("one")
        let document = consortium.folder.appendingPathComponent("protocol.json")
        try TabularSite.protocolDocument(sites: ["one"], at: document)
        let study = try consortium.submit(document)
        let decision = ["--state", consortium.path("one"), "--by", "Dr. Wang"]
        try consortium.eventually { try Program.agent.run(["jobs", "approve"] + decision).code == 0 }

        try Program.coordinator.succeed(["site", "revoke", "--state", consortium.path("coordinator"), "--site", "one"])
        try consortium.eventually {
            try String(contentsOfFile: consortium.path("one.log"), encoding: .utf8).contains("has revoked this site")
        }
        let invitation = try Program.coordinator.succeed([
            "invite", "--state", consortium.path("coordinator"), "--site", "one",
        ])
        func join() throws -> String {
            try Program.agent.succeed(
                ["join", "--state", consortium.path("one"), "--invitation", "-"], input: Data(invitation.utf8))
        }
        #expect(try join().contains("Joined Test consortium as site one again"))
        #expect(try join().contains("Nothing was changed"))

        consortium.killAbruptly("one")
        try consortium.startAgent("one")
        try consortium.eventually { try Program.agent.run(["releases", "approve"] + decision).code == 0 }
        #expect(try consortium.wait(for: study) == ["one": "released"])
        consortium.stop()
    }

    @Test("every program says its version", arguments: [Program.concordat, .agent, .coordinator])
    func version(_ program: Program) throws {
        let line = try program.succeed(["--version"]).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(line.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
    }
}
