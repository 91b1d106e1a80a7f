import Statistics
import Testing

@testable import LocalScoring

@Suite struct DecimalDoubleTests {
    /// Both readers' answers: the quick one's where it takes the text, and the thorough one's.
    private func read(_ text: String) -> [UInt64?] {
        var bytes = Array(text.utf8)
        let count = bytes.count
        let thorough = bytes.withUnsafeBufferPointer { DecimalDouble.double($0)?.bitPattern }
        bytes += [UInt8](repeating: 0x0a, count: 64)
        return bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return [] }
            var parts = DecimalDouble.Parts(coefficient: 0, exponent: 0, isNegative: false)
            guard count > 0, DecimalDouble.shared.read(base, &parts) == count,
                let quick = DecimalDouble.shared.double(parts)
            else {
                return [thorough]
            }
            return [thorough, quick.bitPattern]
        }
    }

    @Test func aHundredThousandDecimalsAreTheDoublesOfTheStandardLibrary() throws {
        var generator = LocalFileGenerator(seed: 7)
        var quick = 0
        for index in 0..<100_000 {
            var text = Bool.random(using: &generator) ? "-" : ""
            switch index % 5 {
            case 0: text = "\(Double(bitPattern: generator.next()))"
            case 1: text += "\(Double(generator.next() % 1_000_000_000_000_000) / 1e9)"
            default:
                let digits = Int.random(in: 1...(index % 5 == 2 ? 25 : 18), using: &generator)
                let point = Int.random(in: -1...digits, using: &generator)
                for digit in 0..<digits {
                    if digit == point { text += "." }
                    text += String(Int.random(in: 0...9, using: &generator))
                }
                if index % 5 == 3 { text += "e\(Int.random(in: -330...320, using: &generator))" }
                if index % 5 == 4 { text += "E\(Int.random(in: -60...60, using: &generator))" }
            }
            guard let expected = Double(text), expected.isFinite else { continue }
            let answers = read(text)
            if answers.count == 2 { quick += 1 }
            for answer in answers { #expect(answer == expected.bitPattern, "\(text)") }
        }
        // Otherwise the quick reader would not have been tested.
        #expect(quick > 30_000)
    }

    @Test func tiesBetweenTwoDoublesGoToTheEvenOne() {
        for text in [
            "9007199254740993", "9007199254740995", "4503599627370496.5", "4503599627370497.5", "2251799813685248.25",
            "2251799813685249.75", "90071992547409930", "900719925474099300000", "1125899906842624.125",
            "9007199254740992.9999", "0.500000000000000166", "8.5", "1e23", "8.5e22", "9223372036854775807",
            "9999999999999999999", "18446744073709551615", "0.1", "0.3", "123456789012345678",
        ] {
            for answer in read(text) { #expect(answer == Double(text)?.bitPattern, "\(text)") }
        }
        #expect(read("-0") == [(-0.0).bitPattern, (-0.0).bitPattern])
    }

    @Test(arguments: [
        "", "-", ".", "+", "1e", "e5", "1..2", "1,5", "0x10", "inf", "-nan", "1 2", "--1", "1e5.0", "1_000", "1e+", "٣",
    ])
    func whatIsNoDecimalIsRefused(text: String) {
        #expect(read(text).allSatisfy { $0 == nil })
    }

    @Test func whatOverflowsIsNoNumber() {
        #expect(read("1e999") == [nil])
        #expect(read("1e-999") == [Double.zero.bitPattern])
    }

    @Test func quickUnitsAreThoseOfTheExactReader() throws {
        var generator = LocalFileGenerator(seed: 11)
        for name in ["1", "0.1", "0.01", "0.000001", "0.25", "3", "0.07", "1000", "1e-15"] {
            let resolution = try Resolution(name)
            let quantiser = DecimalQuantiser(resolution)
            var answered = 0
            for _ in 0..<4000 {
                let digits = generator.next() >> UInt64.random(in: 0...63, using: &generator)
                let power = Int.random(in: -20...6, using: &generator)
                let isNegative = Bool.random(using: &generator)
                let text = "\(isNegative ? "-" : "")\(digits)e\(power)"
                guard let units = quantiser.units(digits: digits, power: power, isNegative: isNegative) else {
                    continue
                }
                answered += 1
                #expect(resolution.units(decimal: text) == units, "\(text) at \(name)")
            }
            #expect(answered > 500)
        }
        #expect(DecimalQuantiser(try Resolution("0.01")).units(digits: 285, power: -3, isNegative: false) == 28)
        #expect(DecimalQuantiser(try Resolution("0.01")).units(digits: 275, power: -3, isNegative: true) == -28)
    }

    @Test func quickUnitsOfDoublesAreThoseOfTheirExactValue() throws {
        var generator = LocalFileGenerator(seed: 13)
        for digits in 0...9 {
            let name = digits == 0 ? "1" : "0." + String(repeating: "0", count: digits - 1) + "1"
            let resolution = try Resolution(name)
            let scale = (0..<digits).reduce(Int128(1)) { product, _ in product * 10 }
            for round in 0..<4000 {
                // Any Doubles, those next to half a unit, and halves of a unit where they are exact.
                var value =
                    Double(Int64(bitPattern: generator.next()) >> 40) + Double.random(in: 0..<1, using: &generator)
                let half = (Double(generator.next() >> 44) + 0.5) / Double(scale)
                switch round % 4 {
                case 0: value = half
                case 1: value = Bool.random(using: &generator) ? half.nextUp : half.nextDown
                case 2: value = Double(generator.next() >> 40) / 1024
                default: break
                }
                // value = significand / 2^shift, in units (significand · scale) / 2^shift.
                let shift = max(0, 52 - Int(value.exponent))
                guard value != 0, shift < 90, value.exponent <= 52 else { continue }
                let significand = Int128(value.magnitude.significandBitPattern | 1 << 52)
                let numerator = significand * scale
                let (whole, rest) = (numerator >> Int128(shift), numerator & ((1 << Int128(shift)) - 1))
                let middle = (Int128(1) << Int128(shift)) >> 1
                let isUp = shift > 0 && (rest > middle || (rest == middle && whole & 1 == 1))
                let expected = Int64(whole + (isUp ? 1 : 0)) * (value < 0 ? -1 : 1)
                #expect(resolution.units(value) == expected, "\(value) at \(name)")
            }
        }
    }
}
