extension Resolution {
    /// The units of a decimal text, nearest, ties to even: `"0.285"` at `"0.01"` is 28. Nil when the text is not a
    /// decimal (see `reading(decimalUTF8:)`) or when the result does not fit.
    public func units(decimal text: String) -> Int64? {
        var text = text
        return text.withUTF8 { units(decimalUTF8: $0) }
    }

    /// The units of a decimal text in ASCII; nil when malformed or too large.
    public func units(decimalUTF8 text: UnsafeBufferPointer<UInt8>) -> Int64? {
        if case .units(let units) = reading(decimalUTF8: text) { units } else { nil }
    }

    /// What a decimal text is at a resolution.
    public enum Reading: Hashable, Sendable {
        /// The nearest multiple, ties to even.
        case units(Int64)
        /// Not a decimal number: `1`, `-0.5`, `.5`, `5.`, `+1.5`, `1e-3` are; spaces, `nan`, `1,5` are not. At most 40
        /// digits, 64 bytes and four digits of exponent.
        case malformed
        /// A decimal number whose units do not fit.
        case tooLarge
    }

    /// Reads a decimal text in ASCII exactly: a long division of its digits, with no binary rounding on the way.
    public func reading(decimalUTF8 text: UnsafeBufferPointer<UInt8>) -> Reading {
        guard let number = DecimalText(text) else { return .malformed }
        // The value in units is D · 10^shift / coefficient, D the digits as one integer.
        let shift = number.exponent - exponent
        let wholeDigits = number.digitCount + shift
        var quotient: UInt64 = 0
        var remainder: UInt64 = 0
        if wholeDigits > 0 {
            for index in 0..<wholeDigits {
                let digit = index < number.digitCount ? number.digit(index, in: text) : 0
                remainder = remainder * 10 + UInt64(digit)
                if quotient == 0, remainder == 0, index >= number.digitCount { break }
                guard quotient <= Self.quotientLimit else { return .tooLarge }
                quotient = quotient * 10 + remainder / coefficient
                remainder %= coefficient
            }
        }
        // What is left is (remainder + f) / coefficient with 0 <= f < 1 given by the digits below the unit.
        let fraction = Self.fraction(of: number, from: wholeDigits, in: text)
        let roundsUp: Bool
        let twice = 2 * remainder
        if twice > coefficient || (twice == coefficient && fraction != .zero) {
            roundsUp = true
        } else if twice == coefficient {
            roundsUp = quotient & 1 == 1
        } else if twice + 1 == coefficient {
            roundsUp = fraction == .aboveHalf || (fraction == .half && quotient & 1 == 1)
        } else {
            roundsUp = false
        }
        if roundsUp { quotient += 1 }
        guard quotient <= UInt64(Int64.max) - 2 else { return .tooLarge }
        return .units(number.isNegative ? -Int64(quotient) : Int64(quotient))
    }

    /// The code of a decimal text for a column: its units, or `Coded.malformed`, or `Coded.outOfRange` when the rounded
    /// value lies outside the declared range.
    public func code(decimalUTF8 text: UnsafeBufferPointer<UInt8>, within range: ClosedRange<Int64>) -> Int64 {
        switch reading(decimalUTF8: text) {
        case .units(let units): range.contains(units) ? units : Coded.outOfRange
        case .malformed: Coded.malformed
        case .tooLarge: Coded.outOfRange
        }
    }

    /// The units of a Double: its exact binary value, to the nearest multiple, ties to even. Nil for NaN, infinities and
    /// results that do not fit. Widening a Float first is exact.
    public func units(_ value: Double) -> Int64? {
        guard value.isFinite else { return nil }
        guard value != 0 else { return 0 }
        if coefficient == 1, exponent <= 0, exponent >= -15 {
            // The product is off by at most 2⁻⁵³ of it: away from a tie that decides nothing.
            let scaled = value * Double(PowersOfTen.at(-exponent))
            let nearest = (scaled + 0x1.8p52) - 0x1.8p52
            if abs(scaled) < 0x1p50, abs(scaled - nearest) < 0.5 - abs(scaled) * 0x1p-51 - 0x1p-60 {
                return Int64(nearest)
            }
        }
        // value = significand · 2^binary with an integer significand below 2⁵³.
        let bits = value.bitPattern
        let field = Int((bits >> 52) & 0x7ff)
        let fractionBits = bits & (1 << 52 - 1)
        let significand = field == 0 ? fractionBits : fractionBits | 1 << 52
        let binary = max(field, 1) - 1075
        // In units: significand · 2^binary · 10^-exponent / coefficient; the numerator is below 2⁵³ · 10¹⁸ < 2¹¹³.
        var numerator = UInt128(significand)
        var denominator = UInt128(coefficient)
        if exponent < 0 {
            numerator *= UInt128(PowersOfTen.at(-exponent))
        } else {
            denominator *= UInt128(PowersOfTen.at(exponent))
        }
        if binary > 0 {
            // Beyond 2¹²⁶ over a denominator of at most 10⁹ the quotient is far beyond 2⁶³.
            guard 128 - numerator.leadingZeroBitCount + binary <= 126 else { return nil }
            numerator <<= UInt128(binary)
        }
        let shift = max(-binary, 0)
        // A numerator below 2¹¹³ shifted by 128 and more is below one half.
        guard shift < 128 else { return 0 }
        let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        var quotient: UInt128
        let roundsUp: Bool
        if shift == 0 {
            quotient = whole
            let twice = 2 * rest
            roundsUp = twice > denominator || (twice == denominator && quotient & 1 == 1)
        } else {
            quotient = whole >> UInt128(shift)
            let low = whole & ((1 << UInt128(shift)) - 1)
            let half: UInt128 = 1 << UInt128(shift - 1)
            roundsUp = low > half || (low == half && (rest > 0 || quotient & 1 == 1))
        }
        if roundsUp { quotient += 1 }
        guard quotient <= UInt128(Int64.max) - 2 else { return nil }
        return value < 0 ? -Int64(quotient) : Int64(quotient)
    }

    /// The largest quotient that may still take another digit without overflow of 64 bits.
    private static let quotientLimit: UInt64 = (1 << 63) / 10 + 1

    private enum Fraction { case zero, belowHalf, half, aboveHalf }

    /// The part of the number below the unit, given by its digits from a position on (a position below zero stands for
    /// leading zeros).
    private static func fraction(
        of number: DecimalText, from position: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> Fraction {
        guard position < number.digitCount else { return .zero }
        let first = position < 0 ? 0 : number.digit(position, in: text)
        var rest = false
        for index in max(position + (position < 0 ? 0 : 1), 0)..<number.digitCount {
            if number.digit(index, in: text) != 0 {
                rest = true
                break
            }
        }
        if first > 5 || (first == 5 && rest) { return .aboveHalf }
        if first == 5 { return .half }
        return first > 0 || rest ? .belowHalf : .zero
    }
}
