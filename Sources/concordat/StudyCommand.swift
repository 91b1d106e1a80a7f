import ArgumentParser
import Evidence
import Foundation
import Messages
import Reports
import StrictJSON
import StudyProtocol
import Synthesis
import TextCatalogue
import Transport

struct StudyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study", abstract: "Follow studies and read their results.",
        subcommands: [List.self, Status.self, Results.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the coordinator's studies.")

        @OptionGroup var access: CoordinatorAccess
        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() async throws {
            let list = try await access.signIn().studies()
            switch format {
            case .json: try Console.sayJSON(list)
            case .text: Console.say(StudyText.list(list, in: Console.language))
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Where each site of a study stands.",
            discussion: "With --wait, exit code 0 means that every site released, 1 that some will not.")

        @Argument(help: "The study's id.")
        var study: String
        @OptionGroup var access: CoordinatorAccess
        @Flag(help: "Wait until no site can bring anything more, with a line for each change.")
        var wait = false
        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() async throws {
            let coordinator = try await access.signIn()
            let id = try StudyID(study)
            var status = try await coordinator.study(id)
            if wait {
                var told: [SiteID: JobStatusCode] = [:]
                while true {
                    for site in status.sites where told[site.site] != site.code {
                        told[site.site] = site.code
                        Console.complain(StudyText.progress(site, in: Console.language))
                    }
                    guard status.summary.state == .running else { break }
                    status = try await coordinator.study(id, since: status.revision)
                }
            }
            switch format {
            case .json: try Console.sayJSON(status)
            case .text: if !wait { Console.say(StudyText.status(status, in: Console.language)) }
            }
            if wait && status.summary.state != .complete { throw Ending.failed }
        }
    }

    struct Results: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The results of a study.",
            discussion: """
                With --trust every envelope is downloaded, verified with keys that you obtained yourself, and the results \
                are computed anew from what the sites signed; nothing of them is taken on the coordinator's word.
                With --pooled, which needs --trust, no number of a single site is printed: only numbers over at least \
                three sites of which none dominates.
                """)

        @Argument(help: "The study's id.")
        var study: String
        @OptionGroup var access: CoordinatorAccess
        @Option(help: "Verify with this trust file and compute the results here.")
        var trust: String?
        @Option(help: "A folder for results.json and envelopes/.")
        var output: String?
        @Flag(help: "Only numbers over the sites, for somebody who may not see each site's.")
        var pooled = false
        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() async throws {
            if pooled && trust == nil { throw CommandError.pooledNeedsTrust }
            if pooled && output != nil { throw CommandError.pooledNoEnvelopes }
            let coordinator = try await access.signIn()
            let id = try StudyID(study)
            let store = try trust.map { try TrustStore(FileAccess.read($0)) }
            var (files, stated) = try await Self.download(id, from: coordinator)
            var results = try store.map { try files.results(trust: $0) } ?? stated
            if results != stated {
                // A release may have come between two downloads; a coordinator that is wrong is wrong again.
                (files, stated) = try await Self.download(id, from: coordinator)
                results = try store.map { try files.results(trust: $0) } ?? stated
                guard results == stated else { throw CommandError.resultsDiffer }
            }
            if let output { try files.write(to: output, results: results) }
            if pooled, let store {
                let view = PooledOnlyView(results, protocol: try files.document(trust: store))
                switch format {
                case .json: try Console.sayJSON(view)
                case .text: Console.say(PooledText(view, language: Console.language).text)
                }
                return
            }
            switch format {
            case .json: try Console.sayJSON(results)
            case .text:
                Console.say(ResultsText(results, language: Console.language).text)
                Console.say(trust == nil ? .resultsUnverified : .resultsVerified(files.envelopes.count))
            }
        }

        private static func download(
            _ id: StudyID, from coordinator: CoordinatorAPI
        ) async throws -> (StudyFiles, StudyResults) {
            let files = try await StudyFiles(id, from: coordinator)
            return (files, try StrictJSON.decode(StudyResults.self, from: try await coordinator.results(id)))
        }
    }
}

extension CommandError {
    fileprivate static let pooledNeedsTrust = CommandError(code: "pooled-needs-trust", phrase: .pooledNeedsTrust)
    fileprivate static let pooledNoEnvelopes = CommandError(code: "pooled-no-envelopes", phrase: .pooledNoEnvelopes)
}
