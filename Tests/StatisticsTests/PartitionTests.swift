import Statistics
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

    @Test("released forms of the parts, nothing withheld, add up to that of the whole", arguments: 0..<20)
    func releasedParts(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) + 1000)
        let site = SampleSite(patients: 40, casesAtMost: 4, using: &generator)
        let patients = Set(site.patients).shuffled(using: &generator)
        let cut = Int.random(in: 1..<patients.count, using: &generator)
        let parts = [Array(patients[..<cut]), Array(patients[cut...])]
        let pieces = try parts.map { try site.of($0).aggregates() }
        for (kind, whole) in try site.aggregates().enumerated() {
            if case .roc = whole { continue }
            let pooled = try Pooled.sum(pieces.map { released($0[kind]) })
            #expect(pooled.value == released(whole))
            #expect(pooled.contributing == 2)
            #expect(!pooled.isPartial)
        }
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
            CaseColumns.self,
        ]
        for type in raw { #expect(!(type is any Encodable.Type), "\(type)") }
    }
}
