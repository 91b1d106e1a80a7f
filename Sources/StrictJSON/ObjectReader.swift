public import TextCatalogue

/// Reads the members of one object, records what is wrong, and at the end reports members that nobody asked for.
///
/// ```swift
/// let faults = FaultList()
/// var reader = ObjectReader(document, faults: faults)
/// let id = reader.string("id", maximum: 64)
/// let alpha = reader.optional("alpha", .number(in: 0...0.5)) ?? 0.025
/// let metric = reader.required("metric", .choice(of: Metric.self))
/// let levels = reader.required("levels", .array(of: .string(maximum: 64), count: 1...100))
/// let goal = reader.object("hypothesis") { reader in reader.number("goal") }
/// reader.finish()
/// ```
public struct ObjectReader {
    public let pointer: JSONPointer
    public let faults: FaultList
    /// Nil when the value was no object: its one fault is recorded, and nothing more is said about its members.
    private let object: JSONObject?
    private var known: [String] = []

    public init(_ value: JSONValue, at pointer: JSONPointer = .root, faults: FaultList) {
        self.pointer = pointer
        self.faults = faults
        object = value.objectValue
        if object == nil { ValueReader<JSONObject>.recordWrongType(.jsonObjectName, value, pointer, faults) }
    }

    /// The member's value by the given reader. A missing member is a fault; so is null.
    public mutating func required<T>(_ key: String, _ reader: ValueReader<T>) -> T? {
        known.append(key)
        guard let object else { return nil }
        guard let value = object[key] else {
            faults.add(pointer, .missing, .jsonMissing(key))
            return nil
        }
        return reader.read(value, pointer.appending(key), faults)
    }

    /// The member's value, or nil without a fault when there is no such member. Null is a fault, not an absence.
    public mutating func optional<T>(_ key: String, _ reader: ValueReader<T>) -> T? {
        known.append(key)
        guard let value = object?[key] else { return nil }
        return reader.read(value, pointer.appending(key), faults)
    }

    public func contains(_ key: String) -> Bool { object?[key] != nil }

    /// The keys of the object, in their order.
    public var keys: [String] { object?.keys ?? [] }

    /// Records a fault at a member (or at this object, with no key).
    public func fault(_ key: String? = nil, _ code: String, _ phrase: Phrase) {
        faults.add(key.map { pointer.appending($0) } ?? pointer, code, phrase)
    }

    /// Reports every member that was not asked for, with the nearest name that was.
    public func finish() {
        for key in keys where !known.contains(key) {
            let phrase = Phrase.jsonUnknown(key, nearest: EditDistance.nearest(to: key, among: known))
            faults.add(pointer.appending(key), FaultCode.unknownMember, phrase)
        }
    }

    /// Allows a member without reading it.
    public mutating func ignore(_ key: String) { known.append(key) }
}

extension ObjectReader {
    public mutating func string(_ key: String, maximum: Int = ValueReader<String>.standardMaximum) -> String? {
        required(key, .string(maximum: maximum))
    }

    public mutating func integer(_ key: String) -> Int? { required(key, .integer) }
    public mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        required(key, .integer(in: range))
    }
    public mutating func number(_ key: String) -> Double? { required(key, .number) }
    public mutating func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        required(key, .number(in: range))
    }
    public mutating func boolean(_ key: String) -> Bool? { required(key, .boolean) }
    public mutating func value(_ key: String) -> JSONValue? { required(key, .any) }

    /// Reads a member that is an object; `finish()` is called on its reader afterwards.
    public mutating func object<T>(_ key: String, _ body: @escaping (inout ObjectReader) -> T?) -> T? {
        required(key, .object(body))
    }

    public mutating func optionalObject<T>(_ key: String, _ body: @escaping (inout ObjectReader) -> T?) -> T? {
        optional(key, .object(body))
    }
}
