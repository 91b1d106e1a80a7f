public import TextCatalogue

/// Why a statement's predicate, or another message, was refused.
public struct MessageError: UserFacingError, Hashable {
    public enum Code: String, Sendable, CaseIterable {
        /// The form is not that of the schema.
        case schemaError = "schema-error"
        /// The statement is of another type than the one that was asked for.
        case wrongPredicateType = "wrong-predicate-type"
        /// The statement's subject is not what its predicate says.
        case subjectMismatch = "subject-mismatch"
        case tooLarge = "too-large"
    }

    public let kind: Code
    public let phrase: Phrase

    public init(_ kind: Code, _ phrase: Phrase) {
        self.kind = kind
        self.phrase = phrase
    }

    public var code: String { kind.rawValue }
}

extension MessageError: CustomStringConvertible {
    public var description: String { "\(code): \(phrase.english)" }
}
