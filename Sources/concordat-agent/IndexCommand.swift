import Agent
import ArgumentParser
import Catalogue
import Foundation
import TextCatalogue

struct IndexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "Read the site's data into the catalogue and report their quality.")

    @OptionGroup var state: StateOption
    @Option(help: "The site description, site.yaml.", completion: .file(extensions: ["yaml", "yml"]))
    var site: String
    @OptionGroup var output: FormatOption

    func run() async throws {
        let report = try await SiteIndex.make(
            state: state.directory, site: URL(filePath: site), now: .now
        ) { progress in
            switch progress {
            case .files(let done, let total): Terminal.showProgress("DICOM \(done)/\(total)")
            case .rows(let rows, let table): Terminal.showProgress("\(table): \(rows)")
            case .writing: Terminal.showProgress("…")
            }
        }
        Terminal.endProgress()
        switch output.format {
        case .json: Terminal.print(try report.json())
        case .text: Terminal.print(Data(report.text(in: .current).utf8))
        }
    }
}
