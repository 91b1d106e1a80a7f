import Foundation
import StrictJSON
import StudyProtocol
import Testing

@Suite("Names, instants and numbers")
struct NamesAndNumbersTests {
    @Test(
        "An instant reads and writes one form",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1), ("2000-02-29T12:34:56Z", 951_827_696),
            ("2027-12-31T00:00:00Z", 1_830_211_200), ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] as [(String, Int64)])
    func instants(_ text: String, _ seconds: Int64) throws {
        let instant = try #require(Timestamp(text))
        #expect(instant.secondsSinceEpoch == seconds)
        #expect(instant.description == text)
        #expect(Timestamp(secondsSinceEpoch: seconds) == instant)
    }

    @Test("Instants agree with the platform's calendar on days of four centuries")
    func calendar() {
        let style = Date.ISO8601FormatStyle(timeZone: .gmt)
        // 12,345 s short of a day, so that the time of day moves too.
        for step in stride(from: Int64(-4_000_000_000), through: 8_600_000_000, by: 86_400 * 37 - 12_345) {
            let expected = Date(timeIntervalSince1970: Double(step)).formatted(style)
            #expect(Timestamp(secondsSinceEpoch: step).description == expected)
            #expect(Timestamp(expected)?.secondsSinceEpoch == step)
        }
    }

    @Test(
        "What is no instant is refused",
        arguments: [
            "", "2027-12-31", "2027-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2027-13-01T00:00:00Z",
            "2027-00-01T00:00:00Z", "2027-01-00T00:00:00Z", "2027-04-31T00:00:00Z", "2027-12-31T24:00:00Z",
            "2027-12-31T23:60:00Z", "2027-12-31T23:59:60Z", "2027-12-31t00:00:00Z", "2027-12-31T00:00:00z",
            "2027-12-31 00:00:00Z", "2027-12-31T00:00:00+00:00", "2027-12-31T00:00:00.0Z", "0000-01-01T00:00:00Z",
            "２027-12-31T00:00:00Z", "+027-12-31T00:00:00Z",
        ])
    func malformedInstants(_ text: String) { #expect(Timestamp(text) == nil) }

    @Test("A minute has no seconds, also before 1970")
    func minutes() {
        #expect(Timestamp("2026-11-22T13:05:59Z")?.roundedToMinute.description == "2026-11-22T13:05:00Z")
        #expect(Timestamp(secondsSinceEpoch: -1).roundedToMinute.secondsSinceEpoch == -60)
        #expect(Timestamp(secondsSinceEpoch: 0).adding(seconds: .max) == Timestamp(secondsSinceEpoch: .max))
    }

    @Test("Decimals are exact multiples or none")
    func decimals() throws {
        let step = try #require(DecimalText("0.01"))
        #expect(DecimalText("6")?.multiple(of: step) == 600)
        #expect(DecimalText("-6.5")?.multiple(of: step) == -650)
        #expect(DecimalText("6.005")?.multiple(of: step) == nil)
        #expect(DecimalText("6.000")?.multiple(of: step) == 600)
        #expect(DecimalText("1")?.multiple(of: try #require(DecimalText("0.25"))) == 4)
        #expect(DecimalText("99999999999999999")?.multiple(of: try #require(DecimalText("0.00000000000000001"))) == nil)
    }

    @Test(
        "What is no plain decimal is refused",
        arguments: [
            "", "-", ".5", "5.", "+1", "1e3", "01", "-0", "-0.0", "1,5", " 1", "1 ", "１", "0x1", "1234567890123456789",
        ])
    func malformedDecimals(_ text: String) { #expect(DecimalText(text) == nil) }

    @Test("Names hold to their alphabet")
    func names() {
        #expect(VariableID(rawValue: "sliceThickness")?.rawValue == "sliceThickness")
        #expect(VariableID(rawValue: String(repeating: "a", count: 64)) != nil)
        for text in ["", "-a", ".a", "a b", "a/b", "结节", "a\n", String(repeating: "a", count: 65)] {
            #expect(VariableID(rawValue: text) == nil)
        }
        #expect(AnswerName(rawValue: "confusion:pre-specified")?.operatingPoint?.rawValue == "pre-specified")
        #expect(AnswerName(rawValue: "flow")?.operatingPoint == nil)
        for text in ["", "confusion:", "confusion:a:b", "roc:x", "a b"] { #expect(AnswerName(rawValue: text) == nil) }
    }

    @Test("Keys sort by name, the whole cohort before its parts")
    func keys() throws {
        let part = Subgroup(variable: try #require(VariableID(rawValue: "diameter")), level: "[0,8)")
        let other = Subgroup(variable: part.variable, level: "[8,20)")
        let sorted = [
            AnswerKey(name: .flow), AnswerKey(name: .roc), AnswerKey(name: .roc, subgroup: part),
            AnswerKey(name: .roc, subgroup: other), AnswerKey(name: .scoreSteps),
        ]
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test("A key is written as its name and, where there is one, its part of the cohort")
    func keyForm() throws {
        let part = Subgroup(variable: try #require(VariableID(rawValue: "diameter")), level: "[0,8)")
        let key = AnswerKey(name: .roc, subgroup: part)
        let json = try JSONValue(encoding: key)
        #expect(json == ["name": "roc", "subgroup": ["variable": "diameter", "level": "[0,8)"]])
        #expect(try json.decode(AnswerKey.self) == key)
        #expect(try JSONValue(encoding: AnswerKey(name: .flow)) == ["name": "flow"])
        #expect(throws: StrictJSONError.self) { try (["name": "a b"] as JSONValue).decode(AnswerKey.self) }
    }
}
