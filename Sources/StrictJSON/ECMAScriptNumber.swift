/// Numbers as ECMAScript writes them (ECMA-262, Number::toString), which RFC 8785, section 3.2.2.3 prescribes.
enum ECMAScriptNumber {
    /// - Precondition: `value` is finite.
    static func text(of value: Double) -> String {
        guard value != 0 else { return "0" }  // also for -0
        let (digits, pointPosition) = shortestDigits(of: value.magnitude)
        let sign = value < 0 ? "-" : ""
        let count = digits.count
        let body: String
        switch pointPosition {
        case count...21 where count <= 21:
            body = digits + String(repeating: "0", count: pointPosition - count)
        case 1...21:
            body = digits.prefix(pointPosition) + "." + digits.dropFirst(pointPosition)
        case -5...0:
            body = "0." + String(repeating: "0", count: -pointPosition) + digits
        default:
            let exponent = pointPosition - 1
            let fraction = count > 1 ? "." + digits.dropFirst() : ""
            body = digits.prefix(1) + fraction + "e" + (exponent < 0 ? "-" : "+") + String(exponent.magnitude)
        }
        return sign + body
    }

    /// The shortest decimal digits that read back as `value`, without zeros at either end, and the position of the
    /// decimal point counted from their start. Swift's description has the same digits as ECMAScript, laid out
    /// otherwise.
    private static func shortestDigits(of value: Double) -> (digits: String, pointPosition: Int) {
        var digits: [UInt8] = []
        var pointPosition: Int?
        var exponent = 0
        let text = value.description.utf8
        for (offset, byte) in text.enumerated() {
            if byte == UInt8(ascii: ".") {
                pointPosition = digits.count
            } else if byte == UInt8(ascii: "e") {
                exponent = Int(String(Substring(text.dropFirst(offset + 1)))) ?? 0
                break
            } else {
                digits.append(byte)
            }
        }
        var position = (pointPosition ?? digits.count) + exponent
        let leadingZeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leadingZeros)
        position -= leadingZeros
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (String(decoding: digits, as: UTF8.self), position)
    }
}
