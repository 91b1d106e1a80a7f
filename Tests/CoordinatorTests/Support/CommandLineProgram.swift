import Foundation

/// The built `concordat-coordinator`, run as its operator runs it.
struct CommandLineProgram: Sendable {
    struct Outcome: Sendable {
        let exitCode: Int32
        let output: String
        let errors: String
    }

    /// Beside the test bundle, where the build puts every program.
    static var location: URL {
        URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "concordat-coordinator")
    }

    static func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Outcome {
        let process = Process()
        process.executableURL = location
        process.arguments = arguments
        process.environment = ["CONCORDAT_LANGUAGE": "en"].merging(environment) { $1 }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        let exitCode = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        func text(_ pipe: Pipe) -> String {
            String(decoding: (try? pipe.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
        }
        return Outcome(exitCode: exitCode, output: text(output), errors: text(errors))
    }

    /// A server in a process of its own.
    final class Running: Sendable {
        let port: Int
        let processID: Int32
        private let exit: Task<Int32, Never>

        fileprivate init(port: Int, processID: Int32, exit: Task<Int32, Never>) {
            self.port = port
            self.processID = processID
            self.exit = exit
        }

        deinit { kill(processID, SIGKILL) }

        func stop(_ signal: Int32) async -> Int32 {
            kill(processID, signal)
            return await exit.value
        }
    }

    /// Starts `serve` on a free port and returns when it says that it listens.
    static func serve(_ state: URL) async throws -> Running {
        let process = Process()
        process.executableURL = location
        process.arguments = ["serve", "--state", state.path(), "--listen", "127.0.0.1:0"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        let (exits, exited) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = {
            exited.yield($0.terminationStatus)
            exited.finish()
        }
        let (pieces, arrived) = AsyncStream<Data>.makeStream()
        output.fileHandleForReading.readabilityHandler = { handle in
            let piece = handle.availableData
            if piece.isEmpty {
                handle.readabilityHandler = nil
                arrived.finish()
            } else {
                arrived.yield(piece)
            }
        }
        try process.run()
        let exit = Task { () -> Int32 in
            for await code in exits { return code }
            return -1
        }
        var line = ""
        for await piece in pieces {
            line += String(decoding: piece, as: UTF8.self)
            if line.last == "\n" { break }
        }
        line = line.trimmingCharacters(in: .newlines)
        let prefix = "listening on https://127.0.0.1:"
        guard line.hasPrefix(prefix), let port = Int(line.dropFirst(prefix.count)) else {
            throw UnexpectedLine(line: line)
        }
        return Running(port: port, processID: process.processIdentifier, exit: exit)
    }

    struct UnexpectedLine: Error { let line: String }
}
