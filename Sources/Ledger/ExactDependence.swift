/// Which rows are rational combinations of rows before them: a margin that is the sum of its cells says nothing new.
///
/// Coefficients are found modulo 2^61 - 1 and taken for fractions; then the combination is checked in whole numbers on
/// every column. What cannot be checked so is not called dependent.
struct ExactDependence {
    enum Verdict {
        /// Not zero modulo the prime after the rows before it are taken out: independent of them.
        case independent
        /// Proven.
        case dependent
        /// Neither.
        case doubtful
    }

    /// By rows, over distinct columns.
    let values: [[Int32]]

    /// - Parameters:
    ///   - first: rows before this are the ledger's: independent.
    /// - Returns: of each row from `first`; nil where a row before it is not independent modulo the prime.
    func verdicts(from first: Int) -> [Verdict]? {
        let columns = values.first?.count ?? 0
        // Few columns mostly say what all say; only what looks dependent is checked on all.
        var sampled = values.count + values.count / 4 + 64
        while true {
            let chosen =
                sampled >= columns
                ? Array(0..<columns) : (0..<sampled).map { Int(Int128($0) * Int128(columns) / Int128(sampled)) }
            guard let verdicts = verdicts(from: first, over: chosen) else {
                if sampled >= columns { return nil }
                sampled *= 4
                continue
            }
            if sampled >= columns || !verdicts.contains(where: { $0 == .doubtful }) { return verdicts }
            sampled *= 4
        }
    }

    private func verdicts(from first: Int, over chosen: [Int]) -> [Verdict]? {
        var verdicts: [Verdict] = []
        // Reduced rows with their pivot, and how they are made of the rows.
        var basis: [(pivot: Int, row: [UInt64], made: [UInt64])] = []
        for (index, source) in values.enumerated() {
            var row = chosen.map { UInt64(source[$0]) }
            var made = [UInt64](repeating: 0, count: values.count)
            made[index] = 1
            for element in basis where row[element.pivot] != 0 {
                let factor = LargeField.negative(row[element.pivot])
                LargeField.add(element.row, times: factor, to: &row)
                LargeField.add(element.made, times: factor, to: &made)
            }
            if let pivot = row.firstIndex(where: { $0 != 0 }) {
                let inverse = LargeField.inverse(row[pivot])
                basis.append(
                    (
                        pivot, row.map { LargeField.product($0, inverse) },
                        made.map { LargeField.product($0, inverse) }
                    ))
                if index >= first { verdicts.append(.independent) }
            } else {
                guard index >= first else { return nil }
                verdicts.append(isZero(made) ? .dependent : .doubtful)
            }
        }
        return verdicts
    }

    /// Whether the combination with these coefficients is zero on every column, in whole numbers.
    private func isZero(_ residues: [UInt64]) -> Bool {
        let limit: Int64 = 1 << 40
        var common: Int64 = 1
        for residue in residues where residue != 0 {
            guard let part = LargeField.fraction(LargeField.product(residue, UInt64(common))) else { return false }
            guard common <= limit / part.denominator else { return false }
            common *= part.denominator
        }
        var terms: [(row: Int, coefficient: Int128)] = []
        for (row, residue) in residues.enumerated() where residue != 0 {
            let scaled = LargeField.product(residue, UInt64(common))
            let isNegative = scaled > LargeField.prime / 2
            let magnitude = Int128(isNegative ? LargeField.prime - scaled : scaled)
            terms.append((row, isNegative ? -magnitude : magnitude))
        }
        // Below 2^61 each, values below 2^16, rows below 2^32: no sum overflows.
        return (0..<(values.first?.count ?? 0)).allSatisfy { column in
            terms.reduce(Int128(0)) { $0 + $1.coefficient * Int128(values[$1.row][column]) } == 0
        }
    }
}
