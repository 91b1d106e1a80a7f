public import TextCatalogue

/// Why a document was refused, and where.
public struct StrictJSONError: UserFacingError, Hashable {
    public enum Code: String, Sendable, CaseIterable {
        case empty = "json-empty"
        case tooLarge = "json-too-large"
        case tooDeep = "json-too-deep"
        case tooManyValues = "json-too-many-values"
        case byteOrderMark = "json-byte-order-mark"
        case invalidUTF8 = "json-invalid-utf8"
        case loneSurrogate = "json-lone-surrogate"
        case controlCharacter = "json-control-character"
        case invalidEscape = "json-invalid-escape"
        case invalidNumber = "json-invalid-number"
        case numberOutOfRange = "json-number-out-of-range"
        case duplicateKey = "json-duplicate-key"
        case unexpectedByte = "json-unexpected-byte"
        case unexpectedEnd = "json-unexpected-end"
        case trailingData = "json-trailing-data"
        /// The document is valid, but a value has another type than the reader needs.
        case wrongType = "json-wrong-type"
        case missing = "json-missing"
        case invalidValue = "json-invalid-value"
        /// A value that is to be written has no JSON form, such as an infinite number.
        case unencodable = "json-unencodable"
    }

    public let kind: Code
    /// The byte at which a syntax error was found; nil for errors of decoding and encoding.
    public let offset: Int?
    public let pointer: JSONPointer
    public let problem: Phrase

    public init(_ kind: Code, offset: Int? = nil, pointer: JSONPointer, problem: Phrase) {
        self.kind = kind
        self.offset = offset
        self.pointer = pointer
        self.problem = problem
    }

    public var code: String { kind.rawValue }

    public var phrase: Phrase {
        if let offset {
            .jsonSyntax(problem, offset: offset, pointer: pointer.description)
        } else {
            .jsonUndecodable(problem, pointer: pointer.description)
        }
    }
}

extension StrictJSONError: CustomStringConvertible {
    public var description: String { "\(code): \(phrase.english)" }
}
