/// Walks the selected cases as runs of one patient each.
struct CaseRuns {
    let patients: [Int32]
    let selection: [Int32]

    /// Checks once what the walk relies on: equal lengths, a strictly ascending selection within bounds, and cases
    /// sorted by patient.
    init(patients: [Int32], selection: [Int32], columnLengths: [Int]) throws(StatisticsError) {
        guard columnLengths.allSatisfy({ $0 == patients.count }) else {
            throw StatisticsError(.malformedColumns, "every column must have one code a case")
        }
        guard patients.count < CaseColumns.caseLimit else {
            throw StatisticsError(.tooManyCases, "at most \(CaseColumns.caseLimit - 1) cases")
        }
        let count = patients.count
        let sound = patients.withUnsafeBufferPointer { patients in
            selection.withUnsafeBufferPointer { selection in
                var previous = -1
                var patient = Int32.min
                for index in selection {
                    let index = Int(index)
                    guard index > previous, index < count, patients[index] >= patient else { return false }
                    previous = index
                    patient = patients[index]
                }
                return true
            }
        }
        guard sound else {
            throw StatisticsError(.malformedColumns, "a selection must ascend and its cases be sorted by patient")
        }
        self.patients = patients
        self.selection = selection
    }

    /// Calls `single` for a patient with one selected case, `several` for the others.
    @inline(__always)
    func forEachPatient(single: (Int) -> Void, several: (UnsafeBufferPointer<Int32>) -> Void) {
        patients.withUnsafeBufferPointer { patients in
            selection.withUnsafeBufferPointer { selection in
                var start = 0
                while start < selection.count {
                    let first = Int(selection[start])
                    let patient = patients[first]
                    var end = start + 1
                    while end < selection.count, patients[Int(selection[end])] == patient { end += 1 }
                    if end == start + 1 {
                        single(first)
                    } else {
                        several(UnsafeBufferPointer(rebasing: selection[start..<end]))
                    }
                    start = end
                }
            }
        }
    }
}
