/// The patients of a space of sums: a patient whose values changed is another unknown to whoever reads the sums, but the
/// same patient to whoever counts patients.
///
/// The unknown behind a sum is what one patient's cases add to it, so it is named by the patient and by a digest of the
/// values that were added. The first digest of a patient gets the even column `2 patient`, every further one an odd column
/// in the order of coming. A `Ledger` of the space `.values` counts even columns only: it never takes two values of one
/// patient for two patients.
public struct ValueColumns: Sendable, Hashable {
    private struct Key: Hashable {
        let patient: UInt32
        let digest: UInt64
    }

    /// The first digest of each patient.
    private var first: [UInt32: UInt64] = [:]
    private var further: [Key: UInt32] = [:]

    public init() {}

    /// The columns of patients, which learn the table where they are new.
    /// - Parameters:
    ///   - patients: indices, below half of `PatientRow.maximumPatients`.
    ///   - digests: of each patient's values as they enter the number, with a key of the site's.
    /// - Throws: `outOfRange`.
    public mutating func columns(patients: [UInt32], digests: [UInt64]) throws(LedgerError) -> [UInt32] {
        guard patients.count == digests.count else { throw LedgerError(.outOfRange) }
        var columns: [UInt32] = []
        columns.reserveCapacity(patients.count)
        for (patient, digest) in zip(patients, digests) {
            guard Int(patient) < PatientRow.maximumPatients / 2, further.count < PatientRow.maximumPatients / 2 else {
                throw LedgerError(.outOfRange)
            }
            if let known = first[patient], known != digest {
                let key = Key(patient: patient, digest: digest)
                let column = further[key] ?? UInt32(2 * further.count + 1)
                further[key] = column
                columns.append(column)
            } else {
                first[patient] = digest
                columns.append(2 * patient)
            }
        }
        return columns
    }

    /// A column that was given.
    public struct Entry: Hashable, Sendable {
        public let patient: UInt32
        public let digest: UInt64
        public let column: UInt32

        public init(patient: UInt32, digest: UInt64, column: UInt32) {
            self.patient = patient
            self.digest = digest
            self.column = column
        }
    }

    /// Every column that was given, ascending.
    public var entries: [Entry] { entries(since: ValueColumns()) }

    /// The columns that were given since an earlier state of the table, ascending.
    public func entries(since earlier: ValueColumns) -> [Entry] {
        var entries: [Entry] = []
        for (patient, digest) in first where earlier.first[patient] == nil {
            entries.append(Entry(patient: patient, digest: digest, column: 2 * patient))
        }
        for (key, column) in further where earlier.further[key] == nil {
            entries.append(Entry(patient: key.patient, digest: key.digest, column: column))
        }
        return entries.sorted { $0.column < $1.column }
    }

    /// The table that has these entries, in any order.
    /// - Throws: `damaged` when no table has.
    public init(_ entries: [Entry]) throws(LedgerError) {
        for entry in entries {
            if entry.column.isMultiple(of: 2) {
                guard entry.column / 2 == entry.patient, first.updateValue(entry.digest, forKey: entry.patient) == nil
                else { throw LedgerError(.damaged) }
            } else {
                let key = Key(patient: entry.patient, digest: entry.digest)
                guard further.updateValue(entry.column, forKey: key) == nil else { throw LedgerError(.damaged) }
            }
        }
        // Odd columns are given without gaps, to patients who have an even one with another digest.
        let odd = further.values.sorted()
        guard odd == (0..<UInt32(odd.count)).map({ 2 * $0 + 1 }),
            further.keys.allSatisfy({ key in first[key.patient].map { $0 != key.digest } ?? false })
        else { throw LedgerError(.damaged) }
    }
}
