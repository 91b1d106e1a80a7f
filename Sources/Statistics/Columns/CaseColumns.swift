/// The cases of a site as contiguous columns, sorted by patient.
///
/// `patients[i]` is the patient of case `i`, a local index that never leaves the site; it does not decrease with `i`, so
/// that the cases of one patient are one run. Each column holds one code a case, see ``Coded``. A cohort is a
/// *selection*: ascending case indices.
public struct CaseColumns: Sendable {
    /// The most cases an aggregate may count; with ``Resolution/unitLimit`` it proves that all sums fit 128 bits.
    public static let caseLimit = 1 << 31

    /// The patient of each case, not decreasing.
    public let patients: [Int32]
    /// The columns by variable.
    public let columns: [String: [Int64]]

    /// Every case, as a selection.
    public var everyCase: [Int32] { (0..<Int32(patients.count)).map { $0 } }
    /// The number of cases.
    public var count: Int { patients.count }

    /// Checks that every column has one code a case and that the cases are sorted by patient.
    public init(patients: [Int32], columns: [String: [Int64]]) throws(StatisticsError) {
        guard patients.count < Self.caseLimit else {
            throw StatisticsError(.tooManyCases, "at most \(Self.caseLimit - 1) cases")
        }
        guard columns.values.allSatisfy({ $0.count == patients.count }) else {
            throw StatisticsError(.malformedColumns, "every column must have one code a case")
        }
        guard zip(patients, patients.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw StatisticsError(.malformedColumns, "cases must be sorted by patient")
        }
        self.patients = patients
        self.columns = columns
    }

    /// The column of a variable.
    public subscript(variable: String) -> [Int64]? { columns[variable] }
}

/// A column of category codes with its variable and levels: an axis of a table, or what another variable is grouped by.
public struct CategoryColumn: Sendable {
    /// The level that collects missing, malformed and undeclared values. It ends the levels of every axis and grouping,
    /// so that shapes do not depend on the data and no case is left out silently. Protocols may not declare it.
    public static let missingLevel = "missing"

    /// The variable's identifier.
    public let variable: String
    /// The declared levels, then ``missingLevel``.
    public let levels: [String]
    /// The index of the level of each case, or a reserved code.
    public let codes: [Int64]

    /// Creates a column; `levels` are the declared ones, in the protocol's order.
    public init(variable: String, levels: [String], codes: [Int64]) {
        self.variable = variable
        self.levels = levels.last == Self.missingLevel ? levels : levels + [Self.missingLevel]
        self.codes = codes
    }

    /// Groups a quantity by edges: the levels are the bins in the notation `[a, b)`, the last one `[a, b]`; values
    /// outside the edges fall in ``missingLevel``.
    public init(
        variable: String, quantity: [Int64], edges: [Int64], resolution: Resolution
    ) throws(StatisticsError) {
        let bins = try BinEdges(edges)
        var levels: [String] = []
        for index in 0..<bins.count {
            let closing = index == bins.count - 1 ? "]" : ")"
            levels.append("[\(resolution.text(edges[index])), \(resolution.text(edges[index + 1]))\(closing)")
        }
        let codes = quantity.map { value -> Int64 in
            guard Coded.isValue(value) else { return value }
            return bins.bin(of: value).map(Int64.init) ?? Coded.outOfRange
        }
        self.init(variable: variable, levels: levels, codes: codes)
    }

    /// The level's index of a code; reserved and undeclared codes are the last level.
    @inline(__always)
    static func level(_ code: Int64, count: Int) -> Int {
        code >= 0 && code < Int64(count - 1) ? Int(code) : count - 1
    }
}
