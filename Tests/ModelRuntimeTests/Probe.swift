import Foundation
import Glibc

@testable import ModelRuntime

/// Runs the hostile program of `Tests/SandboxProbe`.
enum Probe {
    enum Result: Equatable {
        case succeeded
        case failed
        /// Ended by the system-call filter.
        case killedForTheCall
        case other(String)
    }

    static let sandbox = Swift.Result {
        try Sandbox(bubblewrap: ModelRuntimeTools.locate().bubblewrap, program: program, plugins: [:])
    }

    private static var program: String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("sandbox-probe").path
    }

    static func run(_ attack: SandboxTests.Attack, _ stage: SandboxTests.Stage) async throws -> Result {
        guard stage != .outside else { return try runOutside(attack) }
        let outcome = try await sandbox.get().run(
            arguments: [attack.name, stage.rawValue, attack.argument], input: [], limits: Runtime.limits,
            outputLimit: 1_000)
        switch (outcome.ending, String(decoding: outcome.output, as: UTF8.self)) {
        case (.exited(0), "succeeded\n"): return .succeeded
        case (.exited(0), "failed\n"): return .failed
        case (.exited(128 + Int(SIGSYS)), ""): return .killedForTheCall
        case (let ending, let output): return .other("\(ending) \(output) \(outcome.diagnostics)")
        }
    }

    /// The same attack by an ordinary process that inherits what a child of the agent inherits.
    private static func runOutside(_ attack: SandboxTests.Attack) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [attack.name, "bare", attack.argument]
        let output = Foundation.Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        // The program that the attack starts says nothing itself.
        if attack.name == "execute", process.terminationStatus == 0, text.isEmpty { return .succeeded }
        return text == "succeeded\n" ? .succeeded : .failed
    }
}

/// A file that the agent's user can read and write, removed with the value.
final class TemporaryFile {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("catalogue-\(UUID().uuidString)").path
        try Data("patient".utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o666)
    }

    deinit { unlink(path) }
}

/// Something of the site that listens: on a free port of the loopback, and by an abstract name.
final class LoopbackListener {
    let port: UInt16
    let abstractName: String
    private let descriptors: [Int32]

    init() throws {
        let abstractName = "concordat-\(UUID().uuidString)"
        self.abstractName = abstractName
        let tcp = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(tcp, address, length) == 0 && listen(tcp, 16) == 0 && getsockname(tcp, address, &length) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)

        let local = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.dropFirst().copyBytes(from: Array(abstractName.utf8)) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + 1 + abstractName.utf8.count)
        let named = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(local, $0, size) == 0 }
        }
        descriptors = [tcp, local]
        guard bound, named, listen(local, 16) == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }
}
