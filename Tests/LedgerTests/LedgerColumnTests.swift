import Foundation
import Testing

@testable import Ledger

/// How columns are kept, and combinations formed over all patients.
@Suite("The ledger's columns")
struct LedgerColumnTests {
    /// Up to 64 rows that say the same of many patients, or of few.
    private func batch(_ rows: Int, patients: Int, kinds: Int, random: inout SplitMix) throws
        -> RowBatch
    {
        let counts = (0..<kinds).map { _ in
            (0..<rows).map { _ in
                Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 1...5, using: &random) : 0
            }
        }
        let kind = (0..<patients).map { _ in Int.random(in: 0..<kinds, using: &random) }
        return RowBatch(try (0..<rows).map { row in try PatientRow.of(kind.map { counts[$0][row] }) })
    }

    @Test(arguments: [(3, 1, ColumnBlock.Form.coded), (300, 2, .coded), (30_000, 8, .raw)])
    func `columns that many patients share are kept once`(
        kinds: Int, width: Int, form: ColumnBlock.Form
    ) throws {
        var random = SplitMix(state: UInt64(kinds))
        let batch = try batch(40, patients: 3000, kinds: kinds, random: &random)
        let block = ColumnBlock(batch)
        #expect(block.form == form)
        let again = try #require(
            ColumnBlock(
                data: block.data, form: block.form, planeCount: block.planeCount,
                patientCount: block.patientCount))
        for block in [block, again] {
            block.read { read in
                for plane in batch.planes.indices {
                    for patient in 0..<batch.patientCount {
                        #expect(read(plane, patient) == batch.planes[plane][patient])
                    }
                    #expect(read(plane, batch.patientCount) == 0)
                }
            }
        }
        if form == .coded {
            #expect(block.data.count < 24 + 8 * (kinds + 1) * block.planeCount + width * 3000)
        }
    }

    @Test func `damaged columns are noticed`() throws {
        var random = SplitMix(state: 8)
        let block = ColumnBlock(try batch(5, patients: 400, kinds: 9, random: &random))
        for place in stride(from: 0, to: block.data.count, by: 3) {
            var changed = block.data
            changed[place] ^= 4
            #expect(
                ColumnBlock(
                    data: changed, form: .coded, planeCount: block.planeCount,
                    patientCount: block.patientCount) == nil)
        }
    }

    @Test(arguments: [5, 300, 30_000]) func `sums over a block are those of its rows`(kinds: Int) throws {
        var random = SplitMix(state: UInt64(kinds) &+ 50)
        let batch = try batch(64, patients: 2000, kinds: kinds, random: &random)
        let coefficients = (0..<64).map { _ in Int64.random(in: -3...3, using: &random) }
        let weights = (0..<64).map { _ in random.next() }
        var wanted = [Int64](repeating: 0, count: 2048)
        var odd = [UInt64](repeating: 0, count: 2048)
        for (index, row) in batch.rows.enumerated() {
            for patient in 0..<batch.patientCount {
                let count = row.planes.indices.reduce(0) {
                    $0 | Int64(row.word(patient / 64, plane: $1) >> UInt64(patient % 64) & 1) << Int64($1)
                }
                wanted[patient] += coefficients[index] * count
                if count % 2 == 1 { odd[patient] ^= weights[index] }
            }
        }
        var (sums, parities) = ([Int64](repeating: 0, count: 2048), [UInt64](repeating: 0, count: 2048))
        RowSums.addMultiples([(ColumnBlock(batch), coefficients)], to: &sums)
        RowSums.addParities([(ColumnBlock(batch), weights)], to: &parities)
        #expect(sums == wanted && parities == odd)
        // Twice: nothing is odd.
        RowSums.addMultiples([(ColumnBlock(batch), coefficients), (ColumnBlock(batch), coefficients)], to: &sums)
        RowSums.addParities([(ColumnBlock(batch), weights)], to: &parities)
        #expect(sums == wanted.map { 3 * $0 } && parities == odd.map { _ in 0 })
        let patients = (0..<2100).shuffled(using: &random).map { UInt32($0) }
        #expect(ColumnBlock(batch).parities(of: patients) == patients.map { batch.parity(Int($0)) })
    }

    @Test func `many rows: what is a combination of far rows costs nothing, a few patients more are found`() throws {
        // 20,000 patients of a grid; rows are rectangles, many and nested.
        var random = SplitMix(state: 77)
        let patients = 20_000
        let grid = (0..<patients).map { _ in
            (Int.random(in: 0..<30, using: &random), Int.random(in: 0..<6, using: &random))
        }
        func rectangle(_ x: ClosedRange<Int>, _ y: ClosedRange<Int>) -> [Int] {
            grid.indices.filter { x.contains(grid[$0].0) && y.contains(grid[$0].1) }
        }
        var ledger = Ledger(minimumCount: 10)
        for low in 0..<29 {
            try ledger.append((0..<6).map { y in try .of(patients: rectangle(low...29, y...y)) })
        }
        #expect(ledger.independentRowCount == 174 && ledger.hasDisjointProof)
        // The difference of two and sums over the other axis.
        let known = rectangle(7...19, 1...4)
        #expect(try ledger.append([.of(patients: known)]).isEmpty)
        // The same but for nine patients, then ten.
        let other = Set(rectangle(0...6, 0...0)).sorted()
        let nine = ledger.check(adding: [try .of(patients: known + other.prefix(9))])
        #expect(nine == .isolates(patients: 9, rows: [0]))
        #expect(try ledger.check(adding: [.of(patients: known + other.prefix(10))]).isAllowed)
        // With others that are allowed: the one that is not is named.
        let mixed: [PatientRow] = [
            try .of(patients: rectangle(0...29, 0...5)), try .of(patients: known + other.prefix(4)),
            try .of(patients: other.filter { $0 % 2 == 0 }),
        ]
        #expect(ledger.check(adding: mixed) == .isolates(patients: 4, rows: [1]))
        // A combination with halves: all pairs of three blocks.
        let thirds = (0..<3).map { part in grid.indices.filter { grid[$0].0 == 29 && $0 % 3 == part } }
        try ledger.append(
            [(0, 1), (1, 2), (0, 2)].map { try .of(patients: thirds[$0.0] + thirds[$0.1]) })
        let last = ledger.check(adding: [try .of(patients: thirds.flatMap { $0 }.dropLast(3))])
        #expect(last == .isolates(patients: 3, rows: [0]))
    }

    @Test(arguments: [1000, 3022]) func `rows that the sets cannot prove are named, where no search may follow`(
        patients: UInt32
    ) throws {
        let start = patients - 22
        var random = SplitMix(state: 3)
        func cohort() throws -> [UInt32] { (0..<start).filter { _ in Bool.random(using: &random) } }
        let first = try cohort()
        let released = try [first, cohort(), cohort()].map { try PatientRow(patients: $0) }
        // Odd for four patients only, but in whole numbers no combination is for fewer than ten.
        func part(_ ranges: Range<UInt32>...) throws -> PatientRow {
            try PatientRow(patients: first + ranges.flatMap { $0 })
        }
        let (a, b) = (start..<start + 6, start + 6..<start + 12)
        let (c, d) = (start + 12..<start + 18, start + 18..<start + 22)
        let new = try [PatientRow(patients: cohort()), part(a, b), part(b, c), part(a, c, d)]
        // Few patients: a search decides, when it has the steps for it. Many: the sets stay.
        let isSmall = patients <= 2000
        for effort in [Ledger.standardEffort, 20_000 + 20 * Int(patients)] {
            var ledger = Ledger(minimumCount: 10, effort: effort)
            try ledger.append(released)
            let verdict = ledger.check(adding: new)
            if isSmall && effort == Ledger.standardEffort {
                #expect(verdict.isAllowed)
                continue
            }
            guard case .beyondEffort(let rows) = verdict else {
                Issue.record("\(verdict)")
                continue
            }
            #expect(!rows.isEmpty && !rows.contains(0))
            // Without one of them the rest may leave.
            try ledger.append(new.indices.filter { $0 != rows.last }.map { new[$0] })
            #expect(ledger.hasDisjointProof)
        }
    }
}
