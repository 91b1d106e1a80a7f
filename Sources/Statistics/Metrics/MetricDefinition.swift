public import TextCatalogue

/// What a metric's name stands for: its meaning in a sentence, its formula and the source of the method. Each family of
/// methods lists its own as `static let definitions: [MetricDefinition]`; `concordat score --explain` prints them.
public struct MetricDefinition: Hashable, Sendable {
    /// The metric's name in JSON.
    public let name: String
    /// The named definition that this is about; nil when the metric has one only.
    public let definition: String?
    /// What it says, in a sentence, with its unit or range.
    public let meaning: Phrase
    /// In plain text with the usual signs.
    public let formula: String
    /// Paper or standard with the section.
    public let source: String

    public init(
        _ name: String, definition: String? = nil, meaning: Phrase, formula: String, source: String
    ) {
        self.name = name
        self.definition = definition
        self.meaning = meaning
        self.formula = formula
        self.source = source
    }

    /// Whether it describes a metric: the name is the same and the definition, where this names one.
    public func describes(_ metric: Metric) -> Bool {
        name == metric.name && (definition == nil || definition == metric.definition)
    }
}
