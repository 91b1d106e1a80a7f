public import Foundation
import TextCatalogue

extension JSONValue {
    /// The value in the canonical form of RFC 8785 (JCS): members sorted by the UTF-16 code units of their keys, no
    /// white space, numbers as ECMAScript writes the nearest double.
    ///
    /// Whole numbers beyond ±(2^53 - 1) lose digits in this form, as RFC 8785 says; Concordat's formats write such
    /// numbers as strings.
    public var canonicalBytes: Data {
        var writer = JSONWriter(canonical: true)
        writer.write(self)
        return Data(writer.bytes)
    }

    /// The value in one line, with its members in their order and its numbers as they were written.
    public var compactBytes: Data {
        var writer = JSONWriter(canonical: false)
        writer.write(self)
        return Data(writer.bytes)
    }

    /// The value for people: two spaces a level, members in their order, a line end at the end. Characters that would
    /// deceive a reader or steer a terminal are escaped.
    public var prettyBytes: Data {
        var writer = JSONWriter(canonical: false, pretty: true)
        writer.write(self)
        return Data(writer.bytes + [0x0A])
    }
}

extension JSONValue: CustomStringConvertible {
    public var description: String { String(decoding: compactBytes, as: UTF8.self) }
}

struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private let canonical: Bool
    private let pretty: Bool
    private var depth = 0

    init(canonical: Bool, pretty: Bool = false) {
        self.canonical = canonical
        self.pretty = pretty
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: put("null")
        case .bool(let value): put(value ? "true" : "false")
        case .number(let number): put(canonical ? number.canonicalText : number.text)
        case .string(let text): write(text)
        case .array(let items):
            collection("[", "]", count: items.count) { writer, index in writer.write(items[index]) }
        case .object(let object):
            let members = canonical ? Self.sorted(object.members) : object.members
            collection("{", "}", count: members.count) { writer, index in
                writer.write(members[index].key)
                writer.put(writer.pretty ? ": " : ":")
                writer.write(members[index].value)
            }
        }
    }

    /// By the UTF-16 code units of the keys (RFC 8785, section 3.2.3). For ASCII that is Swift's own order, which is
    /// much quicker.
    private static func sorted(_ members: [JSONObject.Member]) -> [JSONObject.Member] {
        if members.allSatisfy({ $0.key.utf8.allSatisfy { $0 < 0x80 } }) {
            members.sorted { $0.key < $1.key }
        } else {
            members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
        }
    }

    private mutating func collection(
        _ opening: StaticString, _ closing: StaticString, count: Int, item: (inout JSONWriter, Int) -> Void
    ) {
        put(opening)
        depth += 1
        for index in 0..<count {
            if index > 0 { put(",") }
            newLine()
            item(&self, index)
        }
        depth -= 1
        if count > 0 { newLine() }
        put(closing)
    }

    private mutating func newLine() {
        guard pretty else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: 2 * depth))
    }

    /// Escapes as RFC 8785, section 3.2.2.2 prescribes: only what must be escaped, in its shortest form.
    private mutating func write(_ text: String) {
        put("\"")
        if pretty, text.unicodeScalars.contains(where: \.isDeceptive) {
            for scalar in text.unicodeScalars {
                if scalar.isDeceptive {
                    // All of them are in the first plane, so that one escape is enough.
                    escape(scalar.value)
                } else {
                    for byte in String(scalar).utf8 { write(byte) }
                }
            }
        } else {
            for byte in text.utf8 { write(byte) }
        }
        put("\"")
    }

    private mutating func write(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): put("\\\"")
        case UInt8(ascii: "\\"): put("\\\\")
        case 0x08: put("\\b")
        case 0x09: put("\\t")
        case 0x0A: put("\\n")
        case 0x0C: put("\\f")
        case 0x0D: put("\\r")
        case 0..<0x20: escape(UInt32(byte))
        default: bytes.append(byte)
        }
    }

    private mutating func escape(_ unit: UInt32) {
        let hexadecimal = String(unit, radix: 16)
        put("\\u" + String(repeating: "0", count: 4 - hexadecimal.utf8.count) + hexadecimal)
    }

    private mutating func put(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
