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

    /// The results computed from the verified envelopes.
    func results(trust: TrustStore) throws -> StudyResults {
        try VerifiedStudy(envelopes.map(\.data), trust: trust).results { site in
            status.sites.first { $0.site == site }.flatMap { JobStatus(code: $0.code, reason: $0.reason) }
        }
    }

    /// The verified protocol.
    func document(trust: TrustStore) throws -> StudyProtocol {
        try VerifiedStudy(envelopes.map(\.data), trust: trust).document
    }

    func write(to folder: String, results: StudyResults) throws {
        try FileAccess.makeFolder(folder + "/envelopes")
        for file in envelopes { try FileAccess.write(file.data, to: "\(folder)/envelopes/\(file.name)") }
        try FileAccess.write(JSONValue(encoding: results).prettyBytes, to: folder + "/results.json")
    }
}
