import Draws
import Ledger

/// Series of releases of made-up criteria cohorts with the ledger's verdicts, one JSON a line, for an attacker of another
/// language (`scripts/interop/check_ledger.py`).
enum LedgerDump {
    static func run(series: Int, seed: UInt64) throws {
        for index in 0..<series {
            var draws = Draws(seed: seed &+ UInt64(index))
            let isLarge = index % 10 == 9
            let patients = isLarge ? 54 : draws.integer(16...44)
            let t = isLarge ? 10 : draws.integer(2...4)
            let traits = (0..<patients).map { _ in (0..<4).map { _ in draws.integer(0...7) } }
            var ledger = Ledger(minimumCount: t)
            for release in 0..<(isLarge ? 4 : 7) {
                let rows = (0..<draws.integer(1...4)).map { _ in row(traits, draws: &draws) }
                let verdict = ledger.check(adding: try rows.map { try PatientRow(cases: cases($0)) })
                if verdict.isAllowed { try ledger.append(rows.map { try PatientRow(cases: cases($0)) }) }
                let name =
                    switch verdict {
                    case .allowed: "allowed"
                    case .isolates: "isolates"
                    case .beyondEffort: "beyond-effort"
                    }
                print(
                    "{\"series\":\(index),\"release\":\(release),\"t\":\(t),\"verdict\":\"\(name)\","
                        + "\"sets\":\(ledger.hasDisjointProof),\"rows\":\(rows)}")
            }
        }
    }

    private static func cases(_ counts: [Int]) -> [UInt32] {
        counts.enumerated().flatMap { repeatElement(UInt32($0.offset), count: $0.element) }
    }

    /// Cases of each patient in a cohort of one or two intervals of traits.
    private static func row(_ traits: [[Int]], draws: inout Draws) -> [Int] {
        let (first, second) = (draws.integer(0...3), draws.integer(0...3))
        let (low, high) = (draws.integer(0...4), draws.integer(3...7))
        let (from, isNarrow, hasCases) = (draws.integer(0...5), draws.isHit(0.4), draws.isHit(0.3))
        return traits.map { one in
            guard one[first] >= low, one[first] <= max(low, high), !isNarrow || one[second] >= from else { return 0 }
            return hasCases ? 1 + one[3] % 2 : 1
        }
    }
}
