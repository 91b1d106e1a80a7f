import ArgumentParser
import Coordinator

struct SiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site", abstract: "List and revoke sites.", subcommands: [List.self, Revoke.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the sites that have enrolled.")

        @OptionGroup var state: StateOption
        @OptionGroup var format: FormatOption

        func run() throws { format.show(try Administration(try state.installation()).listSites()) }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shut a site out; what it released stays.")

        @OptionGroup var state: StateOption
        @Option(help: "The site's name.") var site: String
        @OptionGroup var format: FormatOption

        func run() throws { format.show(try Administration(try state.installation()).revoke(site: site)) }
    }
}
