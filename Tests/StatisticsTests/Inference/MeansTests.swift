@_spi(ReleaseGate) import Statistics
import Testing

@Suite("Means and variances")
struct MeansTests {
    private let x: [Double] = [3, 1, 4, 1, 5, 9, 2, 6]
    private let y: [Double] = [5, 3, 5, 8, 9, 7, 9]
    private let z: [Double] = [2, 7, 1, 8, 2, 8]

    private func sample(_ values: [Double]) throws -> SampleMoments { try #require(SampleMoments(values)) }

    /// The same sample as exact sums of units of 0.1, moved by an offset in units.
    private func exact(_ values: [Double], offset: Int128 = 0) throws -> SampleMoments {
        let units = values.map { Int128(($0 * 10).rounded()) + offset }
        return try #require(
            SampleMoments(
                n: units.count, sum: units.reduce(0, +), sumSquares: units.reduce(0) { $0 + $1 * $1 },
                resolution: Resolution("0.1")))
    }

    @Test("the t tests agree with R")
    func tTests() throws {
        let one = try StudentTTest.oneSample(sample(x), mean: 2, level: 0.95).get()
        #expect(agree(one.statistic, 1.9296124624698994))
        #expect(agree(one.pValue, 0.094976492435775148))
        #expect(agree(one.interval.lower, 1.577300043159245))
        #expect(agree(one.interval.upper, 6.1726999568407557))
        let welch = try WelchTTest.twoSample(sample(x), sample(y), level: 0.95).get()
        #expect(agree(welch.statistic, -2.0684931506849318))
        #expect(agree(welch.degreesOfFreedom, 12.984583662095815))
        #expect(agree(welch.pValue, 0.059115482743685201))
        #expect(agree(welch.interval.lower, -5.5129633532495124))
        #expect(agree(welch.interval.upper, 0.12010621039236914))
    }

    @Test("the variance ratio, a variance's interval and Hedges' g agree with R and metafor")
    func variances() throws {
        let ratio = try VarianceRatioTest.infer(sample(x), sample(y), level: 0.95).get()
        #expect(agree(ratio.ratio, 1.4290540540540542))
        #expect(agree(ratio.pValue, 0.67954320748555919))
        #expect(agree(ratio.interval.lower, 0.25091062461955038))
        #expect(agree(ratio.interval.upper, 7.3147512414239095))
        let variance = try VarianceInterval.infer(sample(x), level: 0.95).get()
        #expect(agree(variance.interval.lower, 3.302053230357942))
        #expect(agree(variance.interval.upper, 31.289404295074476))
        let g = try StandardizedMeanDifference.hedgesG(sample(x), sample(y), level: 0.95).get()
        #expect(agree(g.estimate, -0.99468243590591288))
        let half = 1.959963984540054 * 0.30083691446713351.squareRoot()
        #expect(agree(g.interval.upper - g.estimate, half))
    }

    @Test("the analyses of variance agree with R")
    func anova() throws {
        let groups = try [x, y, z].map(sample)
        let fisher = try OneWayANOVA.infer(groups).get()
        #expect(agree(fisher.statistic, 1.8059726889862586))
        #expect(agree(fisher.pValue, 0.19284473876254207))
        let welch = try WelchANOVA.infer(groups).get()
        #expect(agree(welch.statistic, 2.1218454123131023))
        #expect(agree(welch.denominatorDegrees, 11.073438370858449))
        #expect(agree(welch.pValue, 0.16592223933600153))
        #expect(OneWayANOVA.infer([groups[0]]) == .undefined(.tooFewCases))
        #expect(OneWayANOVA.infer([try sample([1, 1]), try sample([2, 2])]) == .undefined(.noVariance))
        #expect(OneWayANOVA.infer([try sample([])]) == .undefined(.noCases))
        #expect(OneWayANOVA.infer(groups + [try sample([])]) == .value(fisher))
    }

