import Agent
import ArgumentParser
import Dispatch
import Foundation
import Logging

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Wait for jobs, run them, and send what the release gate lets through.")

    @OptionGroup var state: StateOption
    @Option(help: "Keep a copy of every request that leaves in this folder.", completion: .directory)
    var record: String?
    @Option(help: "The least level that is logged: trace, debug, info, notice, warning, error.")
    var logLevel = "info"

    func validate() throws {
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("There is no log level \(logLevel).")
        }
    }

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "concordat-agent")
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .info
        let recorder = try record.map {
            try DirectoryRecorder(folder: URL(filePath: $0, directoryHint: .isDirectory))
        }
        let service = try AgentService(
            state: state.directory, surroundings: .init(now: { .now }), recorder: recorder, logger: logger)
        let work = Task { try await service.run() }
        let signals = StopSignals { work.cancel() }
        defer { signals.end() }
        do {
            try await work.value
        } catch is CancellationError {
            // Asked to stop: everything that counts is stored already.
        }
    }
}

/// Turns SIGTERM and SIGINT into a clean stop.
private final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: @escaping @Sendable () -> Void) {
        sources = [SIGTERM, SIGINT].map { number in
            // The default action would end the process before the source sees the signal.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: stop)
            source.resume()
            return source
        }
    }

    func end() {
        for source in sources { source.cancel() }
    }
}
