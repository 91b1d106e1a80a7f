import ArgumentParser
import Evidence
import Foundation
import Messages
import StrictJSON
import Synthesis
import TextCatalogue

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify envelopes offline: signatures, who may sign what, and that they bind each other.",
        discussion: "Exit code 0: everything verified; 1: something is wrong.")

    @Option(help: "Role -> public keys, obtained out of band; envelopes never vouch for themselves.")
    var trust: String
    @Option(help: "Also check that this results file is what the envelopes (of one study) give.")
    var results: String?
    @Option(help: "text or json.")
    var format: OutputFormat = .text
    @Argument(help: "Envelopes: protocols, jobs, releases.")
    var files: [String]

    func run() throws {
        guard !files.isEmpty else { throw ValidationError("name at least one envelope") }
        let store = try TrustStore(FileAccess.read(trust))
        let findings = EvidenceChain.check(
            try files.map { EvidenceChain.File(name: $0, data: try FileAccess.read($0)) }, trust: store)
        switch format {
        case .json: try Console.sayJSON(findings.map(Row.init))
        case .text:
            for finding in findings {
                let mark = finding.isVerified ? "ok  " : "FAIL"
                let detail = finding.phrase.text(in: Console.language)
                Console.say("\(mark) \(finding.file): \(finding.isVerified ? detail : "\(finding.code): \(detail)")")
            }
            let wrong = findings.count { !$0.isVerified }
            Console.say(wrong == 0 ? .verifiedAll(findings.count) : .verifiedSome(wrong, of: findings.count))
        }
        if findings.contains(where: { !$0.isVerified }) { throw Ending.failed }
        if let results { try check(results, trust: store) }
    }

    /// Computes the results anew and compares them.
    private func check(_ path: String, trust store: TrustStore) throws {
        let stated = try StrictJSON.decode(StudyResults.self, from: FileAccess.read(path))
        let study = try VerifiedStudy(try files.map { try FileAccess.read($0) }, trust: store)
        let computed = study.results { site in
            stated.sites.first { $0.site == site }.flatMap { JobStatus(code: $0.state, reason: $0.reason) }
        }
        guard computed == stated else {
            Console.complain(.resultsMismatch(path))
            throw Ending.failed
        }
        if format == .text { Console.say(.resultsMatch(path)) }
    }

    private struct Row: Encodable {
        let file: String
        let code: String
        let verified: Bool
        let message: String
        let digest: String?
        let predicateType: String?
        let role: String?
        let keys: [String]?

        init(_ finding: EvidenceChain.Finding) {
            file = finding.file
            code = finding.code
            verified = finding.isVerified
            message = finding.phrase.english
            digest = finding.document?.digest.description
            predicateType = finding.document?.predicateType.rawValue
            role = finding.document?.role.description
            keys = finding.document?.signers.map(\.keyID)
        }
    }
}
