/// One number with how it was obtained. The same shape everywhere: in `results.json` and in `concordat score`.
///
/// `value` is absent together with an `undefined` reason code when the number has none; it is never NaN and never
/// infinite.
public struct Metric: Hashable, Sendable, Codable {
    public struct Interval: Hashable, Sendable, Codable {
        public let lower: Double
        public let upper: Double
        /// Two-sided confidence level, 0…1; absent for bounds that hold with certainty.
        public let level: Double?
        public let method: String

        public init(lower: Double, upper: Double, level: Double?, method: String) {
            self.lower = lower
            self.upper = upper
            self.level = level
            self.method = method
        }

        public init(_ interval: Statistics.Interval, method: String) {
            self.init(lower: interval.lower, upper: interval.upper, level: interval.level, method: method)
        }
    }

    /// How numbers of several classes were put together.
    public enum Average: String, Hashable, Sendable, Codable {
        case macro, micro, weighted
    }

    public let name: String
    public var variable: String?
    public var group: String?
    /// The class that a one-vs-rest number is about.
    public var classLabel: String?
    /// How the classes were averaged.
    public var average: Average?
    /// What the number depends on, as texts: decimal numbers in their shortest form.
    public var parameters: [String: String]?
    public let value: Double?
    /// The stable reason code when there is no value.
    public let undefined: String?
    public var interval: Interval?
    /// The named definition, where the field knows several under one name.
    public var definition: String?
    /// Cases (or elements, or sites) behind the number.
    public var n: Int?

    enum CodingKeys: String, CodingKey {
        case name, variable, group
        case classLabel = "class"
        case average, parameters, value, undefined, interval, definition, n
    }

    public init(
        _ name: String, value: Double, interval: Interval? = nil, n: Int? = nil, variable: String? = nil,
        group: String? = nil, classLabel: String? = nil, average: Average? = nil,
        parameters: [String: String]? = nil, definition: String? = nil
    ) {
        self.name = name
        self.value = value.isFinite ? value : nil
        self.undefined = value.isFinite ? nil : Undefined.notFinite.rawValue
        self.interval = interval
        self.n = n
        self.variable = variable
        self.group = group
        self.classLabel = classLabel
        self.average = average
        self.parameters = parameters
        self.definition = definition
    }

    /// A metric without a value. - Parameter undefined: the stable reason code.
    public init(
        _ name: String, undefined: String, n: Int? = nil, variable: String? = nil, group: String? = nil,
        classLabel: String? = nil, average: Average? = nil, parameters: [String: String]? = nil,
        definition: String? = nil
    ) {
        self.name = name
        self.value = nil
        self.undefined = undefined
        self.interval = nil
        self.n = n
        self.variable = variable
        self.group = group
        self.classLabel = classLabel
        self.average = average
        self.parameters = parameters
        self.definition = definition
    }

    /// A metric of an inference, with its value or with the reason why there is none.
    public init(
        _ name: String, _ inferred: Inferred<Double>, interval: Interval? = nil, n: Int? = nil,
        variable: String? = nil, group: String? = nil, classLabel: String? = nil, average: Average? = nil,
        parameters: [String: String]? = nil, definition: String? = nil
    ) {
        switch inferred {
        case .value(let value):
            self.init(
                name, value: value, interval: interval, n: n, variable: variable, group: group,
                classLabel: classLabel, average: average, parameters: parameters, definition: definition)
        case .undefined(let reason):
            self.init(
                name, undefined: reason.rawValue, n: n, variable: variable, group: group, classLabel: classLabel,
                average: average, parameters: parameters, definition: definition)
        }
    }

    /// The reason code of a metric of which only bounds are known; they are in ``interval``.
    public static let boundsOnly = "bounds-only"

    /// A metric of which only bounds are known.
    public init(
        _ name: String, bounds: Interval, n: Int? = nil, variable: String? = nil, group: String? = nil,
        parameters: [String: String]? = nil, definition: String? = nil
    ) {
        self.init(
            name, undefined: Self.boundsOnly, n: n, variable: variable, group: group, parameters: parameters,
            definition: definition)
        interval = bounds
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encodeIfPresent(variable, forKey: .variable)
        try container.encodeIfPresent(group, forKey: .group)
        try container.encodeIfPresent(classLabel, forKey: .classLabel)
        try container.encodeIfPresent(average, forKey: .average)
        try container.encodeIfPresent(parameters, forKey: .parameters)
        // An explicit null beside its reason: a reader must see that there is no value, not miss a key.
        if let value { try container.encode(value, forKey: .value) } else { try container.encodeNil(forKey: .value) }
        try container.encodeIfPresent(undefined, forKey: .undefined)
        try container.encodeIfPresent(interval, forKey: .interval)
        try container.encodeIfPresent(definition, forKey: .definition)
        try container.encodeIfPresent(n, forKey: .n)
    }
}
