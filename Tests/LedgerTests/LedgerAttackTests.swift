import Testing

@testable import Ledger

@Suite("Attacks on the ledger")
struct LedgerAttackTests {
    private func ledger(_ released: [PatientRow]...) throws -> Ledger {
        var ledger = Ledger(minimumCount: 10)
        for rows in released { try ledger.append(rows) }
        return ledger
    }

    private func isolated(_ verdict: LedgerVerdict) -> Int? {
        if case .isolates(let patients, _) = verdict { patients } else { nil }
    }

    @Test func `25 and 28 of 54 leave one patient`() throws {
        let released = try ledger([.of(0...53)], [.of(0...24)])
        #expect(released.check(adding: [try .of(25...52)]) == .isolates(patients: 1, rows: [0]))
        // Whatever comes first.
        let other = try ledger([.of(25...52)], [.of(0...24)])
        #expect(isolated(other.check(adding: [try .of(0...53)])) == 1)
        #expect(try released.check(adding: [.of(25...43)]).isAllowed)
        #expect(try released.check(adding: [.of(25...44)]) == .isolates(patients: 9, rows: [0]))
    }

    @Test func `a group below t is refused at once, one of t is not`() throws {
        #expect(try ledger().check(adding: [.of(0...99), .of(3...11)]) == .isolates(patients: 9, rows: [1]))
        #expect(try ledger().check(adding: [.of(0...99), .of(3...12)]).isAllowed)
        #expect(try ledger().check(adding: [.of([0, 0, 0, 5])]) == .isolates(patients: 1, rows: [0]))
        #expect(try ledger().check(adding: [.of([Int]())]).isAllowed)
    }

    @Test func `asking again after one patient was removed, added, duplicated or exchanged`() throws {
        let cohort = try PatientRow.of(100...299)
        let released = try ledger([cohort])
        #expect(released.check(adding: [cohort]).isAllowed)
        #expect(try isolated(released.check(adding: [.of(101...299)])) == 1)
        #expect(try isolated(released.check(adding: [.of(100...300)])) == 1)
        let duplicated = try PatientRow(cases: (100...299).map { UInt32($0) } + [150])
        #expect(isolated(released.check(adding: [duplicated])) == 1)
        // Patient 100 was the wrong one.
        #expect(try isolated(released.check(adding: [.of(patients: Array(101...299) + [7])])) == 2)
        #expect(try released.check(adding: [.of(110...299)]).isAllowed)
    }

    @Test func `cases against patients show who has several`() throws {
        let patients = (0..<60).map { UInt32($0) }
        let released = try ledger([PatientRow(patients: patients)])
        let few = try PatientRow(cases: patients + patients.prefix(9))
        #expect(isolated(released.check(adding: [few])) == 9)
        let many = try PatientRow(cases: patients + patients.prefix(10))
        #expect(released.check(adding: [many]).isAllowed)
        // 50 patients have one case each, 10 have two; twice the patients less the cases is the 50.
        let most = try PatientRow(cases: patients + patients.prefix(55))
        #expect(isolated(released.check(adding: [most])) == 5)
    }

    @Test func `four cohorts isolate a patient though any two and any three differ by many`() throws {
        // a + b - c - d is zero but for patient 160.
        let a = Array(0..<80)
        let b = Array(80..<160) + [160]
        let c = Array(40..<120)
        let d = Array(0..<40) + Array(120..<160)
        let rows = try [a, b, c, d].map { try PatientRow.of(patients: $0) }
        for left in 0..<4 {
            var released = Ledger(minimumCount: 10)
            try released.append((0..<4).filter { $0 != left }.map { rows[$0] })
            #expect(isolated(released.check(adding: [rows[left]])) == 1)
            #expect(released.hasDisjointProof)
        }
        #expect(try ledger().check(adding: rows) == .isolates(patients: 1, rows: [0, 1, 2, 3]))
    }

    @Test func `fractions isolate too`() throws {
        // Each of three pairs of blocks; half their sum is everybody, but for three patients.
        let blocks = [Array(0..<30), Array(30..<60), Array(60..<90)]
        let pairs = try [(0, 1), (1, 2), (0, 2)].map { try PatientRow.of(patients: blocks[$0.0] + blocks[$0.1]) }
        let released = try ledger(pairs)
        // Modulo 2 the third pair is the sum of the others; the ledger keeps half of all three instead.
        #expect(released.hasDisjointProof && released.independentRowCount == 3)
        #expect(try released.check(adding: [.of(0...89)]).isAllowed)
        #expect(try isolated(released.check(adding: [.of(0...86)])) == 3)
        #expect(try isolated(released.check(adding: [.of(0...35)])) == 6)
    }

    @Test func `a table, its margins and a repeated question are allowed and cost nothing`() throws {
        let cells = (0..<12).map { cell in (0..<15).map { 15 * cell + $0 } }
        var rows = try cells.map { try PatientRow.of(patients: $0) }
        for row in 0..<3 { rows.append(try .of(patients: cells[4 * row..<4 * row + 4].flatMap { $0 })) }
        for column in 0..<4 {
            rows.append(try .of(patients: stride(from: column, to: 12, by: 4).flatMap { cells[$0] }))
        }
        rows.append(try .of(patients: cells.flatMap { $0 }))
        var released = Ledger(minimumCount: 10)
        #expect(try released.append(rows).count == 1)
        #expect(released.independentRowCount == 12)
        #expect(try released.append(rows.reversed()).isEmpty)
        #expect(try released.append([rows[19], rows[3]]).isEmpty)
    }

    @Test func `a refused release leaves the ledger as it was`() throws {
        var released = try ledger([.of(0...53)])
        #expect(throws: LedgerError(.notAllowed)) { try released.append([.of(0...24), .of(25...52)]) }
        #expect(released.independentRowCount == 1)
        #expect(try released.check(adding: [.of(25...52)]).isAllowed)
    }

    @Test func `without effort nothing is allowed that is not proven`() throws {
        var random = SplitMix(state: 11)
        let rows = try (0..<20).map { _ in
            try PatientRow.of(patients: (0..<80).filter { _ in Bool.random(using: &random) })
        }
        #expect(Ledger(minimumCount: 10).check(adding: rows).isAllowed)
        for effort in [20_000, 0] {
            guard case .beyondEffort = Ledger(minimumCount: 10, effort: effort).check(adding: rows) else {
                Issue.record("allowed or decided with an effort of \(effort)")
                continue
            }
        }
    }

    @Test func `a corrected value makes another unknown of the same patient`() throws {
        var columns = ValueColumns()
        var released = Ledger(minimumCount: 10, space: .values)
        let patients = (0..<40).map { UInt32($0) }
        let digests = patients.map { UInt64($0) * 77 + 1 }
        func row(_ patients: [UInt32], _ digests: [UInt64]) throws -> PatientRow {
            try PatientRow(patients: columns.columns(patients: patients, digests: digests))
        }
        try released.append([row(patients, digests)])
        #expect(try released.check(adding: [row(patients, digests)]).isAllowed)
        // A count would not notice; the sum tells how much patient 17's value changed.
        var corrected = digests
        corrected[17] = 4
        #expect(isolated(released.check(adding: [try row(patients, corrected)])) == 1)
        // Nine patients with two values each are nine patients.
        for index in 0..<9 { corrected[index] = 5 }
        corrected[17] = digests[17]
        #expect(isolated(released.check(adding: [try row(patients, corrected)])) == 9)
        corrected[9] = 5
        #expect(try released.check(adding: [row(patients, corrected)]).isAllowed)
    }
}
