import Foundation
import Testing
import TextCatalogue

@testable import Ledger

@Suite("The ledger's segments")
struct LedgerSegmentTests {
    private func cohorts(_ count: Int, patients: Int, seed: UInt64) throws -> [PatientRow] {
        var random = SplitMix(state: seed)
        return try (0..<count).map { index in
            let cases = (0..<patients).flatMap { patient in
                let isIn = Int.random(in: 0..<3, using: &random) == 0
                let count = isIn ? 1 + (index % 3 == 0 ? Int.random(in: 0...3, using: &random) : 0) : 0
                return repeatElement(UInt32(patient), count: count)
            }
            return try PatientRow(cases: cases)
        }
    }

    @Test(arguments: [1200, 90]) func `a ledger that is read back says and writes the same`(patients: Int) throws {
        var ledger = Ledger(minimumCount: 10)
        for release in 0..<3 { try ledger.append(cohorts(5 + release, patients: patients, seed: UInt64(release))) }
        #expect(ledger.hasDisjointProof == (patients == 1200))
        var read = try Ledger(minimumCount: 10, segments: ledger.segments)
        #expect(read.independentRowCount == ledger.independentRowCount)
        #expect(read.hasDisjointProof == ledger.hasDisjointProof)
        let next = try cohorts(4, patients: patients, seed: 77)
        #expect(read.check(adding: next) == ledger.check(adding: next))
        #expect(try read.append(next) == ledger.append(next))
        #expect(read.segments == ledger.segments)
        var almost = next[0]
        almost = try PatientRow(patients: almost.sample(100_000).dropLast(3))
        #expect(!read.check(adding: [almost, try PatientRow(patients: next[0].sample(100_000))]).isAllowed)
    }

    @Test func `more than 64 rows are kept as several segments that prove each other`() throws {
        var ledger = Ledger(minimumCount: 10)
        let rows = try cohorts(80, patients: 1400, seed: 9)
        #expect(try ledger.append(rows).count == 2)
        #expect(ledger.independentRowCount == 80 && ledger.hasDisjointProof)
        // Every set is one of its own.
        let pivots = ledger.groups.flatMap { $0.parts.flatMap { $0.pivots.filter { $0 != ProofGroup.noPatient } } }
        #expect(pivots.count == 800 && Set(pivots).count == 800)
        // On each the rows are independent: what the factors say is true of the rows themselves.
        for group in ledger.groups {
            let patients = group.parts.flatMap { $0.pivots.filter { $0 != ProofGroup.noPatient } }
            let square = rows.map { row in
                patients.map { row.word(Int($0 / 64), plane: 0) >> UInt64($0 % 64) & 1 }
            }
            #expect(rankModulo2(square) == 80)
        }
    }

    private func rankModulo2(_ rows: [[UInt64]]) -> Int {
        var matrix = rows
        var rank = 0
        for column in 0..<(rows.first?.count ?? 0) {
            guard let pivot = (rank..<matrix.count).first(where: { matrix[$0][column] == 1 }) else { continue }
            matrix.swapAt(rank, pivot)
            for row in matrix.indices where row != rank && matrix[row][column] == 1 {
                for other in matrix[row].indices { matrix[row][other] ^= matrix[rank][other] }
            }
            rank += 1
        }
        return rank
    }

    @Test func `damaged or foreign segments are refused`() throws {
        var ledger = Ledger(minimumCount: 3)
        try ledger.append(cohorts(5, patients: 200, seed: 1))
        try ledger.append(cohorts(4, patients: 200, seed: 2))
        let segments = ledger.segments
        #expect(throws: LedgerError(.mismatched)) { try Ledger(minimumCount: 4, segments: segments) }
        #expect(throws: LedgerError(.mismatched)) { try Ledger(minimumCount: 3, space: .values, segments: segments) }
        #expect(throws: LedgerError(.damaged)) { try Ledger(minimumCount: 3, segments: segments.reversed()) }
        #expect(throws: LedgerError(.damaged)) { try Ledger(minimumCount: 3, segments: [segments[1]]) }
        let proof = segments[0].proof
        for place in proof.indices where place < 40 || place % 17 == 0 {
            var changed = proof
            changed[place] ^= 0x10
            let segment = Ledger.Segment(columns: segments[0].columns, proof: changed)
            #expect(throws: LedgerError.self) { try Ledger(minimumCount: 3, segments: [segment]) }
        }
        for length in stride(from: 0, to: proof.count, by: 7) {
            let segment = Ledger.Segment(columns: segments[0].columns, proof: proof.prefix(length))
            #expect(throws: LedgerError.self) { try Ledger(minimumCount: 3, segments: [segment]) }
        }
        let short = Ledger.Segment(columns: segments[0].columns.dropLast(8), proof: proof)
        #expect(throws: LedgerError(.damaged)) { try Ledger(minimumCount: 3, segments: [short]) }
    }

    @Test func `every error has its texts`() {
        for code in [LedgerError.Code.outOfRange, .damaged, .mismatched, .notAllowed] {
            let phrase = LedgerError(code).phrase
            #expect(!phrase.english.isEmpty && !phrase.chinese.isEmpty)
            #expect(LedgerError(code).description == code.rawValue)
        }
    }
}
