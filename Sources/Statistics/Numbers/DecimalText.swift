/// A decimal number in ASCII text: an optional sign, digits with at most one point and at least one digit, and an
/// optional exponent. No spaces, no grouping, no infinities; at most 40 digits, an exponent of at most four digits, and
/// 64 bytes in all, so that work is bounded whatever the input.
struct DecimalText {
    static let digitLimit = 40
    static let byteLimit = 64

    let isNegative: Bool
    /// How many digits the coefficient has, leading zeros included.
    let digitCount: Int
    /// The value is the digits as one integer times ten to this power.
    let exponent: Int
    private let firstDigit: Int
    /// Where the point stands in the text, or past its end.
    private let point: Int

    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count <= Self.byteLimit else { return nil }
        var position = 0
        var negative = false
        if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
            negative = text[position] == UInt8(ascii: "-")
            position += 1
        }
        firstDigit = position
        var point = Int.max
        var digits = 0
        var fraction = 0
        while position < text.count {
            let byte = text[position]
            if byte &- UInt8(ascii: "0") < 10 {
                digits += 1
                if point != Int.max { fraction += 1 }
            } else if byte == UInt8(ascii: "."), point == Int.max {
                point = position
            } else {
                break
            }
            position += 1
        }
        guard digits > 0, digits <= Self.digitLimit else { return nil }
        var power = 0
        if position < text.count {
            guard text[position] | 0x20 == UInt8(ascii: "e") else { return nil }
            position += 1
            var negativePower = false
            if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
                negativePower = text[position] == UInt8(ascii: "-")
                position += 1
            }
            let start = position
            while position < text.count, text[position] &- UInt8(ascii: "0") < 10 {
                power = power * 10 + Int(text[position] - UInt8(ascii: "0"))
                position += 1
                guard position - start <= 4 else { return nil }
            }
            guard position > start, position == text.count else { return nil }
            if negativePower { power = -power }
        }
        isNegative = negative
        digitCount = digits
        exponent = power - fraction
        self.point = point
    }

    /// The digit at an index of the coefficient, the most significant first.
    @inline(__always)
    func digit(_ index: Int, in text: UnsafeBufferPointer<UInt8>) -> UInt8 {
        var position = firstDigit + index
        if position >= point { position += 1 }
        return text[position] &- UInt8(ascii: "0")
    }
}
