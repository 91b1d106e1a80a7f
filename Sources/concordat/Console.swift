import ArgumentParser
import Foundation
import StrictJSON
import TextCatalogue

/// Data goes to standard output, everything else to standard error.
enum Console {
    static let language = Language.fromEnvironment(ProcessInfo.processInfo.environment)

    static func say(_ phrase: Phrase) { say(phrase.text(in: language)) }
    static func say(_ text: String) { write(Data((text + "\n").utf8)) }
    /// Ends the program where the output cannot be written, as on a full disk: half a result must not look like one.
    static func write(_ data: Data) {
        do {
            try FileHandle.standardOutput.write(contentsOf: data)
        } catch {
            complain(.outputUnwritable)
            Foundation.exit(Ending.failed.rawValue)
        }
    }
    static func complain(_ phrase: Phrase) { complain(phrase.text(in: language)) }
    static func complain(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }

    /// A value as JSON with sorted keys, for programs.
    static func sayJSON(_ value: some Encodable) throws {
        try write(JSONValue(encoding: value).prettyBytes)
    }
}

/// How a command prints its result.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}
