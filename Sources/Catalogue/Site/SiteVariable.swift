public import Statistics
public import StudyProtocol

/// A variable that a site declares: what it means, and where its values come from.
public struct SiteVariable: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case quantity(SiteQuantity)
        case category(levels: [String])
    }

    public enum Source: Hashable, Sendable {
        case column(table: String, column: String)
        /// A DICOM attribute by its keyword. All objects of a case must agree, else the value is malformed.
        case attribute(String)
    }

    /// A term of a vocabulary that says what the variable is.
    public struct Concept: Hashable, Sendable {
        public let scheme: String
        public let code: String
    }

    public let id: VariableID
    public let kind: Kind
    public let concept: Concept?
    public let source: Source
    /// Spellings in the data and the levels that they stand for, besides the levels themselves.
    public let spellings: [String: String]
}

/// How a site holds a number.
public struct SiteQuantity: Hashable, Sendable {
    /// A UCUM unit, `1` for a plain count.
    public let unit: String
    public let resolution: Resolution
    /// Allowed values in multiples of the resolution, both ends included.
    public let range: ClosedRange<Int64>
}
