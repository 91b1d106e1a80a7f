public import TextCatalogue

/// How one value is read: gives the value, or nil after recording why not. Readers compose: `.array(of: .string)`.
public struct ValueReader<Value> {
    public let read: (_ value: JSONValue, _ pointer: JSONPointer, _ faults: FaultList) -> Value?

    public init(_ read: @escaping (JSONValue, JSONPointer, FaultList) -> Value?) { self.read = read }

    /// Continues with a check or a conversion that may record a fault of its own.
    public func then<T>(_ next: @escaping (Value, JSONPointer, FaultList) -> T?) -> ValueReader<T> {
        ValueReader<T> { value, pointer, faults in
            self.read(value, pointer, faults).flatMap { next($0, pointer, faults) }
        }
    }

    /// Continues with a conversion whose error, when it is a `UserFacingError`, becomes the fault.
    public func map<T>(_ convert: @escaping (Value) throws -> T) -> ValueReader<T> {
        then { value, pointer, faults in
            do {
                return try convert(value)
            } catch let error as any UserFacingError {
                faults.add(pointer, error.code, error.phrase)
            } catch {
                faults.add(pointer, .invalidValue, .jsonInvalidValue("\(type(of: error))"))
            }
            return nil
        }
    }

    static func recordWrongType(
        _ expected: Phrase, _ found: JSONValue, _ pointer: JSONPointer, _ faults: FaultList
    ) {
        faults.add(pointer, .wrongType, .jsonWrongType(expected: expected, found: found.typeName))
    }

    fileprivate static func typed(_ expected: Phrase, _ get: @escaping (JSONValue) -> Value?) -> ValueReader {
        ValueReader { value, pointer, faults in
            let result = get(value)
            if result == nil { recordWrongType(expected, value, pointer, faults) }
            return result
        }
    }
}

extension JSONValue {
    /// The name of the value's type, for people.
    public var typeName: Phrase {
        switch self {
        case .null: .jsonNullName
        case .bool: .jsonBooleanName
        case .number: .jsonNumberName
        case .string: .jsonStringName
        case .array: .jsonArrayName
        case .object: .jsonObjectName
        }
    }
}

extension ValueReader where Value == JSONValue {
    public static var any: Self { .init { value, _, _ in value } }
}

extension ValueReader where Value == Bool {
    public static var boolean: Self { .typed(.jsonBooleanName) { $0.boolValue } }
}

extension ValueReader where Value == Double {
    public static var number: Self { .typed(.jsonNumberName) { $0.doubleValue } }

    public static func number(in range: ClosedRange<Double>) -> Self {
        number.then { value, pointer, faults in
            guard !range.contains(value) else { return value }
            let (low, high) = (JSONNumber(range.lowerBound), JSONNumber(range.upperBound))
            let phrase = Phrase.jsonOutOfRange(
                JSONNumber(value)?.text ?? "", from: low?.text ?? "-∞", to: high?.text ?? "∞")
            faults.add(pointer, FaultCode.outOfRange, phrase)
            return nil
        }
    }
}

extension ValueReader where Value == JSONNumber {
    /// The number as it is written.
    public static var exactNumber: Self { .typed(.jsonNumberName) { $0.numberValue } }
}

extension ValueReader where Value == Int {
    /// A whole number within ±(2^53 - 1), written without fraction and exponent.
    public static var integer: Self {
        ValueReader<JSONNumber>.exactNumber.then { number, pointer, faults in
            if let value = number.int, value.magnitude <= JSONNumber.greatestExactInteger { return value }
            faults.add(pointer, FaultCode.notExact, .jsonNotExact)
            return nil
        }
    }

    public static func integer(in range: ClosedRange<Int>) -> Self {
        integer.then { value, pointer, faults in
            guard !range.contains(value) else { return value }
            let phrase = Phrase.jsonOutOfRange("\(value)", from: "\(range.lowerBound)", to: "\(range.upperBound)")
            faults.add(pointer, FaultCode.outOfRange, phrase)
            return nil
        }
    }
}

extension ValueReader where Value == String {
    /// The length in bytes that a text may have when nothing else is said.
    public static var standardMaximum: Int { 4096 }

    public static var string: Self { .string(maximum: standardMaximum) }

    /// - Parameter maximum: the greatest length, in bytes of UTF-8.
    public static func string(maximum: Int) -> Self {
        typed(.jsonStringName) { $0.stringValue }.then { text, pointer, faults in
            guard text.utf8.count > maximum else { return text }
            faults.add(pointer, FaultCode.tooLong, .jsonTooLong(text.utf8.count, limit: maximum))
            return nil
        }
    }
}

extension ValueReader where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the raw values of an enum; a fault names the nearest and all the allowed ones.
    public static func choice(of type: Value.Type = Value.self) -> Self {
        ValueReader<String>.string.then { text, pointer, faults in
            if let value = Value(rawValue: text) { return value }
            let allowed = Value.allCases.map(\.rawValue)
            let nearest = EditDistance.nearest(to: text, among: allowed)
            faults.add(
                pointer, FaultCode.notAllowed, .jsonNotAllowed(text, allowed: allowed, nearest: nearest))
            return nil
        }
    }
}

extension ValueReader {
    /// Every item by the same reader; nil when one of them is at fault (all of them are read, so all faults are seen).
    public static func array<Item>(
        of item: ValueReader<Item>, count: ClosedRange<Int> = 0...10_000
    ) -> Self where Value == [Item] {
        ValueReader<[JSONValue]>.typed(.jsonArrayName) { $0.arrayValue }.then { items, pointer, faults in
            guard count.contains(items.count) else {
                let phrase = Phrase.jsonItemCount(items.count, from: count.lowerBound, to: count.upperBound)
                faults.add(pointer, FaultCode.itemCount, phrase)
                return nil
            }
            let values = items.enumerated().map { index, value in
                item.read(value, pointer.appending(index), faults)
            }
            let present = values.compactMap { $0 }
            return present.count == values.count ? present : nil
        }
    }

    /// An object whose members are read by `body`; members it does not ask for are faults.
    public static func object(_ body: @escaping (inout ObjectReader) -> Value?) -> Self {
        ValueReader { value, pointer, faults in
            var reader = ObjectReader(value, at: pointer, faults: faults)
            guard value.objectValue != nil else { return nil }
            let result = body(&reader)
            reader.finish()
            return result
        }
    }

    /// An object used as a table: every member by the same reader, in their order.
    public static func table<Item>(
        of item: ValueReader<Item>, count: ClosedRange<Int> = 0...10_000
    ) -> Self where Value == [(key: String, value: Item)] {
        ValueReader<JSONObject>.typed(.jsonObjectName) { $0.objectValue }.then { object, pointer, faults in
            guard count.contains(object.count) else {
                let phrase = Phrase.jsonItemCount(object.count, from: count.lowerBound, to: count.upperBound)
                faults.add(pointer, FaultCode.itemCount, phrase)
                return nil
            }
            let values = object.members.map { member in
                item.read(member.value, pointer.appending(member.key), faults).map { (member.key, $0) }
            }
            let present = values.compactMap { $0 }
            return present.count == values.count ? present : nil
        }
    }
}
