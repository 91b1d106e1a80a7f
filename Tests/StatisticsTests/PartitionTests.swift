import Foundation
@_spi(ReleaseGate) import Statistics
import Testing

@Suite("Splitting a site")
struct PartitionTests {
    @Test("any partition of the patients, merged in any order, gives an equal aggregate", arguments: 0..<40)
    func partition(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let site = SampleSite(
            patients: Int.random(in: 5...60, using: &generator),
            casesAtMost: seed.isMultiple(of: 4) ? 1 : Int.random(in: 1...12, using: &generator), using: &generator)
        let whole = try site.aggregates()
        let patients = Set(site.patients).shuffled(using: &generator)
        var parts: [[Int32]] = Array(repeating: [], count: Int.random(in: 1...6, using: &generator))
        for patient in patients { parts[Int.random(in: parts.indices, using: &generator)].append(patient) }
        let pieces = try parts.map { try site.of($0).aggregates() }
        for kind in whole.indices {
            var queue = pieces.map { $0[kind] } + [whole[kind].empty]
            // Any tree of merges.
            while queue.count > 1 {
                queue.shuffle(using: &generator)
                queue.append(try queue.removeLast().merged(with: queue.removeLast()))
            }
            #expect(queue == [whole[kind]])
            #expect(queue.first?.hashValue == whole[kind].hashValue)
        }
    }

    @Test(
        "any partition into 1 to 50 sites, merged in any order, gives the same bytes of every released form",
        arguments: 0..<24)
    func bytes(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) + 3000)
        let site = SampleSite(
            patients: Int.random(in: 50...90, using: &generator),
            casesAtMost: seed.isMultiple(of: 4) ? 1 : Int.random(in: 1...6, using: &generator), using: &generator)
        let patients = Set(site.patients).shuffled(using: &generator)
        var parts: [[Int32]] = Array(repeating: [], count: Int.random(in: 1...50, using: &generator))
        for patient in patients { parts[Int.random(in: parts.indices, using: &generator)].append(patient) }
        let pieces = try parts.map { try site.of($0).aggregates() }
        for (kind, whole) in try site.aggregates().enumerated() {
            let merged = try pieces.map { $0[kind] }.shuffled(using: &generator)
                .reduce(whole.empty) { try $0.merged(with: $1) }
            let (left, right) = (released(merged), released(whole))
            #expect(left != nil)
            #expect(try Self.encoded(left) == Self.encoded(right))
        }
    }

    private static func encoded(_ aggregate: ReleasedAggregate?) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(aggregate)
    }

    @Test("released forms of the parts, nothing withheld, add up to that of the whole", arguments: 0..<20)
    func releasedParts(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) + 1000)
        let site = SampleSite(patients: 40, casesAtMost: 4, using: &generator)
        let patients = Set(site.patients).shuffled(using: &generator)
        let cut = Int.random(in: 1..<patients.count, using: &generator)
        let parts = [Array(patients[..<cut]), Array(patients[cut...])]
        let pieces = try parts.map { try site.of($0).aggregates() }
        for (kind, raw) in try site.aggregates().enumerated() {
            guard let whole = released(raw), whole.isPoolable else { continue }
            let pooled = try Pooled.sum(pieces.map { released($0[kind]) })
            // What is of one site only goes when another site, be it an empty one, is added.
            let nothing = try #require(released(raw.empty))
            #expect(pooled.value == (try whole.merged(with: nothing)))
            #expect(pooled.contributing == 2)
            #expect(!pooled.isPartial)
        }
    }

    @Test("bounds of sites that cut different bins contain the truth of all cases", arguments: 0..<20)
    func boundsContainTruth(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) + 4000)
        let site = SampleSite(patients: 60, casesAtMost: 3, using: &generator)
        let patients = Set(site.patients).shuffled(using: &generator)
        let pieces = try [patients[..<20], patients[20..<45], patients[45...]].map {
            try site.of(Array($0)).calibration()
        }
        let truth = ReleasedCalibration(try site.calibration(), cuts: Array(0...10))
        var sum: ReleasedCalibration?
        for piece in pieces {
            let cuts = [0] + (1..<10).filter { _ in Bool.random(using: &generator) } + [10]
            let part = ReleasedCalibration(piece, cuts: cuts)
            sum = try sum?.merged(with: part) ?? part
        }
        let pooled = try #require(sum)
        #expect(pooled.caseCount == truth.caseCount)
        #expect(pooled.squaredErrors == truth.squaredErrors)
        #expect(pooled.logLoss == truth.logLoss)
        #expect(pooled.recalibration == nil)
        for edge in truth.edges.indices {
            for (bounds, exact) in [(pooled.cases, truth.cases), (pooled.positives, truth.positives)] {
                #expect(bounds.lower[edge] <= exact.lower[edge] && exact.lower[edge] <= bounds.upper[edge])
            }
            #expect(pooled.scores.lower[edge] <= truth.scores.lower[edge])
            #expect(truth.scores.lower[edge] <= pooled.scores.upper[edge])
        }
        // Edges that every site cut are exact.
        #expect(pooled.bins.reduce(0) { $0 + $1.cases } == truth.caseCount)
        #expect(try JSONDecoder().decode(ReleasedCalibration.self, from: JSONEncoder().encode(pooled)) == pooled)
    }

    @Test("rank statistics of merged parts are those of the whole, to the last bit", arguments: 0..<20)
    func rankStatistics(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) + 2000)
        let site = SampleSite(patients: 50, casesAtMost: 4, using: &generator)
        let patients = Set(site.patients).shuffled(using: &generator)
        let sample = { (site: SampleSite) in
            try RankSample(
                scores: site.score, reference: site.reference, patients: site.patients, selection: site.everyCase,
                resolution: Resolution(SampleSite.micro))
        }
        let left = try sample(site.of(Array(patients[..<20])))
        let right = try sample(site.of(Array(patients[20...])))
        let merged = try right.merged(with: left).statistics().get()
        #expect(merged == (try sample(site).statistics().get()))
    }

    @Test("aggregates of different shape do not merge")
    func shapes() throws {
        var generator = SeededGenerator(seed: 5)
        let aggregates = try SampleSite(patients: 9, casesAtMost: 2, using: &generator).aggregates()
        for (row, left) in aggregates.enumerated() {
            for (column, right) in aggregates.enumerated() where row != column {
                #expect(throws: StatisticsError(.shapeMismatch, "")) { try left.merged(with: right) }
            }
        }
    }

    @Test("a raw aggregate cannot be encoded")
    func notEncodable() {
        let raw: [Any.Type] = [
            Aggregate.self, Flow.self, Moments.self, MomentsGroup.self, Histogram.self, ContingencyTable.self,
            Confusion.self, ScoreSteps.self, RankSample.self, PatientCells.self, ROCStatistics.self, ClusterSums.self,
            CaseColumns.self, PatientRecords.self, CoMoments.self, CoMoments.Sums.self, JointConfusion.self,
            PairedClusterSums.self, CalibrationSample.self, PairedRankSample.self, ScoreSums.self, ScoreSums.Sums.self,
        ]
        for type in raw { #expect(!(type is any Encodable.Type), "\(type)") }
    }
}

extension ReleasedAggregate {
    /// Whether it has a sum over sites.
    fileprivate var isPoolable: Bool {
        switch self {
        case .roc, .pairedROC: false
        case .flow, .moments, .histogram, .table, .confusion, .scoreSteps, .coMoments, .pairedConfusion, .calibration,
            .scoreSums, .noisyCounts:
            true
        }
    }
}
