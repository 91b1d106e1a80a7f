import Agent
import ArgumentParser
internal import Evidence
import Foundation
import StrictJSON
import TextCatalogue

struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "What this site would release under a protocol, and what not. Nothing is sent or recorded.")

    @Argument(help: "The study protocol: the document, signed or not, or a job.", completion: .file())
    var studyProtocol: String
    @OptionGroup var state: StateOption
    @Option(help: "The folder of the protocol's model package: it is run in the sandbox.", completion: .directory)
    var model: String?
    @Option(help: "Scores instead of a model: CSV with the columns case and score.", completion: .file())
    var predictions: String?
    @OptionGroup var output: FormatOption

    func validate() throws {
        guard model == nil || predictions == nil else {
            throw ValidationError(Phrase.bothScoreSources.text(in: .current))
        }
    }

    func run() async throws {
        guard let bytes = FileManager.default.contents(atPath: studyProtocol) else {
            throw AgentError(.protocolUnreadable, .previewNoFile(studyProtocol))
        }
        let scores: PreviewScores =
            if let model {
                .model(URL(filePath: model, directoryHint: .isDirectory))
            } else if let predictions {
                .predictions(URL(filePath: predictions))
            } else {
                .none
            }
        let preview = try await Preview.make(of: bytes, state: state.directory, scores: scores, now: .now)
        switch output.format {
        case .json: Terminal.print(try preview.json.prettyBytes)
        case .text:
            let text = preview.text
            Terminal.print([.previewHeading(preview.name, site: preview.site.rawValue, numbers: text.numbers)])
            Terminal.print(preview.remarks.map(\.phrase))
            for line in text.table(in: .current) + text.withheld(in: .current) { Terminal.print(line) }
            for line in text.terms(in: .current) { Terminal.print(line) }
        }
    }
}
