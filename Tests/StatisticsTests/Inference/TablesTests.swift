@_spi(ReleaseGate) import Statistics
import Testing

@Suite("Tables")
struct TablesTests {
    private func table(_ a: Int, _ b: Int, _ c: Int, _ d: Int) throws -> TwoByTwo {
        try #require(TwoByTwo(a, b, c, d))
    }

    private func strata() throws -> [TwoByTwo] {
        try [table(12, 8, 5, 15), table(3, 30, 1, 28), table(7, 2, 6, 9)]
    }

    private func expect(_ ratio: RatioEstimate, _ expected: [Double], _ name: String) {
        #expect(agree(ratio.estimate, expected[0]), "\(name)")
        #expect(agree(ratio.interval.lower, expected[1]), "\(name)")
        #expect(agree(ratio.interval.upper, expected[2]), "\(name)")
    }

    @Test("effects of one table agree with metafor")
    func effects() throws {
        let one = try table(12, 8, 5, 15)
        let odds = try WoolfOddsRatio.infer(one, level: 0.95).get()
        expect(odds, [4.5, 1.1656343450444522, 17.372514876633758], "odds ratio")
        #expect(agree(odds.logStandardError, 0.68920243760451105))
        let risk = try KatzRiskRatio.infer(one, level: 0.95).get()
        expect(risk, [2.4, 1.0369277932994065, 5.5548708764688639], "risk ratio")
        let difference = try WaldRiskDifference.infer(one, level: 0.95).get()
        #expect(agree(difference.interval.lower, 0.063449511791836388))
        #expect(agree(difference.interval.upper, 0.63655048820816362))
    }

    @Test("effects without events have no value, or the corrected one by name")
    func effectsAtZero() throws {
        let zero = try table(0, 10, 7, 8)
        #expect(WoolfOddsRatio.infer(zero, level: 0.95) == .undefined(.onBoundary))
        #expect(KatzRiskRatio.infer(zero, level: 0.95) == .undefined(.onBoundary))
        let corrected = try WoolfOddsRatio.infer(zero, level: 0.95, haldaneAnscombe: true).get()
        #expect(agree(corrected.estimate, 0.5 * 8.5 / (10.5 * 7.5)))
        #expect(KatzRiskRatio.infer(try table(0, 0, 7, 8), level: 0.95) == .undefined(.noCases))
        #expect(KatzRiskRatio.infer(try table(3, 0, 7, 0), level: 0.95) == .undefined(.noVariance))
        #expect(WaldRiskDifference.infer(try table(3, 0, 0, 7), level: 0.95) == .undefined(.noVariance))
        #expect(TwoByTwo(-1, 0, 0, 0) == nil && TwoByTwo(1 << 30, 1 << 30, 0, 0) == nil)
    }

    @Test("common effects over strata agree with metafor, and the tests with R and statsmodels")
    func stratified() throws {
        let strata = try strata()
        expect(
            try MantelHaenszel.oddsRatio(strata, level: 0.95).get(),
            [4.2743902439024399, 1.5796009110895497, 11.566473423066153], "odds ratio")
        expect(
            try MantelHaenszel.riskRatio(strata, level: 0.95).get(),
            [2.229770992366412, 1.2796508334992607, 3.8853400851565696], "risk ratio")
        expect(
            try PetoOddsRatio.infer(strata, level: 0.95).get(),
            [3.7542185091316993, 1.5502301691891289, 9.0916541907316883], "Peto")
        let sato = try MantelHaenszel.riskDifference(strata, variance: .sato, level: 0.95).get()
        #expect(agree(sato.estimate, 0.20913929637803455))
        #expect(agree(sato.interval.lower, 0.076245702559530171))
        #expect(agree(sato.interval.upper, 0.34203289019653893))
        let corrected = try CochranMantelHaenszel.test(strata, corrected: true).get()
        #expect(agree(corrected.statistic, 7.3214181834285208))
        #expect(agree(corrected.pValue, 0.0068137623160526477))
        let plain = try CochranMantelHaenszel.test(strata, corrected: false).get()
        #expect(agree(plain.statistic, 8.5933867385233285))
        let breslowDay = try BreslowDay.test(strata, tarone: false).get()
        #expect(agree(breslowDay.statistic, 0.18089298419592537, relative: 1e-11))
        let tarone = try BreslowDay.test(strata, tarone: true).get()
        #expect(agree(tarone.statistic, 0.1797392952093723, relative: 1e-11))
        #expect(agree(tarone.pValue, 0.9140503261553614, relative: 1e-11))
    }

