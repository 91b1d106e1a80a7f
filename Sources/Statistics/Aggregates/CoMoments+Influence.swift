// What a disclosure rule may ask of co-moments: how much single patients weigh in them.
extension CoMoments {
    /// The patients' contributions to each sum, then to each cross-product (in the order of ``Sums/products``).
    public var contributions: [PatientContributions] {
        let width = records.width
        let count = width + width * (width + 1) / 2
        var contributions = Array(repeating: PatientContributions(), count: count)
        var own = Array(repeating: Int128(0), count: count)
        records.forEachPatient { codes in
            for place in own.indices { own[place] = 0 }
            for start in stride(from: 0, to: codes.count, by: width) {
                let row = UnsafeBufferPointer(rebasing: codes[start..<start + width])
                guard Self.isComplete(row) else { continue }
                var place = width
                for first in 0..<width {
                    own[first] += Int128(row[first])
                    for second in first..<width {
                        own[place] += Int128(row[first]) * Int128(row[second])
                        place += 1
                    }
                }
            }
            for place in own.indices { contributions[place].add(own[place]) }
        }
        return contributions
    }

    /// The distinct values of each quantity while they are few.
    public var distinct: [DistinctValues] {
        var distinct = variables.map { _ in DistinctValues.few([]) }
        for row in completeRows.joined() {
            for (place, value) in row.enumerated() where distinct[place] != .many { distinct[place].insert(value) }
        }
        return distinct
    }

    /// The smallest and the largest value of each quantity, nil without a complete case. Never released.
    public var extremes: [ClosedRange<Int64>]? {
        var extremes: [ClosedRange<Int64>]?
        for row in completeRows.joined() {
            extremes = zip(row, extremes ?? row.map { $0...$0 }).map { value, range in
                min(value, range.lowerBound)...max(value, range.upperBound)
            }
        }
        return extremes
    }

    /// The complete cases of each patient who has one.
    public var completeRows: [[[Int64]]] {
        (0..<records.patientCount).compactMap { patient in
            let rows = rows(patient).filter(Self.isComplete)
            return rows.isEmpty ? nil : rows
        }
    }

    /// For each quantity, the patients with a case that lacks it, and those with a case that lacks only others.
    public var incompletePatients: [(lacking: Int, having: Int)] {
        variables.indices.map { place in
            var (lacking, having) = (0, 0)
            for patient in 0..<records.patientCount {
                let incomplete = rows(patient).filter { !Self.isComplete($0) }
                if incomplete.contains(where: { !Coded.isValue($0[place]) }) { lacking += 1 }
                if incomplete.contains(where: { Coded.isValue($0[place]) }) { having += 1 }
            }
            return (lacking, having)
        }
    }

    /// Patients with a case that counts as missing, as malformed, and as out of range.
    public var patientsByFault: [Int] {
        var patients = [0, 0, 0]
        for patient in 0..<records.patientCount {
            var faults: Set<Int> = []
            for row in rows(patient) where !Self.isComplete(row) {
                faults.insert(row.contains(Coded.missing) ? 0 : row.contains(Coded.malformed) ? 1 : 2)
            }
            for fault in faults { patients[fault] += 1 }
        }
        return patients
    }

    private func rows(_ patient: Int) -> [[Int64]] {
        let codes = records[patient]
        return stride(from: codes.startIndex, to: codes.endIndex, by: records.width).map {
            Array(codes[$0..<$0 + records.width])
        }
    }

    /// The two largest leverages of a patient: bounds of the share that the patient has in the variance of any linear
    /// combination of the quantities. With deviations d of the cases from the means and their cross-products
    /// S = Σ d dᵀ, a combination w has the variance wᵀSw, and the patient's share of it is at most Σ dᵀ S⁻¹ d over the
    /// patient's cases. A share near 1 means that some combination is an indicator of this patient, whose other values
    /// the cross-products then give away. Source: Belsley, Kuh and Welsch (1980), Regression Diagnostics, section 2.1.
    ///
    /// Nil where a quantity is constant or (to nine digits) a combination of the others: then no bound is known.
    public var largestLeverages: (largest: Double, second: Double)? {
        let patients = completeRows
        let width = records.width
        let sums = sums
        guard sums.n > 1 else { return nil }
        // n times the deviation, exact before it is rounded once: below 2⁷⁹.
        func deviations(_ row: [Int64]) -> [Double] {
            zip(row, sums.sums).map { Double(Int128($0) * Int128(sums.n) - $1) }
        }
        var scales = Array(repeating: 0.0, count: width)
        for row in patients.joined() {
            for (place, deviation) in deviations(row).enumerated() { scales[place] += deviation * deviation }
        }
        guard scales.allSatisfy({ $0 > 0 }) else { return nil }
        scales = scales.map { $0.squareRoot() }
        var matrix = Array(repeating: Array(repeating: 0.0, count: width), count: width)
        for row in patients.joined() {
            let scaled = zip(deviations(row), scales).map { $0 / $1 }
            for first in 0..<width {
                for second in 0...first { matrix[first][second] += scaled[first] * scaled[second] }
            }
        }
        guard let factor = Self.cholesky(matrix) else { return nil }
        var (largest, second) = (0.0, 0.0)
        for rows in patients {
            var leverage = 0.0
            for row in rows {
                var solved = zip(deviations(row), scales).map { $0 / $1 }
                for place in 0..<width {
                    for before in 0..<place { solved[place] -= factor[place][before] * solved[before] }
                    solved[place] /= factor[place][place]
                    leverage += solved[place] * solved[place]
                }
            }
            if leverage > largest {
                (largest, second) = (leverage, largest)
            } else {
                second = max(second, leverage)
            }
        }
        return (largest, second)
    }

    /// The lower factor of a correlation matrix; nil where a pivot 1 − R² is below 10⁻⁹.
    private static func cholesky(_ matrix: [[Double]]) -> [[Double]]? {
        var factor = matrix
        for row in matrix.indices {
            for column in 0...row {
                var value = factor[row][column]
                for before in 0..<column { value -= factor[row][before] * factor[column][before] }
                if row == column {
                    guard value > 1e-9 else { return nil }
                    factor[row][row] = value.squareRoot()
                } else {
                    factor[row][column] = value / factor[column][column]
                }
            }
        }
        return factor
    }
}
