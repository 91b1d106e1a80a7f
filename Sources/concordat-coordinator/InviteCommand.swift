import ArgumentParser
import Coordinator

struct InviteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Print a one-time invitation by which a site's agent joins.")

    @OptionGroup var state: StateOption
    @Option(help: "The site's name: lower-case letters, digits and hyphens.") var site: String
    @Option(help: "How long the invitation is good: 30m, 12h, 7d.") var valid = "7d"
    @Option(help: "Write the invitation to this file instead of standard output.", completion: .file())
    var output: String?
    @OptionGroup var format: FormatOption

    func run() throws {
        let validity = try Validity(valid)
        let result = try Administration(try state.installation()).invite(site: site, validity: validity.seconds)
        try format.show(result, document: output)
    }
}
