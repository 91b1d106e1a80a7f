import Agent
import ArgumentParser
import Foundation
import StudyProtocol

struct StateOption: ParsableArguments {
    @Option(name: .customLong("state"), help: "The agent's folder.", completion: .directory)
    var path: String

    var directory: StateDirectory { StateDirectory(URL(filePath: path, directoryHint: .isDirectory)) }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

struct FormatOption: ParsableArguments {
    @Option(help: "How results are printed.") var format = OutputFormat.text
}

extension Timestamp {
    /// This machine's clock, read here and nowhere below.
    static var now: Timestamp { Timestamp(secondsSinceEpoch: Int64(Date().timeIntervalSince1970)) }
}
