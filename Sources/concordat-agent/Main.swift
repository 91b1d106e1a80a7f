import Agent
import ArgumentParser
import Foundation

@main
struct ConcordatAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "concordat-agent",
        abstract: "A site's agent: runs signed studies on the site's own data and releases aggregates only.",
        discussion: """
            Proxies are taken from the environment (https_proxy, all_proxy, no_proxy).
            Exit codes: 0 done, 1 failed, 2 usage, 3 refused because something is not what it says it is.
            """,
        version: AgentVersion.current,
        subcommands: [
            JoinCommand.self, IndexCommand.self, ServeCommand.self, JobsCommand.self, ReleasesCommand.self,
            PreviewCommand.self, AuditCommand.self,
        ])

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
