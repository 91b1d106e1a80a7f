extension PatientRow {
    /// Each patient behind the row, ascending, with the entry: the number of cases divided by what all entries share.
    public var entries: [(patient: UInt32, multiplicity: Int)] {
        (0..<wordCount).flatMap { word in
            var support = support(word)
            var entries: [(patient: UInt32, multiplicity: Int)] = []
            while support != 0 {
                let bit = support.trailingZeroBitCount
                let multiplicity = planes.indices.reduce(0) { value, plane in
                    value | Int(self.word(word, plane: plane) >> UInt64(bit) & 1) << plane
                }
                entries.append((UInt32(word * 64 + bit), multiplicity))
                support &= support - 1
            }
            return entries
        }
    }
}
