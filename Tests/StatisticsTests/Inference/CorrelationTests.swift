import Statistics
import Testing

@Suite("Correlation and simple regression")
struct CorrelationTests {
    private let u = [1.1, 2.3, 0.4, 5.2, 3.3, 4.8, 2.2, 7.7]
    private let w = [2.0, 2.1, 1.4, 4.4, 5.9, 4.1, 3.3, 6.0]

    /// Sums of units of 0.1, moved by offsets in units.
    private func moments(_ x: [Double], _ y: [Double], offset: Int128 = 0) throws -> PairedMoments {
        let a = x.map { Int128(($0 * 10).rounded()) + offset }
        let b = y.map { Int128(($0 * 10).rounded()) - offset }
        let product = { (a: [Int128], b: [Int128]) in zip(a, b).reduce(Int128(0)) { $0 + $1.0 * $1.1 } }
        return try #require(
            PairedMoments(
                n: a.count, sumX: a.reduce(0, +), sumY: b.reduce(0, +), sumXX: product(a, a), sumYY: product(b, b),
                sumXY: product(a, b), resolutionX: Resolution("0.1"), resolutionY: Resolution("0.1")))
    }

    @Test("r, its test and its interval agree with R, from values and from exact sums at any offset")
    func pearson() throws {
        let results = try [
            PearsonCorrelation.infer(u, w).get(), PearsonCorrelation.infer(moments(u, w)).get(),
            PearsonCorrelation.infer(moments(u, w, offset: 100_000_000_000)).get(),
        ]
        for result in results {
            #expect(agree(result.estimate, 0.82683373954882367))
            #expect(agree(result.statistic.value, 3.6009132929459056))
            #expect(agree(result.pValue.value, 0.011354052043504537))
            #expect(agree(result.interval.value?.lower, 0.29270405223816914))
            #expect(agree(result.interval.value?.upper, 0.9676866204530914))
        }
        #expect(results[1] == results[2])
    }

    @Test("the line agrees with R")
    func regression() throws {
        let fit = try SimpleRegression.infer(moments(u, w)).get()
        #expect(agree(fit.intercept.estimate, 1.6126245847176068))
        #expect(agree(fit.intercept.standardError.value, 0.6803484812786601))
        #expect(agree(fit.slope.estimate, 0.60366678971330134))
        #expect(agree(fit.slope.standardError.value, 0.16764268967427484))
        #expect(agree(fit.slope.interval.value?.lower, 0.19345990559149995))
        #expect(agree(fit.determination.value, 0.68365403285629178))
        #expect(agree(fit.residualStandardDeviation.value, 1.0686481841040048))
        let far = try SimpleRegression.infer(moments(u, w, offset: 100_000_000_000)).get()
        #expect(agree(far.slope.standardError.value, 0.16764268967427484))
    }

    @Test("points on a line have r = ±1 and no interval, and too few pairs say so")
    func edges() throws {
        let x: [Double] = [1, 2, 3, 4, 5]
        let up = try PearsonCorrelation.infer(moments(x, x.map { 3 - 2 * $0 })).get()
        #expect(up.estimate == -1 && up.pValue == .undefined(.onBoundary) && up.interval == .undefined(.onBoundary))
        let line = try SimpleRegression.infer(moments(x, x.map { 3 - 2 * $0 })).get()
        #expect(line.slope.estimate == -2 && line.determination == .value(1))
        #expect(line.slope.standardError == .value(0) && line.slope.interval == .undefined(.noVariance))
        let flat = try SimpleRegression.infer(moments(x, [2, 2, 2, 2, 2])).get()
        #expect(flat.slope.estimate == 0 && flat.determination == .undefined(.noVariance))
        #expect(PearsonCorrelation.infer([1, 2, 3], [2, 2, 2]) == .undefined(.noVariance))
        #expect(PearsonCorrelation.infer([], []) == .undefined(.noCases))
        #expect(PearsonCorrelation.infer([1], [1]) == .undefined(.tooFewCases))
        #expect(PearsonCorrelation.infer([1], [1, 2]) == .undefined(.badArgument))
        let three = try PearsonCorrelation.infer([1, 2, 3], [1, 3, 2]).get()
        #expect(three.estimate == 0.5 && three.interval == .undefined(.tooFewCases) && three.pValue.value != nil)
        #expect(
            PearsonCorrelation.infer(n: 2, sumX: 0, sumY: 0, sumXX: 1, sumYY: 1, sumXY: 5) == .undefined(.badArgument))
        #expect(PairedMoments([1, 2], [3, 5])?.covariance == .value(1))
    }

    @Test("r of nearly a line keeps the digits of its distance from one")
    func nearlyOne() throws {
        // y = x but for one unit in a thousand million: mpmath from the exact sums.
        let n: Int128 = 1000
        let x = (1...n).map { $0 * 1_000_000 }
        var y = x
        y[499] += 1
        let product = { (a: [Int128], b: [Int128]) in zip(a, b).reduce(Int128(0)) { $0 + $1.0 * $1.1 } }
        let result = try PearsonCorrelation.infer(
            n: Int(n), sumX: x.reduce(0, +), sumY: y.reduce(0, +), sumXX: product(x, x), sumYY: product(y, y),
            sumXY: product(x, y)
        ).get()
        #expect(result.estimate == 1)
        #expect(agree(result.statistic.value, 288530472538.572751))
        #expect(result.pValue.value.map { $0 >= 0 && $0 < 1e-300 } == true)
    }

    @Test("the autocorrelation of values is that of their units")
    func serial() throws {
        let units: [Int64] = [20018, 20017, 20019, 20014, 20021]
        let exact = try SerialCorrelation.lag1(units: units).get()
        #expect(agree(SerialCorrelation.lag1(units.map { Double($0) }).value, exact, relative: 1e-14))
        #expect(SerialCorrelation.lag1([1, 1]) == .undefined(.noVariance))
        #expect(SerialCorrelation.lag1([1]) == .undefined(.tooFewCases))
        #expect(SerialCorrelation.lag1(units: [Int64.max, 1]) == .undefined(.badArgument))
    }
}
