import Agent
import ArgumentParser
internal import Disclosure
internal import Evidence
import Foundation
import StrictJSON
import StudyProtocol
import TextCatalogue

struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "See jobs and decide whether they may run.",
        subcommands: [List.self, Show.self, Approve.self, Decline.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All jobs, the oldest first.")
        @OptionGroup var options: DeskOptions
        func run() throws { try options.list(.jobs) }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One job with its study protocol.")
        @OptionGroup var options: DeskOptions
        @OptionGroup var chosen: ChosenJob

        func run() throws {
            let details = try options.desk().job(chosen.id)
            switch options.output.format {
            case .json: Terminal.print(details.json.prettyBytes)
            case .text:
                Terminal.print(details.summary.lines)
                Terminal.print([.agentProtocolHeading])
                Terminal.print(details.studyProtocol.prettyBytes)
            }
        }
    }

    struct Approve: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a job run.")
        @OptionGroup var options: DeskOptions
        @OptionGroup var decision: DecisionOptions
        @OptionGroup var chosen: ChosenJob
        func run() throws { try options.decide(.jobs, chosen.id, isApproval: true, by: decision.by) }
    }

    struct Decline: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Do not let a job run.")
        @OptionGroup var options: DeskOptions
        @OptionGroup var decision: DecisionOptions
        @OptionGroup var why: ReasonOption
        @OptionGroup var chosen: ChosenJob
        func run() throws {
            try options.decide(.jobs, chosen.id, isApproval: false, by: decision.by, reason: why.reason)
        }
    }
}

struct ReleasesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "releases", abstract: "See what is to leave and decide whether it may.",
        subcommands: [List.self, Show.self, Approve.self, Decline.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Jobs with a release, the oldest first.")
        @OptionGroup var options: DeskOptions
        func run() throws { try options.list(.releases) }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Exactly what leaves, and what was withheld by which rule.")
        @OptionGroup var options: DeskOptions
        @OptionGroup var chosen: ChosenJob
        @Flag(help: "The exact bytes that leave, and nothing else.") var bytes = false

        func run() throws {
            let details = try options.desk().release(chosen.id)
            if bytes {
                Terminal.print(details.bytes)
                return
            }
            switch options.output.format {
            case .json: Terminal.print(details.json.prettyBytes)
            case .text:
                let text = details.text
                Terminal.print(details.summary.lines)
                Terminal.print([.agentReleaseHeading(numbers: text.numbers)])
                for line in text.table(in: .current) { Terminal.print(line) }
                for line in text.withheld(in: .current) + text.record(in: .current) { Terminal.print(line) }
            }
        }
    }

    struct Approve: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a release leave.")
        @OptionGroup var options: DeskOptions
        @OptionGroup var decision: DecisionOptions
        @OptionGroup var chosen: ChosenJob
        func run() throws { try options.decide(.releases, chosen.id, isApproval: true, by: decision.by) }
    }

    struct Decline: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Do not let a release leave.")
        @OptionGroup var options: DeskOptions
        @OptionGroup var decision: DecisionOptions
        @OptionGroup var why: ReasonOption
        @OptionGroup var chosen: ChosenJob
        func run() throws {
            try options.decide(.releases, chosen.id, isApproval: false, by: decision.by, reason: why.reason)
        }
    }
}

struct ChosenJob: ParsableArguments {
    @Argument(help: "The beginning of the job's digest; may be left out when only one waits for a decision.")
    var id: String?
}

struct DecisionOptions: ParsableArguments {
    @Option(help: "Who decides. The name stays at this site.") var by: String
}

struct ReasonOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Why; stays at this site. "
                + DeclineReason.allCases.map { "\($0.rawValue): \($0.phrase.english)" }.joined(separator: " ")),
        transform: { text in
            if let reason = DeclineReason(rawValue: text) { return reason }
            let codes = DeclineReason.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\(Phrase.declineReasons(codes).text(in: .current))")
        })
    var reason = DeclineReason.other
}

struct DeskOptions: ParsableArguments {
    @OptionGroup var state: StateOption
    @OptionGroup var output: FormatOption

    func desk() throws -> DecisionDesk { try DecisionDesk(state.directory) }

    func list(_ matter: DecisionDesk.Matter) throws {
        let jobs = try desk().list(matter)
        switch output.format {
        case .json: Terminal.print(try JSONValue(encoding: jobs).prettyBytes)
        case .text:
            for job in jobs {
                let state = job.reason.map { "\(job.state) (\($0))" } ?? job.state
                Terminal.print("\(job.job.hex.prefix(12))  \(job.received)  \(job.study)  \(state)")
            }
        }
    }

    func decide(
        _ matter: DecisionDesk.Matter, _ id: String?, isApproval: Bool, by name: String, reason: DeclineReason? = nil
    )
        throws
    {
        let job = try desk().decide(matter, id, isApproval: isApproval, by: name, reason: reason, now: .now)
        switch output.format {
        case .json: Terminal.print(try JSONValue(encoding: job).prettyBytes)
        case .text: Terminal.print(job.lines)
        }
    }
}

extension JobSummary {
    /// The summary for a terminal, one fact a line.
    var lines: [Phrase] {
        var lines: [Phrase] = [
            .agentFact(.agentJobLabel, job.description),
            .agentFact(.agentStudyLabel, study.rawValue),
            .agentFact(.agentStateLabel, reason.map { "\(state) (\($0))" } ?? state),
            .agentFact(.agentReceivedLabel, received.description),
        ]
        if let cause { lines.append(.agentFact(.causeLabel, cause)) }
        if let jobDecision {
            lines.append(.agentJobDecision(jobDecision.approved, by: jobDecision.by))
            lines += jobDecision.because
        }
        if let releaseDecision {
            lines.append(.agentReleaseDecision(releaseDecision.approved, by: releaseDecision.by))
            lines += releaseDecision.because
        }
        return lines
    }
}

extension JobSummary.PersonalDecision {
    fileprivate var because: [Phrase] {
        reason.map { [.declineReasonLine($0.phrase, code: $0.rawValue)] } ?? []
    }
}
