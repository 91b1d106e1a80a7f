/// Number, sum and sum of squares of a quantity, by group where asked, raw.
///
/// With at most 2³¹ cases of at most 2⁴⁷ units the sum stays below 2⁷⁸ and the sum of squares below 2¹²⁵, so that both
/// are exact in `Int128`; a value outside the declared range counts as out of range and never enters a sum.
public struct Moments: Hashable, Sendable {
    /// The widest range of units that is proven not to overflow.
    public static let widestRange = -Resolution.unitLimit...Resolution.unitLimit

    /// The quantity's identifier.
    public let variable: String
    public let resolution: Resolution
    /// The declared range in units.
    public let range: ClosedRange<Int64>
    /// What it is grouped by, nil when it is not.
    public let groupedBy: String?
    /// One group a level (the last one ``CategoryColumn/missingLevel``), or one without a level.
    public let groups: [MomentsGroup]
    /// Cases by group (rows) and value, missing, malformed, out of range (columns).
    public let cells: PatientCells

    /// Sums the selected cases.
    /// - Parameters:
    ///   - column: units of the quantity, or reserved codes, one a case.
    ///   - range: the declared range in units, within ``widestRange``.
    ///   - patients: the patient of each case, not decreasing.
    ///   - selection: the cohort, ascending case indices.
    public init(
        variable: String, column: [Int64], by grouping: CategoryColumn? = nil,
        range: ClosedRange<Int64> = Moments.widestRange, patients: [Int32], selection: [Int32], resolution: Resolution
    ) throws(StatisticsError) {
        let codes = grouping?.codes ?? []
        let runs = try CaseRuns(
            patients: patients, selection: selection,
            columnLengths: grouping == nil ? [column.count] : [column.count, codes.count])
        guard range.lowerBound >= Self.widestRange.lowerBound, range.upperBound <= Self.widestRange.upperBound else {
            throw StatisticsError(.unexpectedValue, "a range lies within 2^47 units of zero")
        }
        self.variable = variable
        self.resolution = resolution
        self.range = range
        groupedBy = grouping?.variable
        let levels: [String?] = grouping?.levels ?? [nil]
        let groupCount = levels.count
        var sums = levels.map { MomentsSums(level: $0) }
        cells = column.withUnsafeBufferPointer { column in
            codes.withUnsafeBufferPointer { codes in
                sums.withUnsafeMutableBufferPointer { sums in
                    let isGrouped = !codes.isEmpty
                    let cell = { (index: Int) -> Int in
                        let group = isGrouped ? CategoryColumn.level(codes[index], count: groupCount) : 0
                        let value = column[index]
                        if range.contains(value) { return 4 * group }
                        return 4 * group + (Coded.isValue(value) ? 3 : Int(value &- Coded.missing) + 1)
                    }
                    Self.accumulate(runs: runs, column: column, cell: cell, sums: sums)
                    return PatientCells(cellCount: 4 * groupCount, runs: runs, cell: cell)
                }
            }
        }
        groups = Self.groups(sums.map(\.group), cells: cells)
    }

    private init(_ shape: Moments, groups: [MomentsGroup], cells: PatientCells) {
        variable = shape.variable
        resolution = shape.resolution
        range = shape.range
        groupedBy = shape.groupedBy
        self.groups = groups
        self.cells = cells
    }

    @inline(__always)
    private static func accumulate(
        runs: CaseRuns, column: UnsafeBufferPointer<Int64>, cell: (Int) -> Int,
        sums: UnsafeMutableBufferPointer<MomentsSums>
    ) {
        var touched: [Int] = []
        runs.forEachPatient { index in
            let cell = cell(index)
            guard cell & 3 == 0 else { return }
            let value = column[index]
            sums[cell >> 2].add(value)
            sums[cell >> 2].endPatient()
        } several: { run in
            touched.removeAll(keepingCapacity: true)
            for index in run {
                let cell = cell(Int(index))
                guard cell & 3 == 0 else { continue }
                sums[cell >> 2].add(column[Int(index)])
                if !touched.contains(cell >> 2) { touched.append(cell >> 2) }
            }
            for group in touched { sums[group].endPatient() }
        }
    }

    private static func groups(_ groups: [MomentsGroup], cells: PatientCells) -> [MomentsGroup] {
        groups.enumerated().map { index, group in
            var group = group
            let first = 4 * index
            group.n = cells.cases(inCell: first)
            group.missing = cells.cases(inCell: first + 1)
            group.malformed = cells.cases(inCell: first + 2)
            group.outOfRange = cells.cases(inCell: first + 3)
            group.patients = cells.patients(inCell: first)
            group.missingPatients = cells.patients(inCell: first + 1)
            group.malformedPatients = cells.patients(inCell: first + 2)
            group.outOfRangePatients = cells.patients(inCell: first + 3)
            return group
        }
    }

    /// The cells of a group: value, missing, malformed, out of range.
    public func cellsOfGroup(_ group: Int) -> Range<Int> { 4 * group..<4 * group + 4 }

    public var empty: Moments {
        Moments(self, groups: groups.map { MomentsGroup(level: $0.level) }, cells: cells.empty)
    }

    /// The moments of both sides' patients.
    public func merged(with other: Moments) throws(StatisticsError) -> Moments {
        guard variable == other.variable, resolution == other.resolution, range == other.range,
            groupedBy == other.groupedBy, groups.map(\.level) == other.groups.map(\.level)
        else { throw StatisticsError(.shapeMismatch, "different moments") }
        let cells = try PatientCells.merged(cells, other.cells)
        let groups = zip(groups, other.groups).map { left, right in
            var merged = left
            merged.merge(right)
            return merged
        }
        return Moments(self, groups: groups, cells: cells)
    }
}

/// Running sums of one group while cases are walked.
private struct MomentsSums {
    let level: String?
    private var sum: Int128 = 0
    private var sumSquares: Int128 = 0
    private var patientSum: Int128 = 0
    private var patientSquares: Int128 = 0
    private var minimum = Int64.max
    private var maximum = Int64.min
    private var sumContributions = PatientContributions()
    private var squareContributions = PatientContributions()
    private var distinct = DistinctValues.few([])
    private var hasMany = false

    init(level: String?) { self.level = level }

    @inline(__always)
    mutating func add(_ value: Int64) {
        let wide = Int128(value)
        patientSum += wide
        patientSquares += Int128(truncatingIfNeeded: value.magnitude.multipliedFullWidth(by: value.magnitude))
        minimum = Swift.min(minimum, value)
        maximum = Swift.max(maximum, value)
        if !hasMany {
            distinct.insert(value)
            hasMany = distinct == .many
        }
    }

    @inline(__always)
    mutating func endPatient() {
        sum += patientSum
        sumSquares += patientSquares
        sumContributions.add(patientSum)
        squareContributions.add(patientSquares)
        patientSum = 0
        patientSquares = 0
    }

    var group: MomentsGroup {
        var group = MomentsGroup(level: level)
        group.sum = sum
        group.sumSquares = sumSquares
        group.sumContributions = sumContributions
        group.squareContributions = squareContributions
        group.minimum = minimum <= maximum ? minimum : nil
        group.maximum = minimum <= maximum ? maximum : nil
        group.distinct = distinct
        return group
    }
}

extension Int128 {
    /// A product of two 64-bit magnitudes; below 2¹²⁷ when both are below 2⁶³.
    @inline(__always)
    fileprivate init(truncatingIfNeeded product: (high: UInt64, low: UInt64)) {
        self = Int128(bitPattern: UInt128(product.high) << 64 | UInt128(product.low))
    }
}
