import Foundation
import Glibc

/// A coordinator and its sites on this machine: real programs over real TLS, each its own process.
final class Consortium {
    let folder: URL
    private(set) var running: [String: Process] = [:]
    private let port: Int

    /// A coordinator with a registered sponsor, not yet running.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("consortium-\(UUID().uuidString)")
        port = try Self.freePort()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Program.coordinator.succeed([
            "init", "--state", path("coordinator"), "--name", "Test consortium", "--host", "localhost", "--url",
            "https://localhost:\(port)",
        ])
        try addSponsor("sponsor")
    }

    deinit {
        for process in running.values where process.isRunning { kill(process.processIdentifier, SIGKILL) }
        for process in running.values { process.waitUntilExit() }
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// A key that the coordinator lets submit; its connection file is `NAME.json`.
    func addSponsor(_ name: String) throws {
        try Program.concordat.succeed(["key", "generate", "--out", path("\(name).key")])
        try Program.coordinator.succeed([
            "sponsor", "add", "--state", path("coordinator"), "--name", name, "--key", path("\(name).pub.pem"),
            "--output", path("\(name).json"),
        ])
    }

    // MARK: Sites

    /// Enrols a site and indexes its data.
    /// - Parameter data: a folder with `site.yaml`; the sponsor's key is put there.
    func join(_ site: String, data: URL) throws {
        let invitation = try Program.coordinator.succeed([
            "invite", "--state", path("coordinator"), "--site", site,
        ])
        try Program.agent.succeed(["join", "--state", path(site), "--invitation", "-"], input: Data(invitation.utf8))
        let trusted = data.appendingPathComponent("sponsor.pem")
        try? FileManager.default.removeItem(at: trusted)
        try FileManager.default.copyItem(at: URL(fileURLWithPath: path("sponsor.pub.pem")), to: trusted)
        try Program.agent.succeed([
            "index", "--state", path(site), "--site", data.appendingPathComponent("site.yaml").path,
        ])
    }

    // MARK: Processes

    func startCoordinator() throws {
        try start(
            "coordinator", .coordinator, ["serve", "--state", path("coordinator"), "--listen", "127.0.0.1:\(port)"])
    }

    func startAgent(_ site: String) throws {
        try start(site, .agent, ["serve", "--state", path(site), "--record", path("recorded-\(site)")])
    }

    private func start(_ name: String, _ program: Program, _ arguments: [String]) throws {
        let process = program.process(arguments)
        let log = folder.appendingPathComponent("\(name).log")
        if !FileManager.default.fileExists(atPath: log.path) { try Data().write(to: log) }
        let handle = try FileHandle(forWritingTo: log)
        try handle.seekToEnd()
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        running[name] = process
    }

    /// Ends a process as a power cut would.
    func killAbruptly(_ name: String) {
        guard let process = running.removeValue(forKey: name) else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Ends every process as `kill` does.
    func stop() {
        for process in running.values where process.isRunning { process.terminate() }
        for process in running.values { process.waitUntilExit() }
        running = [:]
    }

    // MARK: Studies

    /// Signs and submits a protocol.
    /// - Returns: the study's id.
    func submit(_ document: URL, model: URL? = nil, sponsor: String = "sponsor") throws -> String {
        let envelope = path("\(document.deletingPathExtension().lastPathComponent)-\(sponsor).envelope.json")
        try Program.concordat.succeed([
            "protocol", "sign", document.path, "--key", path("\(sponsor).key"), "--out", envelope,
        ])
        let study = path("study")
        var arguments = ["protocol", "submit", envelope] + access(sponsor) + ["--study-file", study]
        if let model { arguments += ["--model", model.path] }
        _ = try patiently { try Program.concordat.succeed(arguments) }
        return try String(contentsOfFile: study, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Waits for the study's end; what each site came to, as `code` or `code: reason`.
    func wait(for study: String, sponsor: String = "sponsor") throws -> [String: String] {
        let arguments = ["study", "status", study, "--wait", "--format", "json"] + access(sponsor)
        var outcome = try Program.concordat.run(arguments)
        // While the coordinator is down there is no answer; it is asked again.
        for _ in 0..<240 where outcome.output.isEmpty {
            usleep(250_000)
            outcome = try Program.concordat.run(arguments)
        }
        let status = try JSONDecoder().decode(Status.self, from: Data(outcome.output.utf8))
        return Dictionary(
            uniqueKeysWithValues: status.sites.map { ($0.site, $0.code + ($0.reason.map { ": \($0)" } ?? "")) })
    }

    /// The results as JSON.
    func results(of study: String, sponsor: String = "sponsor") throws -> [String: Any] {
        let output = try patiently {
            try Program.concordat.succeed(["study", "results", study, "--format", "json"] + access(sponsor))
        }
        return try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }

    private func access(_ sponsor: String) -> [String] {
        ["--coordinator", path("\(sponsor).json"), "--key", path("\(sponsor).key")]
    }

    /// Tries again while the coordinator starts.
    private func patiently<Result>(_ body: () throws -> Result) throws -> Result {
        for _ in 0..<240 {
            if let result = try? body() { return result }
            usleep(250_000)
        }
        return try body()
    }

    private struct Status: Decodable {
        struct Site: Decodable {
            let site: String
            let code: String
            let reason: String?
        }
        let sites: [Site]
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard bound else { throw CocoaError(.fileNoSuchFile) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
