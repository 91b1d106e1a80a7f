public import Foundation
import TextCatalogue

/// Reading and writing JSON documents without room for two readings.
public enum StrictJSON {
    /// What a document may be at most. A document beyond a limit is refused before it costs more.
    public struct Limits: Sendable, Hashable {
        /// Size of the document.
        public var bytes: Int
        /// Nesting of arrays and objects, 1 for a flat one. The parser recurses, so it is kept within 512.
        public var depth: Int { didSet { depth = min(depth, Self.greatestDepth) } }
        /// Number of values of any type in the whole document.
        public var values: Int

        static let greatestDepth = 512

        public init(bytes: Int = 16 << 20, depth: Int = 64, values: Int = 1_000_000) {
            self.bytes = bytes
            self.depth = min(depth, Self.greatestDepth)
            self.values = values
        }

        public static let standard = Limits()
    }

    /// Parses one document (RFC 8259) and refuses what readers could understand differently: duplicate keys, invalid
    /// UTF-8, lone surrogates, a byte order mark, numbers beyond a double, anything after the document; and what is
    /// beyond the limits.
    public static func parse(_ data: Data, limits: Limits = .standard) throws(StrictJSONError) -> JSONValue {
        let result = data.withUnsafeBytes { raw in
            Result { () throws(StrictJSONError) -> JSONValue in
                var parser = StrictParser(raw.assumingMemoryBound(to: UInt8.self), limits: limits)
                return try parser.document()
            }
        }
        return try result.get()
    }

    /// Parses strictly, then decodes. Members that the type does not know are ignored; use `ObjectReader` where they
    /// must be refused.
    public static func decode<T: Decodable>(
        _ type: T.Type, from data: Data, limits: Limits = .standard
    ) throws(StrictJSONError) -> T {
        // The strict parser comes first: JSONDecoder does not see duplicate keys.
        _ = try parse(data, limits: limits)
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw StrictJSONError(decoding: error)
        }
    }

    /// Encodes with sorted keys, slashes as they are and doubles in their shortest form.
    public static func encode(_ value: some Encodable) throws(StrictJSONError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(value)
        } catch {
            throw StrictJSONError(encoding: error)
        }
    }
}

extension JSONValue {
    /// The JSON form of an encodable value.
    public init(encoding value: some Encodable) throws(StrictJSONError) {
        self = try StrictJSON.parse(StrictJSON.encode(value), limits: .init(bytes: .max, depth: 512, values: .max))
    }

    /// Decodes this value. Members that the type does not know are ignored.
    public func decode<T: Decodable>(_ type: T.Type = T.self) throws(StrictJSONError) -> T {
        do {
            return try JSONDecoder().decode(type, from: compactBytes)
        } catch {
            throw StrictJSONError(decoding: error)
        }
    }
}

extension StrictJSONError {
    init(decoding error: any Error) {
        guard let error = error as? DecodingError else {
            let problem = (error as? any UserFacingError)?.phrase ?? .jsonInvalidValue("\(type(of: error))")
            self.init(.invalidValue, pointer: .root, problem: problem)
            return
        }
        switch error {
        case .keyNotFound(let key, let context):
            self.init(.missing, pointer: .init(codingPath: context.codingPath), problem: .jsonMissing(key.stringValue))
        case .valueNotFound(_, let context), .typeMismatch(_, let context):
            let problem = Phrase.jsonInvalidValue(context.debugDescription)
            self.init(.wrongType, pointer: .init(codingPath: context.codingPath), problem: problem)
        case .dataCorrupted(let context):
            let problem =
                (context.underlyingError as? any UserFacingError)?.phrase
                ?? .jsonInvalidValue(context.debugDescription)
            self.init(.invalidValue, pointer: .init(codingPath: context.codingPath), problem: problem)
        @unknown default:
            self.init(.invalidValue, pointer: .root, problem: .jsonInvalidValue("unknown"))
        }
    }

    init(encoding error: any Error) {
        if case EncodingError.invalidValue(_, let context)? = error as? EncodingError {
            let problem = Phrase.jsonUnencodable(context.debugDescription)
            self.init(.unencodable, pointer: .init(codingPath: context.codingPath), problem: problem)
        } else {
            self.init(.unencodable, pointer: .root, problem: .jsonUnencodable("\(type(of: error))"))
        }
    }
}

extension JSONPointer {
    public init(codingPath: [any CodingKey]) {
        self.init(tokens: codingPath.map { key in key.intValue.map { String($0) } ?? key.stringValue })
    }
}
