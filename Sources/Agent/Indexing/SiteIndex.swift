public import Catalogue
internal import Evidence
public import Foundation
public import StudyProtocol
internal import TextCatalogue

/// Reads a site's data into its catalogue.
public enum SiteIndex {
    /// Reads `site.yaml` and the data that it describes, and keeps what `serve` needs of it.
    /// - Throws: `AgentError` `not-joined`, `wrong-site`, `sponsor-key-unreadable`, …; `CatalogueError`.
    public static func make(
        state: StateDirectory, site file: URL, now: Timestamp,
        progress: @escaping @Sendable (IndexProgress) -> Void = { _ in }
    ) async throws -> QualityReport {
        guard let membership = try Membership.read(state) else { throw AgentError(.notJoined, .agentNotJoined) }
        let description = try SiteDescription.load(path: file.path)
        guard description.site == membership.site else {
            throw AgentError(
                .wrongSite, .agentWrongSite(description.site.rawValue, expected: membership.site.rawValue))
        }
        // Whatever can be wrong with the settings is found before the long part.
        let settings = try SiteSettings(description)
        let store = try CatalogueStore(path: state.catalogue.path)
        let report = try await CatalogueIndexer.index(description, into: store, now: now, progress: progress)
        try settings.write(state)
        return report
    }
}
