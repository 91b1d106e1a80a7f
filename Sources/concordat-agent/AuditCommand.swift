import Agent
import ArgumentParser
import Foundation
import StrictJSON
internal import StudyProtocol
import TextCatalogue

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The site's log of every decision, chained so that changes show.",
        subcommands: [Verify.self, List.self, Export.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Whether the log is what this site wrote; exit code 3 when it is not.")
        @OptionGroup var state: StateOption
        @Option(help: "A head that was noted before, NUMBER:sha256:DIGITS; it must be in the log.") var head: String?
        @OptionGroup var output: FormatOption

        func run() throws {
            let noted = try head.map { text in
                guard let head = AuditHead(text) else {
                    throw ValidationError(Phrase.auditBadHead.text(in: .current))
                }
                return head
            }
            let verdict = try AuditLog(state.directory).verify(noted: noted)
            switch output.format {
            case .text: Terminal.print([verdict.phrase])
            case .json: Terminal.print(verdict.json.prettyBytes)
            }
            if !verdict.isIntact { Foundation.exit(3) }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The last entries, one a line.")
        @OptionGroup var state: StateOption
        @Option(help: "How many.") var last = 50
        @Option(help: "Only entries about this job: the beginning of its digest.") var job: String?
        @OptionGroup var output: FormatOption

        func validate() throws {
            guard last > 0 else { throw ValidationError("--last is at least 1.") }
        }

        func run() throws {
            let digits = job.map { $0.hasPrefix("sha256:") ? String($0.dropFirst(7)) : $0 }
            let entries = try AuditLog(state.directory).entries().filter { entry in
                guard let digits else { return true }
                return entry.fields["job"]?.stringValue?.dropFirst(7).hasPrefix(digits) == true
            }.suffix(last)
            switch output.format {
            case .text: for entry in entries { Terminal.print([entry.line]) }
            case .json: Terminal.print(JSONValue.array(entries.map(\.json)).prettyBytes)
            }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The whole log, to keep or to hand to an auditor. It holds names and what was withheld.")
        @OptionGroup var state: StateOption
        @Option(help: "A file; standard output when not said.", completion: .file()) var out: String?
        @Option(help: "How it is written.") var format = OutputFormat.json

        func run() throws {
            let log = try AuditLog(state.directory)
            let bytes: Data
            switch format {
            case .json: bytes = try log.document().prettyBytes
            case .text:
                let lines = try log.entries().map { $0.line.text(in: .current) + "\n" }
                bytes = Data(lines.joined().utf8)
            }
            guard let out else {
                Terminal.print(bytes)
                return
            }
            try AuditLog.write(bytes, to: URL(filePath: out))
            Terminal.say(Phrase.auditExported(try log.entries().count, to: out).text(in: .current))
        }
    }
}

extension AuditVerdict {
    fileprivate var json: JSONValue {
        switch self {
        case .intact(let head):
            .object(["intact": true, "head": head.map { .string($0.description) } ?? .null])
        case .broken(let number, let reason):
            [
                "intact": false, "firstBroken": .number(JSONNumber(number)), "reason": .string(reason.rawValue),
            ]
        }
    }
}

extension AuditEntry {
    /// One line: number, time, kind, and the fields in their own order.
    fileprivate var line: Phrase {
        let fields = (self.fields.objectValue?.members ?? []).map { member in
            switch member.value {
            case .string(let text): "\(member.key)=\(Self.shortened(text))"
            default: "\(member.key)=\(member.value)"
            }
        }
        let text = (["\(number)", time.description, kind] + fields).joined(separator: "  ")
        return Phrase(en: text, zh: text)
    }

    /// Digests as in the other lists.
    private static func shortened(_ text: String) -> String {
        text.hasPrefix("sha256:") ? String(text.dropFirst(7).prefix(12)) : text
    }
}
