/// Decimal texts as the nearest Double, ties to even: bit for bit what `strtod` gives.
///
/// A coefficient of at most 19 digits and a power of ten from -55 to 55 take one or two 64 × 64 bit products with a
/// table of powers of five (D. Lemire 2021, "Number parsing at a gigabyte per second", Software: Practice and Experience
/// 51:1700-1727; N. Mushtak and D. Lemire 2023, "Fast number parsing without fallback", ibid. 53:1467-1471, proves that
/// the product decides). Anything else goes the long way through the standard library.
struct DecimalDouble {
    /// The powers of ten in the table.
    static let exponents = -55...55

    /// A decimal number taken apart: ±coefficient · 10^exponent.
    struct Parts: Hashable {
        var coefficient: UInt64
        var exponent: Int
        var isNegative: Bool
    }

    /// Normalised powers of five, the high word of each before its low one.
    private let powers: UnsafePointer<UInt64>
    /// 10⁰ … 10⁸.
    private let tens: UnsafePointer<UInt64>

    /// The one table: made once, never changed and never freed, which is why it may be shared.
    nonisolated(unsafe) static let shared = DecimalDouble()

    private init() {
        let powers = UnsafeMutablePointer<UInt64>.allocate(capacity: 2 * Self.exponents.count + 9)
        for (index, exponent) in Self.exponents.enumerated() {
            var five: UInt128 = 1
            for _ in 0..<abs(exponent) { five *= 5 }
            let normalized = five << UInt128(five.leadingZeroBitCount)
            var word = normalized
            if exponent < 0 {
                // 2^255 / 5^|exponent|, truncated; rounded up where the table of the paper is.
                word = normalized.dividingFullWidth((high: 1 << 127, low: 0)).quotient
                if exponent >= -27 { word += 1 }
            }
            powers[2 * index] = UInt64(word >> 64)
            powers[2 * index + 1] = UInt64(truncatingIfNeeded: word)
        }
        tens = UnsafePointer(powers + 2 * Self.exponents.count)
        var ten: UInt64 = 1
        for index in 0...8 {
            powers[2 * Self.exponents.count + index] = ten
            ten *= 10
        }
        self.powers = UnsafePointer(powers)
    }

    /// The nearest Double; nil where the table does not reach or the result is subnormal.
    @inline(__always)
    func double(_ parts: Parts) -> Double? {
        let coefficient = parts.coefficient
        if parts.exponent == 0, coefficient >> 53 == 0 {
            return parts.isNegative ? -Double(coefficient) : Double(coefficient)
        }
        guard coefficient != 0 else { return parts.isNegative ? -0.0 : 0 }
        guard parts.exponent >= -55, parts.exponent <= 55 else { return nil }
        let leading = coefficient.leadingZeroBitCount
        let word = coefficient &<< UInt64(leading)
        let entry = 2 &* (parts.exponent &+ 55)
        var (high, low) = word.multipliedFullWidth(by: powers[entry])
        if high & 0x1ff == 0x1ff {
            let second = word.multipliedFullWidth(by: powers[entry &+ 1]).high
            let sum = low.addingReportingOverflow(second)
            low = sum.partialValue
            if sum.overflow { high &+= 1 }
        }
        let upper = Int(high >> 63)
        var mantissa = high &>> UInt64(upper &+ 9)
        // ⌊log2(10^exponent)⌋ + 63, exact for these exponents.
        let power = (((152_170 &+ 65_536) &* parts.exponent) >> 16) &+ 63
        var binary = power &+ upper &- leading &+ 1023
        // A tie, which only small powers of ten allow: to even.
        if low <= 1, parts.exponent >= -4, parts.exponent <= 23, mantissa & 3 == 1,
            mantissa &<< UInt64(upper &+ 9) == high
        {
            mantissa &= ~1
        }
        mantissa = (mantissa &+ (mantissa & 1)) &>> 1
        if mantissa >= 1 << 53 {
            mantissa = 1 << 52
            binary &+= 1
        }
        // With these powers of ten a result is neither subnormal nor infinite.
        let bits = mantissa & ~(1 << 52) | UInt64(truncatingIfNeeded: binary) &<< 52
        return Double(bitPattern: parts.isNegative ? bits | 1 << 63 : bits)
    }

