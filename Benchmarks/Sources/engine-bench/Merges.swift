import Draws
import Foundation
import Statistics
import StudyProtocol
import Synthesis

/// The sites of a study put together: as released, and raw as one owner's shards are.
struct Merges {
    static let limit = 100.0
    static let sites = 1000

    /// By kind of aggregate, in the order of the sample; then by site.
    private let raw: [[Aggregate]]
    private let released: [[ReleasedAggregate]]

    init(sites: Int) throws {
        var generator = SeededGenerator(seed: 1)
        var raw: [[Aggregate]] = []
        var released: [[ReleasedAggregate]] = []
        for _ in 0..<sites {
            let site = try SampleSite(patients: 40, casesAtMost: 3, using: &generator).aggregates()
            if raw.isEmpty {
                raw = site.map { _ in [] }
                released = raw.map { _ in [] }
            }
            for (kind, aggregate) in site.enumerated() {
                raw[kind].append(aggregate)
                if let answer = openGate(aggregate) { released[kind].append(answer) }
            }
        }
        self.raw = raw
        self.released = released
    }

    /// Times every kind; false when one takes longer than the limit.
    func time() throws -> Bool {
        var isWithin = true
        let widths = [-18, 10, 10, 12, 12]
        Lines.say("\nmerge of \(Self.sites) sites, in milliseconds of processor time (best of 5)")
        Lines.row(["kind", "released", "from JSON", "raw fold", "raw pairwise"], widths: widths)
        for (kind, parts) in released.enumerated() {
            guard let first = parts.first, parts.count == Self.sites else {
                throw BenchmarkFailure.notReleased(kind)
            }
            let texts = try parts.map { try JSONEncoder().encode($0) }
            let merged = try Timing(repeats: 5) { try Self.merge(parts) }
            let decoder = JSONDecoder()
            let read = try Timing(repeats: 5) {
                try Self.merge(try texts.map { try decoder.decode(ReleasedAggregate.self, from: $0) })
            }
            let fold = try Timing(repeats: 3) { try Self.fold(raw[kind]) }
            let pairwise = try Timing(repeats: 5) { try Self.pairwise(raw[kind]) }
            isWithin = isWithin && merged.best < Self.limit
            Lines.row(
                [first.kind.rawValue] + [merged, read, fold, pairwise].map { Lines.milliseconds($0.best) },
                widths: widths)
        }
        Lines.say(
            "released merges \(isWithin ? "all under" : "NOT all under") \(Int(Self.limit)) ms;"
                + " `from JSON` also decodes and checks each site's answer")
        return isWithin
    }

    /// What the coordinator does with the answers of a kind: sums them, or combines ROC summaries by site.
    static func merge(_ parts: [ReleasedAggregate]) throws {
        switch parts.first {
        case .roc:
            let summaries = parts.compactMap { part in if case .roc(let summary) = part { summary } else { nil } }
            guard StratifiedEstimate(summaries, weights: .pairs) != nil else { throw BenchmarkFailure.noEstimate }
        case .pairedROC:
            // Paired summaries are combined by the weights of pairs as well: a sum over the sites.
            var (sum, pairs) = (0.0, 0.0)
            for case .pairedROC(let summary) in parts {
                let weight = Double(summary.positives) * Double(summary.negatives)
                sum += weight * summary.difference
                pairs += weight
            }
            guard pairs > 0, sum.isFinite else { throw BenchmarkFailure.noEstimate }
        default:
            guard try Pooled.sum(parts).value != nil else { throw BenchmarkFailure.noEstimate }
        }
    }

    private static func fold(_ parts: [Aggregate]) throws {
        guard var sum = parts.first else { return }
        for part in parts.dropFirst() { sum = try sum.merged(with: part) }
    }

    private static func pairwise(_ parts: [Aggregate]) throws {
        var parts = parts
        while parts.count > 1 {
            parts = try stride(from: 0, to: parts.count, by: 2).map { index in
                index + 1 < parts.count ? try parts[index].merged(with: parts[index + 1]) : parts[index]
            }
        }
    }

    /// How the merge of releases grows with the sites.
    func growth() throws {
        let counts = [10, 100, 1000]
        let widths = [-18] + counts.map { _ in 10 } + [10]
        Lines.say("\ngrowth of released merges with the number of sites, in milliseconds of processor time (best of 5)")
        Lines.row(["kind"] + counts.map { "\($0)" } + ["per 10x"], widths: widths)
        for parts in released {
            guard let first = parts.first else { continue }
            let times = try counts.map { count in
                try Timing(repeats: 5) { for _ in 0..<10 { try Self.merge(Array(parts.prefix(count))) } }.best / 10
            }
            Lines.row(
                [first.kind.rawValue] + times.map(Lines.milliseconds) + [Lines.ratio(times[2] / times[1])],
                widths: widths)
        }
    }
}

/// The tests' open gate under a name that a member does not hide.
private func openGate(_ aggregate: Aggregate) -> ReleasedAggregate? { released(aggregate) }

enum BenchmarkFailure: Error {
    /// The sample site gave no release of this aggregate.
    case notReleased(Int)
    case noEstimate
    /// Cases that no analysis takes.
    case noCases
}
