import Draws
import Ledger

/// How many studies a site can answer before the ledger refuses: made-up sites and studies, every published cell with `t`
/// patients or none.
enum LedgerSites {
    /// A case with its patient and what studies ask of it.
    private struct Case {
        let patient: UInt32
        let isPositive: Bool
        let diameter: Double
        let texture: Int
        let score: Double
    }

    private struct Site {
        var cases: [Case] = []
        /// Of each patient: sex, age, maker, dose.
        var attributes: [[Double]] = []

        init(patients: Int, draws: inout Draws) {
            for patient in 0..<patients {
                attributes.append((0..<4).map { _ in draws.uniform() })
                let burden = draws.normal()
                let count = 1 + (draws.isHit(0.4) ? 1 : 0) + (draws.isHit(0.25) ? draws.integer(1...3) : 0)
                for _ in 0..<count {
                    let isPositive = draws.isHit(0.45)
                    let diameter = 8 + (isPositive ? 4 : 0) + 1.5 * burden + 4 * draws.normal()
                    let texture = draws.integer(0...9)
                    let score = (isPositive ? 1.2 : 0) + 0.3 * burden + draws.normal()
                    cases.append(
                        Case(
                            patient: UInt32(patient), isPositive: isPositive, diameter: diameter,
                            texture: texture < 6 ? 0 : texture < 8 ? 1 : 2, score: score))
                }
            }
        }
    }

    /// Rows of one study on the cases that a filter leaves.
    private struct Study {
        let t: Int
        var rows: [PatientRow] = []
        var numbers = 0

        func patients(_ cases: [Case]) -> Int { Set(cases.map(\.patient)).count }

        /// A count of cases; false, and none, when few patients are behind it.
        mutating func count(_ cases: [Case]) throws {
            numbers += 1
            if !cases.isEmpty { rows.append(try PatientRow(cases: cases.map(\.patient))) }
        }

        mutating func countPatients(_ cases: [Case]) throws {
            numbers += 1
            rows.append(try PatientRow(patients: cases.map(\.patient)))
        }

        func isAllowed(_ cells: [[Case]]) -> Bool { cells.allSatisfy { $0.isEmpty || patients($0) >= t } }

        /// Cells that are published together or not at all.
        mutating func table(_ cells: [[Case]]) throws {
            guard isAllowed(cells) else { return }
            for cell in cells { try count(cell) }
        }

        /// Neighbouring bins joined until each holds enough in both classes; the edges that are left.
        @discardableResult
        mutating func runs(_ cases: [Case], by value: (Case) -> Double, edges: [Double]) throws -> [Double] {
            var left: [Double] = []
            var runs: [[[Case]]] = []
            var (lower, run) = (-Double.infinity, [[Case](), []])
            for edge in edges + [.infinity] {
                for one in cases where value(one) >= lower && value(one) < edge {
                    run[one.isPositive ? 1 : 0].append(one)
                }
                lower = edge
                if run.allSatisfy({ patients($0) >= t }) {
                    runs.append(run)
                    left.append(edge)
                    run = [[], []]
                }
            }
            guard !runs.isEmpty else { return [] }
            for side in 0..<2 { runs[runs.count - 1][side] += run[side] }
            for run in runs { for cell in run { try count(cell) } }
            return Array(left.dropLast())
        }

        mutating func ask(_ cases: [Case], attributes: [[Double]], model: Int, steps: Int) throws {
            let (positives, negatives) = (cases.filter(\.isPositive), cases.filter { !$0.isPositive })
            guard patients(positives) >= t, patients(negatives) >= t else { return }
            try count(cases)
            try countPatients(cases)
            try count(positives)
            try count(negatives)
            try runs(cases, by: \.diameter, edges: [6, 9, 12, 15])
            let cuts = (1..<steps).map { Double($0) * 3 / Double(steps) - 1 }
            func score(_ one: Case) -> Double {
                model == 0 ? one.score : one.score + Double((Int(one.diameter * 1000) * (model + 3)) % 100) / 60
            }
            // Confusion tables at thresholds follow from the steps: numbers, but no new rows.
            for cut in try runs(cases, by: score, edges: cuts).prefix(3) {
                for isPositive in [false, true] {
                    try table(
                        [true, false].map { side in
                            cases.filter { $0.isPositive == isPositive && (score($0) >= cut) == side }
                        })
                }
            }
            try table(
                (0..<6).map { cell in
                    cases.filter { $0.texture == cell / 2 && $0.isPositive == (cell % 2 == 1) }
                })
            for attribute in 0..<2 {
                try table(
                    (0..<4).map { cell in
                        cases.filter {
                            (attributes[Int($0.patient)][attribute] < 0.5) == (cell < 2)
                                && $0.isPositive == (cell % 2 == 1)
                        }
                    })
            }
        }
    }

    /// Prints, of each size of a site, after which study the ledger refused.
    static func run(sizes: [Int] = [54, 140, 600, 5000], sites: Int = 10, most: Int = 12, steps: Int = 5) throws {
        print("studies released before the first refusal (t = 10), at \(sites) made-up sites of each size")
        for size in sizes {
            for isSame in [true, false] {
                var lengths: [Int] = []
                var ends: [String: Int] = [:]
                var (asked, kept) = (0, 0)
                var (ranks, numbers, slowest) = (0, 0, Duration.zero)
                for seed in 0..<sites {
                    var draws = Draws(seed: UInt64(100 * size + seed))
                    let site = Site(patients: size, draws: &draws)
                    var ledger = Ledger(minimumCount: 10)
                    var released = 0
                    var end = "none"
                    for index in 0..<most {
                        // The same cohort with another model, or a cohort of its own.
                        let low = draws.uniform() * 0.3
                        let cohort = site.cases.filter { one in
                            let attributes = site.attributes[Int(one.patient)]
                            return isSame || index == 0
                                || (attributes[2] >= low && attributes[3] < 0.7 + low)
                        }
                        var study = Study(t: 10)
                        try study.ask(cohort, attributes: site.attributes, model: index, steps: steps)
                        let clock = ContinuousClock()
                        var verdict = LedgerVerdict.allowed
                        slowest = max(slowest, clock.measure { verdict = ledger.check(adding: study.rows) })
                        if !verdict.isAllowed {
                            asked += study.rows.count
                            for row in study.rows where (try? ledger.append([row])) != nil { kept += 1 }
                            switch verdict {
                            case .isolates: end = "isolates"
                            default: end = "beyond effort"
                            }
                            break
                        }
                        try ledger.append(study.rows)
                        if index == 0 {
                            ranks += ledger.independentRowCount
                            numbers += study.numbers
                        }
                        released += 1
                    }
                    lengths.append(released)
                    ends[end, default: 0] += 1
                }
                let text = ends.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
                print(
                    "\(size) patients, \(isSame ? "same cohort, another model" : "other cohorts"): "
                        + "\(lengths.sorted()); first study \(numbers / sites) numbers of rank \(ranks / sites); "
                        + "ends: \(text); of the refused study's rows \(kept) of \(asked) may go one by one; slowest check \(slowest)"
                )
            }
        }
    }
}
