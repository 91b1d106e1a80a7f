@testable import Ledger

/// A generator that a seed determines. Steele, Lea and Flood 2014 (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Whoever holds all released numbers, by trying everything: shares no code with the ledger.
enum Attacker {
    /// The rank modulo a prime of 20 bits: rows of a few patients that are independent are so modulo the prime as well,
    /// but for one chance in a million.
    static func rank(_ rows: [[Int]]) -> Int {
        let prime = 1_000_003
        var matrix = rows
        var rank = 0
        for column in 0..<(rows.first?.count ?? 0) where rank < matrix.count {
            guard let pivot = (rank..<matrix.count).first(where: { matrix[$0][column] != 0 }) else { continue }
            matrix.swapAt(rank, pivot)
            let source = matrix[rank]
            for row in rank + 1..<matrix.count where matrix[row][column] != 0 {
                let factor = matrix[row][column]
                for other in column..<source.count {
                    matrix[row][other] = (matrix[row][other] * source[column] - factor * source[other]) % prime
                }
            }
            rank += 1
        }
        return rank
    }

    /// The smallest number of patients that a combination of the rows is not zero for, up to a limit; nil above it. Leaving
    /// out those patients, and no fewer, makes the rows dependent that were not.
    static func smallestSupport(_ rows: [[Int]], upTo limit: Int) -> Int? {
        let patients = rows.first?.count ?? 0
        let whole = rank(rows)
        // Independent rows are enough.
        var basis: [[Int]] = []
        for row in rows where rank(basis + [row]) > basis.count { basis.append(row) }
        guard whole > 0 else { return nil }
        for size in stride(from: 1, through: min(limit, patients), by: 1) {
            var chosen = Array(0..<size)
            while true {
                let left = basis.map { row in row.indices.filter { !chosen.contains($0) }.map { row[$0] } }
                if rank(left) < whole { return size }
                var place = size - 1
                while place >= 0, chosen[place] == patients - size + place { place -= 1 }
                if place < 0 { break }
                chosen[place] += 1
                for next in chosen.indices where next > place { chosen[next] = chosen[next - 1] + 1 }
            }
        }
        return nil
    }
}

extension PatientRow {
    /// Of dense multiplicities.
    static func of(_ counts: [Int]) throws -> PatientRow {
        try PatientRow(cases: counts.enumerated().flatMap { repeatElement(UInt32($0.offset), count: $0.element) })
    }

    static func of(_ patients: ClosedRange<Int>) throws -> PatientRow {
        try PatientRow(patients: patients.map { UInt32($0) })
    }

    static func of(patients: [Int]) throws -> PatientRow {
        try PatientRow(patients: patients.map { UInt32($0) })
    }
}
