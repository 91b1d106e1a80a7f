import Foundation
import StrictJSON
import Testing

/// The vectors of RFC 8785.
@Suite struct CanonicalFormTests {
    private func canonical(_ text: String) throws -> String {
        String(decoding: try StrictJSON.parse(Data(text.utf8)).canonicalBytes, as: UTF8.self)
    }

    @Test("The example of section 3.2.2 has the bytes of section 3.2.4")
    func sampleDocument() throws {
        let document = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let expected = """
            7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 \
            72 73 22 3a 5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30 2c 34 2e 35 2c 30 2e 30 \
            30 32 2c 31 65 2d 32 37 5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c \
            22 5c 5c 5c 5c 5c 22 2f 22 7d
            """
        let bytes = try StrictJSON.parse(Data(document.utf8)).canonicalBytes
        #expect(bytes.map { String(format: "%02x", $0) }.joined(separator: " ") == expected)
    }

    @Test("Keys are sorted by UTF-16 code units, as in section 3.2.3")
    func keyOrder() throws {
        let document = #"""
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
             "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
             "\u00f6": "Latin Small Letter O With Diaeresis"}
            """#
        let sorted = try StrictJSON.parse(StrictJSON.parse(Data(document.utf8)).canonicalBytes)
        let names = sorted.objectValue?.members.compactMap(\.value.stringValue)
        #expect(
            names == [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
                "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
            ])
    }

    @Test("Random keys are in the order of their UTF-16 code units")
    func randomKeyOrder() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            var object = JSONObject()
            for _ in 0..<20 { object[Bool.random(using: &generator) ? generator.string() : "k\(generator.next())"] = 0 }
            let keys = try StrictJSON.parse(JSONValue.object(object).canonicalBytes).objectValue?.keys ?? []
            #expect(keys.count == object.count)
            let units = keys.map { Array($0.utf16) }
            #expect(zip(units, units.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
        }
    }

    @Test(
        "Numbers are written as in appendix B",
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"), (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"), (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func numbers(bits: UInt64, expected: String) throws {
        let number = try #require(JSONNumber(Double(bitPattern: bits)))
        #expect(JSONValue.number(number).canonicalBytes == Data(expected.utf8))
    }

    @Test("Infinities and not-a-number have no JSON form")
    func notFinite() {
        for value in [Double.infinity, -.infinity, .nan] { #expect(JSONNumber(value) == nil) }
    }

    @Test("A random double keeps its value and has one canonical text")
    func randomDoubles() throws {
        var generator = SeededGenerator(seed: 8785)
        for _ in 0..<5_000 {
            let value = Double(bitPattern: generator.next())
            guard let number = JSONNumber(value) else { continue }
            #expect(number.double == value)
            #expect(try canonical(value.description) == number.text)
        }
    }

    @Test("White space, order of members and spelling of numbers and strings do not change the canonical form")
    func equivalentSpellings() throws {
        let first = try canonical(#"{ "b" : 1.0, "a" : "\u0041\/" }"#)
        #expect(first == #"{"a":"A/","b":1}"#)
        #expect(
            try canonical("[-0,-0.0,9007199254740993,-9007199254740991]") == "[0,0,9007199254740992,-9007199254740991]")
        #expect(try canonical(#"{"a":"A/","b":10e-1}"#) == first)
    }
}
