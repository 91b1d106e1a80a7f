import Foundation
import Testing

/// A sponsor whom the site trusts signs a protocol for a model that means harm.
@Suite(
    "Studies of hostile models", .serialized, .enabled(if: LungSites.isPrepared, "scripts/test prepares the data"))
struct HostileModelTests {
    /// Much more than the good model needs on a busy machine.
    private static let seconds = 10
    private static let site = "toshiba"

    /// What each vector of the module's own tests comes to at the sponsor's.
    private static let attacks = [
        "endless-loop": "failed: resource-exhausted",
        "huge-at-load": "failed: resource-exhausted",
        "huge-at-run": "failed: resource-exhausted",
        "external-data-relative": "failed: model-invalid",
        "external-data-anywhere": "failed: model-invalid",
        "garbage": "failed: model-invalid",
        "two-inputs": "failed: model-invalid",
        "whole-numbers": "failed: model-invalid",
        "other-shape": "failed: model-invalid",
        "many-outputs": "failed: model-failed",
        "nan-output": "failed: model-failed",
        "out-of-range": "failed: model-failed",
        "stateful": "failed: model-not-deterministic",
    ]

    @Test("each ends with a fixed code and tells nothing else, and the same agent then completes a good study")
    func attacks() throws {
        let consortium = try startedConsortium()
        let agent = try #require(consortium.running[Self.site]).processIdentifier
        for (vector, expected) in Self.attacks.sorted(by: { $0.key < $1.key }) {
            let model = try HostilePackage(vector: vector, readingFrom: catalogue(consortium), in: consortium.folder)
            let study = try submit(model, to: consortium)
            #expect(try consortium.wait(for: study) == [Self.site: expected], "\(vector)")
        }
        let allowed = Set(
            ["received", "running"].map { ["code": $0] }
                + Self.attacks.values.map { ["code": "failed", "reason": String($0.dropFirst("failed: ".count))] })
        let told = try recordedBodies(consortium)
        #expect(told.count >= 2 * Self.attacks.count)
        for body in told {
            #expect(allowed.contains(try JSONDecoder().decode([String: String].self, from: body)))
        }
        let digest = "sha256:[0-9a-f]{64}"
        let request = try Regex(
            "(GET /v1/jobs/next\\?wait=25|POST /v1/jobs/\(digest)/status"
                + "|GET /v1/models/\(digest)/(manifest|files/\(digest)))")
        for line in try requests(consortium) {
            #expect(line.wholeMatch(of: request) != nil, "\(line)")
        }
        #expect(children(of: agent).isEmpty)

        let good = try submit(GoodPackage(), to: consortium)
        #expect(try consortium.wait(for: good) == [Self.site: "released"])
        let process = try #require(consortium.running[Self.site])
        #expect(process.isRunning && process.processIdentifier == agent)
        consortium.stop()
    }

    @Test("an agent that is killed while a model runs takes the sandbox with it, and its successor ends the job")
    func killedWhileRunning() throws {
        let consortium = try startedConsortium()
        let agent = try #require(consortium.running[Self.site]).processIdentifier
        let model = try HostilePackage(vector: "endless-loop", in: consortium.folder)
        let study = try submit(model, to: consortium)
        var sandbox: [pid_t] = []
        // Bubblewrap, and in it the model host, which alone burns time.
        try consortium.eventually {
            sandbox = children(of: agent).flatMap { [$0] + children(of: $0) }
            return sandbox.count == 2 && sandbox.allSatisfy(isAlive)
        }
        consortium.killAbruptly(Self.site)
        try consortium.eventually { !sandbox.contains(where: isAlive) }
        try consortium.startAgent(Self.site)
        #expect(try consortium.wait(for: study) == [Self.site: "failed: resource-exhausted"])
        consortium.stop()
    }

    // MARK: The consortium

    private func startedConsortium() throws -> Consortium {
        let consortium = try Consortium()
        try consortium.startCoordinator()
        let data = try LungSites.copy(Self.site, into: consortium.folder)
        // The copy shares its files with the prepared data: this one is replaced, not written into.
        let file = data.appendingPathComponent("site.yaml")
        var description = try String(contentsOf: file, encoding: .utf8)
        let policy = "policy:\n"
        try #require(description.contains(policy))
        description = description.replacingOccurrences(
            of: policy, with: policy + "  modelLimits: {seconds: \(Self.seconds), memoryMiB: 1024}\n")
        try FileManager.default.removeItem(at: file)
        try Data(description.utf8).write(to: file)
        try consortium.joinPatiently(Self.site, data: data)
        try consortium.startAgent(Self.site)
        return consortium
    }

    private func catalogue(_ consortium: Consortium) -> String {
        consortium.path("\(Self.site)/catalogue.sqlite")
    }

    /// The committed protocol, for this model at this site.
    private func submit(_ model: some SubmittedModel, to consortium: Consortium) throws -> String {
        let committed = Program.repository.appendingPathComponent("protocols/lidc-malignancy-external-validation.json")
        var document = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: committed)) as? [String: Any])
        document["identifier"] = "validation-of-\(model.identifier)"
        document["model"] = [
            "name": model.name, "version": model.version, "digest": try model.digest(), "trainingSites": ["ge"],
        ]
        document["sites"] = ["invited": [Self.site]]
        var sampleSize = try #require(document["sampleSize"] as? [String: Any])
        sampleSize["minimumSites"] = 1
        document["sampleSize"] = sampleSize
        let file = consortium.folder.appendingPathComponent("\(model.identifier).json")
        try JSONSerialization.data(withJSONObject: document).write(to: file)
        return try consortium.submit(file, model: model.folder)
    }

    // MARK: What left

    private func recordedBodies(_ consortium: Consortium) throws -> [Data] {
        let folder = URL(fileURLWithPath: consortium.path("recorded-\(Self.site)"))
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }.map { try Data(contentsOf: $0) }
    }

    private func requests(_ consortium: Consortium) throws -> [String] {
        let list = consortium.path("recorded-\(Self.site)/requests.tsv")
        return try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: "\t")[1...2].joined(separator: " ") }
    }

    // MARK: Processes

    /// A process's parent and state, as `/proc` has them.
    private func status(of process: pid_t) -> (parent: pid_t, state: Substring)? {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let fields = line.split(separator: ")").last?.split(separator: " "), fields.count > 1,
            let parent = pid_t(fields[1])
        else { return nil }
        return (parent, fields[0])
    }

    private func children(of parent: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { status(of: $0)?.parent == parent }
    }

    /// Whether it can still do anything: a container may have nobody who buries the dead.
    private func isAlive(_ process: pid_t) -> Bool {
        status(of: process).map { !["Z", "X"].contains($0.state) } ?? false
    }
}
