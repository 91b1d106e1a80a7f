@_spi(ReleaseGate) import Statistics
import Testing

@Suite("Distances between distributions")
struct DistancesTests {
    private let u = [1.1, 2.3, 0.4, 5.2, 3.3, 4.8, 2.2, 7.7]
    private let w = [2.0, 2.1, 1.4, 4.4, 5.9, 4.1, 3.3, 6.0].map { $0 + 1.5 }

    @Test("the Kolmogorov-Smirnov distance and its exact p value agree with R")
    func kolmogorovSmirnov() throws {
        let test = try KolmogorovSmirnov.test(u, w).get()
        #expect(test.distance == 0.5)
        #expect(agree(test.exactPValue, 0.28267288267288238))
        let same = try KolmogorovSmirnov.test(u, u).get()
        #expect(same.distance == 0 && same.exactPValue == 1 && same.asymptoticPValue == 1)
        // Disjoint samples of 10 and 12: two of 646646 ways.
        let apart = try KolmogorovSmirnov.test(
            (0..<10).map(Double.init), (10..<22).map(Double.init)
        ).get()
        #expect(apart.distance == 1)
        #expect(agree(apart.exactPValue, 2.0 / 646_646, relative: 1e-14))
        #expect(KolmogorovSmirnov.test([], [1]) == .undefined(.noCases))
        #expect(KolmogorovSmirnov.test([.nan], [1]) == .undefined(.notFinite))
    }

    @Test("the exact p value given ties is the share of all divisions of the values")
    func exactWithTies() throws {
        let values: [Double] = [1, 1, 2, 2, 2, 3, 4]
        let observed = try KolmogorovSmirnov.test([1, 1, 2], [2, 2, 3, 4]).get()
        var (extreme, all) = (0, 0)
        for mask in 0..<(1 << 7) where mask.nonzeroBitCount == 3 {
            let first = values.indices.filter { mask >> $0 & 1 == 1 }.map { values[$0] }
            let second = values.indices.filter { mask >> $0 & 1 == 0 }.map { values[$0] }
            all += 1
            if try KolmogorovSmirnov.test(first, second).get().distance >= observed.distance - 1e-12 { extreme += 1 }
        }
        #expect(all == 35 && extreme < 35)
        #expect(agree(observed.exactPValue, Double(extreme) / Double(all)))
    }

