import ArgumentParser
import Coordinator
import Foundation
import TextCatalogue

struct StateOption: ParsableArguments {
    @Option(name: .customLong("state"), help: "The coordinator's folder.", completion: .directory)
    var path: String

    var directory: StateDirectory { StateDirectory(URL(filePath: path, directoryHint: .isDirectory)) }

    func installation() throws -> Installation { try Installation.open(directory) }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

struct FormatOption: ParsableArguments {
    @Option(help: "How results are printed.") var format = OutputFormat.text

    func show(_ result: CommandResult) {
        switch format {
        case .json: print(result.document, to: .standardOutput)
        case .text: print(result.lines, to: .standardOutput)
        }
    }

    /// Shows a result whose document is the point of it: to the file, or else to standard output with the explanation
    /// on standard error.
    func show(_ result: CommandResult, document output: String?) throws {
        if let output {
            let url = URL(filePath: output, directoryHint: .notDirectory)
            try result.write(to: url)
            if format == .json {
                print(result.document, to: .standardOutput)
            } else {
                print(result.lines + [.coordinatorWritten(output)], to: .standardOutput)
            }
        } else {
            print(result.lines, to: .standardError)
            print(result.document, to: .standardOutput)
        }
    }

    private func print(_ lines: [Phrase], to handle: FileHandle) {
        for line in lines { print(Data((line.text(in: .current) + "\n").utf8), to: handle) }
    }

    private func print(_ data: Data, to handle: FileHandle) { handle.write(data) }
}
