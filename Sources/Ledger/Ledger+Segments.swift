extension Ledger {
    /// The ledger that segments hold, in the order in which they were added.
    /// - Parameters:
    ///   - minimumCount: that of the ledger that wrote them.
    ///   - segments: all of them; their columns may be mapped from files.
    /// - Throws: `damaged`, `mismatched`.
    public init(
        minimumCount: Int, space: Space = .counts, effort: Int = Ledger.standardEffort, segments: [Segment]
    ) throws(LedgerError) {
        self.init(minimumCount: minimumCount, space: space, effort: effort)
        for segment in segments {
            let proof = try SegmentProof(serialized: segment.proof)
            guard proof.space == space, proof.minimumCount == self.minimumCount else {
                throw LedgerError(.mismatched)
            }
            let block = ColumnBlock(
                data: segment.columns, form: proof.form, planeCount: proof.planeCount,
                patientCount: proof.patientCount)
            guard let block else { throw LedgerError(.damaged) }
            if proof.parts.isEmpty {
                groups = []
                used = []
            } else {
                // Once given up, the sets cannot go on.
                let isNext = proof.parts.count == groups.count && proof.positionsBefore == groups[0].positionCount
                guard isNext else { throw LedgerError(.damaged) }
            }
            add(Held(block: block, rowCount: proof.rowCount), parts: proof.parts, segment: segment)
        }
    }
}