    /// Reads a number at the start of the bytes when it is of the common kind: an optional minus sign, digits,
    /// perhaps a point with more digits, nineteen in all. At least 40 bytes must be readable.
    /// - Returns: the bytes read; 0 for anything else, which `double(_:)` reads.
    @inline(__always)
    func read(_ start: UnsafePointer<UInt8>, _ parts: inout Parts) -> Int {
        let isNegative = start[0] == 0x2d
        let first = UnsafeRawPointer(start) + (isNegative ? 1 : 0)
        let whole = first.loadUnaligned(as: UInt64.self) ^ Self.zeros
        let digits = Self.others(whole).trailingZeroBitCount &>> 3
        guard digits > 0 else { return 0 }
        var coefficient = Self.value(whole &<< UInt64(64 &- 8 &* digits))
        var next = first + digits
        // Digits that the coefficient may still take; a leading zero is none.
        var room = digits == 1 && coefficient == 0 ? 19 : 19 &- digits
        if digits == 8 { readOn(&next, &coefficient, &room) }
        var exponent = 0
        if next.load(as: UInt8.self) == 0x2e {
            let point = next + 1
            next = point
            readOn(&next, &coefficient, &room)
            guard next > point else { return 0 }
            exponent = point - next
        }
        guard room >= 0 else { return 0 }
        parts = Parts(coefficient: coefficient, exponent: exponent, isNegative: isNegative)
        return next - UnsafeRawPointer(start)
    }

    /// Takes further digits, less than three words of them; `room` becomes negative when there is none for them.
    ///
    /// A whole word moves on by a constant, not by a count, so that the processor need not wait for the one before it.
    @inline(__always)
    private func readOn(_ next: inout UnsafeRawPointer, _ coefficient: inout UInt64, _ room: inout Int) {
        var word = next.loadUnaligned(as: UInt64.self) ^ Self.zeros
        var others = Self.others(word)
        if others == 0 {
            coefficient = coefficient &* 100_000_000 &+ Self.value(word)
            next += 8
            room &-= 8
            word = next.loadUnaligned(as: UInt64.self) ^ Self.zeros
            others = Self.others(word)
            if others == 0 {
                coefficient = coefficient &* 100_000_000 &+ Self.value(word)
                next += 8
                room &-= 8
                word = next.loadUnaligned(as: UInt64.self) ^ Self.zeros
                others = Self.others(word)
                if others == 0 {
                    room = -1
                    return
                }
            }
        }
        let count = others.trailingZeroBitCount &>> 3
        coefficient = coefficient &* tens[count] &+ Self.value(Self.shifted(word, count))
        next += count
        room &-= count
    }

    /// The first bytes of a word, none to eight, moved to its upper end.
    @inline(__always)
    private static func shifted(_ word: UInt64, _ count: Int) -> UInt64 {
        (word &<< UInt64(32 &- 4 &* count)) &<< UInt64(32 &- 4 &* count)
    }

    @inline(__always)
    private static var zeros: UInt64 { 0x3030_3030_3030_3030 }

    /// The upper bit of each byte that is no digit, exact up to the lowest of them; the word has been exclusive-ored with
    /// zeros.
    @inline(__always)
    private static func others(_ word: UInt64) -> UInt64 {
        ((word & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7676_7676_7676_7676 | word) & 0x8080_8080_8080_8080
    }

    /// Eight decimal digits as a number, the lowest byte first.
    @inline(__always)
    private static func value(_ word: UInt64) -> UInt64 {
        let pairs = word &* 10 &+ word &>> 8
        let low = (pairs & 0x0000_00ff_0000_00ff) &* 0x000f_4240_0000_0064
        let high = (pairs &>> 16 & 0x0000_00ff_0000_00ff) &* 0x0000_2710_0000_0001
        return (low &+ high) &>> 32
    }

    /// The nearest Double of a decimal text: an optional sign, digits with at most one point and at least one digit,
    /// and an optional exponent; no spaces. Nil for anything else.
    static func double(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        var position = 0
        var parts = Parts(coefficient: 0, exponent: 0, isNegative: false)
        guard text.count > 0, text.count <= 4096 else { return nil }
        if text[0] == 0x2d || text[0] == 0x2b {
            parts.isNegative = text[0] == 0x2d
            position = 1
        }
        var digits = 0
        var significant = 0
        var afterPoint = false
        while position < text.count {
            let byte = text[position]
            if byte &- 0x30 < 10 {
                digits += 1
                if significant > 0 || byte != 0x30 { significant += 1 }
                if significant <= 19 { parts.coefficient = parts.coefficient &* 10 &+ UInt64(byte &- 0x30) }
                if afterPoint { parts.exponent -= 1 }
            } else if byte == 0x2e, !afterPoint {
                afterPoint = true
            } else {
                break
            }
            position += 1
        }
        guard digits > 0 else { return nil }
        if position < text.count {
            guard text[position] | 0x20 == 0x65 else { return nil }
            position += 1
            var isNegative = false
            if position < text.count, text[position] == 0x2d || text[position] == 0x2b {
                isNegative = text[position] == 0x2d
                position += 1
            }
            let start = position
            var exponent = 0
            while position < text.count, text[position] &- 0x30 < 10 {
                exponent = min(exponent * 10 + Int(text[position] &- 0x30), 100_000)
                position += 1
            }
            guard position > start, position == text.count else { return nil }
            parts.exponent += isNegative ? -exponent : exponent
        }
        if significant <= 19 {
            let value = shared.double(parts)
            if let value { return value }
        }
        let value = Double(String(decoding: text, as: UTF8.self))
        return value.flatMap { $0.isFinite ? $0 : nil }
    }
}
