public import Catalogue
internal import Crypto
internal import Disclosure
internal import Evidence
public import Foundation
internal import StrictJSON
public import StudyProtocol
internal import TextCatalogue

/// Reads a site's data into its catalogue.
public enum SiteIndex {
    /// Reads `site.yaml` and the data that it describes, and keeps what `serve` needs of it. A site that has not joined a
    /// coordinator yet can be indexed too, for previews.
    /// - Parameter generator: makes the keys of a site that has none yet.
    /// - Throws: `AgentError` `wrong-site`, `sponsor-key-unreadable`, …; `CatalogueError`.
    public static func make(
        state: StateDirectory, site file: URL, now: Timestamp,
        generator: any RandomNumberGenerator = SystemRandomNumberGenerator(),
        progress: @escaping @Sendable (IndexProgress) -> Void = { _ in }
    ) async throws -> QualityReport {
        let description = try SiteDescription.load(path: file.path)
        let membership = try Membership.read(state)
        if let membership, description.site != membership.site {
            throw AgentError(
                .wrongSite, .agentWrongSite(description.site.rawValue, expected: membership.site.rawValue))
        }
        // Whatever can be wrong with the settings is found before the long part.
        let settings = try SiteSettings(description)
        if membership == nil {
            try state.prepare()
            var generator = generator
            _ = try SiteSecrets.readOrCreate(state, using: &generator)
        }
        let store = try CatalogueStore(path: state.catalogue.path)
        let report = try await CatalogueIndexer.index(description, into: store, now: now, progress: progress)
        try log(settings, report, try store.currentSnapshot(), state: state, now: now)
        try settings.write(state)
        return report
    }

    /// Logged before the settings count: a process that is killed in between logs them once more.
    private static func log(
        _ settings: SiteSettings, _ report: QualityReport, _ snapshot: CatalogueSnapshot, state: StateDirectory,
        now: Timestamp
    ) throws {
        let jobs = try JobStore(state)
        if try SiteSettings.read(state) != settings {
            try jobs.record(.policySet, try settings.auditFields, now: now)
        }
        let key = SymmetricKey(data: try SiteSecrets.readSiteKey(state))
        try jobs.record(
            .catalogueIndexed,
            .object([
                "snapshot": .number(JSONNumber(snapshot.id)), "isNew": .bool(report.isNew),
                "held": report.held.map { .number(JSONNumber($0)) },
                "cases": .number(JSONNumber(snapshot.cases)), "patients": .number(JSONNumber(snapshot.patients)),
                "catalogue": .string(snapshot.commitment(key: key)),
            ]), now: now)
    }
}

extension SiteSettings {
    /// What the audit log says of the site's policy: all of it.
    fileprivate var auditFields: JSONValue {
        get throws {
            let policy = try JSONValue(encoding: disclosure)
            return [
                "profile": .string(profile), "disclosure": policy,
                "policy": .string(Digest(of: policy.canonicalBytes).description),
                "purposes": .array(purposes.map { .string($0) }),
                "sponsors": .array(try sponsorKeys.map { .string($0.keyID) }),
                "jobs": .string(jobApproval), "releases": .string(releaseApproval),
                "modelSeconds": .number(JSONNumber(modelLimits.seconds)),
                "modelMemoryMiB": .number(JSONNumber(modelLimits.memoryMiB)),
            ]
        }
    }
}
