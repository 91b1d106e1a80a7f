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
    @Option(help: "Print only these metrics: names separated by commas. What none of them needs is not computed.")
    var only: String?

    /// The names that are asked for; nil for all. A name that no definition has is an error.
    func names(among definitions: [MetricDefinition]) throws -> Set<String>? {
        guard let only else { return nil }
        let known = Set(definitions.map(\.name))
        let names = ScoreArguments.list(only)
        if let stranger = names.first(where: { !known.contains($0) }) {
            throw ValidationError("--only \(stranger): the names are \(known.sorted().joined(separator: ", "))")
        }
        return Set(names)
    }

    func say(_ all: [Metric], definitions: [MetricDefinition]) throws {
        let names = try names(among: definitions)
        let metrics = names.map { names in all.filter { names.contains($0.name) } } ?? all
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
