import Evidence
import Foundation
import Logging
import Messages
import StudyProtocol
import Testing

@testable import Agent

/// A joined site whose data are one CSV table: 40 patients with one lesion and 20 with two.
final class TestSite {
    let folder: TemporaryFolder
    let consortium = TestConsortium()
    var state: StateDirectory { StateDirectory(folder.url.appendingPathComponent("state")) }

    /// Sizes in units of 0.1 mm; two lesions are under the criterion's 3 mm, one is missing.
    static let sizes: [(patient: Int, size: String)] =
        (0..<40).map { ($0, $0 == 5 ? "2.0" : $0 == 6 ? "NA" : "\($0 + 5).\($0 % 10)") }
        + (40..<60).flatMap { [($0, "12.5"), ($0, $0 == 41 ? "1.5" : "\($0 - 30).0")] }

    init(
        approvals: String = "{jobs: automatic, releases: automatic}", purposes: String = "[]",
        disclosure: String = "{profile: acro}", sponsors: [SigningKey] = []
    ) throws {
        folder = try TemporaryFolder()
        try folder.write(
            """
            site: north
            data:
              tables:
                - {id: lesions, file: lesions.csv, key: lesion, patient: patient, level: case}
            variables:
              - {id: size, kind: quantity, unit: mm, resolution: "0.1", range: ["0", "50"], from: {table: lesions, column: size}}
              - {id: sex, kind: category, levels: [F, M], from: {table: lesions, column: sex}}
              - {id: side, kind: category, levels: [left, right], from: {table: lesions, column: side}}
            policy:
              disclosure: \(disclosure)
              purposes: \(purposes)
              trustedSponsors: [\((["sponsor.pem"] + sponsors.indices.map { "sponsor-\($0).pem" }).joined(separator: ", "))]
              approvals: \(approvals)
            """, to: "site.yaml")
        let rows = Self.sizes.enumerated().map { index, row in
            "lesion-\(index),patient-\(row.patient),\(row.size),\(row.patient % 2 == 0 ? "F" : "M"),\(index % 3 == 0 ? "left" : "right")"
        }
        try folder.write((["lesion,patient,size,sex,side"] + rows).joined(separator: "\n") + "\n", to: "lesions.csv")
        try folder.write(consortium.sponsor.verificationKey.pem, to: "sponsor.pem")
        for (index, key) in sponsors.enumerated() {
            try folder.write(key.verificationKey.pem, to: "sponsor-\(index).pem")
        }
        try state.prepare()
        var generator = SeededGenerator(state: 11)
        _ = try SiteSecrets.readOrCreate(state, using: &generator)
        try Membership(
            site: TestConsortium.site,
            coordinator: CoordinatorDescription(
                name: "Test", url: "https://127.0.0.1:1", certificateAuthority: "", fingerprint: "",
                jobKey: consortium.coordinator.verificationKey.pem),
            certificate: ""
        ).write(state)
    }

    func index() async throws {
        _ = try await SiteIndex.make(
            state: state, site: folder.url.appendingPathComponent("site.yaml"), now: TestConsortium.now)
    }

    func service(now: Timestamp = TestConsortium.now) throws -> AgentService {
        try service { now }
    }

    func service(clock: @escaping @Sendable () -> Timestamp) throws -> AgentService {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try AgentService(state: state, surroundings: .init(now: clock), logger: logger)
    }

    /// Stores a job as the receiving loop does.
    func accept(_ envelope: Envelope, in service: AgentService) throws {
        guard case .accepted(let job) = consortium.verifier.signature(of: envelope) else {
            Issue.record("the job is not signed")
            return
        }
        _ = try service.store.accept(envelope.encoded, of: job, now: TestConsortium.now)
    }

    /// What the site's signing key signed, verified.
    func released(_ record: JobRecord) throws -> ReleasePredicate {
        let secrets = try #require(try SiteSecrets.read(state))
        let role = try TrustedRole(.site(TestConsortium.site), keys: [secrets.signingKey.verificationKey])
        let envelope = try Envelope(try #require(record.release))
        return try ReleaseStatement(verified: try role.verify(envelope, expecting: .release)).predicate
    }
}
