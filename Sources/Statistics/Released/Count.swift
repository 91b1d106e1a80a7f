/// A released number of cases or patients.
///
/// JSON: a number, or `{"withheld": "cell-protected"}`, the same for primary and secondary protection.
public enum Count: Hashable, Sendable {
    /// The exact number.
    case exact(Int)
    /// Withheld by the site. Not zero, not missing and not failed.
    case protected

    /// The number, nil when withheld.
    public var exact: Int? {
        if case .exact(let value) = self { value } else { nil }
    }

    /// The sum of two sites' numbers; withheld when either is, so that a part never stands for the whole.
    public static func + (left: Count, right: Count) -> Count {
        guard case .exact(let left) = left, case .exact(let right) = right else { return .protected }
        return .exact(left + right)
    }
}

/// What JSON says in place of a withheld number.
struct WithheldCell: Codable {
    static let code = "cell-protected"
    private enum CodingKeys: String, CodingKey { case withheld }

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard try container.decode(String.self, forKey: .withheld) == Self.code else {
            throw DecodingError.dataCorruptedError(
                forKey: .withheld, in: container, debugDescription: "a withheld number says \(Self.code)")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.code, forKey: .withheld)
    }
}

extension Count: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            guard number >= 0, number < CaseColumns.caseLimit else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "a count lies from 0 to \(CaseColumns.caseLimit - 1)")
            }
            self = .exact(number)
        } else {
            _ = try WithheldCell(from: decoder)
            self = .protected
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .exact(let number):
            var container = encoder.singleValueContainer()
            try container.encode(number)
        case .protected:
            try WithheldCell().encode(to: encoder)
        }
    }
}
