internal import Evidence
internal import Foundation
internal import Statistics

/// The scores of one job, by case. Stays at the site, for its own eyes and for checks by those it allows.
struct PredictionsFile {
    /// One line.
    struct Row: Hashable {
        let caseKey: String
        let patientKey: String
        /// 1 positive, 0 negative; a reserved code when the case has no reference.
        let reference: Int64
        /// In units of the score's resolution, as every statistic uses it; nil without a score.
        let score: Int64?
        /// `analysed`, or why there is no score.
        let status: String
    }

    static let header = "case,patient,reference,score,status"

    let rows: [Row]
    let resolution: Resolution

    /// CSV (RFC 4180 but for line ends, which are LF).
    var text: Data {
        var text = Self.header + "\n"
        for row in rows {
            let reference = Coded.isValue(row.reference) ? String(row.reference) : ""
            let score = row.score.map { resolution.text($0) } ?? ""
            text += "\(Self.field(row.caseKey)),\(Self.field(row.patientKey)),\(reference),\(score),\(row.status)\n"
        }
        return Data(text.utf8)
    }

    /// Writes `<job>.csv` in the folder, whole or not at all, readable by its owner only.
    func write(job: Digest, folder: URL) throws(AgentError) {
        try StateDirectory.makePrivate(folder)
        try DurableFile.write(text, to: folder.appendingPathComponent("\(job.hex).csv"))
    }

    private static func field(_ text: String) -> String {
        let special: Set<UInt8> = [
            UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
        ]
        guard text.utf8.contains(where: special.contains) else { return text }
        return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
