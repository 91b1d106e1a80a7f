import Foundation
import Testing

@testable import Ledger

@Suite("Rows of patients")
struct PatientRowTests {
    @Test func `cases are counted per patient and patients once`() throws {
        let cases = try PatientRow(cases: [3, 70, 3, 3, 70, 5])
        #expect(cases.patientCount == 3)
        #expect(cases == (try PatientRow(cases: [5, 70, 70, 3, 3, 3])))
        let patients = try PatientRow(patients: [3, 70, 3, 5])
        #expect(patients.patientCount == 3)
        #expect(patients != cases)
        #expect(try PatientRow(patients: []).isZero)
    }

    @Test func `a multiple of a row is the same row`() throws {
        let row = try PatientRow(cases: [1, 2, 2, 200])
        let sixfold = try PatientRow(cases: (0..<6).flatMap { _ in [UInt32(1), 2, 2, 200] })
        #expect(sixfold == row)
        #expect(try PatientRow(cases: [4, 4, 9, 9]) == PatientRow(patients: [4, 9]))
        #expect(try PatientRow(cases: [4, 4, 9, 9, 9]) != PatientRow(patients: [4, 9]))
    }

    @Test func `an index beyond the limit is refused`() throws {
        #expect(throws: LedgerError(.outOfRange)) {
            try PatientRow(patients: [UInt32(PatientRow.maximumPatients)])
        }
        #expect(throws: LedgerError(.outOfRange)) {
            try PatientRow(cases: repeatElement(7, count: PatientRow.maximumMultiplicity + 1))
        }
    }

    @Test(arguments: 0..<40) func `bytes give the row back`(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let limit = UInt32([50, 1000, 200_000][seed % 3])
        let cases = (0..<Int.random(in: 0...300, using: &random)).map { _ in
            UInt32.random(in: 0..<limit, using: &random)
        }
        let row = try PatientRow(cases: cases + cases.filter { $0 % 3 == 0 })
        #expect(try PatientRow(serialized: row.serialized) == row)
        #expect(row.sample(20).count == min(20, row.patientCount))
        #expect(Set(row.sample(20)).count == row.sample(20).count)
        #expect(Set(row.sample(100_000)) == Set(cases))
    }

    @Test func `bytes that were not written so are refused`() throws {
        let row = try PatientRow(cases: [1, 2, 2, 300, 70])
        let data = row.serialized
        for length in data.indices {
            #expect(throws: LedgerError.self) { try PatientRow(serialized: data.prefix(length)) }
        }
        #expect(throws: LedgerError.self) { try PatientRow(serialized: data + [0]) }
        var version = data
        version[3] = 2
        #expect(throws: LedgerError(.mismatched)) { try PatientRow(serialized: version) }
        for place in data.indices {
            for bit in 0..<8 {
                var changed = data
                changed[place] ^= 1 << UInt8(bit)
                // Another row may be read, but never this one from other bytes.
                if let read = try? PatientRow(serialized: changed) { #expect(read != row) }
            }
        }
    }

    @Test func `a block of bits is turned`() {
        var random = SplitMix(state: 5)
        let block = (0..<64).map { _ in random.next() }
        var turned = block
        RowBatch.transpose(&turned)
        for row in 0..<64 {
            for column in 0..<64 {
                #expect(block[row] >> UInt64(column) & 1 == turned[column] >> UInt64(row) & 1)
            }
        }
    }
}
