import Statistics
import Testing

@Suite("Patients by cells")
struct PatientCellsTests {
    @Test("counts, unions and cluster totals are those of a plain list of patients", arguments: 0..<20)
    func againstList(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        // A cell count above 16 bits takes the other path of the representation.
        let cellCount = seed.isMultiple(of: 5) ? 70_000 : 7
        var patients: [[Int]] = []
        for _ in 0..<50 {
            let cases = Int.random(in: 1...12, using: &generator)
            patients.append((0..<cases).map { _ in Int.random(in: 0..<7, using: &generator) + cellCount - 7 })
        }
        var cells = PatientCells(cellCount: cellCount)
        for patient in patients { cells.add(patientCells: patient) }
        cells.add(patientCells: [])
        #expect(cells.patientCount == 50)
        #expect(cells.caseCount == patients.joined().count)
        for cell in cellCount - 7..<cellCount {
            #expect(cells.cases(inCell: cell) == patients.joined().count { $0 == cell })
            #expect(cells.patients(inCell: cell) == patients.count { $0.contains(cell) })
        }
        let asked = [cellCount - 1, cellCount - 4, cellCount - 4]
        #expect(cells.patients(inAnyOf: asked) == patients.count { !Set($0).isDisjoint(with: asked) })
        #expect(cells.cases(inAnyOf: asked) == patients.joined().count { asked.contains($0) })
        let product = cells.sum { Int128($0[cellCount - 1]) * Int128($0[cellCount - 2] + $0[cellCount - 3]) }
        let expected = patients.reduce(0) { total, patient in
            let count = { (cell: Int) in patient.count { $0 == cell } }
            return total + count(cellCount - 1) * (count(cellCount - 2) + count(cellCount - 3))
        }
        #expect(product == Int128(expected))

        var shuffled = PatientCells(cellCount: cellCount)
        for patient in patients.shuffled(using: &generator) {
            shuffled.add(patientCells: patient.shuffled(using: &generator))
        }
        #expect(shuffled == cells)
    }

    @Test("tells patients apart that agree in every cell's count")
    func distinguishes() {
        var first = PatientCells(cellCount: 2)
        first.add(patientCells: [0, 1])
        first.add(patientCells: [0, 1])
        var second = PatientCells(cellCount: 2)
        second.add(patientCells: [0, 0])
        second.add(patientCells: [1, 1])
        #expect(first.cases(inCell: 0) == second.cases(inCell: 0))
        #expect(first != second)
        #expect(first.patients(inCell: 0) == 2)
        #expect(second.patients(inCell: 0) == 1)
    }
}

@Suite("Columns and cohorts")
struct ColumnTests {
    private let resolution = Result { try Resolution("1") }

    @Test(
        "a selection that does not ascend, is out of bounds or splits patients is refused",
        arguments: [[1, 0], [0, 0], [-1], [3], [0, 2]] as [[Int32]])
    func selections(selection: [Int32]) throws {
        // Patients 5, 7, 5: the third case does not follow its patient's first.
        #expect(throws: StatisticsError(.malformedColumns, "")) {
            try Moments(
                variable: "x", column: [1, 2, 3], patients: selection == [0, 2] ? [5, 5, 4] : [5, 7, 9],
                selection: selection, resolution: resolution.get())
        }
    }

    @Test("columns of another length are refused")
    func lengths() throws {
        #expect(throws: StatisticsError(.malformedColumns, "")) {
            try Moments(
                variable: "x", column: [1, 2], patients: [5, 7, 9], selection: [0], resolution: resolution.get())
        }
        #expect(throws: StatisticsError(.malformedColumns, "")) {
            try CaseColumns(patients: [1, 2], columns: ["x": [1]])
        }
        #expect(throws: StatisticsError(.malformedColumns, "")) { try CaseColumns(patients: [2, 1], columns: [:]) }
    }

    @Test("only the selected cases count")
    func selected() throws {
        let moments = try Moments(
            variable: "x", column: [1, 2, 4, 8], patients: [5, 5, 7, 9], selection: [1, 2],
            resolution: resolution.get())
        #expect(moments.groups.map(\.sum) == [6])
        #expect(moments.groups.map(\.patients) == [2])
    }

    @Test("a quantity is grouped by edges as bins are, with the rest under missing")
    func groupedByEdges() throws {
        let column = try CategoryColumn(
            variable: "d", quantity: [0, 9, 10, 20, 21, -1, Coded.missing, Coded.malformed], edges: [0, 10, 20],
            resolution: Resolution("0.5"))
        #expect(column.levels == ["[0, 5)", "[5, 10]", "missing"])
        let table = try ContingencyTable(
            axes: [column], patients: [0, 1, 2, 3, 4, 5, 6, 7], selection: [0, 1, 2, 3, 4, 5, 6, 7])
        #expect((0..<3).map(table.cells.cases) == [2, 2, 4])
    }
}
