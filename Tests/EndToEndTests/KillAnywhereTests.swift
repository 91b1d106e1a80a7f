import Foundation
import Testing

@Suite("Kill it anywhere", .serialized, .enabled(if: LungSites.isPrepared, "scripts/test prepares the data"))
struct KillAnywhereTests {
    /// Rounds of one whole study each, with several kills in it.
    static let rounds = 12

    @Test("whatever is killed at whatever moment, the results are the same but for their times")
    func kills() throws {
        let consortium = try Consortium()
        try consortium.startCoordinator()
        for site in LungSites.evaluated {
            try consortium.joinPatiently(site, data: LungSites.copy(site, into: consortium.folder))
        }
        consortium.stop()
        try consortium.save("before")

        let expected = try study(consortium) { _ in }
        var random = SystemRandomNumberGenerator()
        for round in 0..<Self.rounds {
            try consortium.restore("before")
            var killed: [String] = []
            let results = try study(consortium) { consortium in
                for _ in 0..<4 {
                    usleep(UInt32.random(in: 5_000...300_000, using: &random))
                    let victim = (LungSites.evaluated + ["coordinator"]).randomElement(using: &random) ?? "coordinator"
                    consortium.killAbruptly(victim)
                    killed.append(victim)
                    if victim == "coordinator" {
                        try consortium.startCoordinator()
                    } else {
                        try consortium.startAgent(victim)
                    }
                }
            }
            #expect(results == expected, "round \(round), killed \(killed.joined(separator: ", "))")
        }
    }

    private func study(_ consortium: Consortium, disturb: (Consortium) throws -> Void) throws -> NSDictionary {
        try consortium.startCoordinator()
        for site in LungSites.evaluated { try consortium.startAgent(site) }
        let id = try consortium.submit(
            Program.repository.appendingPathComponent("protocols/lidc-malignancy-external-validation.json"),
            model: Program.repository.appendingPathComponent("models/nodule-mask-patch"))
        try disturb(consortium)
        let states = try consortium.wait(for: id)
        #expect(Set(states.values) == ["released"])
        var results = try consortium.results(of: id)
        results["times"] = nil
        consortium.stop()
        return results as NSDictionary
    }
}

/// The real sites of the demo, as `scripts/data/prepare_lidc_sites.py` makes them.
enum LungSites {
    static let evaluated = ["siemens", "philips", "toshiba"]
    private static let prepared = Program.repository.appendingPathComponent(".cache/lidc")

    static var isPrepared: Bool {
        evaluated.allSatisfy {
            FileManager.default.fileExists(atPath: prepared.appendingPathComponent("\($0)/site.yaml").path)
        }
    }

    /// The site's folder under another parent; the images are linked, not copied.
    static func copy(_ site: String, into folder: URL) throws -> URL {
        let target = folder.appendingPathComponent("data-\(site)")
        if !FileManager.default.fileExists(atPath: target.path) {
            let copy = Process()
            copy.executableURL = URL(fileURLWithPath: "/bin/cp")
            copy.arguments = ["-rl", prepared.appendingPathComponent(site).path, target.path]
            try copy.run()
            copy.waitUntilExit()
        }
        return target
    }
}

extension Consortium {
    private static let states = ["coordinator"] + LungSites.evaluated

    /// Keeps the state of every stopped process under a name.
    func save(_ name: String) throws {
        for state in Self.states {
            try FileManager.default.copyItem(atPath: path(state), toPath: path("\(name)-\(state)"))
        }
    }

    func restore(_ name: String) throws {
        for state in Self.states {
            try FileManager.default.removeItem(atPath: path(state))
            try FileManager.default.copyItem(atPath: path("\(name)-\(state)"), toPath: path(state))
        }
    }
}