    @Test("the Greenland-Robins difference of one stratum is the plain one")
    func singleStratum() throws {
        let one = try table(12, 8, 5, 15)
        let common = try MantelHaenszel.riskDifference([one], variance: .greenlandRobins, level: 0.95).get()
        let plain = try WaldRiskDifference.infer(one, level: 0.95).get()
        #expect(agree(common.interval.lower, plain.interval.lower))
        let odds = try MantelHaenszel.oddsRatio([one], level: 0.95).get()
        let woolf = try WoolfOddsRatio.infer(one, level: 0.95).get()
        #expect(agree(odds.logStandardError, woolf.logStandardError))
    }

    @Test("empty strata change nothing, and strata without information say so")
    func emptyStrata() throws {
        let strata = try strata()
        let more = strata + [try table(0, 0, 0, 0), try table(0, 5, 0, 9)]
        #expect(MantelHaenszel.oddsRatio(more, level: 0.95) == MantelHaenszel.oddsRatio(strata, level: 0.95))
        #expect(PetoOddsRatio.infer(more, level: 0.95) == PetoOddsRatio.infer(strata, level: 0.95))
        #expect(MantelHaenszel.oddsRatio([], level: 0.95) == .undefined(.noCases))
        let blank = [try table(0, 5, 0, 9)]
        #expect(MantelHaenszel.oddsRatio(blank, level: 0.95) == .undefined(.onBoundary))
        #expect(CochranMantelHaenszel.test(blank, corrected: true) == .undefined(.noVariance))
        #expect(BreslowDay.test([strata[0]], tarone: true) == .undefined(.tooFewSites))
    }

    @Test("Fisher's odds ratio and limits solve their equations to the last digits")
    func fisher() throws {
        // mpmath, 40 digits: R's own are right to its root finder's 1.2e-4.
        let test = try FisherExact.test(table(12, 5, 29, 2), level: 0.95).get()
        #expect(agree(test.oddsRatio.value, 0.17266964690294312))
        #expect(agree(test.lower, 0.014534125727048099))
        #expect(agree(test.upper.value, 1.231003290246472))
        #expect(agree(test.pValue, 0.08026855207410466))
        let zero = try FisherExact.test(table(0, 10, 7, 8), level: 0.95).get()
        #expect(zero.oddsRatio == .value(0) && zero.lower == 0 && zero.upper.value != nil)
        let full = try FisherExact.test(table(10, 0, 8, 7), level: 0.95).get()
        #expect(full.oddsRatio == .undefined(.notFinite) && full.upper == .undefined(.notFinite))
        #expect(agree(full.lower * (try #require(zero.upper.value)), 1))
        #expect(FisherExact.test(try table(0, 0, 8, 7), level: 0.95) == .undefined(.zeroMargin))
        #expect(FisherExact.test(try table(0, 0, 0, 0), level: 0.95) == .undefined(.noCases))
    }

    @Test("Fisher's p value keeps its digits in the far tail and answers a thousand million cases")
    func fisherExtremes() throws {
        let far = try FisherExact.test(table(400, 100, 100, 400), level: 0.95).get()
        #expect(agree(far.upperTail, 1.644340268870822e-85, relative: 1e-11))
        let huge = try FisherExact.test(table(250_000_100, 250_000_000, 250_000_000, 250_000_300), level: 0.95).get()
        // The normal approximation is good to 1e-8 here.
        #expect(agree(huge.pValue, 0.9899582006957821, relative: 1e-8))
        #expect(agree(huge.oddsRatio.value, 1.0000016000004786, relative: 1e-12))
    }

    @Test("the exact test of larger tables agrees with R, whichever way the table is turned")
    func freemanHalton() throws {
        let counts = [[3, 1, 4], [1, 5, 9], [2, 6, 5]]
        #expect(agree(FreemanHalton.pValue(counts).value, 0.2823602287683537, relative: 1e-10))
        let turned = (0..<3).map { column in counts.map { $0[column] } }
        #expect(agree(FreemanHalton.pValue(turned).value, 0.2823602287683537, relative: 1e-10))
        let square = [[12, 5], [29, 2]]
        #expect(agree(FreemanHalton.pValue(square).value, 0.08026855207410466))
        #expect(FreemanHalton.pValue([[1, 2], [0, 0]]) == .undefined(.zeroMargin))
        #expect(FreemanHalton.pValue([[1, 2], [1]]) == .undefined(.badArgument))
        let large = (0..<6).map { row in (0..<6).map { 20 + row * $0 } }
        #expect(FreemanHalton.pValue(large) == .undefined(.tooLarge))
    }

