/// Patients counted by the multiset of cells that their cases fall in. Raw: it can isolate a patient and is not Codable.
///
/// Everything that counts cases here is kept this way, so that one value answers how many cases a cell has, how many
/// patients any set of cells has, and what a patient-wise sum over cells is. It does not say who the patients are, and
/// two values are equal exactly when they count the same patients by the same cells, whatever the order they came in.
public struct PatientCells: Hashable, Sendable {
    /// The number of cells.
    public let cellCount: Int
    /// Patients with exactly one case, by its cell.
    private var singles: [Int]
    /// Patients with 2 to 8 cases, by their sorted cells packed 16 bits each (cell + 1, the largest in the low bits).
    private var packed: [UInt128: Int]
    /// The other patients, by their sorted cells.
    private var listed: [[Int32]: Int]
    /// Cases by cell.
    private var caseCounts: [Int]
    /// The number of patients with at least one case.
    public private(set) var patientCount: Int

    private static let packedCaseLimit = 8
    private var packs: Bool { cellCount < 1 << 16 - 1 }

    /// No patients, over a number of cells.
    public init(cellCount: Int) {
        precondition(cellCount >= 0 && cellCount <= Int(Int32.max), "a cell count is a small natural number")
        self.cellCount = cellCount
        singles = Array(repeating: 0, count: cellCount)
        caseCounts = singles
        packed = [:]
        listed = [:]
        patientCount = 0
    }

    /// Counts the selected cases by the cell that `cell` gives for a case index; a negative cell leaves the case out.
    @inline(__always)
    init(cellCount: Int, runs: CaseRuns, cell: (Int) -> Int) {
        self.init(cellCount: cellCount)
        var found: [Int32] = []
        var counts = singles
        var several: [[Int32]: Int] = [:]
        var tally = PackedTally()
        var cases = caseCounts
        var patients = 0
        let packs = packs
        counts.withUnsafeMutableBufferPointer { counts in
            runs.forEachPatient { index in
                let cell = cell(index)
                guard cell >= 0 else { return }
                counts[cell] += 1
                patients += 1
            } several: { run in
                found.removeAll(keepingCapacity: true)
                for index in run {
                    let cell = cell(Int(index))
                    if cell >= 0 { found.append(Int32(cell)) }
                }
                guard !found.isEmpty else { return }
                patients += 1
                if found.count == 1 {
                    counts[Int(found[0])] += 1
                    return
                }
                Self.sort(&found)
                for cell in found { cases[Int(cell)] += 1 }
                if packs, found.count <= Self.packedCaseLimit {
                    tally.add(Self.pack(found))
                } else {
                    several[found, default: 0] += 1
                }
            }
        }
        for cell in 0..<cellCount { cases[cell] += counts[cell] }
        singles = counts
        packed = tally.dictionary
        listed = several
        caseCounts = cases
        patientCount = patients
    }

    /// Counts one patient by the cells of all its cases. Call it once a patient; a patient without cases is not counted.
    public mutating func add(patientCells cells: some Collection<Int>) {
        guard !cells.isEmpty else { return }
        for cell in cells {
            precondition(cell >= 0 && cell < cellCount, "a cell lies below the cell count")
            caseCounts[cell] += 1
        }
        patientCount += 1
        let sorted = cells.map(Int32.init).sorted()
        if sorted.count == 1 {
            singles[Int(sorted[0])] += 1
        } else if packs, sorted.count <= Self.packedCaseLimit {
            packed[Self.pack(sorted), default: 0] += 1
        } else {
            listed[sorted, default: 0] += 1
        }
    }

    /// Sorts in place; by insertion, as runs are short.
    @inline(__always)
    private static func sort(_ cells: inout [Int32]) {
        guard cells.count <= 16 else { return cells.sort() }
        cells.withUnsafeMutableBufferPointer { cells in
            for index in 1..<cells.count {
                let cell = cells[index]
                var place = index
                while place > 0, cells[place - 1] > cell {
                    cells[place] = cells[place - 1]
                    place -= 1
                }
                cells[place] = cell
            }
        }
    }

