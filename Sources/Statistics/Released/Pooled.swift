/// A sum over sites: complete, or marked as partial. A part never stands for the whole: when a site's part is withheld
/// or failed there is no value, only how many sites contributed.
///
/// JSON: `{"value": …, "contributing": k, "of": n}`, the value `null` when k < n.
public struct Pooled<Value> {
    /// The sum over all sites; nil unless every one contributed.
    public let value: Value?
    /// The sites that contributed, k.
    public let contributing: Int
    /// The sites that were asked, n.
    public let of: Int

    /// True when some site's part is not in it.
    public var isPartial: Bool { contributing < of }

    init(value: Value?, contributing: Int, of: Int) {
        self.value = value
        self.contributing = contributing
        self.of = of
    }
}

extension Pooled where Value == Int {
    /// The sum of one number over the sites.
    public static func sum(_ counts: [Count]) -> Pooled {
        let exact = counts.compactMap(\.exact)
        let isComplete = exact.count == counts.count
        return Pooled(value: isComplete ? exact.reduce(0, +) : nil, contributing: exact.count, of: counts.count)
    }
}

extension Pooled where Value == ReleasedAggregate {
    /// The sum of one answer over the sites; a nil part is a site that released none. Single numbers withheld by a site
    /// are withheld in the value.
    public static func sum(_ parts: [ReleasedAggregate?]) throws(StatisticsError) -> Pooled {
        let released = parts.compactMap { $0 }
        guard released.count == parts.count, var sum = released.first else {
            return Pooled(value: nil, contributing: released.count, of: parts.count)
        }
        for part in released.dropFirst() { sum = try sum.merged(with: part) }
        return Pooled(value: sum, contributing: released.count, of: parts.count)
    }
}

extension Pooled: Sendable where Value: Sendable {}
extension Pooled: Equatable where Value: Equatable {}
extension Pooled: Hashable where Value: Hashable {}

extension Pooled: Codable where Value: Codable {
    private enum CodingKeys: String, CodingKey { case value, contributing, of }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(value, forKey: .value)
        try container.encode(contributing, forKey: .contributing)
        try container.encode(of, forKey: .of)
    }
}
