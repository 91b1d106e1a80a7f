internal import Foundation
internal import Suppression

/// How long the planner and the audit take for a large release.
enum TablesBench {
    private static let repeats = 3

    /// - Returns: whether every plan was within its limit.
    static func run() -> Bool {
        var systems = TablesSystems(seed: 2_026)
        let unlinked = [45.0, 12.0].map { mean in
            report(
                "500 tables of 10 x 10, mean \(mean)", systems.unlinked(count: 500, rows: 10, columns: 10, mean: mean),
                limit: 2)
        }
        let linked = [45.0, 12.0].map { mean in
            report(
                "50 linked tables of 4 x 4 x 4, mean \(mean)", systems.chain(count: 50, levels: 4, mean: mean),
                limit: 10)
        }
        print("peak memory \(Measured.peakMemory) MiB")
        return (unlinked + linked).allSatisfy { $0 }
    }

    private static func report(_ name: String, _ system: CountSystem, limit: Double) -> Bool {
        var times: [Double] = []
        var plan: SuppressionPlan?
        for _ in 0..<repeats {
            let start = Measured.processorTime()
            plan = SuppressionPlanner().plan(system)
            times.append(Measured.processorTime() - start)
        }
        let start = Measured.processorTime()
        let open = plan.map { RecoveryAudit().violations(in: system, withheld: $0.withheld).count } ?? -1
        let audit = Measured.processorTime() - start
        let sensitive = system.statements.count { $0.role == .sensitive }
        let withheld = plan?.withheld.count { $0 } ?? -1
        let seconds = Measured.median(times)
        print(
            "\(name): plan \(Measured.text(seconds, limit: limit)), a second audit \(Measured.text(audit)); "
                + "\(system.statements.count) counts, \(sensitive) sensitive, \(withheld) withheld, "
                + "\(open) open, complete: \(plan?.isComplete ?? false)")
        return seconds < limit
    }
}
