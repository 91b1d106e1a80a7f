import Foundation
public import Statistics
public import TextCatalogue

/// Metrics as a table for people, and the explanation of what their names stand for.
public enum MetricText {
    /// One row a metric; columns that no metric fills are left out.
    public static func table(_ metrics: [Metric], in language: Language) -> String {
        var columns: [(heading: Phrase, isRight: Bool, cell: (Metric) -> String)] = [
            (.headingMetric, false, name)
        ]
        let optional: [(Phrase, (Metric) -> String)] = [
            (.headingVariable, { $0.variable ?? "" }), (.headingGroup, { $0.group ?? "" }),
            (.headingClass, { $0.classLabel ?? "" }), (.headingAverage, { $0.average?.rawValue ?? "" }),
        ]
        for (heading, cell) in optional where metrics.contains(where: { !cell($0).isEmpty }) {
            columns.append((heading, false, cell))
        }
        columns.append((.headingValue, true, { value($0, in: language) }))
        if metrics.contains(where: { $0.interval != nil }) { columns.append((.headingInterval, false, interval)) }
        if metrics.contains(where: { $0.n != nil }) {
            columns.append((.headingNumber, true, { $0.n.map(String.init) ?? "" }))
        }
        if metrics.contains(where: { $0.definition != nil }) {
            columns.append((.headingDefinition, false, { $0.definition ?? "" }))
        }
        var table = TextTable(
            columns.map { $0.heading.text(in: language) },
            rightAligned: Set(columns.indices.filter { columns[$0].isRight }))
        for metric in metrics { table.add(columns.map { shown($0.cell(metric)) }) }
        return table.text
    }

    /// Each definition once, in the order in which its metrics come: meaning, formula, source.
    public static func explanation(
        of metrics: [Metric], from definitions: [MetricDefinition], in language: Language
    ) -> String {
        var told: Set<MetricDefinition> = []
        var paragraphs: [String] = []
        for metric in metrics {
            guard let definition = definitions.first(where: { $0.describes(metric) }),
                told.insert(definition).inserted
            else { continue }
            let title = definition.definition.map { "\(definition.name) (\($0))" } ?? definition.name
            paragraphs.append(
                """
                \(title): \(definition.meaning.text(in: language))
                    = \(definition.formula)
                    \(Phrase.sourceWord.text(in: language)): \(definition.source)
                """)
        }
        return paragraphs.joined(separator: "\n")
    }

    /// A cell without what would break the table or steer the terminal: labels come from files.
    private static func shown(_ text: String) -> String {
        let line = String(text.map { $0.isNewline ? "\u{FFFD}" : $0 })
        return Phrase(en: line, zh: line).text(in: .english)
    }

    private static func name(_ metric: Metric) -> String {
        guard let parameters = metric.parameters, !parameters.isEmpty else { return metric.name }
        let list = parameters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return "\(metric.name) (\(list))"
    }

    private static func value(_ metric: Metric, in language: Language) -> String {
        if let value = metric.value { return number(value) }
        if metric.undefined == Metric.boundsOnly { return Phrase.boundsWord.text(in: language) }
        return "\(Phrase.undefinedWord.text(in: language)): \(metric.undefined ?? "")"
    }

    private static func interval(_ metric: Metric) -> String {
        guard let interval = metric.interval else { return "" }
        let level = interval.level.map { ", \(number($0 * 100)) %" } ?? ""
        return "[\(number(interval.lower)), \(number(interval.upper))] (\(interval.method)\(level))"
    }

    /// Six significant digits; whole numbers whole.
    static func number(_ value: Double) -> String {
        if let whole = Int(exactly: value), abs(value) < 1e15 { return String(whole) }
        return String(format: "%.6g", value)
    }
}