    @Test("exact sums at an offset of a thousand million give the digits of no offset")
    func offset() throws {
        let far: Int128 = 10_000_000_000
        let near = try StudentTTest.twoSample(exact(x), exact(y), level: 0.95).get()
        let moved = try StudentTTest.twoSample(exact(x, offset: far), exact(y, offset: far), level: 0.95).get()
        #expect(agree(moved.statistic, near.statistic, relative: 4e-16))
        #expect(agree(moved.pValue, near.pValue, relative: 1e-14))
        let anova = try OneWayANOVA.infer([exact(x), exact(y), exact(z)]).get()
        let movedANOVA = try OneWayANOVA.infer([
            exact(x, offset: far), exact(y, offset: far), exact(z, offset: far),
        ]).get()
        #expect(agree(movedANOVA.statistic, anova.statistic, relative: 4e-16))
        #expect(agree(movedANOVA.betweenSquares, anova.betweenSquares, relative: 4e-16))
    }

    @Test("a released group that withholds its sums has no test")
    func withheld() throws {
        let group = ReleasedMoments.Group(
            level: "a", n: .exact(3), patients: .exact(3), missing: .exact(0), malformed: .exact(0),
            outOfRange: .exact(0), sum: nil, sumSquares: nil)
        let resolution = try Resolution("1")
        #expect(SampleMoments.released(group, resolution: resolution) == .undefined(.withheld))
        let moments = ReleasedMoments(variable: "v", resolution: resolution, by: "g", groups: [group])
        #expect(OneWayANOVA.infer(moments) == .undefined(.withheld))
    }

    @Test("samples too small or without variance say so")
    func undefined() throws {
        #expect(StudentTTest.oneSample(try sample([]), level: 0.95) == .undefined(.noCases))
        #expect(StudentTTest.oneSample(try sample([1]), level: 0.95) == .undefined(.tooFewCases))
        #expect(StudentTTest.oneSample(try sample([1, 1, 1]), level: 0.95) == .undefined(.noVariance))
        #expect(StudentTTest.oneSample(try sample([1, 2]), level: 0) == .undefined(.badArgument))
        #expect(WelchTTest.twoSample(try sample([1, 2]), try sample([1]), level: 0.95) == .undefined(.tooFewCases))
        #expect(StudentTTest.twoSample(try sample([1, 2]), try sample([1]), level: 0.95).value != nil)
        #expect(SampleMoments([1, .nan]) == nil)
        #expect(SampleMoments(n: 2, sum: 10, sumSquares: 1, resolution: try Resolution("1")) == nil)
        #expect(StandardizedMeanDifference.cohensD(try sample([2]), try sample([3])) == .undefined(.tooFewCases))
        #expect(
            StandardizedMeanDifference.proportions(successes1: 0, trials1: 4, successes2: 5, trials2: 5)
                == .undefined(.noVariance))
    }

    @Test("the p value of a huge difference keeps its digits")
    func farTail() throws {
        // F with 3 and 40 degrees of freedom above 10⁴: mpmath.
        let distribution = try #require(FDistribution(numerator: 3, denominator: 40))
        #expect(agree(distribution.upperTail(1e4), 1.5772682971763325e-57))
        #expect(agree(distribution.cdf(1e-9), 4.4515422108007585e-14))
        for p in [1e-12, 0.3, 0.975, 1 - 1e-9] {
            #expect(agree(distribution.cdf(try #require(distribution.quantile(p))), p, relative: 1e-12))
        }
        // Where the point lies at the change of sides of the incomplete beta function to the last bit.
        for (d1, d2) in [(59.0, 57.0), (2, 1), (7, 3)] {
            let edge = try #require(FDistribution(numerator: d1, denominator: d2))
            let f = d2 * (d1 + 2) / (d1 * (d2 + 2))
            #expect(agree(edge.cdf(f) + edge.upperTail(f), 1))
        }
        #expect(distribution.quantile(1.1) == nil && FDistribution(numerator: 0, denominator: 1) == nil)
    }

    @Test("the cluster-robust mean is the same from totals and from values, and Student's with one case a patient")
    func clustered() throws {
        let values: [Double] = [3, 5, 4, 10, 11, 2, 2, 2, 7]
        let patients = [0, 0, 0, 1, 1, 2, 2, 2, 3]
        let local = try ClusteredMean.infer(values: values, patients: patients, level: 0.95).get()
        #expect(agree(local.estimate, 5.111111111111111))
        #expect(agree(local.standardError, 1.89411311226134))
        #expect(local.degreesOfFreedom == 3)
        // Σm, Σs, Σm², Σs², Σms with a thousand million added to every value, in units of 0.01.
        let far: Int128 = 100_000_000_000
        var totals: [Int: (m: Int128, s: Int128)] = [:]
        for (value, patient) in zip(values, patients) {
            totals[patient, default: (0, 0)].m += 1
            totals[patient, default: (0, 0)].s += Int128(value) * 100 + far
        }
        let parts = Array(totals.values)
        let moved = try ClusteredMean.infer(
            patients: 4, cases: 9, sum: parts.reduce(0) { $0 + $1.s },
            casesSquared: parts.reduce(0) { $0 + $1.m * $1.m }, sumSquared: parts.reduce(0) { $0 + $1.s * $1.s },
            product: parts.reduce(0) { $0 + $1.m * $1.s }, resolution: Resolution("0.01"), level: 0.95
        ).get()
        #expect(agree(moved.standardError, local.standardError, relative: 1e-15))
        #expect(agree(moved.estimate, 1e9 + local.estimate, relative: 1e-15))
        let single = try ClusteredMean.infer(values: x, patients: Array(x.indices), level: 0.95).get()
        let student = try StudentTTest.oneSample(sample(x), level: 0.95).get()
        #expect(agree(single.interval.lower, student.interval.lower))
        #expect(ClusteredMean.infer(values: [1, 2], patients: [0, 0], level: 0.95) == .undefined(.tooFewClusters))
        #expect(ClusteredMean.infer(values: [1, 1], patients: [0, 1], level: 0.95) == .undefined(.noVariance))
        #expect(ClusteredMean.infer(values: [], patients: [], level: 0.95) == .undefined(.noCases))
    }
}

