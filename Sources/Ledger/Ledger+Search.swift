extension Ledger {
    enum Judgement {
        /// With the new rows that are independent of those before them.
        case allowed(independent: [Int])
        case isolates(patients: Int, rows: [Int])
        case beyondEffort
    }

    /// Steps 1 and 3 over rows of the ledger, which are independent, and new ones. Nil when even looking at all patients is
    /// beyond the effort.
    func judged(old: [ColumnPatterns.Source], new: [ColumnPatterns.Source]) -> Judgement? {
        let sources = old + new
        let patients = sources.reduce(0) { max($0, $1.patientCount) }
        let slots = sources.reduce(0) { $0 + $1.planeCount }
        // A bit of one patient costs more than an entry.
        guard patients.multipliedReportingOverflow(by: slots).partialValue <= effort / 8 else {
            return nil
        }
        let limit = min(50_000, effort / max(1, 20 * sources.count))
        guard let patterns = ColumnPatterns(of: sources, limit: limit, counts: counts) else { return nil }
        // Elimination costs the cube of the rows.
        guard sources.count * sources.count * sources.count <= effort else { return nil }
        guard let verdicts = ExactDependence(values: patterns.values).verdicts(from: old.count) else {
            return .beyondEffort
        }
        // A doubtful row counts as independent: that can only refuse more.
        let independent = new.indices.filter { verdicts[$0] != .dependent }
        guard !independent.isEmpty else { return .allowed(independent: []) }
        let rows = Array(old.indices) + independent.map { old.count + $0 }
        var search = SmallSupportSearch(steps: effort)
        switch search.search(matrix(rows, of: patterns, traced: false), budget: minimumCount - 1) {
        case .none: return .allowed(independent: independent)
        case .exhausted: return .beyondEffort
        case .found(let weight, _):
            // Again, with the coefficients: the same steps, wider.
            var traced = SmallSupportSearch(steps: 4 * effort)
            let again = traced.search(matrix(rows, of: patterns, traced: true), budget: minimumCount - 1)
            var involved: [Int] = []
            if case .found(_, let coefficients) = again {
                involved = independent.indices.filter { coefficients[old.count + $0] != 0 }.map { independent[$0] }
            }
            return .isolates(patients: weight, rows: involved)
        }
    }

    private func matrix(_ rows: [Int], of patterns: ColumnPatterns, traced: Bool) -> FieldMatrix {
        var entries: [UInt32] = []
        entries.reserveCapacity(rows.count * (patterns.count + (traced ? rows.count : 0)))
        for (place, row) in rows.enumerated() {
            entries += patterns.values[row].map { UInt32($0) }
            if traced { entries += rows.indices.map { $0 == place ? 1 : 0 } }
        }
        return FieldMatrix(
            rowCount: rows.count, tail: traced ? rows.count : 0, weights: patterns.weights, entries: entries)
    }
}
