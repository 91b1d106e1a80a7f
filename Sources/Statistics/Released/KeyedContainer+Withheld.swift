extension KeyedEncodingContainer {
    /// Writes a value, or what stands for a withheld one.
    mutating func encode(_ value: (some Encodable)?, orWithheldFor key: Key) throws {
        if let value {
            try encode(value, forKey: key)
        } else {
            try encode(WithheldCell(), forKey: key)
        }
    }
}

extension KeyedDecodingContainer {
    /// Reads a value, nil when it is withheld.
    func decode<Value: Decodable>(_ type: Value.Type, unlessWithheldFor key: Key) throws -> Value? {
        if (try? decode(WithheldCell.self, forKey: key)) != nil { return nil }
        return try decode(type, forKey: key)
    }
}
