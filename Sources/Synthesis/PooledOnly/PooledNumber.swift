/// A count over sites: exact, or between two bounds that hold with certainty.
///
/// JSON: `{"value": 120}`, or `{"lower": 80, "upper": 160}`, `upper` null when nothing bounds it.
public enum PooledNumber: Hashable, Sendable {
    case exact(Int)
    case between(lower: Int, upper: Int?)

    /// The number, nil when only bounds are shown.
    public var exact: Int? {
        if case .exact(let value) = self { value } else { nil }
    }

    /// Whether the number can be this.
    public func contains(_ value: Int) -> Bool {
        switch self {
        case .exact(let number): number == value
        case .between(let lower, let upper): lower <= value && upper.map { value <= $0 } ?? true
        }
    }
}

extension PooledNumber: Codable {
    private enum CodingKeys: String, CodingKey { case value, lower, upper }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let value = try container.decodeIfPresent(Int.self, forKey: .value) {
            self = .exact(value)
        } else {
            self = .between(
                lower: try container.decode(Int.self, forKey: .lower),
                upper: try container.decodeIfPresent(Int.self, forKey: .upper))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .exact(let value): try container.encode(value, forKey: .value)
        case .between(let lower, let upper):
            try container.encode(lower, forKey: .lower)
            // An explicit null: a reader must see that nothing bounds it, not miss a key.
            try container.encode(upper, forKey: .upper)
        }
    }
}
