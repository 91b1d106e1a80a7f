extension PatientRow {
    /// Whether some patient is behind both rows.
    public func overlaps(_ other: PatientRow) -> Bool {
        (0..<min(wordCount, other.wordCount)).contains { support($0) & other.support($0) != 0 }
    }
}