    @Test("Yates' correction is at most the difference, and Cramér's V stays the plain one")
    func yates() throws {
        let even = try ChiSquared.test([[5, 5], [5, 6]], yates: true).get()
        #expect(even.statistic == 0 && even.pValue == 1)
        let plain = try ChiSquared.test([[5, 5], [5, 6]]).get()
        #expect(even.cramersV == plain.cramersV && plain.cramersV > 0)
        #expect(try ChiSquared.test([[5, 5, 1], [5, 6, 2]], yates: true).get().statistic > 0)
        #expect(ChiSquared.test([[1, 2], [3]]) == .undefined(.badArgument))
        #expect(BergsmaCramersV.value([[5, 5], [5, 6]]) == .value(0))
        // φ̃² = 1 − 1/19, r̃ − 1 = 1 − 1/19.
        #expect(BergsmaCramersV.value([[10, 0], [0, 10]]) == .value(1))
        #expect(BergsmaCramersV.value([[1, 0], [0, 1]]) == .undefined(.tooFewCases))
    }

    @Test("McNemar's and Bowker's tests count the pairs that differ")
    func mcNemar() throws {
        #expect(McNemar.test(firstOnly: 0, secondOnly: 0, corrected: true) == .undefined(.noCases))
        #expect(McNemar.test(firstOnly: .protected, secondOnly: .exact(1), corrected: true) == .undefined(.withheld))
        #expect(try McNemar.test(firstOnly: 4, secondOnly: 4, corrected: true).get().statistic == 0)
        #expect(agree(McNemar.exactPValue(firstOnly: 0, secondOnly: 10).value, 2.0 / 1024))
        #expect(McNemar.exactPValue(firstOnly: 6, secondOnly: 6) == .value(1))
        #expect(agree(McNemar.exactPValue(firstOnly: 0, secondOnly: 1000).value, 0x1p-999))
        let bowker = try Bowker.test([[10, 4, 2], [9, 20, 5], [1, 8, 15]]).get()
        #expect(agree(bowker.statistic, 2.9487179487179489))
        #expect(agree(bowker.pValue, 0.39959962835893414))
        let pair = try Bowker.test([[1, 5], [9, 1]]).get()
        #expect(try McNemar.test(firstOnly: 5, secondOnly: 9, corrected: false).get().pValue == pair.pValue)
    }

    @Test("released tables leave out the missing level and say what is withheld")
    func released() throws {
        let missing = CategoryColumn.missingLevel
        let axes = [
            TableAxis(variable: "r", levels: ["a", "b", missing]),
            TableAxis(variable: "c", levels: ["x", "y", missing]),
        ]
        let cells = [12, 5, 1, 29, 2, 1, 0, 0, 0].map { Count.exact($0) }
        let table = ReleasedTable(axes: axes, cells: cells)
        #expect(TwoByTwo.released(table) == .value(try self.table(12, 5, 29, 2)))
        #expect(FisherExact.test(table, level: 0.95).value?.pValue == FreemanHalton.pValue(table).value)
        var hidden = cells
        hidden[1] = .protected
        #expect(TwoByTwo.released(ReleasedTable(axes: axes, cells: hidden)) == .undefined(.withheld))
        let strata = ReleasedTable(
            axes: [TableAxis(variable: "site", levels: ["1", "2"])] + axes, cells: cells + cells)
        #expect(
            TwoByTwo.releasedStrata(strata) == .value([try self.table(12, 5, 29, 2), try self.table(12, 5, 29, 2)]))
        #expect(TwoByTwo.releasedStrata(table) == .undefined(.notTwoWay))
        let wide = ReleasedTable(
            axes: [axes[0], TableAxis(variable: "c", levels: ["x", "y", "z"])], cells: cells)
        #expect(TwoByTwo.released(wide) == .undefined(.notTwoWay))
    }
}
