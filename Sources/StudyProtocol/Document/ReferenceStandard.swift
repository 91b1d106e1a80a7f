/// How it was decided which cases are positive.
public struct ReferenceStandard: Hashable, Sendable {
    /// A category of two levels.
    public let variable: VariableID
    /// The level that means positive; the other one means negative.
    public let positive: String
    /// The column code of `positive`: 0 or 1.
    public let positiveCode: Int64
    public let definition: LocalizedText
    public let readers: ReaderDesign?
}

/// Who read the cases for the reference standard.
public struct ReaderDesign: Hashable, Sendable {
    /// The fewest readers a case needs.
    public let minimum: Int
    /// Whether readers did not see each other's result nor the index test's.
    public let blinded: Bool?
    /// How several readings become one, as a code: `mean-rating`.
    public let combination: String?
}
