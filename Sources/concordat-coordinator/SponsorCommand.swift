import ArgumentParser
import Coordinator
import Foundation

struct SponsorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sponsor", abstract: "Manage who may use the API.", subcommands: [Add.self])

    enum Role: String, ExpressibleByArgument, CaseIterable { case sponsor, lead }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Register a key; print the connection file that its holder needs.")

        @OptionGroup var state: StateOption
        @Option(help: "Whose key it is.") var name: String
        @Option(help: "The public key, PEM.", completion: .file()) var key: String
        @Option(help: "A sponsor submits and reads, a lead reads.") var role = Role.sponsor
        @Option(help: "Write the connection to this file instead of standard output.", completion: .file())
        var output: String?
        @OptionGroup var format: FormatOption

        func run() throws {
            let result = try Administration(try state.installation()).addSponsor(
                name: name, keyFile: URL(filePath: key, directoryHint: .notDirectory), isLead: role == .lead)
            try format.show(result, document: output)
        }
    }
}
