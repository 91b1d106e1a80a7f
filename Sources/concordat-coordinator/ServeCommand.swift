import ArgumentParser
import Coordinator
import Foundation
import Logging

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Serve sites and sponsors.")

    @OptionGroup var state: StateOption
    @Option(help: "Where to listen, ADDRESS:PORT; port 0 takes any free one.") var listen = "127.0.0.1:8443"
    @Option(help: "Write the port here once the server listens.") var portFile: String?

    func run() async throws {
        let address = try ListenAddress(listen)
        let installation = try state.installation()
        let lock = try StateLock(installation.state)
        OpenFileLimit.raise()
        let server = Server(installation, listen: address, logger: Self.logger())
        let portFile = portFile.map { URL(filePath: $0, directoryHint: .notDirectory) }
        try await server.run { port in
            let line = "listening on https://\(address.with(port: port))\n"
            FileHandle.standardOutput.write(Data(line.utf8))
            if let portFile { try PortFile.write(port, to: portFile) }
        }
        withExtendedLifetime(lock) {}
    }

    private static func logger() -> Logger {
        var logger = Logger(label: "concordat-coordinator") { StreamLogHandler.standardError(label: $0) }
        let level = ProcessInfo.processInfo.environment["CONCORDAT_LOG_LEVEL"].flatMap(Logger.Level.init(rawValue:))
        logger.logLevel = level ?? .notice
        return logger
    }
}
