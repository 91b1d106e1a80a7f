import Foundation
import StrictJSON
import Testing

@Suite struct ParserTests {
    @Test(
        "A valid document is read",
        arguments: [
            ("null", JSONValue.null), (" true ", true), ("false\n", false), ("0", 0),
            ("-12", -12), ("\"\"", ""), ("[]", []), ("{}", [:]), ("[1,[2],{\"a\":null}]", [1, [2], ["a": .null]]),
            ("\"\\u00e9\\n\\/\\\"\"", "é\n/\""), ("\"\\ud83d\\ude00\"", "😀"), ("\"😀\u{7f}\"", "😀\u{7f}"),
            ("\t\r\n {\"a\" : \"b\"}", ["a": "b"]),
        ] as [(String, JSONValue)])
    func accepts(text: String, expected: JSONValue) throws {
        #expect(try StrictJSON.parse(Data(text.utf8)) == expected)
    }

    struct Refusal: CustomTestStringConvertible {
        let text: String
        let code: StrictJSONError.Code
        let offset: Int
        var pointer = ""
        var testDescription: String { "\(code.rawValue): \(text.debugDescription)" }
    }

    @Test(
        "An invalid document is refused with its code, byte and pointer",
        arguments: [
            Refusal(text: "", code: .empty, offset: 0),
            Refusal(text: " ", code: .unexpectedEnd, offset: 1),
            Refusal(text: "\u{FEFF}{}", code: .byteOrderMark, offset: 0),
            Refusal(text: "{} {}", code: .trailingData, offset: 3),
            Refusal(text: "[1,]", code: .unexpectedByte, offset: 3, pointer: "/1"),
            Refusal(text: "[1 2]", code: .unexpectedByte, offset: 3),
            Refusal(text: "[1", code: .unexpectedEnd, offset: 2),
            Refusal(text: "{\"a\":1,}", code: .unexpectedByte, offset: 7),
            Refusal(text: "{\"a\" 1}", code: .unexpectedByte, offset: 5),
            Refusal(text: "{a:1}", code: .unexpectedByte, offset: 1),
            Refusal(text: "{\"a\":{\"b\":[0,nul]}}", code: .unexpectedByte, offset: 16, pointer: "/a/b/1"),
            Refusal(text: "{\"a\":1,\"b\":2,\"a\":3}", code: .duplicateKey, offset: 13, pointer: "/a"),
            Refusal(text: "{\"a\":1,\"\\u0061\":3}", code: .duplicateKey, offset: 7, pointer: "/a"),
            Refusal(text: "{\"\u{e9}\":1,\"e\u{301}\":3}", code: .duplicateKey, offset: 8, pointer: "/e\u{301}"),
            Refusal(text: "01", code: .invalidNumber, offset: 0),
            Refusal(text: "-", code: .invalidNumber, offset: 0),
            Refusal(text: "1.", code: .invalidNumber, offset: 0),
            Refusal(text: "[1e]", code: .invalidNumber, offset: 1, pointer: "/0"),
            Refusal(text: "+1", code: .unexpectedByte, offset: 0),
            Refusal(text: ".5", code: .unexpectedByte, offset: 0),
            Refusal(text: "NaN", code: .unexpectedByte, offset: 0),
            Refusal(text: "1e400", code: .numberOutOfRange, offset: 0),
            Refusal(text: "-" + String(repeating: "9", count: 400), code: .numberOutOfRange, offset: 0),
            Refusal(text: "\"a", code: .unexpectedEnd, offset: 2),
            Refusal(text: "\"a\tb\"", code: .controlCharacter, offset: 2),
            Refusal(text: "\"\\x\"", code: .invalidEscape, offset: 1),
            Refusal(text: "\"\\u12G4\"", code: .invalidEscape, offset: 5),
            Refusal(text: "\"\\ud800\"", code: .loneSurrogate, offset: 1),
            Refusal(text: "\"\\ud800\\u0041\"", code: .loneSurrogate, offset: 1),
            Refusal(text: "\"\\udc00\\ud800\"", code: .loneSurrogate, offset: 1),
            Refusal(text: "// c\n1", code: .unexpectedByte, offset: 0),
            Refusal(text: "'a'", code: .unexpectedByte, offset: 0),
        ])
    func refuses(refusal: Refusal) {
        let error = #expect(throws: StrictJSONError.self) { try StrictJSON.parse(Data(refusal.text.utf8)) }
        #expect(error?.kind == refusal.code)
        #expect(error?.offset == refusal.offset)
        #expect(error?.pointer.description == refusal.pointer)
    }

    @Test(
        "Bytes that are not UTF-8 are refused where they stand",
        arguments: [
            [0x80], [0xC0, 0xAF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xFF],
        ] as [[UInt8]])
    func refusesInvalidUTF8(bytes: [UInt8]) {
        let document = Data([0x22, 0x61] + bytes + [0x22])
        let error = #expect(throws: StrictJSONError.self) { try StrictJSON.parse(document) }
        #expect(error?.kind == .invalidUTF8)
        #expect(error?.offset == 2)
    }

    @Test("A UTF-8 sequence cut off by the end of the document is refused")
    func refusesTruncatedSequence() {
        for bytes: [UInt8] in [[0x22, 0xC3], [0x22, 0xE2, 0x82], [0x22, 0xF0, 0x9F, 0x98]] {
            let error = #expect(throws: StrictJSONError.self) { try StrictJSON.parse(Data(bytes)) }
            #expect(error?.kind == .invalidUTF8)
        }
    }

    @Test("The depth limit admits exactly that many levels")
    func depthLimit() throws {
        func nested(_ depth: Int) -> Data {
            Data((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try StrictJSON.parse(nested(64))
        let error = #expect(throws: StrictJSONError.self) { try StrictJSON.parse(nested(65)) }
        #expect(error?.kind == .tooDeep)
        #expect(error?.offset == 64)
        _ = try StrictJSON.parse(nested(512), limits: .init(depth: 10_000))
        #expect(throws: StrictJSONError.self) { try StrictJSON.parse(nested(513), limits: .init(depth: 10_000)) }
    }

    @Test("The size and value limits are exact")
    func sizeLimits() throws {
        let document = Data("[1,2,3]".utf8)
        _ = try StrictJSON.parse(document, limits: .init(bytes: 7, values: 4))
        let size = #expect(throws: StrictJSONError.self) { try StrictJSON.parse(document, limits: .init(bytes: 6)) }
        #expect(size?.kind == .tooLarge)
        let values = #expect(throws: StrictJSONError.self) { try StrictJSON.parse(document, limits: .init(values: 3)) }
        #expect(values?.kind == .tooManyValues)
    }

    @Test("Numbers keep their text, members their order")
    func keepsText() throws {
        let text = #"{"z":1.50,"a":[1E2,12345678901234567890]}"#
        let value = try StrictJSON.parse(Data(text.utf8))
        #expect(value.description == text)
        #expect(value["z"]?.doubleValue == 1.5)
        #expect(value["a"]?[1]?.intValue == nil)
    }

    @Test("An object with many keys still finds duplicates and members")
    func manyKeys() throws {
        let members = (0..<1000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let value = try StrictJSON.parse(Data("{\(members)}".utf8))
        #expect(value["k999"] == 999)
        let error = #expect(throws: StrictJSONError.self) {
            try StrictJSON.parse(Data("{\(members),\"k500\":0}".utf8))
        }
        #expect(error?.kind == .duplicateKey)
    }
}
