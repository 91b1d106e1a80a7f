/// A JSON value (RFC 8259) that keeps what JSONDecoder loses: the text of its numbers and the order of its members.
///
/// Equality is that of the values: the order of an object's members does not count, but numbers are equal only when
/// written alike (`1` and `1.0` differ).
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    public var isNull: Bool { self == .null }

    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    public var numberValue: JSONNumber? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The whole number, when it is written as one (no fraction, no exponent) and fits.
    public var intValue: Int? { numberValue?.int }

    public var doubleValue: Double? { numberValue?.double }

    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    public var arrayValue: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    public var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member of that name; nil when there is none or this is not an object.
    public subscript(key: String) -> JSONValue? { objectValue?[key] }

    /// The item at that index; nil when there is none or this is not an array.
    public subscript(index: Int) -> JSONValue? {
        guard let items = arrayValue, items.indices.contains(index) else { return nil }
        return items[index]
    }

    /// The value that the pointer names inside this one (RFC 6901, section 4).
    public subscript(pointer: JSONPointer) -> JSONValue? {
        var current = self
        for token in pointer.tokens {
            let next: JSONValue?
            switch current {
            case .object(let object): next = object[token]
            case .array: next = JSONPointer.arrayIndex(token).flatMap { current[$0] }
            default: next = nil
            }
            guard let next else { return nil }
            current = next
        }
        return current
    }
}

// MARK: - Literals

// There is no literal `nil`: where a `JSONValue?` is wanted, it would mean null instead of nothing.
extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }

    /// - Precondition: the literal is finite. It stands in the source, so its author sees the trap at once.
    public init(floatLiteral value: Double) {
        guard let number = JSONNumber(value) else { preconditionFailure("JSON has no infinite numbers") }
        self = .number(number)
    }

    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// - Precondition: no key occurs twice. The literal stands in the source, so its author sees the trap at once.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        guard let object = JSONObject(elements) else { preconditionFailure("a JSON object literal repeats a key") }
        self = .object(object)
    }
}

extension JSONValue {
    public static func int(_ value: some BinaryInteger) -> JSONValue { .number(JSONNumber(value)) }

    /// The number, or nil when it is not finite: JSON has no such numbers.
    public static func double(_ value: Double) -> JSONValue? { JSONNumber(value).map { .number($0) } }

    /// An object of the members whose value is not nil.
    public static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        var object = JSONObject()
        for (key, value) in members {
            if let value { object[key] = value }
        }
        return .object(object)
    }
}
