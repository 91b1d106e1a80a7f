/// Number, sums and cross-products of two to ten declared quantities over the cases that have all of them, raw.
///
/// With at most 2³¹ cases of at most 2⁴⁷ units each, a sum stays below 2⁷⁸ and a cross-product below 2³¹ · 2⁹⁴ = 2¹²⁵, so
/// that all are exact in `Int128`. A case that lacks one of the quantities enters no sum: every number is of the same
/// cases, as a covariance matrix needs.
public struct CoMoments: Hashable, Sendable {
    /// How many quantities may be taken together (rule 15 of the release gate caps their number).
    public static let variableLimits = 2...10

    /// One quantity.
    public struct Variable: Hashable, Sendable {
        /// The quantity's identifier.
        public let variable: String
        public let resolution: Resolution
        /// The declared range in units, within ``Moments/widestRange``.
        public let range: ClosedRange<Int64>

        public init(
            variable: String, resolution: Resolution, range: ClosedRange<Int64> = Moments.widestRange
        ) {
            self.variable = variable
            self.resolution = resolution
            self.range = range
        }
    }

    /// Everything that is added up. A case without all quantities counts once: as missing if one of them is missing,
    /// else as malformed if one is malformed, else as out of range.
    public struct Sums: Hashable, Sendable {
        /// Cases with all quantities.
        public internal(set) var n = 0
        /// Patients with at least one of those cases.
        public internal(set) var patients = 0
        public internal(set) var missing = 0
        public internal(set) var malformed = 0
        public internal(set) var outOfRange = 0
        /// Σx in units, one a quantity.
        public internal(set) var sums: [Int128]
        /// Σxy in products of units: the upper triangle with the diagonal, row by row.
        public internal(set) var products: [Int128]
    }

    public let variables: [Variable]
    /// The codes of each case, one a quantity. Of an incomplete case only what it lacks is kept: the others are 0.
    public let records: PatientRecords

    /// Takes the selected cases.
    /// - Parameters:
    ///   - variables: two to ten, each once.
    ///   - columns: units of each quantity, or reserved codes, one a case.
    ///   - patients: the patient of each case, not decreasing.
    ///   - selection: the cohort, ascending case indices.
    public init(
        variables: [Variable], columns: [[Int64]], patients: [Int32], selection: [Int32]
    ) throws(StatisticsError) {
        guard Self.variableLimits.contains(variables.count), columns.count == variables.count,
            Set(variables.map(\.variable)).count == variables.count
        else { throw StatisticsError(.shapeMismatch, "co-moments are of 2 to 10 different quantities") }
        for variable in variables {
            guard variable.range.lowerBound >= Moments.widestRange.lowerBound,
                variable.range.upperBound <= Moments.widestRange.upperBound
            else { throw StatisticsError(.unexpectedValue, "a range lies within 2^47 units of zero") }
        }
        let runs = try CaseRuns(patients: patients, selection: selection, columnLengths: columns.map(\.count))
        self.variables = variables
        records = PatientRecords(width: variables.count, runs: runs) { index, codes in
            let start = codes.count
            var isComplete = true
            for (variable, column) in zip(variables, columns) {
                let code = column[index]
                let kept = Coded.isValue(code) && !variable.range.contains(code) ? Coded.outOfRange : code
                codes.append(kept)
                isComplete = isComplete && Coded.isValue(kept)
            }
            guard !isComplete else { return }
            for place in start..<codes.count where Coded.isValue(codes[place]) { codes[place] = 0 }
        }
    }

    private init(variables: [Variable], records: PatientRecords) {
        self.variables = variables
        self.records = records
    }

    /// The place of a pair in ``Sums/products``.
    public static func place(_ first: Int, _ second: Int, of count: Int) -> Int {
        let (row, column) = (min(first, second), max(first, second))
        return row * count - row * (row - 1) / 2 + column - row
    }

    /// Whether a case has all quantities.
    static func isComplete(_ row: some Sequence<Int64>) -> Bool { row.allSatisfy(Coded.isValue) }

    /// The sums over all patients.
    public var sums: Sums {
        let width = records.width
        var sums = Sums(
            sums: Array(repeating: 0, count: width), products: Array(repeating: 0, count: width * (width + 1) / 2))
        records.forEachPatient { codes in
            var hasCase = false
            for start in stride(from: 0, to: codes.count, by: width) {
                let row = UnsafeBufferPointer(rebasing: codes[start..<start + width])
                guard Self.isComplete(row) else {
                    if row.contains(Coded.missing) {
                        sums.missing += 1
                    } else if row.contains(Coded.malformed) {
                        sums.malformed += 1
                    } else {
                        sums.outOfRange += 1
                    }
                    continue
                }
                hasCase = true
                sums.n += 1
                var place = 0
                for first in 0..<width {
                    sums.sums[first] += Int128(row[first])
                    for second in first..<width {
                        sums.products[place] += Int128(row[first]) * Int128(row[second])
                        place += 1
                    }
                }
            }
            if hasCase { sums.patients += 1 }
        }
        return sums
    }

    public var empty: CoMoments { CoMoments(variables: variables, records: records.empty) }

    /// The co-moments of both sides' patients.
    public func merged(with other: CoMoments) throws(StatisticsError) -> CoMoments {
        guard variables == other.variables else { throw StatisticsError(.shapeMismatch, "different quantities") }
        return CoMoments(variables: variables, records: try PatientRecords.merged(records, other.records))
    }
}
