internal import Foundation
internal import Messages
internal import Statistics
internal import StrictJSON
internal import StudyProtocol
internal import TextCatalogue

/// One line of the table in which people see a release: every number that leaves, none in another form than it leaves.
struct ReleaseRow: Hashable {
    let answer: String
    /// The group or class; empty where the answer has none.
    let part: String
    let what: Phrase
    let value: Phrase
}

extension ReleaseRow {
    /// The rows of an answer, in the order of its JSON form.
    static func rows(of record: AnswerRecord) -> [ReleaseRow] {
        let name = record.key.description
        switch record.answer {
        case .withheld: return [ReleaseRow(answer: name, part: "", what: .rowWhole, value: .rowNotReleasable)]
        case .failed(let code):
            return [ReleaseRow(answer: name, part: "", what: .rowWhole, value: .rowFailed(code))]
        case .released(let aggregate):
            return rows(of: aggregate).map {
                ReleaseRow(answer: name, part: $0.part, what: $0.what, value: $0.value)
            }
        }
    }

    private typealias Part = (part: String, what: Phrase, value: Phrase)

    private static func rows(of aggregate: ReleasedAggregate) -> [Part] {
        switch aggregate {
        case .flow(let flow):
            flow.boxes.map { box in
                ("", .rowBox(box.box.rawValue, box.reason), .rowFlow(shown(box.cases), shown(box.patients)))
            }
        case .moments(let moments): rows(of: moments)
        case .histogram(let histogram):
            histogram.groups.flatMap { group in
                rows(part(histogram.by, group.level), histogram.edges, group.n, group.lower, group.upper)
                    + [
                        (part(histogram.by, group.level), .rowMissing, shown(group.missing)),
                        (part(histogram.by, group.level), .rowMalformed, shown(group.malformed)),
                        (part(histogram.by, group.level), .rowOutOfRange, shown(group.outOfRange)),
                    ]
            }
        case .table(let table): rows(of: table)
        case .confusion(let confusion): rows(of: confusion)
        case .scoreSteps(let steps):
            rows("positive", steps.edges, steps.positives.n, steps.positives.lower, steps.positives.upper)
                + rows("negative", steps.edges, steps.negatives.n, steps.negatives.lower, steps.negatives.upper)
        case .roc(let roc):
            [
                ("", .rowPositives, .rowFlow(plain(roc.positives), plain(roc.positivePatients))),
                ("", .rowNegatives, .rowFlow(plain(roc.negatives), plain(roc.negativePatients))),
                ("", .rowPatients, shown(roc.patients)),
                ("", .rowTwiceU, plain(roc.twiceU.description)),
                ("", .rowVariance(roc.varianceMethod.rawValue), plain("\(roc.variance)")),
            ]
        case .noisyCounts(let noisy):
            zip(cells(of: noisy.subject), noisy.numbers).map { ($0.part, $0.what, plain("\($1)")) }
        // No protocol can ask for these yet: each number under the name that it has on the wire.
        case .coMoments, .pairedConfusion, .calibration, .pairedROC, .scoreSums:
            flattened((try? JSONValue(encoding: aggregate)) ?? .null, "")
        }
    }

    private static func rows(of moments: ReleasedMoments) -> [Part] {
        moments.groups.flatMap { group -> [Part] in
            let part = part(moments.by, group.level)
            return [
                (part, .rowCases, shown(group.n)), (part, .rowPatients, shown(group.patients)),
                (part, .rowMissing, shown(group.missing)), (part, .rowMalformed, shown(group.malformed)),
                (part, .rowOutOfRange, shown(group.outOfRange)),
                (part, .rowSum(unit: moments.resolution.text), shown(group.sum)),
                (part, .rowSumSquares(unit: moments.resolution.text), shown(group.sumSquares)),
            ]
        }
    }

    private static func rows(of table: ReleasedTable) -> [Part] {
        zip(levelNames(table.axes), table.cells).map { ($0, .rowCases, shown($1)) }
    }

