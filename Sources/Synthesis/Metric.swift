public import Statistics

/// One number with how it was obtained. The same shape everywhere: in `results.json` and in `concordat score`.
///
/// `value` is absent together with an `undefined` reason code when the number has none; it is never NaN.
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

    public let name: String
    public var variable: String?
    public var group: String?
    public var parameters: [String: String]?
    public let value: Double?
    public let undefined: String?
    public var interval: Interval?
    public var definition: String?
    public var n: Int?

    enum CodingKeys: String, CodingKey {
        case name, variable, group, parameters, value, undefined, interval, definition, n
    }

    public init(
        _ name: String, value: Double, interval: Interval? = nil, n: Int? = nil, variable: String? = nil,
        group: String? = nil, parameters: [String: String]? = nil, definition: String? = nil
    ) {
        self.name = name
        self.value = value
        self.undefined = nil
        self.interval = interval
        self.n = n
        self.variable = variable
        self.group = group
        self.parameters = parameters
        self.definition = definition
    }

    /// A metric of which only bounds are known.
    public init(
        _ name: String, bounds: Interval, n: Int? = nil, variable: String? = nil, group: String? = nil,
        parameters: [String: String]? = nil
    ) {
        self.init(
            name, undefined: "bounds-only", n: n, variable: variable, group: group, parameters: parameters)
        interval = bounds
    }

    /// A metric without a value. - Parameter undefined: the stable reason code.
    public init(
        _ name: String, undefined: String, n: Int? = nil, variable: String? = nil, group: String? = nil,
        parameters: [String: String]? = nil
    ) {
        self.name = name
        self.value = nil
        self.undefined = undefined
        self.interval = nil
        self.n = n
        self.variable = variable
        self.group = group
        self.parameters = parameters
        self.definition = nil
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encodeIfPresent(variable, forKey: .variable)
        try container.encodeIfPresent(group, forKey: .group)
        try container.encodeIfPresent(parameters, forKey: .parameters)
        // An explicit null beside its reason: a reader must see that there is no value, not miss a key.
        if let value { try container.encode(value, forKey: .value) } else { try container.encodeNil(forKey: .value) }
        try container.encodeIfPresent(undefined, forKey: .undefined)
        try container.encodeIfPresent(interval, forKey: .interval)
        try container.encodeIfPresent(definition, forKey: .definition)
        try container.encodeIfPresent(n, forKey: .n)
    }
}
