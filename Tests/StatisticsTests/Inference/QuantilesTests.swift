import Statistics
import Testing

@Suite("Sample quantiles")
struct QuantilesTests {
    @Test("the nine types differ as Hyndman and Fan define them")
    func types() throws {
        // R: quantile(c(3, 1, 4, 1, 5, 9, 2, 6), 0.9, type = 1...9).
        let quantiles = try #require(SampleQuantiles([3, 1, 4, 1, 5, 9, 2, 6]))
        let expected = [9, 9, 6, 6.6, 8.1, 9, 6.9, 8.5, 8.4]
        for (type, value) in zip(HyndmanFan.allCases, expected) {
            #expect(agree(quantiles.quantile(0.9, type).value, value), "\(type)")
        }
        for type in HyndmanFan.allCases {
            #expect(quantiles.quantile(0, type) == .value(1) && quantiles.quantile(1, type) == .value(9))
        }
    }

    @Test("a position that is whole but for rounding is that position")
    func rounding() throws {
        // 0.07 · 100 is 7.000000000000001 in binary.
        let quantiles = try #require(SampleQuantiles((1...100).map(Double.init)))
        #expect(quantiles.quantile(0.07, .inverseECDF) == .value(7))
        #expect(quantiles.quantile(0.07, .averagedInverseECDF) == .value(7.5))
        #expect(quantiles.quantile(0.075, .inverseECDF) == .value(8))
    }

    @Test("one value is every quantile, none has no quantile")
    func edges() throws {
        let single = try #require(SampleQuantiles([7]))
        for type in HyndmanFan.allCases { #expect(single.quantile(0.3, type) == .value(7)) }
        #expect(single.medianAbsoluteDeviation == .value(0))
        let none = try #require(SampleQuantiles([]))
        #expect(none.median == .undefined(.noCases))
        #expect(none.interquartileRange() == .undefined(.noCases))
        #expect(single.quantile(1.1) == .undefined(.badArgument))
        #expect(single.quantile(.nan) == .undefined(.badArgument))
        #expect(SampleQuantiles([1, .infinity]) == nil)
        #expect(SampleShape.infer([4, 4]) == .undefined(.noVariance))
    }
}
