internal import Foundation
internal import Suppression

/// How long the planner and the audit take for a large release.
enum TablesBench {
    static func run() {
        var systems = TablesSystems(seed: 2_026)
        report("500 tables of 10 x 10", systems.unlinked(count: 500, rows: 10, columns: 10, mean: 45))
        report("500 tables of 10 x 10, sparse", systems.unlinked(count: 500, rows: 10, columns: 10, mean: 12))
        report("50 linked tables of 4 x 4 x 4", systems.chain(count: 50, levels: 4, mean: 45))
        report("50 linked tables of 4 x 4 x 4, sparse", systems.chain(count: 50, levels: 4, mean: 12))
    }

    /// Seconds of this process: what else the machine does hardly counts.
    static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private static func report(_ name: String, _ system: CountSystem) {
        let start = processorTime()
        let plan = SuppressionPlanner().plan(system)
        let planned = processorTime()
        let open = plan.map { RecoveryAudit().violations(in: system, withheld: $0.withheld).count } ?? -1
        let audited = processorTime()
        func seconds(_ duration: Double) -> String { String(format: "%.2f s", duration) }
        let sensitive = system.statements.count { $0.role == .sensitive }
        let withheld = plan?.withheld.count { $0 } ?? -1
        print(
            "\(name): plan \(seconds(planned - start)), audit \(seconds(audited - planned)); "
                + "\(system.statements.count) counts, \(sensitive) sensitive, \(withheld) withheld, "
                + "\(open) open, complete: \(plan?.isComplete ?? false)")
    }
}
