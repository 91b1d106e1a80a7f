import Testing

@testable import Statistics

@Suite("Sums over placements")
struct PlacementBoundsTests {
    /// The most cases that are allowed for, half of each class.
    private let half = 1 << 29

    @Test("DeLong's sums are exact for 2³⁰ cases")
    func deLong() {
        let (m, n) = (UInt128(half), UInt128(half))
        // All in the right order.
        let perfect = PlacementSums(
            twiceU: UInt64(2 * m * n), positiveSquares: 4 * m * n * n, negativeSquares: 4 * n * m * m, precisions: 0)
        #expect(CaseDeviations(perfect, m: half, n: half).covariance(m: half, n: half) == 0)
        // Half of each class above all of the other, half below: the largest deviations, V of 1 or 0.
        let spread = PlacementSums(
            twiceU: UInt64(m * n), positiveSquares: 2 * m * n * n, negativeSquares: 2 * n * m * m, precisions: 0)
        let variance = CaseDeviations(spread, m: half, n: half).covariance(m: half, n: half)
        #expect(variance == 2 * (0.25 / Double(half - 1)))
    }

    @Test("Obuchowski's sums are exact for 2³⁰ cases of two patients")
    func obuchowski() {
        let (m, n) = (UInt64(half), UInt64(half))
        let counts = ClusterCounts(
            positives: [UInt32(m / 2), UInt32(m / 2)], negatives: [UInt32(n / 2), UInt32(n / 2)], positivePatients: 2,
            negativePatients: 2, patients: 2)
        // All of the first patient's placements are 1, all of the second's are 0.
        let placements = ClusterPlacements(positives: [m * n, 0], negatives: [m * n, 0], twiceU: m * n)
        let deviations = ClusterDeviations(placements, placements, counts: counts, m: half, n: half)
        #expect(deviations.covariance(counts: counts, m: half, n: half) == 1)
        // With the negatives the other way round the deviations cancel.
        let crossed = ClusterPlacements(positives: [m * n, 0], negatives: [0, m * n], twiceU: m * n)
        let cancelled = ClusterDeviations(crossed, crossed, counts: counts, m: half, n: half)
        #expect(cancelled.covariance(counts: counts, m: half, n: half) == 0)
    }

    @Test("the smallest precision is summed without loss")
    func precision() {
        var sums = PlacementSums()
        sums.addPrecision(1, of: 1 << 30, count: 1)
        sums.addPrecision(1, of: 3, count: 2)
        #expect(sums.averagePrecision(positives: 3) == (2 * (1.0 / 3) + 0x1p-30) / 3)
    }

    @Test("units sort as integers do, whatever their spread", arguments: 0..<8)
    func sorting(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let bits = [3, 10, 20, 40, 61, 60, 7, 1][seed]
        var units = (0..<[0, 1, 19, 21, 500, 5000, 70_000, 3000][seed]).map { _ in
            Int64.random(in: -(1 << bits - 1)...(1 << bits - 1), using: &generator)
        }
        // Far values that widen the range of the others.
        if seed > 4 { units += [.min, .max, 0, .max] }
        #expect(RadixSort.sorted(units) == units.sorted())
    }

    @Test("keys are ordered as the scores are")
    func keys() {
        let scores: [Double] = [
            -.infinity, -.greatestFiniteMagnitude, -1, -.leastNonzeroMagnitude, 0, .leastNonzeroMagnitude, 0.5, 1,
            .infinity,
        ]
        let keys = scores.map { RankKey.of($0) }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
        #expect(keys.map { RankKey.score($0) } == scores)
        #expect(RankKey.of(-0.0) == RankKey.of(0.0))
    }
}
