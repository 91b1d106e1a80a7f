// Fractions as people write them: `0.5`, `12`, `1/3`. One value has one canonical text: the decimal where it ends
// within 18 places, the ratio otherwise.
extension Fraction: CustomStringConvertible {
    private static let mostPlaces = 18

    /// Reads a decimal without sign or exponent (`"0.25"`) or a ratio (`"1/3"`), in canonical form or not; at most 18
    /// decimal places.
    public init(_ text: String) throws(PrivacyError) {
        let problem = PrivacyError(.malformedFraction, "a decimal such as 0.25 or a ratio such as 1/3")
        guard text.utf8.count <= 41 else { throw problem }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard let top = Self.whole(parts[0]), let bottom = Self.whole(parts[1]) else { throw problem }
            try self.init(top, bottom)
            return
        }
        let decimal = text.split(separator: ".", omittingEmptySubsequences: false)
        guard decimal.count <= 2, let whole = Self.whole(decimal[0]) else { throw problem }
        guard decimal.count == 2 else {
            self.init(whole: whole)
            return
        }
        guard decimal[1].utf8.count <= Self.mostPlaces, let rest = Self.whole(decimal[1]) else { throw problem }
        let power = Self.powerOfTen(decimal[1].utf8.count)
        try self.init(reducing: UInt128(whole) * power + UInt128(rest), power)
    }

    /// ASCII digits only: `UInt64` would take a sign too.
    private static func whole(_ text: Substring) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(text)
    }

    static func powerOfTen(_ exponent: Int) -> UInt128 {
        var power: UInt128 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }

    /// The canonical text.
    public var description: String {
        if denominator == 1 { return String(numerator) }
        var power: UInt128 = 10
        for places in 1...Self.mostPlaces {
            if power % UInt128(denominator) == 0 {
                // Below 10¹⁸ · 2⁶⁴, so that it fits.
                let scaled = UInt128(numerator) * (power / UInt128(denominator))
                let (whole, rest) = scaled.quotientAndRemainder(dividingBy: power)
                let digits = String(rest)
                return "\(whole)." + String(repeating: "0", count: places - digits.utf8.count) + digits
            }
            power *= 10
        }
        return "\(numerator)/\(denominator)"
    }
}

extension Fraction: Codable {
    /// Reads the canonical text only, so that equal values have equal bytes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        let value = try Fraction(text)
        guard value.description == text else {
            throw PrivacyError(.malformedFraction, "the number is not in its canonical form")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
