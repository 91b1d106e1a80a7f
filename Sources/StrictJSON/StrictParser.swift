import TextCatalogue

/// A recursive-descent parser of RFC 8259 over bytes. It takes exactly one document and nothing that two readers
/// could understand differently: see `StrictJSON.parse`.
struct StrictParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: StrictJSON.Limits
    private var position = 0
    private var values = 0
    /// Where the parser is, for errors only.
    private var path: [PathElement] = []

    private enum PathElement {
        case key(String)
        case index(Int)
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>, limits: StrictJSON.Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(StrictJSONError) -> JSONValue {
        guard bytes.count <= limits.bytes else { throw error(.tooLarge, .jsonTooLarge(limit: limits.bytes)) }
        guard !bytes.isEmpty else { throw error(.empty, .jsonEmpty) }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error(.byteOrderMark, .jsonByteOrderMark) }
        skipWhitespace()
        let value = try value(depth: 0)
        skipWhitespace()
        guard position == bytes.count else { throw error(.trailingData, .jsonTrailingData) }
        return value
    }

    private mutating func value(depth: Int) throws(StrictJSONError) -> JSONValue {
        values += 1
        guard values <= limits.values else { throw error(.tooManyValues, .jsonTooManyValues(limit: limits.values)) }
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw unexpected()
        }
    }

    private mutating func object(depth: Int) throws(StrictJSONError) -> JSONValue {
        try enter(depth)
        var object = JSONObject()
        if try takeIfNext(UInt8(ascii: "}")) { return .object(object) }
        while true {
            let start = position
            guard try peek() == UInt8(ascii: "\"") else { throw unexpected() }
            let key = try string()
            skipWhitespace()
            guard try peek() == UInt8(ascii: ":") else { throw unexpected() }
            position += 1
            skipWhitespace()
            path.append(.key(key))
            guard object[key] == nil else {
                throw error(.duplicateKey, .jsonDuplicateKey(key), at: start)
            }
            object.append(key, try value(depth: depth))
            path.removeLast()
            if try endsCollection(with: UInt8(ascii: "}")) { return .object(object) }
        }
    }

    private mutating func array(depth: Int) throws(StrictJSONError) -> JSONValue {
        try enter(depth)
        var items: [JSONValue] = []
        if try takeIfNext(UInt8(ascii: "]")) { return .array(items) }
        while true {
            path.append(.index(items.count))
            items.append(try value(depth: depth))
            path.removeLast()
            if try endsCollection(with: UInt8(ascii: "]")) { return .array(items) }
        }
    }

    /// Takes the opening bracket.
    private mutating func enter(_ depth: Int) throws(StrictJSONError) {
        guard depth <= limits.depth else { throw error(.tooDeep, .jsonTooDeep(limit: limits.depth)) }
        position += 1
        skipWhitespace()
    }

    private mutating func takeIfNext(_ byte: UInt8) throws(StrictJSONError) -> Bool {
        guard try peek() == byte else { return false }
        position += 1
        return true
    }

    /// Takes the closing bracket (true) or the comma (false) after an item.
    private mutating func endsCollection(with closing: UInt8) throws(StrictJSONError) -> Bool {
        skipWhitespace()
        if try takeIfNext(closing) { return true }
        guard try peek() == UInt8(ascii: ",") else { throw unexpected() }
        position += 1
        skipWhitespace()
        return false
    }

    private mutating func literal(_ text: String, _ value: JSONValue) throws(StrictJSONError) -> JSONValue {
        for expected in text.utf8 {
            guard try peek() == expected else { throw unexpected() }
            position += 1
        }
        return value
    }

    private mutating func number() throws(StrictJSONError) -> JSONNumber {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let integerStart = position
        guard takeDigits() > 0 else { throw error(.invalidNumber, .jsonInvalidNumber, at: start) }
        if bytes[integerStart] == UInt8(ascii: "0"), position - integerStart > 1 {
            throw error(.invalidNumber, .jsonInvalidNumber, at: start)
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard takeDigits() > 0 else { throw error(.invalidNumber, .jsonInvalidNumber, at: start) }
        }
        let hasExponent = position < bytes.count && bytes[position] | 0x20 == UInt8(ascii: "e")
        if hasExponent {
            position += 1
            if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position]) {
                position += 1
            }
            guard takeDigits() > 0 else { throw error(.invalidNumber, .jsonInvalidNumber, at: start) }
        }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        // A short number without an exponent is always in range: most numbers need no conversion here.
        if position - start > 15 || hasExponent, Double(text)?.isFinite != true {
            throw error(.numberOutOfRange, .jsonNumberOutOfRange, at: start)
        }
        return JSONNumber(checked: text)
    }

    private mutating func takeDigits() -> Int {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        return position - start
    }

    private mutating func string() throws(StrictJSONError) -> String {
        position += 1
        let start = position
        var unescaped: [UInt8]?
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                let plain = UnsafeBufferPointer(rebasing: bytes[start..<position])
                position += 1
                return unescaped.map { String(decoding: $0, as: UTF8.self) }
                    ?? String(decoding: plain, as: UTF8.self)
            case UInt8(ascii: "\\"):
                var soFar = unescaped ?? Array(bytes[start..<position])
                soFar.append(contentsOf: String(try escape()).utf8)
                unescaped = soFar
            case 0..<0x20:
                throw error(.controlCharacter, .jsonControlCharacter)
            default:
                let length = try scalarLength(byte)
                unescaped?.append(contentsOf: bytes[position..<position + length])
                position += length
            }
        }
    }

    /// The number of bytes of the UTF-8 sequence at the position, checked by table 3-7 of the Unicode standard.
    private func scalarLength(_ first: UInt8) throws(StrictJSONError) -> Int {
        let second: ClosedRange<UInt8>
        let length: Int
        switch first {
        case 0..<0x80: return 1
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw error(.invalidUTF8, .jsonInvalidUTF8)
        }
        guard position + length <= bytes.count, second.contains(bytes[position + 1]),
            bytes[position + 2..<max(position + length, position + 2)].allSatisfy({ $0 & 0xC0 == 0x80 })
        else { throw error(.invalidUTF8, .jsonInvalidUTF8) }
        return length
    }

    private mutating func escape() throws(StrictJSONError) -> Unicode.Scalar {
        let start = position
        position += 1
        let byte = try peek()
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw error(.invalidEscape, .jsonInvalidEscape, at: start)
        }
        let unit = try hexadecimalUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        // Not a scalar by itself: a high surrogate must be followed by the escape of a low one.
        guard (0xD800...0xDBFF).contains(unit), position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
        else { throw error(.loneSurrogate, .jsonLoneSurrogate, at: start) }
        position += 2
        let low = try hexadecimalUnit()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + UInt32(low) - 0xDC00)
        else { throw error(.loneSurrogate, .jsonLoneSurrogate, at: start) }
        return scalar
    }

    private mutating func hexadecimalUnit() throws(StrictJSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try peek())).hexDigitValue, bytes[position] < 0x80 else {
                throw error(.invalidEscape, .jsonInvalidEscape)
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    private mutating func skipWhitespace() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }

    private func peek() throws(StrictJSONError) -> UInt8 {
        guard position < bytes.count else { throw error(.unexpectedEnd, .jsonUnexpectedEnd) }
        return bytes[position]
    }

    private func unexpected() -> StrictJSONError { error(.unexpectedByte, .jsonUnexpectedByte) }

    private func error(_ code: StrictJSONError.Code, _ problem: Phrase, at offset: Int? = nil) -> StrictJSONError {
        let tokens = path.map { element in
            switch element {
            case .key(let key): key
            case .index(let index): String(index)
            }
        }
        return StrictJSONError(code, offset: offset ?? position, pointer: JSONPointer(tokens: tokens), problem: problem)
    }
}
