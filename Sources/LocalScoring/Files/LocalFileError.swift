public import TextCatalogue

/// Why a local file cannot be read: what, in which file, at which line and column, and how to mend it.
public struct LocalFileError: UserFacingError {
    public enum Kind: String, Sendable, CaseIterable {
        case fileUnreadable = "file-unreadable"
        case fileChanged = "file-changed"
        case tableEmpty = "table-empty"
        case headerNotText = "table-header-not-text"
        case columnRepeated = "table-column-repeated"
        case columnUnknown = "table-column-unknown"
        case tooManyColumns = "table-too-many-columns"
        case tooManyRows = "table-too-many-rows"
        case raggedRow = "table-ragged-row"
        case fieldTooLong = "table-field-too-long"
        case unterminatedQuote = "table-unterminated-quote"
        case strayQuote = "table-stray-quote"
        case loneReturn = "table-lone-return"
        case nulByte = "table-nul-byte"
        case notText = "table-not-text"
        case notANumber = "table-not-a-number"
        case tooManyGroups = "table-too-many-groups"
        case groupedByQuantity = "table-grouped-by-quantity"
        case arrayMalformed = "array-malformed"
        case arrayUnsupported = "array-unsupported"
        case arrayShape = "array-shape"
        case arrayTruncated = "array-truncated"
        case variablesMalformed = "variables-malformed"
        case positiveUnknown = "positive-unknown"
        case positiveUnnamed = "positive-unnamed"
        case patientMissing = "patient-missing"
        case classUnknown = "class-unknown"
        case masksDiffer = "masks-differ"
        case effectUnusable = "effect-unusable"
        case maskNotLabels = "mask-not-labels"
        case maskShape = "mask-shape"
        case maskTooManyLabels = "mask-too-many-labels"
        case requestInvalid = "request-invalid"
        case spacingMismatch = "spacing-mismatch"
    }

    public let kind: Kind
    public let phrase: Phrase

    init(_ kind: Kind, _ phrase: Phrase) {
        self.kind = kind
        self.phrase = phrase
    }

    public var code: String { kind.rawValue }
}

extension LocalFileError: Equatable {
    /// Errors are equal when their kinds are.
    public static func == (left: LocalFileError, right: LocalFileError) -> Bool { left.kind == right.kind }
}

/// A place in a text file, both from 1; the column counts bytes.
struct FilePlace: Hashable {
    let file: String
    let line: Int
    let column: Int

    var text: String { "\(file):\(line):\(column)" }
}
