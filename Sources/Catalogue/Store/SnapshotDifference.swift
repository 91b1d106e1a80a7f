internal import Evidence
internal import Statistics
internal import StudyProtocol

/// How many patients are not in one snapshot what they are in another: gone, new, or with other cases, values or files.
///
/// Rule 7 of the release gate: jobs go on with a snapshot until at least t patients changed, so that the same question
/// asked before and after is not about a few patients.
struct SnapshotDifference {
    /// Patients who changed, came or went.
    let changed: Int
    /// Patients of the old snapshot who are not in the new one.
    let gone: [String]

    init(from old: CatalogueSnapshot, to new: SnapshotContent) throws {
        let before = try Side(old)
        let after = Side(new)
        let variables = Set(before.columns.keys).union(after.columns.keys)
        let columns = variables.map { (before.columns[$0], after.columns[$0]) }
        var (changed, gone) = (0, [String]())
        var (left, right) = (0, 0)
        while left < before.patients.count || right < after.patients.count {
            let isOld = left < before.patients.count
            let isNew = right < after.patients.count
            if isOld, isNew, before.patients[left] == after.patients[right] {
                let (old, new) = (before.cases[left], after.cases[right])
                if old.count != new.count || !Self.isSame(before, old, after, new, columns) { changed += 1 }
                (left, right) = (left + 1, right + 1)
            } else if isOld, !isNew || before.patients[left] < after.patients[right] {
                gone.append(before.patients[left])
                changed += 1
                left += 1
            } else {
                changed += 1
                right += 1
            }
        }
        self.changed = changed
        self.gone = gone
    }

    private static func isSame(
        _ before: Side, _ old: Range<Int>, _ after: Side, _ new: Range<Int>, _ columns: [([Int64]?, [Int64]?)]
    ) -> Bool {
        zip(old, new).allSatisfy { old, new in
            before.keys[old] == after.keys[new] && before.digests[old] == after.digests[new]
                // A variable that one side does not declare is missing there, so that declaring one changes those who
                // have a value.
                && columns.allSatisfy { ($0?[old] ?? Coded.missing) == ($1?[new] ?? Coded.missing) }
        }
    }

    /// One of both, by patient in ascending order of their keys.
    private struct Side {
        let patients: [String]
        let cases: [Range<Int>]
        let keys: [String]
        let columns: [VariableID: [Int64]]
        /// Of the files of each case.
        let digests: [Set<Digest>]

        init(_ snapshot: CatalogueSnapshot) throws {
            patients = try snapshot.patientKeys()
            cases = Self.ranges(snapshot.patientOfCase, patients: patients.count)
            keys = try snapshot.caseKeys()
            var columns: [VariableID: [Int64]] = [:]
            for variable in snapshot.variables { columns[variable.id] = try snapshot.column(variable.id) }
            self.columns = columns
            digests = try snapshot.objectDigests()
        }

        init(_ content: SnapshotContent) {
            patients = content.patientKeys
            cases = Self.ranges(content.patientOfCase, patients: patients.count)
            keys = content.caseKeys
            columns = Dictionary(
                content.columns.map { ($0.variable.id, $0.codes) }, uniquingKeysWith: { first, _ in first })
            var digests = [Set<Digest>](repeating: [], count: content.caseKeys.count)
            for object in content.objects { digests[object.caseIndex].insert(object.digest) }
            self.digests = digests
        }

        private static func ranges(_ patientOfCase: [Int32], patients: Int) -> [Range<Int>] {
            var ranges: [Range<Int>] = []
            ranges.reserveCapacity(patients)
            var start = 0
            for index in patientOfCase.indices
            where index + 1 == patientOfCase.count || patientOfCase[index + 1] != patientOfCase[index] {
                ranges.append(start..<index + 1)
                start = index + 1
            }
            return ranges
        }
    }
}
