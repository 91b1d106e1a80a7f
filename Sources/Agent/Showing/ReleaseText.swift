internal import Disclosure
internal import Messages
internal import StudyProtocol
public import TextCatalogue

/// A release, or what would be one, in words and columns for the person who decides.
public struct ReleaseText: Sendable {
    private let answers: [AnswerRecord]
    private let record: LocalRecord

    init(answers: [AnswerRecord], record: LocalRecord) {
        self.answers = answers
        self.record = record
    }

    /// Every number that leaves, one a line under its answer.
    public func table(in language: Language) -> [String] {
        var table = ColumnText(
            header: [Phrase.rowAnswer, .rowGroup, .rowWhat, .rowValue].map { $0.text(in: language) },
            rightAligned: [3])
        for answer in answers {
            var name = answer.key.description
            for row in ReleaseRow.rows(of: answer) {
                table.add([name, row.part, row.what.text(in: language), row.value.text(in: language)])
                name = ""
            }
        }
        return table.lines
    }

    /// What the gate withheld and by which rule, one a line.
    public func withheld(in language: Language) -> [String] {
        var lines = [Phrase.agentWithheldHeading(record.withheld.count).text(in: language)]
        for decision in record.withheld {
            let name = decision.subgroup.map { "\(decision.name)[\($0)]" } ?? decision.name
            let reason = decision.reason.rawValue
            lines.append(
                Phrase.withheldByRule(name, rule: decision.rule, title: .ruleTitle(decision.rule), reason: reason)
                    .text(in: language))
        }
        return lines
    }

    /// What it adds to the ledger or takes of the privacy budget, and under which policy the gate decided.
    public func record(in language: Language) -> [String] {
        let ledger: Phrase = record.ledger.map { .ledgerAdds(rows: $0.rows, earlier: $0.earlier) } ?? .ledgerNone
        return (record.noise == nil ? [ledger.text(in: language)] : []) + terms(in: language)
    }

    /// The noise and what it costs, and the policy: what is the same for a preview.
    public func terms(in language: Language) -> [String] {
        var phrases: [Phrase] = []
        if let noise = record.noise {
            phrases = [
                .noiseTerms(
                    noise.mechanism, epsilon: noise.epsilon, delta: noise.delta, cases: noise.casesPerPatient),
                .noiseCost(noise.cost, spent: noise.spent, allowance: noise.allowance),
            ]
            phrases += noise.answers.map { .noiseHalfWidth($0.name, halfWidth: $0.halfWidth) }
        }
        phrases.append(
            .policyLine(
                minimum: record.policy.minimumCount, moments: record.policy.momentsMinimumPatients,
                allCells: record.policy.allPerformanceCells, zeros: record.policy.zeros.rawValue))
        return phrases.map { $0.text(in: language) }
    }

    /// How many numbers there are.
    public var numbers: Int { record.numbers }
}

/// Columns as wide as their widest cell.
struct ColumnText {
    private var rows: [[String]]
    private let rightAligned: Set<Int>

    init(header: [String], rightAligned: Set<Int> = []) {
        rows = [header]
        self.rightAligned = rightAligned
    }

    mutating func add(_ row: [String]) { rows.append(row) }

    var lines: [String] {
        let columns = rows.first?.indices ?? 0..<0
        let widths = columns.map { column in rows.map { Self.width($0[column]) }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for column in columns {
                let padding = String(repeating: " ", count: widths[column] - Self.width(row[column]))
                line +=
                    (column == 0 ? "" : "  ")
                    + (rightAligned.contains(column) ? padding + row[column] : row[column] + padding)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// Columns on a terminal: East Asian wide characters take two (Unicode UAX #11; the ranges that Chinese uses).
    private static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { width, scalar in
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
                0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
                width + 2
            default: width + 1
            }
        }
    }
}