    @Test("the limit distribution keeps its digits in both tails")
    func kolmogorov() {
        #expect(agree(KolmogorovDistribution.upperTail(5), 3.8574996959278356e-22))
        #expect(agree(KolmogorovDistribution.upperTail(1.5), 0.02221796261652513))
        #expect(agree(KolmogorovDistribution.cdf(0.1), 6.609305242245699e-53))
        #expect(agree(KolmogorovDistribution.cdf(1) + KolmogorovDistribution.upperTail(1), 1))
        #expect(
            agree(KolmogorovDistribution.upperTail(0.999999999), KolmogorovDistribution.upperTail(1), relative: 1e-8))
        #expect(KolmogorovDistribution.upperTail(0) == 1 && KolmogorovDistribution.cdf(-1) == 0)
    }

    private func group(_ values: [Double], edges: [Double]) -> ReleasedHistogram.Group {
        let counts = edges.indices.map { index in
            index == edges.count - 1 ? values.count : values.filter { $0 < edges[index] }.count
        }
        return ReleasedHistogram.Group(
            level: nil, n: .exact(values.count), lower: counts, upper: counts, missing: .exact(0),
            malformed: .exact(0), outOfRange: .exact(0))
    }

    /// The same group with the counts at one edge known as bounds only, as where bins were merged.
    private func merged(_ group: ReleasedHistogram.Group, at edge: Int) -> ReleasedHistogram.Group {
        var (lower, upper) = (group.lower, group.upper)
        lower[edge] = lower[edge - 1]
        upper[edge] = upper[edge + 1]
        return ReleasedHistogram.Group(
            level: nil, n: group.n, lower: lower, upper: upper, missing: .exact(0), malformed: .exact(0),
            outOfRange: .exact(0))
    }

    @Test("bounds from released histograms hold the distance and the stability index of the cases")
    func bounds() throws {
        var generator = SeededGenerator(seed: 9)
        let texts = ["0", "1", "2", "3", "4", "5", "6"]
        let edges = texts.compactMap(Double.init)
        var narrow = 0
        for _ in 0..<200 {
            let sizes = (Int.random(in: 1...60, using: &generator), Int.random(in: 1...60, using: &generator))
            let first = (0..<sizes.0).map { _ in Double.random(in: 0...6, using: &generator) }
            let second = (0..<sizes.1).map { _ in Double.random(in: 0...1, using: &generator).squareRoot() * 6 }
            let exact = (group(first, edges: edges), group(second, edges: edges))
            let distance = try KolmogorovSmirnov.test(first, second).get().distance
            let known = try KolmogorovSmirnovBounds.infer(exact.0, exact.1, edges: texts).get()
            let edge = Int.random(in: 1...5, using: &generator)
            let vague = try KolmogorovSmirnovBounds.infer(
                merged(exact.0, at: edge), merged(exact.1, at: edge), edges: texts
            ).get()
            #expect(known.lower <= distance + 1e-15 && distance <= known.upper + 1e-15)
            #expect(vague.lower <= known.lower && known.upper <= vague.upper)
            if known.upper < 1, known.lower > 0 { narrow += 1 }
            let bins = { (group: ReleasedHistogram.Group) in zip(group.lower.dropFirst(), group.lower).map { $0 - $1 } }
            for empty in [PopulationStabilityIndex.EmptyBins.floor(0.0001), .added(0.5)] {
                let index = try PopulationStabilityIndex.value(bins(exact.0), bins(exact.1), emptyBins: empty).get()
                let point = try PopulationStabilityIndex.bounds(
                    exact.0, exact.1, edges: texts, emptyBins: empty
                ).get()
                #expect(agree(point.lowerBound, index) && agree(point.upperBound, index))
                let range = try PopulationStabilityIndex.bounds(
                    merged(exact.0, at: edge), merged(exact.1, at: edge), edges: texts, emptyBins: empty
                ).get()
                #expect(range.lowerBound <= index * (1 + 1e-12) && index <= range.upperBound * (1 + 1e-12))
            }
        }
        #expect(narrow > 100)
    }

    @Test("the stability index says what an empty bin counts as")
    func stability() throws {
        typealias Index = PopulationStabilityIndex
        #expect(
            agree(
                Index.value([10, 20, 30, 40], [10, 10, 10, 20], emptyBins: .none).value, 0.10986122886681098))
        #expect(Index.value([10, 0], [5, 5], emptyBins: .none) == .undefined(.notFinite))
        #expect(Index.value([10, 0], [5, 0], emptyBins: .none) == .value(0))
        // (1 − ½)·ln 2 + (0.001 − ½)·ln 0.002, and (10.5/11 − ½)·ln(21/11) + (0.5/11 − ½)·ln(1/11).
        #expect(agree(Index.value([10, 0], [5, 5], emptyBins: .floor(0.001)).value, 3.44766303139264635))
        #expect(agree(Index.value([10, 0], [5, 5], emptyBins: .added(0.5)).value, 1.38387383532882863))
        #expect(Index.value([0, 0], [5, 5], emptyBins: .added(0.5)) == .undefined(.noCases))
        #expect(Index.value([1, 2], [3], emptyBins: .none) == .undefined(.badArgument))
        #expect(Index.value([1, 2], [3, 4], emptyBins: .floor(0)) == .undefined(.badArgument))
    }

    @Test("the empirical distribution at the edges is between its counts")
    func ecdf() throws {
        let exact = group([0.5, 1.5, 1.6, 3], edges: [0, 1, 2, 3])
        let bounds = try ECDFBounds.infer(merged(exact, at: 1), edges: ["0", "1", "2", "3"]).get()
        #expect(bounds.map(\.lower) == [0, 0, 0.75, 1] && bounds.map(\.upper) == [0, 0.75, 0.75, 1])
        let hidden = ReleasedHistogram.Group(
            level: nil, n: .protected, lower: [], upper: [], missing: .exact(0), malformed: .exact(0),
            outOfRange: .exact(0))
        #expect(ECDFBounds.infer(hidden, edges: ["0", "1"]) == .undefined(.withheld))
        #expect(KolmogorovSmirnovBounds.infer(exact, hidden, edges: ["0", "1", "2", "3"]) == .undefined(.withheld))
        #expect(
            PopulationStabilityIndex.bounds(hidden, exact, edges: ["0", "1", "2", "3"], emptyBins: .none)
                == .undefined(.withheld))
    }
}
