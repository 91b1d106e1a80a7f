import Foundation
@_spi(ReleaseGate) import Statistics
import StrictJSON
import StudyProtocol
import Testing

@testable import Synthesis

@Suite("Noisy counts among the planned answers")
struct NoisyAnswerTests {
    private func plan() throws -> [PlannedAnswer] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try ["lidc-malignancy-external-validation", "lidc-cohort-description"].flatMap { name in
            let data = try Data(contentsOf: root.appending(path: "protocols/\(name).json"))
            return try StudyProtocol.parse(StrictJSON.parse(data)).get().plan
        }
    }

    private func noisy(_ subject: ReleasedNoisyCounts.Subject, _ number: Int64 = 5) -> ReleasedAggregate {
        .noisyCounts(
            ReleasedNoisyCounts(
                subject: subject, casesPerPatient: 1, numbers: Array(repeating: number, count: subject.cellCount),
                noise: .init(mechanism: .discreteLaplace, scale: "2")))
    }

    /// What stands for a planned answer; nil for a kind that noise cannot protect.
    private func subject(_ planned: PlannedAnswer) throws -> ReleasedNoisyCounts.Subject? {
        switch planned.what {
        case .flow: return .flow(boxes: [.init(box: .analysed, reason: nil)])
        case .roc: return nil
        case .scoreSteps: return .scoreSteps(resolution: try Resolution("0.01"), edges: ["0", "1"])
        case .confusion(let point):
            return .confusion(operatingPoint: point.id.rawValue, threshold: point.threshold.description)
        case .statistic(let statistic):
            switch statistic.kind {
            case .summary: return nil
            case .histogram(let variable, let edges, let by):
                let resolution = try Resolution("0.01")
                return .histogram(
                    variable: variable.rawValue, resolution: resolution, by: by?.rawValue,
                    levels: by == nil ? [] : ["missing"], edges: edges.units.map(resolution.text))
            case .table(let axes):
                return .table(axes: axes.map { TableAxis(variable: $0.rawValue, levels: ["missing"]) })
            }
        }
    }

    @Test("noisy counts are accepted for the question that they stand for, and for no other")
    func accepting() throws {
        var kinds: Set<String> = []
        for asked in try plan() {
            for given in try plan() {
                guard let subject = try subject(given) else { continue }
                let isSame = try self.subject(asked) == subject
                #expect(asked.accepts(noisy(subject)) == isSame, "\(given.key) for \(asked.key)")
                if isSame { kinds.insert(String("\(subject)".prefix(4))) }
            }
        }
        #expect(kinds.count >= 4)
    }

    @Test("the pooled-only view shows the sum of noisy counts with its interval, and nothing of too few sites")
    func pooledOnly() throws {
        let rules = PooledRules(minimumCell: 10)
        let part = noisy(.confusion(operatingPoint: "a", threshold: "0.5"), -2)
        let shown = try #require(PooledAnswers.Part([part, part, part], rules: rules))
        #expect(shown.metrics.map(\.value) == [-6, -6, -6, -6])
        #expect(shown.metrics.allSatisfy { $0.interval?.method == "noise-chernoff" })
        #expect(PooledAnswers.Part([part, part], rules: rules) == nil)
        let exact = ReleasedAggregate.table(ReleasedTable(axes: [], cells: []))
        #expect(PooledAnswers.Part([part, part, exact], rules: rules) == nil)
    }
}
