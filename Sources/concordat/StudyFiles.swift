import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Synthesis
import Transport

/// What a coordinator holds of one study, downloaded: envelopes as bytes, and where each site stands.
struct StudyFiles {
    struct File {
        /// `protocol.json`, `job-SITE.json` or `release-SITE.json`.
        let name: String
        let predicateType: PredicateType
        let data: Data
    }

    let id: StudyID
    let status: StudyStatus
    let envelopes: [File]

    init(_ id: StudyID, from coordinator: CoordinatorAPI) async throws {
        self.id = id
        status = try await coordinator.study(id)
        var files: [File] = []
        for entry in try await coordinator.envelopes(id).envelopes {
            let data = try await coordinator.envelope(entry.digest)
            files.append(
                File(
                    name: Self.name(entry.predicateType, site: entry.site), predicateType: entry.predicateType,
                    data: data))
        }
        envelopes = files.sorted { $0.name < $1.name }
    }

    private static func name(_ type: PredicateType, site: SiteID?) -> String {
        let suffix = site.map { "-\($0)" } ?? ""
        return
            switch type
        {
        case .studyProtocol: "protocol\(suffix).json"
        case .job: "job\(suffix).json"
        case .release: "release\(suffix).json"
        case .report: "report\(suffix).json"
        case .siteApproval: "approval\(suffix).json"
        }
    }

    /// The results computed from the verified envelopes. Where a site has not released, only the coordinator can say
    /// why; its word is taken for that and for nothing else.
    func results(trust: TrustStore) throws -> StudyResults {
        let findings = EvidenceChain.check(
            envelopes.map { EvidenceChain.File(name: $0.name, data: $0.data) }, trust: trust)
        if let wrong = findings.first(where: { !$0.isVerified }) {
            throw CommandError(code: wrong.code, phrase: wrong.phrase)
        }
        var document: (StudyProtocol, Digest)?
        var releases: [SiteID: ReleasePredicate] = [:]
        for file in envelopes {
            let verified = try trust.verify(Envelope(file.data))
            switch file.predicateType {
            case .studyProtocol:
                let statement = try ProtocolStatement(verified: verified)
                document = (try ProtocolCommand.parsed(statement.document), statement.digest)
            case .release:
                let release = try ReleaseStatement(verified: verified).predicate
                releases[release.site] = release
            case .job, .report, .siteApproval: break
            }
        }
        guard let (study, digest) = document, releases.values.allSatisfy({ $0.studyProtocol == digest }) else {
            throw CommandError.protocolDiffers
        }
        let contributions = status.sites.map { site in
            SiteContribution(
                site: site.site, status: JobStatus(code: site.code, reason: site.reason) ?? .queued,
                release: releases[site.site])
        }
        return StudyResults(id: id, protocol: study, digest: digest, contributions: contributions)
    }

    func write(to folder: String, results: StudyResults) throws {
        try FileAccess.makeFolder(folder + "/envelopes")
        for file in envelopes { try FileAccess.write(file.data, to: "\(folder)/envelopes/\(file.name)") }
        try FileAccess.write(JSONValue(encoding: results).prettyBytes, to: folder + "/results.json")
    }
}
