internal import Foundation
internal import Suppression

/// Systems as JSON, for what plans and audits them outside of Swift (`scripts/interop/check_suppression.py`).
struct TablesDump: Codable {
    struct Count: Codable {
        var unknowns: [Int32]
        var role: String
        var width: Int
        var loss: Int
        var bundle: Int32?
    }

    struct Equal: Codable {
        var left: [Int32]
        var right: [Int32]
    }

    struct System: Codable {
        var unknowns: [Int]
        var links: [Equal]?
        var statements: [Count]

        var counts: CountSystem {
            CountSystem(
                unknowns: unknowns, links: (links ?? []).map { Link(left: $0.left, right: $0.right) },
                statements: statements.map {
                    Statement(
                        unknowns: $0.unknowns,
                        role: $0.role == "sensitive" ? .sensitive : $0.role == "fixed" ? .fixed : .open,
                        requiredWidth: $0.width, loss: $0.loss, bundle: $0.bundle)
                })
        }
    }

    struct Plan: Codable {
        /// nil: nothing protects.
        var withheld: [Bool]?
        var isComplete: Bool
        var seconds: Double
    }

    /// One system a line in, one plan a line out.
    static func plan(effort: Int?) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        while let line = readLine() {
            let system = try JSONDecoder().decode(System.self, from: Data(line.utf8)).counts
            let start = Measured.processorTime()
            let planner = effort.map { SuppressionPlanner(effort: $0) } ?? SuppressionPlanner()
            let plan = planner.plan(system)
            let seconds = Measured.processorTime() - start
            let answer = Plan(withheld: plan?.withheld, isComplete: plan?.isComplete ?? true, seconds: seconds)
            print(String(decoding: try encoder.encode(answer), as: UTF8.self))
        }
    }
}
