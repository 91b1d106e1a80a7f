/// The patient-wise sums of a confusion matrix whose cases are clustered in patients, from which every clustered
/// variance at the operating point follows. Exact.
public struct ConfusionClusters: Hashable, Sendable {
    /// The matrix over all cases.
    public let counts: ConfusionCounts
    /// The number of patients.
    public let patients: Int
    /// Over patients, the sums of the products of the counts in two cells: row-major by ``Confusion/Cell``.
    let products: [Int128]
    /// Patients by the set of cells that they have cases in, one bit a cell.
    let patientsByCells: [Int]

    /// Counts the cases by patient; a case is called positive when its score is at or above the threshold. Nil for
    /// cases that name no patients.
    public init?(_ cases: BinaryCases, threshold: Double) {
        guard let patients = cases.patients else { return nil }
        var cells = [SIMD4<Int32>](repeating: .zero, count: cases.patientCount)
        for index in cases.scores.indices {
            let isCalled = cases.scores[index] >= threshold
            let cell = cases.labels[index] == 1 ? (isCalled ? 0 : 2) : (isCalled ? 1 : 3)
            cells[Int(patients[index])][cell] += 1
        }
        self.init(patients: cells)
    }

    /// - Parameter cells: the counts by ``Confusion/Cell``, one element a patient.
    init(patients cells: [SIMD4<Int32>]) {
        var products = [Int128](repeating: 0, count: 16)
        var sets = [Int](repeating: 0, count: 16)
        var sums = [Int](repeating: 0, count: 4)
        for patient in cells {
            var set = 0
            for row in 0..<4 where patient[row] > 0 {
                set |= 1 << row
                sums[row] += Int(patient[row])
                for column in 0..<4 {
                    products[4 * row + column] += Int128(patient[row]) * Int128(patient[column])
                }
            }
            sets[set] += 1
        }
        self.products = products
        patientsByCells = sets
        patients = cells.count
        counts = ConfusionCounts(tp: sums[0], fp: sums[1], fn: sums[2], tn: sums[3])
    }

    /// The totals of the proportion hits / (hits + misses): with m cases and h hits a patient, the patients with m > 0,
    /// Σm², Σh² and Σhm. For the sensitivity the hits are the true positives and the misses the false negatives.
    public func totals(hits: [Confusion.Cell], misses: [Confusion.Cell]) -> ClusterTotals {
        let all = hits + misses
        let mask = all.reduce(0) { $0 | 1 << $1.rawValue }
        let patients = patientsByCells.indices.reduce(0) { $0 + ($1 & mask != 0 ? patientsByCells[$1] : 0) }
        return ClusterTotals(
            patients: patients, m2: WideInteger(sum(all, all)), h2: WideInteger(sum(hits, hits)),
            hm: WideInteger(sum(hits, all)))
    }

    /// The clustered inference of the proportion hits / (hits + misses).
    public func proportion(
        hits: [Confusion.Cell], misses: [Confusion.Cell], level: Double
    ) -> Inferred<EffectiveSizeWilson> {
        EffectiveSizeWilson.infer(
            hits: .exact(counts.count(hits)), misses: .exact(counts.count(misses)),
            totals: totals(hits: hits, misses: misses), level: level)
    }

    private func sum(_ rows: [Confusion.Cell], _ columns: [Confusion.Cell]) -> Int128 {
        var sum: Int128 = 0
        for row in rows {
            for column in columns { sum += products[4 * row.rawValue + column.rawValue] }
        }
        return sum
    }
}
