import Statistics
import Testing

@Suite("Ranks")
struct RanksTests {
    private let x: [Double] = [3, 1, 4, 1, 5, 9, 2, 6]
    private let y: [Double] = [5, 3, 5, 8, 9, 7, 9]
    private let u = [1.1, 2.3, 0.4, 5.2, 3.3, 4.8, 2.2, 7.7]
    private let w = [2.0, 2.1, 1.4, 4.4, 5.9, 4.1, 3.3, 6.0]

    @Test("Mann-Whitney and Kruskal-Wallis agree with R, ties included")
    func twoAndMore() throws {
        let test = try MannWhitney.test(x, y, corrected: true).get()
        #expect(test.statistic == 12.5)
        #expect(agree(test.probability, 12.5 / 56))
        #expect(agree(test.pValue, 0.07983871964585261))
        let kruskal = try KruskalWallis.test([x, y, [2, 7, 1, 8, 2, 8]]).get()
        #expect(agree(kruskal.statistic, 3.4284224229876377))
        #expect(agree(kruskal.pValue, 0.18010573002783486))
        // With two samples H is z² without correction.
        let plain = try MannWhitney.test(x, y, corrected: false).get()
        #expect(agree(try KruskalWallis.test([x, y, []]).get().statistic, plain.z * plain.z))
    }

    @Test("exchanging the samples mirrors U")
    func mirrored() throws {
        let one = try MannWhitney.test(x, y, corrected: true).get()
        let other = try MannWhitney.test(y, x, corrected: true).get()
        #expect(one.z == -other.z && one.pValue == other.pValue && one.statistic + other.statistic == 56)
        let even = try MannWhitney.test([1, 4], [2, 3], corrected: true).get()
        #expect(even.z == 0 && even.pValue == 1)
    }

    @Test("samples that are none say so")
    func undefined() {
        #expect(MannWhitney.test([], [1], corrected: true) == .undefined(.noCases))
        #expect(MannWhitney.test([1, 1], [1], corrected: true) == .undefined(.noVariance))
        #expect(MannWhitney.test([1, .nan], [1], corrected: true) == .undefined(.notFinite))
        #expect(KruskalWallis.test([[1, 2]]) == .undefined(.tooFewCases))
        #expect(KruskalWallis.test([[1], [1]]) == .undefined(.noVariance))
        #expect(KendallTau.infer([1], [1]) == .undefined(.tooFewCases))
        #expect(KendallTau.infer([1, 2], [1]) == .undefined(.badArgument))
        #expect(KendallTau.infer([1, 2], [1, 1]) == .undefined(.noVariance))
        #expect(SpearmanCorrelation.infer([1, 2, 3], [4, 4, 4], level: 0.95) == .undefined(.noVariance))
    }

    @Test("Kendall's tau and Spearman's rho agree with R")
    func correlations() throws {
        let kendall = try KendallTau.infer(u, w).get()
        #expect(agree(kendall.estimate, 0.7857142857142857))
        #expect(agree(kendall.exactPValue, 0.0055059523809524169))
        let tied = try KendallTau.infer(x, y + [9]).get()
        #expect(agree(tied.estimate, 0.27498597046143514))
        #expect(agree(tied.z, 0.90513397678109886))
        #expect(agree(tied.pValue, 0.36539441401393341))
        #expect(tied.exactPValue == nil)
        let spearman = try SpearmanCorrelation.infer(u, w, level: 0.95).get()
        #expect(agree(spearman.estimate, 0.90476190476190499))
    }

    @Test("a perfect order of twelve has the exact p value two of 12!")
    func perfectOrder() throws {
        let order = (1...12).map(Double.init)
        let tau = try KendallTau.infer(order, order.map { $0 * $0 }).get()
        #expect(tau.estimate == 1)
        #expect(agree(tau.exactPValue, 2.0 / 479_001_600, relative: 1e-14))
        let reversed = try KendallTau.infer(order, order.reversed()).get()
        #expect(reversed.estimate == -1 && reversed.exactPValue == tau.exactPValue)
        let rho = try SpearmanCorrelation.infer(order, order.reversed(), level: 0.95).get()
        #expect(rho.estimate == -1 && rho.interval == .undefined(.onBoundary))
    }

    @Test("Kendall's count by merging is the count of all pairs")
    func merging() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<40 {
            let n = Int.random(in: 3...40, using: &generator)
            let first = (0..<n).map { _ in Double(Int.random(in: 0...6, using: &generator)) } + [7]
            let second = (0..<n).map { _ in Double(Int.random(in: 0...6, using: &generator)) } + [3.5]
            var sum = 0
            for i in first.indices {
                for j in 0..<i {
                    let product = (first[i] - first[j]) * (second[i] - second[j])
                    sum += product > 0 ? 1 : product < 0 ? -1 : 0
                }
            }
            guard let tau = KendallTau.infer(first, second).value else { continue }
            #expect(tau.statistic == sum)
        }
    }
}
