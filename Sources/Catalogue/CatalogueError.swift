public import StrictJSON
public import TextCatalogue

/// Why a site cannot be described, indexed or asked. Shown at the site only; on the wire goes its `code` alone.
public struct CatalogueError: UserFacingError {
    public enum Kind: String, Sendable, CaseIterable {
        case fileUnreadable = "file-unreadable"
        case siteNotYAML = "site-not-yaml"
        case siteInvalid = "site-invalid"
        case tableMalformed = "table-malformed"
        case tableTooLarge = "table-too-large"
        case tableColumnMissing = "table-column-missing"
        case tableDuplicateKeys = "table-duplicate-keys"
        case noDICOMDictionary = "dicom-no-dictionary"
        case tooManyFiles = "dicom-too-many-files"
        case notIndexed = "not-indexed"
        case catalogueCorrupt = "catalogue-corrupt"
        /// The protocol names a variable that the site does not declare.
        case variableNotDeclared = "variable-not-declared"
        /// The site declares the variable differently from the protocol.
        case variableMismatch = "variable-mismatch"
    }

    public let kind: Kind
    public let phrase: Phrase
    /// The single faults of a `site.yaml`, with their places; empty for other errors.
    public let faults: [Fault]

    init(_ kind: Kind, _ phrase: Phrase, faults: [Fault] = []) {
        self.kind = kind
        self.phrase = phrase
        self.faults = faults
    }

    public var code: String { kind.rawValue }
}
