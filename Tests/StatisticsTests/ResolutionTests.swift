import Statistics
import Testing

@Suite("Resolution")
struct ResolutionTests {
    private struct Cases: Decodable {
        struct Case: Decodable {
            let input: String
            let resolution: String
            let units: Int64?

            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                input = try container.decode(String.self)
                resolution = try container.decode(String.self)
                units = try container.decodeNil() ? nil : container.decode(Int64.self)
            }
        }

        let doubles: [Case]
        let texts: [Case]
    }

    @Test("quantises the exact binary value of a double, ties to even, as exact fractions do")
    func doubles() throws {
        let cases = try vectorFile("quantise.json", as: Cases.self).doubles
        #expect(cases.count > 3000)
        for item in cases {
            let bits = try #require(UInt64(item.input, radix: 16))
            let units = try Resolution(item.resolution).units(Double(bitPattern: bits))
            #expect(units == item.units, "\(Double(bitPattern: bits)) at \(item.resolution)")
        }
    }

    @Test("quantises a decimal text without binary rounding, as exact fractions do")
    func texts() throws {
        let cases = try vectorFile("quantise.json", as: Cases.self).texts
        #expect(cases.count > 2000)
        for item in cases {
            let units = try Resolution(item.resolution).units(decimal: item.input)
            #expect(units == item.units, "\(item.input) at \(item.resolution)")
        }
    }

    @Test("rounds a decimal half to even where a binary division would not")
    func halves() throws {
        let resolution = try Resolution("0.01")
        #expect(resolution.units(decimal: "0.285") == 28)
        #expect(resolution.units(decimal: "0.275") == 28)
        #expect(resolution.units(decimal: "-0.285") == -28)
        #expect(resolution.units(decimal: "0.2850000000000000000000000000000000001") == 29)
        #expect(resolution.units(0.285) == 28)  // the double is 0.284999…
        #expect(resolution.units(0.295) == 29)  // the double is 0.294999…
        #expect(try Resolution("0.25").units(0.125) == 0)
        #expect(try Resolution("0.25").units(0.375) == 2)
    }

    @Test(
        "refuses text that is not a plain decimal",
        arguments: [
            "", " 1", "1 ", "+", "-", ".", "e5", "1e", "1e+", "1,5", "1.2.3", "0x10", "nan", "inf", "1_000", "--1", "１",
            "1e12345", String(repeating: "1", count: 41), "1e5.0",
        ])
    func malformed(text: String) throws {
        let resolution = try Resolution("0.01")
        #expect(resolution.units(decimal: text) == nil)
        var text = text
        text.withUTF8 { utf8 in
            #expect(resolution.reading(decimalUTF8: utf8) == .malformed)
            #expect(resolution.code(decimalUTF8: utf8, within: 0...100) == Coded.malformed)
        }
    }

    @Test("tells a number that does not fit, or is out of range, from one that is malformed")
    func ranges() throws {
        let resolution = try Resolution("0.01")
        func code(_ text: String) -> Int64 {
            var text = text
            return text.withUTF8 { resolution.code(decimalUTF8: $0, within: 0...10_000) }
        }
        #expect(code("1e30") == Coded.outOfRange)
        #expect(code("-0.01") == Coded.outOfRange)
        #expect(code("-0.001") == 0)
        #expect(code("100.004") == 10_000)
        #expect(code("100.006") == Coded.outOfRange)
        #expect(code("7.5") == 750)
    }

    @Test("has no units for what is not a finite number")
    func infinities() throws {
        let resolution = try Resolution("0.01")
        for value in [Double.nan, .infinity, -.infinity, 1e300, -1e17] { #expect(resolution.units(value) == nil) }
    }

    @Test(
        "refuses a resolution that is not a positive decimal within its limits",
        arguments: ["", "0", "-0.01", "0.0", "1e10", "1e-19", "12345678901", "1/3", " 1"])
    func malformedResolution(text: String) {
        #expect(throws: StatisticsError(.malformedResolution, "")) { try Resolution(text) }
    }

    @Test("writes units as the shortest exact decimal and as the nearest double")
    func values() throws {
        let hundredth = try Resolution("0.01")
        #expect(hundredth.text(28) == "0.28")
        #expect(hundredth.text(-150) == "-1.5")
        #expect(hundredth.text(400) == "4")
        #expect(hundredth.text(0) == "0")
        #expect(hundredth.value(28) == 0.28)
        #expect(try Resolution("25").text(-3) == "-75")
        #expect(try Resolution("1e-18").text(1) == "0.000000000000000001")
        #expect(try Resolution("0.10") == Resolution("0.1"))
        var generator = SeededGenerator(seed: 3)
        for text in ["0.000001", "0.3", "1", "25", "1e-9"] {
            let resolution = try Resolution(text)
            for _ in 0..<300 {
                let units = Int64.random(in: -(1 << 62)...(1 << 62), using: &generator) >> Int64.random(in: 0...61)
                #expect(resolution.value(units) == Double(resolution.text(units)))
                #expect(resolution.units(decimal: resolution.text(units)) == units)
            }
        }
    }
}
