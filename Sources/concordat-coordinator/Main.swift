import ArgumentParser
import Foundation
import Messages

@main
struct ConcordatCoordinator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "concordat-coordinator",
        abstract: "Brings sponsors and sites together: signs jobs, keeps releases, shows results.",
        discussion: "Exit codes: 0 done, 1 failed, 2 usage.",
        version: ConcordatVersion.current,
        subcommands: [InitCommand.self, ServeCommand.self, InviteCommand.self, SponsorCommand.self, SiteCommand.self]
    )

    static func main() async {
        // New files are for their owner alone, also those that SQLite makes.
        umask(0o077)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            CommandFailure.exit(with: error)
        }
    }
}
