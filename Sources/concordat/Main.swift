import ArgumentParser
import Foundation

/// The sponsor's, lead's and sceptic's tool.
@main
struct Concordat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "concordat",
        abstract: "Sign study protocols, follow studies, read and verify results, and score local files.",
        version: Version.current,
        subcommands: [
            KeyCommand.self, TrustCommand.self, ProtocolCommand.self, StudyCommand.self, VerifyCommand.self,
            ScoreCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Ending.exit(with: error)
        }
    }
}
