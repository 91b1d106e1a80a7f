import Testing

@testable import Privacy

@Suite struct `Fractions` {
    @Test(arguments: [
        ("0", "0"), ("0.50", "0.5"), ("007", "7"), ("6/4", "1.5"), ("1/3", "1/3"), ("0.000001", "0.000001"),
        ("18446744073709551615", "18446744073709551615"), ("1/18446744073709551615", "1/18446744073709551615"),
        ("10.000000000000000000", "10"), ("0.000000000000000001", "0.000000000000000001"),
        ("123456789/987654321", "13717421/109739369"),
    ]) func `a text is read and written in its canonical form`(_ text: String, _ canonical: String) throws {
        let value = try Fraction(text)
        #expect(value.description == canonical)
        #expect(try Fraction(canonical) == value)
        #expect(try encoded(value) == "\"\(canonical)\"")
        #expect(try decoded("\"\(canonical)\"") == value)
    }

    @Test(arguments: [
        "", "-1", "+1", "1e3", ".5", "5.", "1/0", "1/", "/1", "1/2/3", "1.5/2", " 1", "0x1", "1_000", "١", "nan",
        "18446744073709551616", "0.0000000000000000001", "1/18446744073709551616", "1.2.3",
    ]) func `what is not a plain number is refused`(_ text: String) {
        #expect(throws: PrivacyError(.malformedFraction, "")) { try Fraction(text) }
    }

    @Test func `stored text must be canonical`() {
        #expect(throws: PrivacyError(.malformedFraction, "")) { try decoded("\"0.50\"", as: Fraction.self) }
        #expect(throws: PrivacyError(.malformedFraction, "")) { try decoded("\"2/4\"", as: Fraction.self) }
    }

    @Test func `sums and products are exact or refused`() throws {
        #expect(try Fraction("1/3").adding(Fraction("1/6")) == Fraction("0.5"))
        #expect(try Fraction("0.1").adding(Fraction("0.2")) == Fraction("0.3"))
        #expect(try Fraction("2/3").multiplied(by: Fraction("3/4")) == Fraction("0.5"))
        let wide = try Fraction(.max, .max - 1)
        #expect(throws: PrivacyError(.beyondLimits, "")) { try wide.multiplied(by: wide) }
        #expect(throws: PrivacyError(.beyondLimits, "")) { try wide.adding(Fraction(.max, .max - 2)) }
        #expect(throws: PrivacyError(.malformedFraction, "")) { try Fraction(1, 0) }
    }

    @Test func `order is that of the numbers`() throws {
        #expect(try Fraction("1/3") < Fraction("0.334"))
        #expect(try Fraction(.max, .max - 1) < Fraction(.max - 1, .max - 2))
        #expect(!(try Fraction("0.5") < Fraction("2/4")))
    }
}
