import Foundation

/// The built programs, as a user starts them.
enum Program: String {
    case concordat
    case agent = "concordat-agent"
    case coordinator = "concordat-coordinator"

    /// The build's folder: the test bundle stands beside the programs.
    private static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct Outcome {
        let code: Int32
        let output: String
        let errors: String
    }

    func process(_ arguments: [String], environment: [String: String] = [:]) -> Process {
        let process = Process()
        process.executableURL = Self.folder.appendingPathComponent(rawValue)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(["CONCORDAT_LANGUAGE": "en", "CONCORDAT_ONNXRUNTIME": Self.onnxRuntime]) { $1 }
            .merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        return process
    }

    private static let onnxRuntime = repository.appendingPathComponent(
        ".cache/onnxruntime/libonnxruntime.so.1.31.1"
    ).path

    /// Runs to the end. Output goes through files: a pipe that nobody empties would stop the program.
    @discardableResult
    func run(_ arguments: [String], input: Data? = nil) throws -> Outcome {
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        func handle(_ name: String) throws -> FileHandle {
            let url = scratch.appendingPathComponent(name)
            try Data().write(to: url)
            return try FileHandle(forWritingTo: url)
        }
        let process = process(arguments)
        process.standardOutput = try handle("output")
        process.standardError = try handle("errors")
        if let input {
            let url = scratch.appendingPathComponent("input")
            try input.write(to: url)
            process.standardInput = try FileHandle(forReadingFrom: url)
        }
        try process.run()
        process.waitUntilExit()
        func text(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: scratch.appendingPathComponent(name)), as: UTF8.self)
        }
        return Outcome(code: process.terminationStatus, output: try text("output"), errors: try text("errors"))
    }

    /// Runs to the end and expects success.
    @discardableResult
    func succeed(_ arguments: [String], input: Data? = nil) throws -> String {
        let outcome = try run(arguments, input: input)
        guard outcome.code == 0 else {
            throw Failure(program: self, arguments: arguments, outcome: outcome)
        }
        return outcome.output
    }

    struct Failure: Error, CustomStringConvertible {
        let program: Program
        let arguments: [String]
        let outcome: Outcome

        var description: String {
            "\(program.rawValue) \(arguments.joined(separator: " ")): \(outcome.code)\n\(outcome.errors)"
        }
    }
}
