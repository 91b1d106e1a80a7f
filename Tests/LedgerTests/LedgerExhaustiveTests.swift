import Testing

@testable import Ledger

/// Against an attacker that tries every set of patients.
@Suite("The ledger against exhaustive search")
struct LedgerExhaustiveTests {
    /// Random cohorts of few patients, multiplicities, sums of earlier rows.
    private func rows(_ count: Int, patients: Int, random: inout SplitMix) -> [[Int]] {
        var rows: [[Int]] = []
        let share = Int.random(in: 2...5, using: &random)
        let isMultiple = Bool.random(using: &random)
        for _ in 0..<count {
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where rows.count > 1:
                // A margin.
                let (a, b) = (rows[Int.random(in: rows.indices, using: &random)], rows[rows.count - 1])
                rows.append(zip(a, b).map { $0 + $1 })
            case 1 where !rows.isEmpty:
                // Nearly the same again.
                var row = rows[Int.random(in: rows.indices, using: &random)]
                for _ in 0..<Int.random(in: 0...4, using: &random) {
                    row[Int.random(in: 0..<patients, using: &random)] = Int.random(in: 0...1, using: &random)
                }
                rows.append(row)
            default:
                rows.append(
                    (0..<patients).map { _ in
                        guard Int.random(in: 0..<6, using: &random) < share else { return 0 }
                        return isMultiple ? Int.random(in: 1...3, using: &random) : 1
                    })
            }
        }
        return rows
    }

    @Test(arguments: 0..<50)
    func `it allows exactly what isolates nobody`(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed) &* 977)
        let patients = Int.random(in: 6...11, using: &random)
        let t = Int.random(in: 2...4, using: &random)
        var ledger = Ledger(minimumCount: t)
        var released: [[Int]] = []
        for _ in 0..<6 {
            let new = rows(Int.random(in: 1...3, using: &random), patients: patients, random: &random)
            let smallest = Attacker.smallestSupport(released + new, upTo: t - 1)
            let verdict = ledger.check(adding: try new.map { try .of($0) })
            if let smallest {
                guard case .isolates(let isolated, let which) = verdict else {
                    Issue.record("\(smallest) patients can be isolated: \(released + new)")
                    continue
                }
                #expect((smallest..<t).contains(isolated))
                #expect(!which.isEmpty && which.allSatisfy(new.indices.contains))
            } else {
                #expect(verdict == .allowed, "\(released + new)")
                try ledger.append(new.map { try .of($0) })
                released += new
                #expect(ledger.independentRowCount == Attacker.rank(released))
            }
        }
    }

    @Test(arguments: 0..<6)
    func `with many patients the sets of patients prove the same`(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed) &+ 5000)
        let patients = Int.random(in: 30...40, using: &random)
        let t = 3
        var ledger = Ledger(minimumCount: t)
        var released: [[Int]] = []
        for _ in 0..<5 {
            let new = rows(3, patients: patients, random: &random)
            let verdict = ledger.check(adding: try new.map { try .of($0) })
            if Attacker.smallestSupport(released + new, upTo: t - 1) != nil {
                #expect(!verdict.isAllowed, "\(released + new)")
            } else {
                #expect(verdict == .allowed)
                try ledger.append(new.map { try .of($0) })
                released += new
            }
        }
        // 15 rows of 40 patients and more: three sets mostly suffice.
        #expect(ledger.hasDisjointProof || released.count > 8)
    }

    @Test func `sets that lack a pivot prove as much when what is zero on them is odd for t patients`() throws {
        var lacking = 0
        for seed in 0..<12 {
            var random = SplitMix(state: UInt64(seed) &+ 333)
            let patients = 40
            var ledger = Ledger(minimumCount: 3)
            var released: [[Int]] = []
            for _ in 0..<6 {
                // Nested cohorts that differ by three patients or about so: few patients for three sets.
                var row = (0..<patients).map { _ in Int.random(in: 0..<3, using: &random) > 0 ? 1 : 0 }
                var new = [row]
                for _ in 0..<2 {
                    let those = row.indices.filter { row[$0] == 1 }.shuffled(using: &random)
                    for patient in those.prefix(Int.random(in: 2...4, using: &random)) { row[patient] = 0 }
                    new.append(row)
                }
                let verdict = ledger.check(adding: try new.map { try .of($0) })
                #expect(verdict.isAllowed == (Attacker.smallestSupport(released + new, upTo: 2) == nil))
                guard verdict.isAllowed else { continue }
                try ledger.append(new.map { try .of($0) })
                released += new
            }
            lacking += ledger.groups.count { !$0.kernel.isEmpty }
            let read = try Ledger(minimumCount: 3, segments: ledger.segments)
            #expect(read.groups.map(\.kernel) == ledger.groups.map(\.kernel))
        }
        #expect(lacking > 0)
    }

    @Test(arguments: 0..<18)
    func `a planted combination is always refused`(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed) &+ 900)
        let patients = [54, 90, 140][seed % 3]
        var ledger = Ledger(minimumCount: 10)
        let rows = (0..<(patients / 12)).map { _ in
            (0..<patients).map { _ in Int.random(in: 0..<3, using: &random) == 0 ? 1 : 0 }
        }
        let wanted = try rows.map { try PatientRow.of($0) }
        guard ledger.check(adding: wanted).isAllowed else { return }
        try ledger.append(wanted)
        // Few rows with small weights, and up to nine patients on top of the combination.
        var planted = [Int](repeating: 0, count: patients)
        for _ in 0..<Int.random(in: 2...6, using: &random) {
            let row = rows[Int.random(in: rows.indices, using: &random)]
            let weight = Int.random(in: 1...3, using: &random)
            for patient in planted.indices { planted[patient] += weight * row[patient] }
        }
        #expect(ledger.check(adding: [try .of(planted)]).isAllowed)
        let few = Int.random(in: 1...9, using: &random)
        for patient in (0..<patients).shuffled(using: &random).prefix(few) { planted[patient] += 1 }
        #expect(!ledger.check(adding: [try .of(planted)]).isAllowed)
    }
}
