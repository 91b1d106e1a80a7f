internal import Evidence
public import Foundation
internal import StrictJSON
internal import StudyProtocol
public import TextCatalogue

extension QualityReport {
    /// How many unreadable files the text names; the JSON form names all.
    static let unreadableShown = 20

    /// The report for a terminal, one fact a line.
    public func text(in language: Language) -> String {
        var lines: [Phrase] = [
            .qualitySnapshot(site: site.rawValue, number: snapshot, created: created.description, isNew: isNew),
            .qualityTotals(patients: patients, cases: cases),
        ]
        if let held { lines.append(.qualityHeld(held)) }
        if let images {
            lines.append(.qualityFiles(files: images.files, series: images.series, patients: images.patients))
            lines.append(.qualityLinked(files: images.linked, casesWithout: images.casesWithoutObject))
            for (reason, count) in images.unreadableByReason.sorted(by: { $0.key < $1.key }) {
                lines.append(.qualityUnreadable(count, reason: reason))
            }
            for file in images.unreadableFiles.prefix(Self.unreadableShown) {
                // A line end in a file's name must not begin a line of its own.
                let path = String(file.path.map { $0.isNewline ? "\u{FFFD}" : $0 })
                lines.append(.qualityUnreadableFile(path, reason: file.reason))
            }
            let more = images.unreadableFiles.count - Self.unreadableShown
            if more > 0 { lines.append(.qualityUnreadableMore(more)) }
            if images.withoutKey > 0 { lines.append(.qualityFilesWithoutKey(images.withoutKey)) }
            if images.unmatched > 0 { lines.append(.qualityFilesUnmatched(images.unmatched)) }
            if images.patientMismatches > 0 { lines.append(.qualityFilesOfOthers(images.patientMismatches)) }
        }
        for table in tables {
            lines.append(.qualityTable(table.id, rows: table.rows))
            if table.withoutKey > 0 { lines.append(.qualityRowsWithoutKey(table.id, table.withoutKey)) }
            if table.unmatched > 0 { lines.append(.qualityRowsUnmatched(table.id, table.unmatched)) }
            if table.patientMismatches > 0 { lines.append(.qualityRowsOfOthers(table.id, table.patientMismatches)) }
        }
        if let optOut {
            lines.append(.qualityOptOut(listed: optOut.listed, patients: optOut.patients, cases: optOut.cases))
        }
        if casesWithoutPatient > 0 { lines.append(.qualityCasesWithoutPatient(casesWithoutPatient)) }
        for column in variables {
            lines.append(
                .qualityVariable(
                    column.id.rawValue, values: column.values, missing: column.missing, malformed: column.malformed,
                    outOfRange: column.outOfRange))
        }
        return lines.map { $0.text(in: language) + "\n" }.joined()
    }

    /// The report as indented JSON.
    public func json() throws -> Data {
        try JSONValue(encoding: self).prettyBytes
    }
}
