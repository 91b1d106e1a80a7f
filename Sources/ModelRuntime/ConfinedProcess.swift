import CConfinement
import Foundation
import Glibc

/// One process started with nothing inherited, fed and read until it ends or reaches a limit.
struct ConfinedProcess: Sendable {
    /// How a run ended.
    enum Ending: Hashable, Sendable {
        /// By itself; 128 + the signal's number when a signal ended it.
        case exited(Int)
        case timedOut
        case cancelled
        /// It wrote more than it may.
        case wroteTooMuch
    }

    struct Outcome: Sendable {
        let ending: Ending
        let output: [UInt8]
        /// The beginning of what it wrote to standard error.
        let diagnostics: String
    }

    /// Bytes that the process reads on its standard input, in this order, without copying them together.
    enum Input: Sendable {
        case bytes([UInt8])
        case data(Data)
        case floats([Float])

        func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
            switch self {
            case .bytes(let bytes): try bytes.withUnsafeBytes(body)
            case .data(let data): try data.withUnsafeBytes(body)
            case .floats(let values): try values.withUnsafeBytes(body)
            }
        }
    }

    let path: String
    let arguments: [String]
    /// Files that the process finds open, read-only, at descriptor 3 and up.
    var files: [String] = []
    var dropsPrivileges = false
    var memory: UInt64 = .max
    var processorSeconds: UInt64 = .max
    var wallClock: Duration
    var outputLimit: Int

    /// Runs the process to its end; a cancelled task ends it at once. Nothing of it is left when this returns.
    func run(input: [Input] = []) async throws -> Outcome {
        let cancellation = try Pipe()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // A thread of its own: waiting must not block the pool of the concurrency runtime, and "die with
                // parent" follows the very thread that started the process.
                let thread = Thread {
                    // A write to a process that has ended must be an error, not a signal to the whole agent. The
                    // signal stays pending and goes with the thread.
                    var brokenPipe = sigset_t()
                    sigemptyset(&brokenPipe)
                    sigaddset(&brokenPipe, SIGPIPE)
                    pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)
                    continuation.resume(with: Result { try runBlocking(input: input, cancelledBy: cancellation) })
                }
                thread.name = "model-sandbox"
                thread.start()
            }
        } onCancel: {
            cancellation.closeWriteEnd()
        }
    }

    /// The same for callers without a task, and without input.
    func runBlocking() throws -> Outcome {
        try runBlocking(input: [], cancelledBy: Pipe())
    }

    private func runBlocking(input: [Input], cancelledBy cancellation: Pipe) throws -> Outcome {
        let standardInput = try Pipe()
        let standardOutput = try Pipe()
        let standardError = try Pipe()
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        for file in files {
            let descriptor = open(file, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.unavailable(errno, "cannot open a file of the sandbox") }
            opened.append(descriptor)
        }
        let process = try start(
            [standardInput.readEnd, standardOutput.writeEnd, standardError.writeEnd] + opened)
        standardInput.closeReadEnd()
        standardOutput.closeWriteEnd()
        standardError.closeWriteEnd()
        var supervision = Supervision(
            process: process, input: input, inputPipe: standardInput, outputPipe: standardOutput,
            errorPipe: standardError, cancellation: cancellation, outputLimit: outputLimit)
        return try supervision.run(until: ContinuousClock.now + wallClock)
    }

    private func start(_ descriptors: [Int32]) throws -> Supervision.Process {
        let strings = arguments.map { strdup($0) }
        defer { for string in strings { free(string) } }
        var pointers: [UnsafePointer<CChar>?] = strings.map { $0.map { UnsafePointer($0) } }
        pointers.append(nil)
        var identifier: pid_t = 0
        var descriptor: Int32 = -1
        let error = path.withCString { path in
            pointers.withUnsafeBufferPointer { arguments in
                descriptors.withUnsafeBufferPointer { descriptors in
                    var request = concordat_spawn_request(
                        path: path, arguments: arguments.baseAddress, descriptors: descriptors.baseAddress,
                        descriptor_count: descriptors.count, drops_privileges: dropsPrivileges,
                        address_space: memory, cpu_seconds: processorSeconds)
                    return concordat_spawn(&request, &identifier, &descriptor)
                }
            }
        }
        guard error == 0 else { throw Self.unavailable(error, "cannot start \(path)") }
        return Supervision.Process(identifier: identifier, descriptor: descriptor)
    }

    static func unavailable(_ error: Int32, _ what: String) -> ModelRuntimeError {
        ModelRuntimeError(.sandboxUnavailable, detail: "\(what): \(String(cString: strerror(error)))")
    }
}
