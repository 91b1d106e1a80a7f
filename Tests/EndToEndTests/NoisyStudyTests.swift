import Foundation
import Testing

@Suite("A study with noise", .serialized)
struct NoisyStudyTests {
    private static let epsilon = 2.0

    /// The flow, a histogram and a table, with noise.
    private func noisyProtocol(sites: [String], version: String, at url: URL) throws {
        try TabularSite.protocolDocument(sites: sites, at: url)
        var document = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        document["version"] = version
        let statistics = try #require(document["statistics"] as? [[String: Any]])
        document["statistics"] = statistics.filter { $0["kind"] as? String != "summary" }
        document["endpoints"] = nil
        document["disclosure"] = [
            "minimumCell": 10,
            "noise": [
                "mechanism": "discrete-gaussian", "epsilon": "2", "delta": "0.00001", "casesPerPatient": 2,
            ],
        ]
        try JSONSerialization.data(withJSONObject: document).write(to: url)
    }

    private func join(_ site: String, seed: UInt64, epsilon: String, _ consortium: Consortium) throws {
        let data = consortium.folder.appendingPathComponent("data-\(site)")
        try TabularSite.write(TabularSite.rows(400, seed: seed), site: site, to: data)
        let yaml = data.appendingPathComponent("site.yaml")
        let text = try String(contentsOf: yaml, encoding: .utf8).replacingOccurrences(
            of: "  minimumCount: 10",
            with: "  minimumCount: 10\n  disclosure: {privacy: {mechanism: none, epsilon: \(epsilon), delta: 0.00001}}")
        try Data(text.utf8).write(to: yaml)
        try consortium.joinPatiently(site, data: data)
    }

    /// The noisy numbers of each answer that a site sent, in every release that it sent.
    private func sent(_ site: String, _ consortium: Consortium) throws -> [[[Int]]] {
        try FileManager.default.contentsOfDirectory(atPath: consortium.path("recorded-\(site)"))
            .filter { $0.hasSuffix("-release.json") }.sorted().map { name in
                let envelope = try #require(
                    try JSONSerialization.jsonObject(
                        with: Data(contentsOf: URL(fileURLWithPath: consortium.path("recorded-\(site)/\(name)"))))
                        as? [String: Any])
                let payload = try #require((envelope["payload"] as? String).flatMap { Data(base64Encoded: $0) })
                let statement = try #require(try JSONSerialization.jsonObject(with: payload) as? [String: Any])
                let answers = try #require((statement["predicate"] as? [String: Any])?["answers"] as? [[String: Any]])
                return try answers.map { answer in
                    let content = try #require(answer["answer"] as? [String: Any])
                    let aggregate = try #require(content["aggregate"] as? [String: Any])
                    #expect(aggregate["kind"] as? String == "noisy-counts")
                    return try #require(aggregate["numbers"] as? [Int])
                }
            }
    }

    @Test func `sites pay from their budgets, results add up with the noise stated, and a spent budget is a refusal`()
        throws
    {
        let consortium = try Consortium()
        try consortium.startCoordinator()
        try join("one", seed: 2, epsilon: "2", consortium)
        try join("two", seed: 3, epsilon: "8", consortium)
        for site in ["one", "two"] { try consortium.startAgent(site) }
        let first = consortium.folder.appendingPathComponent("first.json")
        try noisyProtocol(sites: ["one", "two"], version: "1.0.0", at: first)
        let study = try consortium.submit(first)
        #expect(try consortium.wait(for: study) == ["one": "released", "two": "released"])

        let numbers = try ["one", "two"].map { try #require(try sent($0, consortium).first) }
        let results = try consortium.results(of: study)
        let pooled = try #require(results["pooled"] as? [[String: Any]])
        for (index, name) in ["flow", "volume", "sex-by-reference"].enumerated() {
            let answer = try #require(pooled.first { $0["name"] as? String == name }, "\(name)")
            let aggregate = try #require(answer["aggregate"] as? [String: Any])
            #expect(aggregate["numbers"] as? [Int] == zip(numbers[0][index], numbers[1][index]).map(+))
            let noise = try #require(aggregate["noise"] as? [[String: Any]])
            #expect(noise.reduce(0) { $0 + ($1["sites"] as? Int ?? 0) } == 2)
        }

        // Killed at any time and started again: the same bytes, and one charge.
        for site in ["one", "two"] {
            consortium.killAbruptly(site)
            let log = try Program.agent.succeed(["audit", "list", "--last", "1000", "--state", consortium.path(site)])
            #expect(log.components(separatedBy: "budget-debited").count == 2)
            #expect(try Program.agent.run(["audit", "verify", "--state", consortium.path(site)]).code == 0)
            try consortium.startAgent(site)
        }

        // One site's budget was as large as the first study; the other's allows for more.
        let second = consortium.folder.appendingPathComponent("second.json")
        try noisyProtocol(sites: ["one", "two"], version: "1.0.1", at: second)
        let again = try consortium.submit(second)
        #expect(try consortium.wait(for: again) == ["one": "failed: not-releasable", "two": "released"])
        let twice = try sent("two", consortium)
        #expect(twice.count == 2 && twice[0] != twice[1])
        consortium.stop()
    }
}