    /// The levels of each cell; row-major: the last axis varies fastest.
    private static func levelNames(_ axes: [TableAxis]) -> [String] {
        axes.reduce([""]) { names, axis in
            names.flatMap { name in
                axis.levels.map { (name.isEmpty ? "" : name + ", ") + "\(axis.variable)=\($0)" }
            }
        }
    }

    private static func rows(of confusion: ReleasedConfusion) -> [Part] {
        var rows: [Part] = [
            ("≥ \(confusion.threshold)", plain("TP"), shown(confusion.tp)),
            ("", plain("FP"), shown(confusion.fp)), ("", plain("FN"), shown(confusion.fn)),
            ("", plain("TN"), shown(confusion.tn)),
        ]
        for (name, totals) in [("positive", confusion.positives), ("negative", confusion.negatives)] {
            rows += [
                (name, .rowPatients, totals.map { plain($0.patients) } ?? .rowWithheld),
                (name, plain("Σm²"), shown(totals?.m2)), (name, plain("Σh²"), shown(totals?.h2)),
                (name, plain("Σhm"), shown(totals?.hm)),
            ]
        }
        return rows
    }

    /// Cumulative counts; where bins were merged, their bounds.
    private static func rows(
        _ part: String, _ edges: [String], _ n: Count, _ lower: [Int], _ upper: [Int]
    ) -> [Part] {
        [(part, .rowCases, shown(n))]
            + zip(edges, zip(lower, upper)).map { edge, bounds in
                (part, .rowBelow(edge), bounds.0 == bounds.1 ? plain(bounds.0) : plain("\(bounds.0)–\(bounds.1)"))
            }
    }

    /// What each cell of a noisy answer counts, in their order.
    private static func cells(of subject: ReleasedNoisyCounts.Subject) -> [(part: String, what: Phrase)] {
        func bins(_ part: String, _ edges: [String]) -> [(part: String, what: Phrase)] {
            zip(edges, edges.dropFirst()).map { (part, plain("[\($0), \($1))")) }
        }
        switch subject {
        case .flow(let boxes): return boxes.map { ("", .rowBox($0.box.rawValue, $0.reason)) }
        case .table(let axes): return levelNames(axes).map { ($0, .rowCases) }
        case .histogram(_, _, let by, let levels, let edges):
            return (by == nil ? [""] : levels.map { part(by, $0) }).flatMap { part in
                bins(part, edges) + [Phrase.rowMissing, .rowMalformed, .rowOutOfRange].map { (part, $0) }
            }
        case .confusion: return ["TP", "FP", "FN", "TN"].map { ("", plain($0)) }
        case .scoreSteps(_, let edges): return bins("positive", edges) + bins("negative", edges)
        }
    }

    private static func flattened(_ value: JSONValue, _ path: String) -> [Part] {
        switch value {
        case .object(let object) where object["withheld"] == nil:
            object.members.flatMap { flattened($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)") }
        case .array(let items):
            items.enumerated().flatMap { flattened($0.element, "\(path)[\($0.offset)]") }
        case .object, .null: [("", plain(path), .rowWithheld)]
        case .string(let text): [("", plain(path), plain(text))]
        case .number, .bool: [("", plain(path), plain(value.description))]
        }
    }

    private static func part(_ variable: String?, _ level: String?) -> String {
        guard let variable, let level else { return "" }
        return "\(variable)=\(level)"
    }

    private static func shown(_ count: Count) -> Phrase { count.exact.map { plain($0) } ?? .rowWithheld }
    private static func shown(_ sum: WideInteger?) -> Phrase { sum.map { plain($0.description) } ?? .rowWithheld }
    private static func plain(_ number: Int) -> Phrase { plain(String(number)) }
    private static func plain(_ text: String) -> Phrase { Phrase(en: text, zh: text) }
}