@Suite("Compensated sums")
struct CompensatedSumsTests {
    @Test("at an offset of a thousand million the standard deviation is right where a naive sum of squares is lost")
    func offset() throws {
        // Exact fractions of the same Doubles, in Python.
        let values = (0..<100_000).map { 1e9 + Double($0 % 7) / 7 }
        let moments = CompensatedMoments(values)
        #expect(moments.sum == .value(100000000042856.42))
        #expect(moments.mean == .value(1000000000.4285643))
        #expect(moments.standardDeviation == .value(0.28571391144851405))
        #expect(moments.sumOfSquaredDeviations == .value(8163.162287081737))
        let size = Double(values.count)
        let naive =
            values.reduce(0) { $0 + $1 * $1 } - size * (values.reduce(0, +) / size) * (values.reduce(0, +) / size)
        #expect(!agree(naive, 8163.162287081737, relative: 0.01))
        var parts = CompensatedMoments()
        for start in stride(from: 0, to: values.count, by: 1_237) {
            parts.merge(CompensatedMoments(values[start..<min(values.count, start + 1_237)]))
        }
        #expect(parts.count == values.count)
        #expect(agree(parts.standardDeviation.value, 0.28571391144851405, relative: 3e-16))
        #expect(parts.minimum == .value(1e9) && parts.maximum == moments.maximum)
    }

    @Test("an outlier in front costs no digits")
    func outlier() {
        let moments = CompensatedMoments([0.0] + (0..<100_000).map { 1e9 + Double($0 % 7) / 7 })
        #expect(moments.mean == .value(999990000.528559))
        #expect(moments.standardDeviation == .value(3162261.8502539084))
    }

    @Test("small, empty and not finite samples")
    func edges() {
        #expect(CompensatedMoments([]).mean == .undefined(.noCases))
        #expect(CompensatedMoments([]).sum == .value(0))
        #expect(CompensatedMoments([3]).variance == .undefined(.tooFewCases))
        #expect(CompensatedMoments([5, 5, 5]).standardDeviation == .value(0))
        #expect(CompensatedMoments([1, .infinity]).mean == .undefined(.notFinite))
        #expect(CompensatedMoments([1, .nan]).minimum == .undefined(.notFinite))
        var merged = CompensatedMoments()
        merged.merge(CompensatedMoments([1, 2]))
        merged.merge(CompensatedMoments())
        #expect(merged == CompensatedMoments([1, 2]))
    }

    @Test("Neumaier's sum keeps what a naive sum loses")
    func neumaier() {
        #expect(NeumaierSum([1e100, 1, -1e100]).value == .value(1))
        #expect(NeumaierSum([1, .infinity]).value == .undefined(.notFinite))
        var sum = NeumaierSum(repeatElement(0.1, count: 1_000_000))
        var other = NeumaierSum()
        other.merge(sum)
        sum.merge(other)
        #expect(sum.value == .value(200_000))
    }
}
