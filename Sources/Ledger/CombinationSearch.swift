/// Finds what a combination of some rows is in whole numbers, of which only odd and even were known.
///
/// The coefficients are those that are zero on a sample of patients, found modulo 2^61 - 1 and taken for fractions; then the
/// combination is formed for everybody, in whole numbers. Patients for whom it is not zero join the sample, until it is
/// zero for all but a few, or until there is none.
struct CombinationSearch {
    /// A row of the ledger, by its place, or a new one.
    enum Row {
        case held(block: Int, bit: Int)
        case fresh(Int)
    }

    enum Outcome {
        /// Zero for everybody: the last row says nothing new.
        case zero
        /// Not zero for fewer than `t` patients, and with these of the rows.
        case few(patients: Int, rows: [Int])
        /// No combination is zero for the sample.
        case none
        case unknown
    }

    let held: [Ledger.Held]
    /// The new rows.
    let fresh: ColumnBlock
    let rows: [Row]
    let minimumCount: Int
    let counts: (Int) -> Bool

    /// Looks at everybody, and at most at the sample.
    private static let rounds = (all: 8, sample: 40)
    private static let mostRows = 1024

    /// - Parameters:
    ///   - sample: patients for whom the combination is to be zero.
    ///   - steps: what may be done; less afterwards.
    func run(sample: [UInt32], steps: inout Int) -> Outcome {
        guard rows.count <= Self.mostRows else { return .unknown }
        steps -= sample.count * rows.count
        var columns = distinctColumns(sample)
        let first = min(columns.count, 2 * rows.count + 64)
        var chosen = (0..<first).map { columns[$0 * columns.count / first] }
        var rounds = Self.rounds
        while rounds.all > 0, rounds.sample > 0 {
            steps -= rows.count * rows.count * (chosen.count + rows.count) / 4
            guard steps > 0 else { return .unknown }
            guard let residues = lastCombination(chosen) else { return .none }
            guard let coefficients = Self.whole(residues) else { return .unknown }
            // Those of the sample first: they are few.
            let wrong = columns.filter { column in
                column.indices.reduce(Int64(0)) { $0 &+ coefficients[$1] &* Int64(column[$1]) } != 0
            }
            if !wrong.isEmpty {
                let count = min(wrong.count, rows.count + 64)
                chosen += (0..<count).map { wrong[$0 * wrong.count / count] }
                rounds.sample -= 1
                continue
            }
            guard let sums = sums(coefficients, steps: &steps) else { return .unknown }
            var (odd, patients) = ([UInt32](), 0)
            for (patient, sum) in sums.enumerated() where sum != 0 {
                odd.append(UInt32(patient))
                if counts(patient) { patients += 1 }
            }
            if odd.isEmpty { return .zero }
            if patients < minimumCount {
                return .few(patients: patients, rows: rows.indices.filter { coefficients[$0] != 0 })
            }
            // Some of those for whom it is not zero after all.
            let count = min(odd.count, 4 * rows.count + 256)
            let further = distinctColumns((0..<count).map { odd[$0 * odd.count / count] })
            columns += further
            chosen += further.prefix(2 * rows.count + 64)
            rounds.all -= 1
        }
        return .unknown
    }

    /// The sum of all the rows, for everybody.
    func total(steps: inout Int) -> [Int64]? { sums(rows.map { _ in 1 }, steps: &steps) }

    private func sums(_ coefficients: [Int64], steps: inout Int) -> [Int64]? {
        var weights: [Int: [Int64]] = [:]
        var own = [Int64](repeating: 0, count: 64)
        for (row, coefficient) in zip(rows, coefficients) where coefficient != 0 {
            switch row {
            case .held(let block, let bit): weights[block, default: [Int64](repeating: 0, count: 64)][bit] = coefficient
            case .fresh(let bit): own[bit] = coefficient
            }
        }
        let patients = weights.keys.reduce(fresh.patientCount) { max($0, held[$1].block.patientCount) }
        let planes = weights.keys.reduce(fresh.planeCount) { $0 + held[$1].block.planeCount }
        steps -= patients * planes
        guard steps > 0 else { return nil }
        var sums = [Int64](repeating: 0, count: patients)
        let old = weights.sorted { $0.key < $1.key }.map { (block: held[$0.key].block, weights: $0.value) }
        RowSums.addMultiples([(fresh, own)] + old, to: &sums)
        return sums
    }

    /// The multiplicities of patients in the rows, each different column once.
    private func distinctColumns(_ patients: [UInt32]) -> [[UInt64]] {
        var columns = patients.map { _ in [UInt64](repeating: 0, count: rows.count) }
        for (place, row) in rows.enumerated() {
            let (block, bit) =
                switch row {
                case .held(let block, let bit): (held[block].block, bit)
                case .fresh(let bit): (fresh, bit)
                }
            block.read { read in
                for (index, patient) in patients.enumerated() {
                    for plane in 0..<block.planeCount {
                        columns[index][place] |= (read(plane, Int(patient)) >> UInt64(bit) & 1) << UInt64(plane)
                    }
                }
            }
        }
        var seen: Set<[UInt64]> = []
        return columns.filter { column in column.contains { $0 != 0 } && seen.insert(column).inserted }
    }

    /// Modulo the prime, the coefficients of a combination with the last row that is zero on all columns; nil when there
    /// is none.
    private func lastCombination(_ columns: [[UInt64]]) -> [UInt64]? {
        var basis: [(pivot: Int, row: [UInt64], made: [UInt64])] = []
        for index in rows.indices {
            var row = columns.map { $0[index] }
            var made = [UInt64](repeating: 0, count: rows.count)
            made[index] = 1
            for element in basis where row[element.pivot] != 0 {
                let factor = LargeField.negative(row[element.pivot])
                LargeField.add(element.row, times: factor, to: &row)
                LargeField.add(element.made, times: factor, to: &made)
            }
            guard let pivot = row.firstIndex(where: { $0 != 0 }) else {
                if index == rows.count - 1 { return made }
                continue
            }
            let inverse = LargeField.inverse(row[pivot])
            basis.append(
                (pivot, row.map { LargeField.product($0, inverse) }, made.map { LargeField.product($0, inverse) }))
        }
        return nil
    }

    /// The smallest whole numbers in the proportion of these residues; nil when they are large.
    private static func whole(_ residues: [UInt64]) -> [Int64]? {
        let limit: Int64 = 1 << 30
        var common: Int64 = 1
        for residue in residues where residue != 0 {
            guard let part = LargeField.fraction(LargeField.product(residue, UInt64(common))) else { return nil }
            guard common <= limit / part.denominator else { return nil }
            common *= part.denominator
        }
        var result: [Int64] = []
        for residue in residues {
            let scaled = LargeField.product(residue, UInt64(common))
            let magnitude = min(scaled, LargeField.prime - scaled)
            // With 2^16 as the largest multiplicity and 2^10 rows no sum reaches 2^57.
            guard magnitude < UInt64(limit) else { return nil }
            result.append(scaled > LargeField.prime / 2 ? -Int64(magnitude) : Int64(magnitude))
        }
        return result
    }
}
