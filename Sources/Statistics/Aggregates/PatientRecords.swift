/// Patients by the rows of codes of their cases. Raw: it isolates every patient and is not Codable.
///
/// The rows of a patient are sorted, and so are the patients (by their number of cases, then by their rows), so that two
/// values are equal exactly when they hold the same patients, whatever the order or partition they came in. It does not
/// say who the patients are. Everything that counts alone cannot answer (sums, ranks, how much one patient weighs) is
/// computed from this canonical order, and is therefore the same to the last bit too.
public struct PatientRecords: Hashable, Sendable {
    /// The number of codes of a case.
    public let width: Int
    /// The rows, patient by patient.
    private var codes: [Int64]
    /// Where each patient's rows end, in codes.
    private var ends: [Int]

    /// No patients, with a number of codes a case.
    init(width: Int) {
        self.width = width
        codes = []
        ends = []
    }

    /// Takes the selected cases.
    /// - Parameter row: appends the case's `width` codes; nothing leaves the case out.
    init(width: Int, runs: CaseRuns, row: (_ index: Int, _ codes: inout [Int64]) -> Void) {
        var unsorted = PatientRecords(width: width)
        runs.forEachPatient { index in
            row(index, &unsorted.codes)
            unsorted.endPatient()
        } several: { run in
            for index in run { row(Int(index), &unsorted.codes) }
            unsorted.endPatient()
        }
        self.init(width: width)
        let order = unsorted.ends.indices.sorted { unsorted.precedes($0, unsorted, $1) }
        codes.reserveCapacity(unsorted.codes.count)
        ends.reserveCapacity(order.count)
        for patient in order { append(patient, of: unsorted) }
    }

    /// Closes the patient whose rows were appended, sorted; a patient without rows is not counted.
    private mutating func endPatient() {
        let start = ends.last ?? 0
        guard codes.count > start else { return }
        if codes.count - start > width {
            if width == 1 {
                codes[start...].sort()
            } else {
                let rows = stride(from: start, to: codes.count, by: width).map { Array(codes[$0..<$0 + width]) }
                codes.replaceSubrange(start..., with: rows.sorted { $0.lexicographicallyPrecedes($1) }.joined())
            }
        }
        ends.append(codes.count)
    }

    private mutating func append(_ patient: Int, of other: PatientRecords) {
        codes.append(contentsOf: other[patient])
        ends.append(codes.count)
    }

    /// Whether a patient comes before one of another value.
    private func precedes(_ patient: Int, _ other: PatientRecords, _ otherPatient: Int) -> Bool {
        let (left, right) = (range(patient), other.range(otherPatient))
        guard left.count == right.count else { return left.count < right.count }
        return codes.withUnsafeBufferPointer { ours in
            other.codes.withUnsafeBufferPointer { theirs in
                for offset in 0..<left.count {
                    let (our, their) = (ours[left.lowerBound + offset], theirs[right.lowerBound + offset])
                    if our != their { return our < their }
                }
                return false
            }
        }
    }

    private func range(_ patient: Int) -> Range<Int> { (patient == 0 ? 0 : ends[patient - 1])..<ends[patient] }

    /// The number of patients.
    public var patientCount: Int { ends.count }

    /// The number of cases.
    public var caseCount: Int { codes.count / width }

    /// The rows of a patient's cases, one after the other.
    public subscript(patient: Int) -> ArraySlice<Int64> { codes[range(patient)] }

    /// Every row, one after the other, in canonical order.
    public var everyRow: [Int64] { codes }

    /// Calls a function with the rows of each patient, one after the other.
    func forEachPatient(_ body: (UnsafeBufferPointer<Int64>) -> Void) {
        codes.withUnsafeBufferPointer { codes in
            var start = 0
            for end in ends {
                body(UnsafeBufferPointer(rebasing: codes[start..<end]))
                start = end
            }
        }
    }

    /// No patients, with as many codes a case.
    var empty: PatientRecords { PatientRecords(width: width) }

    /// The patients of both. The two must be of disjoint patients: a partition never splits a patient.
    static func merged(_ left: PatientRecords, _ right: PatientRecords) throws(StatisticsError) -> PatientRecords {
        guard left.width == right.width else {
            throw StatisticsError(.shapeMismatch, "\(left.width) and \(right.width) codes a case")
        }
        guard left.caseCount + right.caseCount < CaseColumns.caseLimit else {
            throw StatisticsError(.tooManyCases, "at most \(CaseColumns.caseLimit - 1) cases")
        }
        var merged = PatientRecords(width: left.width)
        merged.codes.reserveCapacity(left.codes.count + right.codes.count)
        merged.ends.reserveCapacity(left.ends.count + right.ends.count)
        var (ours, theirs) = (0, 0)
        while ours < left.patientCount || theirs < right.patientCount {
            let takesRight =
                ours == left.patientCount || (theirs < right.patientCount && right.precedes(theirs, left, ours))
            if takesRight {
                merged.append(theirs, of: right)
                theirs += 1
            } else {
                merged.append(ours, of: left)
                ours += 1
            }
        }
        return merged
    }
}
