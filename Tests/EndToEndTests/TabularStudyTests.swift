import Foundation
import Testing

@Suite("A study of tables, from protocol to result", .serialized)
struct TabularStudyTests {
    private func pooled(_ results: [String: Any]) throws -> NSArray {
        let answers = try #require(results["pooled"] as? [[String: Any]])
        // How many sites there are is what differs; every number must not.
        return answers.map { $0.filter { !["contributing", "of"].contains($0.key) } } as NSArray
    }

    @Test("splitting one site's patients over two agents leaves every pooled number as it was")
    func splitting() throws {
        let rows = TabularSite.rows(1200, seed: 5)
        func study(_ parts: [String: [TabularSite.Row]]) throws -> [String: Any] {
            let consortium = try Consortium()
            try consortium.startCoordinator()
            for (site, rows) in parts {
                let data = consortium.folder.appendingPathComponent("data-\(site)")
                try TabularSite.write(rows, site: site, to: data)
                try consortium.joinPatiently(site, data: data)
                try consortium.startAgent(site)
            }
            let document = consortium.folder.appendingPathComponent("protocol.json")
            try TabularSite.protocolDocument(sites: parts.keys.sorted(), at: document)
            let id = try consortium.submit(document)
            let states = try consortium.wait(for: id)
            #expect(Set(states.values) == ["released"])
            return try consortium.results(of: id)
        }
        let whole = try study(["one": rows])
        let split = try study([
            "first": rows.filter { $0.patient % 2 == 0 }, "second": rows.filter { $0.patient % 2 == 1 },
        ])
        #expect((whole["withheld"] as? [Any])?.count == 0)
        #expect((split["withheld"] as? [Any])?.count == 0)
        #expect(try pooled(whole) == pooled(split))
    }

    @Test("a site runs nothing that its own trusted sponsor did not sign, nor for a coordinator with another key")
    func trust() throws {
        let consortium = try Consortium()
        let data = consortium.folder.appendingPathComponent("data")
        try TabularSite.write(TabularSite.rows(200, seed: 1), site: "one", to: data)
        try consortium.startCoordinator()
        try consortium.joinPatiently("one", data: data)
        try consortium.startAgent("one")
        let document = consortium.folder.appendingPathComponent("protocol.json")
        try TabularSite.protocolDocument(sites: ["one"], at: document)

        // Registered at the coordinator, but not in the site's own policy.
        try consortium.addSponsor("stranger")
        let stranger = try consortium.submit(document, sponsor: "stranger")
        #expect(try consortium.wait(for: stranger, sponsor: "stranger") == ["one": "refused: unknown-sponsor"])

        // The same coordinator with another job-signing key, as after a break-in.
        consortium.stop()
        let key = consortium.path("coordinator/job-key.pem")
        try FileManager.default.removeItem(atPath: key)
        try FileManager.default.removeItem(atPath: consortium.path("coordinator/job-key.pub.pem"))
        try Program.concordat.succeed(["key", "generate", "--out", key])
        try consortium.startCoordinator()
        try consortium.startAgent("one")
        var text = try String(contentsOf: document, encoding: .utf8)
        text = text.replacingOccurrences(of: "\"1.0.0\"", with: "\"1.0.1\"")
        try Data(text.utf8).write(to: document)
        let forged = try consortium.submit(document)
        #expect(try consortium.wait(for: forged) == ["one": "refused: bad-signature"])
        consortium.stop()
    }

    @Test("a site that asks for approval waits for a person, twice")
    func approvals() throws {
        let consortium = try Consortium()
        let data = consortium.folder.appendingPathComponent("data")
        try TabularSite.write(TabularSite.rows(300, seed: 2), site: "one", to: data, approvals: "manual")
        try consortium.startCoordinator()
        try consortium.joinPatiently("one", data: data)
        try consortium.startAgent("one")
        let document = consortium.folder.appendingPathComponent("protocol.json")
        try TabularSite.protocolDocument(sites: ["one"], at: document)
        let study = try consortium.submit(document)
        for desk in ["jobs", "releases"] {
            try consortium.eventually {
                try Program.agent.run([desk, "approve", "--state", consortium.path("one"), "--by", "Dr. Wang"]).code
                    == 0
            }
        }
        #expect(try consortium.wait(for: study) == ["one": "released"])
        let recorded = try FileManager.default.subpathsOfDirectory(atPath: consortium.path("recorded-one"))
        #expect(!recorded.isEmpty)
        for name in recorded {
            let body = try Data(contentsOf: URL(fileURLWithPath: consortium.path("recorded-one/\(name)")))
            #expect(!String(decoding: body, as: UTF8.self).contains("Wang"))
        }
        consortium.stop()
    }
}

extension Consortium {
    /// Joins as soon as the coordinator answers.
    func joinPatiently(_ site: String, data: URL) throws {
        try eventually { (try? self.join(site, data: data)) != nil }
    }

    func eventually(_ condition: () throws -> Bool) throws {
        for _ in 0..<240 {
            if try condition() { return }
            usleep(250_000)
        }
        throw Waited()
    }

    struct Waited: Error {}
}
