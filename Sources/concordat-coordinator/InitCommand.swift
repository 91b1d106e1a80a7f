import ArgumentParser
import Coordinator
import Foundation

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Create the coordinator's folder: authority, keys and database.")

    @OptionGroup var state: StateOption
    @Option(help: "The name that sites and sponsors see.") var name: String
    @Option(help: "The host name or IP address under which sites reach the coordinator.") var host: String
    @Option(help: "The base URL that invitations carry (default: https://HOST:8443).") var url: String?
    @Option(help: "How long the authority and the server's certificate are valid, in days.") var days = 3650
    @OptionGroup var format: FormatOption

    func run() throws {
        let plan = Installation.Plan(name: name, host: host, url: url, days: days)
        format.show(try Installation.create(at: state.directory, plan).summary())
    }
}
