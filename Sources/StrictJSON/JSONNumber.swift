/// A JSON number as it is written.
public struct JSONNumber: Hashable, Sendable, CustomStringConvertible {
    /// The text, by the grammar of RFC 8259, section 6.
    public let text: String

    /// The greatest whole number that every reader of JSON keeps exactly (RFC 8259, section 6): 2^53 - 1.
    public static let greatestExactInteger = 9_007_199_254_740_991

    public init(_ value: some BinaryInteger) { text = String(value) }

    /// The shortest text that reads back as the same double; nil when the value is not finite.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = ECMAScriptNumber.text(of: value)
    }

    /// - Precondition: `text` was checked against the grammar and is within the range of a double.
    init(checked text: String) { self.text = text }

    /// The whole number, when it is written as one (no fraction, no exponent) and fits.
    public var int: Int? { Int(text) }

    /// The nearest double.
    public var double: Double {
        // Every way to make a number has checked that its text is one and in range.
        Double(text) ?? .nan
    }

    /// The text in canonical form (RFC 8785, section 3.2.2.3).
    var canonicalText: String {
        // ECMAScript writes exact whole numbers as Swift does (and -0 as 0): no need to look for shortest digits.
        if let int, int.magnitude <= Self.greatestExactInteger { return String(int) }
        return ECMAScriptNumber.text(of: double)
    }

    public var description: String { text }
}
