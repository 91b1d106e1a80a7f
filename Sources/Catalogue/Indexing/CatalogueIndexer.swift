internal import Evidence
internal import Foundation
public import StudyProtocol
internal import TextCatalogue

/// Reads the data that a `site.yaml` describes and writes them as a snapshot.
public enum CatalogueIndexer {
    /// - Parameters:
    ///   - site: the description of the data.
    ///   - store: where the snapshot goes.
    ///   - now: the time that the snapshot bears when it is new.
    ///   - progress: called from any thread.
    /// - Returns: what was found; the current snapshot stays where too few patients changed. Unreadable DICOM files are counted and listed, they do not stop the index.
    /// - Throws: `CatalogueError` when a folder or table cannot be read at all, a table is malformed or has a key
    ///   twice, or the opt-out list is not there; `CancellationError`. Then the catalogue stays as it was.
    public static func index(
        _ site: SiteDescription, into store: CatalogueStore, now: Timestamp,
        progress: @escaping @Sendable (IndexProgress) -> Void = { _ in }
    ) async throws -> QualityReport {
        let optedOut = try OptOutList(site)
        var tables: [LoadedTable] = []
        for source in site.tables {
            tables.append(
                try LoadedTable(source, of: site) { progress(.rows($0, table: source.id)) })
            try Task.checkCancellation()
        }
        let attributes = site.variables.compactMap { variable in
            if case .attribute(let keyword) = variable.source { keyword } else { nil }
        }
        let scan = try await DICOMScan.run(site, attributes: attributes) { progress(.files($0, of: $1)) }

        var assembly = CatalogueAssembly(site: site, created: now)
        assembly.addCases(tables: tables, scan: scan)
        assembly.link(scan, optedOut: optedOut)
        assembly.leaveOut(optedOut)
        let content = assembly.content(tables: tables, scan: scan)

        progress(.writing)
        let saved = try store.save(
            content, unreadable: scan.unreadable, created: now, least: site.policy.minimumCount,
            optedOut: assembly.optedOutPatients.union(optedOut.patients))
        var report = assembly.report
        report.snapshot = saved.id
        report.isNew = saved.isNew
        report.held = saved.held
        if !saved.isNew { report.created = try store.snapshot(saved.id).created }
        return report
    }
}

/// The patients who opted out: one key a line; empty lines and lines that begin with `#` do not count.
struct OptOutList {
    static let maximumBytes = 64 << 20

    private(set) var patients: Set<String> = []
    let exists: Bool

    init(_ site: SiteDescription) throws(CatalogueError) {
        guard let file = site.optOut else {
            exists = false
            return
        }
        exists = true
        // A list that cannot be read must not count as empty.
        let path = site.path(of: file)
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.maximumBytes,
            let text = String(bytes: data, encoding: .utf8)
        else { throw CatalogueError(.fileUnreadable, .siteFileUnreadable(path)) }
        for line in text.split(whereSeparator: \.isNewline) {
            let key = line.drop { $0 == "\u{FEFF}" }.trimmingCharacters(in: .whitespaces)
            if !key.isEmpty, !key.hasPrefix("#") { patients.insert(key) }
        }
    }
}
