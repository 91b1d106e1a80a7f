import Draws
internal import Foundation
import Ledger

/// The check of a release against earlier counts of criteria-defined cohorts over many patients, from stored segments.
enum LedgerScale {
    /// Patients with what criteria ask for.
    private struct Registry {
        var ages: [UInt8] = []
        var sexes: [UInt8] = []
        var makers: [UInt8] = []
        var years: [UInt8] = []
        var diagnoses: [UInt8] = []

        init(patients: Int, draws: inout Draws) {
            for _ in 0..<patients {
                ages.append(UInt8(max(0, min(99, 60 + 15 * draws.normal()))))
                sexes.append(draws.isHit(0.5) ? 1 : 0)
                makers.append(UInt8(4 * draws.uniform() * draws.uniform()))
                years.append(UInt8(15 * draws.uniform()))
                let rank = draws.uniform()
                // A few frequent codes and many rare ones.
                diagnoses.append(UInt8(60 * rank * rank * rank))
            }
        }

        /// A cohort and how it divides, as a study would release it: by sex, by maker, by age.
        func study(draws: inout Draws, t: Int) throws -> [PatientRow] {
            let (low, high) = (draws.integer(0...70), draws.integer(0...60))
            let (from, to) = (draws.integer(0...10), draws.integer(3...14))
            let code = draws.integer(0...30)
            let (step, cutsYears) = (draws.integer(4...12), draws.isHit(0.5))
            var cells: [Int: [UInt32]] = [:]
            for patient in ages.indices {
                guard ages[patient] >= low, ages[patient] <= low + high + 5, years[patient] >= from,
                    years[patient] <= from + to, code > 15 || Int(diagnoses[patient]) / 4 == code % 15
                else { continue }
                let (index, age) = (UInt32(patient), Int(ages[patient]))
                let second = cutsYears ? Int(years[patient]) : Int(makers[patient])
                let keys = [
                    0, 1 + Int(sexes[patient]), 10 + second, 100 + age / step, 1000 + 10 * second + Int(sexes[patient]),
                ]
                for key in keys { cells[key, default: []].append(index) }
            }
            return try cells.sorted { $0.key < $1.key }.filter { $0.value.count >= t }.map {
                try PatientRow(patients: $0.value)
            }
        }
    }

    /// Builds a ledger of `rows` counts in a folder (not timed against the target), loads it and checks one more release.
    static func run(patients: Int = 1_000_000, rows: Int = 10_000, folder: URL) throws {
        let clock = ContinuousClock()
        var draws = Draws(seed: 4)
        let registry = Registry(patients: patients, draws: &draws)
        var ledger = Ledger(minimumCount: 10)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var (released, refused, segmentCount) = (0, 0, 0)
        var stored: [Ledger.Segment] = []
        let building = try clock.measure {
            while released < rows {
                let study = try registry.study(draws: &draws, t: 10)
                let hadProof = ledger.hasDisjointProof
                guard let added = try? ledger.append(study) else {
                    refused += 1
                    continue
                }
                for segment in added {
                    let columns = folder.appending(path: "\(segmentCount).columns")
                    try segment.columns.write(to: columns)
                    try segment.proof.write(to: folder.appending(path: "\(segmentCount).proof"))
                    segmentCount += 1
                    stored.append(segment)
                }
                released += study.count
                if hadProof, !ledger.hasDisjointProof { print("  at \(released): no proof by sets any more") }
                if released / 1000 != (released - study.count) / 1000 {
                    print("  \(released) counts, rank \(ledger.independentRowCount), \(refused) releases refused")
                }
            }
        }
        print(
            "built in \(building): \(released) counts, rank \(ledger.independentRowCount), \(segmentCount) segments, "
                + "\(refused) releases refused, proof by sets: \(ledger.hasDisjointProof)")
        try check(registry, draws: &draws, segments: segmentCount, folder: folder)
    }

    /// The same over rows that each hold every second patient by chance: fills a ledger much faster.
    static func runFilled(patients: Int = 1_000_000, rows: Int = 10_000, folder: URL) throws {
        var draws = Draws(seed: 4)
        let registry = Registry(patients: patients, draws: &draws)
        var ledger = Ledger(minimumCount: 10)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var segmentCount = 0
        while ledger.independentRowCount < rows {
            let batch = try (0..<min(64, rows - ledger.independentRowCount)).map { _ in
                let words: [Int] = (0..<(patients + 61) / 62).map { _ in draws.integer(0...Int.max) }
                var members: [UInt32] = []
                for patient in 0..<patients where (words[patient / 62] >> (patient % 62)) & 1 == 1 {
                    members.append(UInt32(patient))
                }
                return try PatientRow(patients: members)
            }
            for segment in try ledger.append(batch) {
                try segment.columns.write(to: folder.appending(path: "\(segmentCount).columns"))
                try segment.proof.write(to: folder.appending(path: "\(segmentCount).proof"))
                segmentCount += 1
            }
        }
        try check(registry, draws: &draws, segments: segmentCount, folder: folder)
    }

    /// Checks further releases against what `run` has stored so far.
    static func checkStored(patients: Int = 1_000_000, segments: Int, folder: URL) throws {
        var draws = Draws(seed: 4)
        let registry = Registry(patients: patients, draws: &draws)
        try check(registry, draws: &draws, segments: segments, folder: folder)
    }

    private static func check(_ registry: Registry, draws: inout Draws, segments: Int, folder: URL) throws {
        let clock = ContinuousClock()
        for _ in 0..<5 {
            let next = try registry.study(draws: &draws, t: 10)
            var loaded = Ledger(minimumCount: 10)
            let loading = try clock.measure {
                let read = try (0..<segments).map { index in
                    Ledger.Segment(
                        columns: try Data(
                            contentsOf: folder.appending(path: "\(index).columns"), options: .alwaysMapped),
                        proof: try Data(contentsOf: folder.appending(path: "\(index).proof")))
                }
                loaded = try Ledger(minimumCount: 10, segments: read)
            }
            var verdict = LedgerVerdict.allowed
            let checking = clock.measure { verdict = loaded.check(adding: next) }
            let again = clock.measure { _ = loaded.check(adding: next) }
            let sizes = loaded.segments.reduce((0, 0)) { ($0.0 + $1.columns.count, $0.1 + $1.proof.count) }
            print(
                "\(next.count) new counts: \(verdict); loading \(loading), check \(checking), again \(again); "
                    + "columns \(sizes.0 >> 20) MiB, proof \(sizes.1 >> 20) MiB")
        }
    }
}
