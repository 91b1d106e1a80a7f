internal import Foundation
internal import Statistics
internal import TextCatalogue

extension PredictionsFile {
    /// The scores in a file of predictions, for cases in their order.
    ///
    /// CSV (RFC 4180) with a header line; the columns `case` and `score` are used, and `status` for what has no score.
    /// Scores are rounded to the resolution as a model's are. Lines about other cases are passed over.
    /// - Throws: `predictions-unreadable` when the file is no such CSV, a score is no decimal from 0 to 1, or a case has no
    ///   line.
    static func scores(_ text: Data, of keys: [String], resolution: Resolution) throws(AgentError) -> Scores {
        let lines = try lines(text)
        guard let header = lines.first, let caseColumn = header.firstIndex(of: "case"),
            let scoreColumn = header.firstIndex(of: "score")
        else { throw fault(line: 1) }
        let one = resolution.units(1)
        let statusColumn = header.firstIndex(of: "status")
        var entries: [String: Scores.Entry] = [:]
        for (index, fields) in lines.enumerated().dropFirst() {
            guard fields.count == header.count else { throw fault(line: index + 1) }
            let status = statusColumn.map { fields[$0] } ?? ""
            let entry: Scores.Entry
            if fields[scoreColumn].isEmpty {
                entry = .failed(box: Scores.FailureBox(rawValue: status) ?? .modelFailed, code: status)
            } else if let units = resolution.units(decimal: fields[scoreColumn]), units >= 0,
                one.map({ units <= $0 }) == true
            {
                entry = .score(units)
            } else {
                throw fault(line: index + 1)
            }
            guard entries.updateValue(entry, forKey: fields[caseColumn]) == nil else { throw fault(line: index + 1) }
        }
        let missing = keys.count { entries[$0] == nil }
        guard missing == 0 else {
            throw AgentError(.predictionsUnreadable, .previewMissingPredictions(missing, of: keys.count))
        }
        return Scores(entries: keys.compactMap { entries[$0] })
    }

    private static func fault(line: Int) -> AgentError {
        AgentError(.predictionsUnreadable, .previewBadPredictions(line: line))
    }

    /// The fields of each line.
    private static func lines(_ text: Data) throws(AgentError) -> [[String]] {
        var lines: [[String]] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var bytes = text.makeIterator()
        var next = bytes.next()
        while let byte = next {
            next = bytes.next()
            switch byte {
            case UInt8(ascii: "\"") where isQuoted && next == UInt8(ascii: "\""):
                field.append(byte)
                next = bytes.next()
            case UInt8(ascii: "\""):
                isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                fields.append(String(decoding: field, as: UTF8.self))
                field = []
            case UInt8(ascii: "\n") where !isQuoted:
                if field.last == UInt8(ascii: "\r") { field.removeLast() }
                fields.append(String(decoding: field, as: UTF8.self))
                lines.append(fields)
                (fields, field) = ([], [])
            default:
                field.append(byte)
            }
        }
        guard !isQuoted else { throw fault(line: lines.count + 1) }
        if !field.isEmpty || !fields.isEmpty {
            fields.append(String(decoding: field, as: UTF8.self))
            lines.append(fields)
        }
        return lines
    }
}
