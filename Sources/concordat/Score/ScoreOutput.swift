import ArgumentParser
import Reports
import Statistics
import StrictJSON
import TextCatalogue

/// How the score commands print.
struct ScoreOutput: ParsableArguments {
    @Option(help: "text or json.")
    var format: OutputFormat = .text
    @Flag(help: "Also print definition, formula and source of each number.")
    var explain = false

    func say(_ metrics: [Metric], definitions: [MetricDefinition]) throws {
        switch format {
        case .json:
            try Console.sayJSON(
                Document(
                    metrics: metrics,
                    definitions: explain
                        ? definitions.filter { definition in metrics.contains(where: definition.describes) }
                            .map(Document.Definition.init) : nil))
        case .text:
            Console.say(MetricText.table(metrics, in: Console.language))
            if explain {
                Console.say("\n" + MetricText.explanation(of: metrics, from: definitions, in: Console.language))
            }
        }
    }

    private struct Document: Encodable {
        let metrics: [Metric]
        let definitions: [Definition]?

        struct Definition: Encodable {
            let name: String
            let definition: String?
            let meaning: [String: String]
            let formula: String
            let source: String

            init(_ definition: MetricDefinition) {
                name = definition.name
                self.definition = definition.definition
                meaning = ["en": definition.meaning.english, "zh-Hans": definition.meaning.chinese]
                formula = definition.formula
                source = definition.source
            }
        }
    }
}
