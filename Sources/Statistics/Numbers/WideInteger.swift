/// An integer of up to 128 bits as it goes over the wire: a JSON number up to 2⁵³ in magnitude, a decimal string beyond,
/// so that no reader loses digits to a binary double.
public struct WideInteger: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The largest magnitude that is written as a JSON number.
    public static let largestNumber: Int64 = 1 << 53

    public let value: Int128

    public init(_ value: Int128) { self.value = value }

    /// Reads a canonical decimal: an optional minus sign, no leading zeros, no other sign; nil otherwise.
    public init?(text: String) {
        guard text.utf8.count <= 40, let value = Int128(text), String(value) == text else { return nil }
        self.value = value
    }

    public var description: String { String(value) }

    public static func < (left: WideInteger, right: WideInteger) -> Bool { left.value < right.value }
}

extension WideInteger: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let limit = Self.largestNumber
        if let text = try? container.decode(String.self) {
            guard let wide = WideInteger(text: text), wide.value.magnitude > UInt128(limit) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "a decimal string must be canonical and beyond 2^53")
            }
            self = wide
        } else {
            let number = try container.decode(Int64.self)
            guard number.magnitude <= UInt64(limit) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "integers beyond 2^53 are decimal strings")
            }
            self.init(Int128(number))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if value.magnitude <= UInt128(Self.largestNumber) {
            try container.encode(Int64(value))
        } else {
            try container.encode(description)
        }
    }
}
