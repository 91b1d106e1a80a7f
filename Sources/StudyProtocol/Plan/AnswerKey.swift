/// The name of an answer that a site owes: `flow`, a statistic's id, `roc`, `score-steps`, `confusion:<operating
/// point>`.
public struct AnswerName: RawRepresentable, Codable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public static let flow = AnswerName(trusted: "flow")
    public static let roc = AnswerName(trusted: "roc")
    public static let scoreSteps = AnswerName(trusted: "score-steps")

    public static func statistic(_ id: StatisticID) -> AnswerName { AnswerName(trusted: id.rawValue) }
    public static func confusion(_ id: OperatingPointID) -> AnswerName {
        AnswerName(trusted: confusionPrefix + id.rawValue)
    }

    /// Names that no statistic may take.
    public static let reserved: Set<String> = [flow.rawValue, roc.rawValue, scoreSteps.rawValue, "confusion"]

    /// Nil unless it is one identifier, or `confusion:` and one.
    public init?(rawValue: String) {
        let isConfusion = rawValue.hasPrefix(Self.confusionPrefix)
        let last = isConfusion ? String(rawValue.dropFirst(Self.confusionPrefix.count)) : rawValue
        guard DeclaredNameAlphabet.accepts(last) else { return nil }
        self.rawValue = rawValue
    }

    /// The operating point of a `confusion:` answer.
    public var operatingPoint: OperatingPointID? {
        guard rawValue.hasPrefix(Self.confusionPrefix) else { return nil }
        return OperatingPointID(rawValue: String(rawValue.dropFirst(Self.confusionPrefix.count)))
    }

    public var description: String { rawValue }

    public static func < (left: AnswerName, right: AnswerName) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }

    private static let confusionPrefix = "confusion:"

    private init(trusted rawValue: String) { self.rawValue = rawValue }
}

/// One part of the cohort: a category's level, or a bin of a quantity, named like `[0,8)`.
public struct Subgroup: Codable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public let variable: VariableID
    public let level: String

    public init(variable: VariableID, level: String) {
        self.variable = variable
        self.level = level
    }

    public var description: String { "\(variable)=\(level)" }

    public static func < (left: Subgroup, right: Subgroup) -> Bool {
        guard left.variable == right.variable else { return left.variable < right.variable }
        return left.level.utf8.lexicographicallyPrecedes(right.level.utf8)
    }

    enum CodingKeys: String, CodingKey {
        case variable
        case level
    }
}

/// What one answer is about: the same at every site, so that answers of the same key can be put together.
public struct AnswerKey: Codable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public let name: AnswerName
    /// Nil for the whole cohort.
    public let subgroup: Subgroup?

    public init(name: AnswerName, subgroup: Subgroup? = nil) {
        self.name = name
        self.subgroup = subgroup
    }

    public var description: String { subgroup.map { "\(name)[\($0)]" } ?? name.rawValue }

    /// By name, the whole cohort before its parts.
    public static func < (left: AnswerKey, right: AnswerKey) -> Bool {
        guard left.name == right.name else { return left.name < right.name }
        switch (left.subgroup, right.subgroup) {
        case (let left?, let right?): return left < right
        case (nil, .some): return true
        case (_, nil): return false
        }
    }

    enum CodingKeys: String, CodingKey {
        case name
        case subgroup
    }
}
