/// What a site answers to one planned question.
///
/// JSON: `{"status": "released", "aggregate": {…}}`, `{"status": "not-releasable"}`, or
/// `{"status": "failed", "code": "…"}`.
public enum Answer: Hashable, Sendable {
    /// The released value; single numbers in it may still be withheld.
    case released(ReleasedAggregate)
    /// The gate withheld the whole answer. Why stays in the site's local record.
    case withheld
    /// It could not be computed; a fixed code, never a message.
    case failed(code: String)

    /// The released value, nil when there is none.
    public var aggregate: ReleasedAggregate? {
        if case .released(let aggregate) = self { aggregate } else { nil }
    }
}

extension Answer: Codable {
    private enum CodingKeys: String, CodingKey { case status, aggregate, code }
    private enum Status: String, Codable {
        case released, failed
        case notReleasable = "not-releasable"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(Status.self, forKey: .status) {
        case .released: self = .released(try container.decode(ReleasedAggregate.self, forKey: .aggregate))
        case .notReleasable: self = .withheld
        case .failed:
            let code = try container.decode(String.self, forKey: .code)
            let isCode = code.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
            guard isCode, (1...100).contains(code.utf8.count) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .code, in: container, debugDescription: "a code is kebab-case of at most 100 bytes")
            }
            self = .failed(code: code)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .released(let aggregate):
            try container.encode(Status.released, forKey: .status)
            try container.encode(aggregate, forKey: .aggregate)
        case .withheld:
            try container.encode(Status.notReleasable, forKey: .status)
        case .failed(let code):
            try container.encode(Status.failed, forKey: .status)
            try container.encode(code, forKey: .code)
        }
    }
}