    @inline(__always)
    private static func pack(_ sorted: [Int32]) -> UInt128 {
        sorted.reduce(0) { $0 << 16 | UInt128(UInt32(bitPattern: $1) + 1) }
    }

    private static func unpack(_ key: UInt128, into cells: inout [Int]) {
        cells.removeAll(keepingCapacity: true)
        var key = key
        while key != 0 {
            cells.append(Int(key & 0xffff) - 1)
            key >>= 16
        }
    }

    /// The number of cases.
    public var caseCount: Int { caseCounts.reduce(0, +) }

    /// The number of cases in a cell.
    public func cases(inCell cell: Int) -> Int { caseCounts[cell] }

    /// The number of cases in a set of cells; a cell named twice counts once.
    public func cases(inAnyOf cells: some Collection<Int>) -> Int {
        Set(cells).reduce(0) { $0 + caseCounts[$1] }
    }

    /// The number of patients with at least one case in a cell.
    public func patients(inCell cell: Int) -> Int { patients(inAnyOf: CollectionOfOne(cell)) }

    /// The number of patients with at least one case in any of the cells.
    public func patients(inAnyOf cells: some Collection<Int>) -> Int {
        var isAsked = [Bool](repeating: false, count: cellCount)
        for cell in cells { isAsked[cell] = true }
        var total = 0
        for cell in 0..<cellCount where isAsked[cell] { total += singles[cell] }
        var unpacked: [Int] = []
        for (key, patients) in packed {
            Self.unpack(key, into: &unpacked)
            if unpacked.contains(where: { isAsked[$0] }) { total += patients }
        }
        for (cells, patients) in listed where cells.contains(where: { isAsked[Int($0)] }) { total += patients }
        return total
    }

    /// The sum over patients of a function of the patient's multiplicities, one a cell: a cluster total. Exact, and
    /// independent of order as integer sums are.
    ///
    /// The function's values must stay below 2⁹⁵ in magnitude, so that 2³¹ patients cannot overflow.
    public func sum(over term: (UnsafeBufferPointer<Int>) -> Int128) -> Int128 {
        var multiplicity = [Int](repeating: 0, count: cellCount)
        return multiplicity.withUnsafeMutableBufferPointer { multiplicity in
            var total: Int128 = 0
            for cell in 0..<cellCount where singles[cell] > 0 {
                multiplicity[cell] = 1
                total += Int128(singles[cell]) * term(UnsafeBufferPointer(multiplicity))
                multiplicity[cell] = 0
            }
            var unpacked: [Int] = []
            for (key, patients) in packed {
                Self.unpack(key, into: &unpacked)
                for cell in unpacked { multiplicity[cell] += 1 }
                total += Int128(patients) * term(UnsafeBufferPointer(multiplicity))
                for cell in unpacked { multiplicity[cell] = 0 }
            }
            for (cells, patients) in listed {
                for cell in cells { multiplicity[Int(cell)] += 1 }
                total += Int128(patients) * term(UnsafeBufferPointer(multiplicity))
                for cell in cells { multiplicity[Int(cell)] = 0 }
            }
            return total
        }
    }

    /// No patients, over the same cells.
    public var empty: PatientCells { PatientCells(cellCount: cellCount) }

    /// The patients of both. The two must be of disjoint patients: a partition never splits a patient.
    public static func merged(_ left: PatientCells, _ right: PatientCells) throws(StatisticsError) -> PatientCells {
        guard left.cellCount == right.cellCount else {
            throw StatisticsError(.shapeMismatch, "\(left.cellCount) cells and \(right.cellCount) cells")
        }
        guard left.caseCount + right.caseCount < CaseColumns.caseLimit else {
            throw StatisticsError(.tooManyCases, "at most \(CaseColumns.caseLimit - 1) cases")
        }
        var merged = left
        for cell in 0..<left.cellCount {
            merged.singles[cell] += right.singles[cell]
            merged.caseCounts[cell] += right.caseCounts[cell]
        }
        merged.packed.merge(right.packed, uniquingKeysWith: +)
        merged.listed.merge(right.listed, uniquingKeysWith: +)
        merged.patientCount += right.patientCount
        return merged
    }
}
