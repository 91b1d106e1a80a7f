import Statistics
import Testing

@Suite("Sample sizes")
struct SampleSizeTests {
    private func aim(
        _ kind: SampleSizeAim.Kind = .superiority, _ alpha: Double = 0.025, _ power: Double = 0.8
    ) throws -> SampleSizeAim {
        try #require(SampleSizeAim(kind, oneSidedAlpha: alpha, power: power))
    }

    private func close(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-9) -> Bool {
        guard let left else { return false }
        return abs(left - right) <= tolerance * abs(right)
    }

    // Expected values: R 4.2 with pbinom, pnorm and the formulas written out there, sizes by trying every one.

    @Test(
        "The exact size is where R's binomial tails say, first and for good",
        arguments: [
            (0.8, 0.9, 0.025, 0.8, 107, 113, 99, 0.842723966042),
            (0.75, 0.85, 0.025, 0.9, 174, 183, 149, 0.924519983097),
            (0.9, 0.95, 0.05, 0.8, 179, 203, 190, 0.858891357248), (0.5, 0.7, 0.025, 0.8, 49, 54, 35, 0.836764304001),
        ])
    func exact(_ row: (Double, Double, Double, Double, Int, Int, Int, Double)) throws {
        let size = try ProportionSampleSize.exact(
            proportion: row.1, goal: row.0, aim: aim(.superiority, row.2, row.3)
        ).get()
        #expect(size.firstCases == row.4 && size.cases == row.5 && size.leastSuccesses == row.6)
        #expect(close(size.power, row.7))
        let clustered = try ProportionSampleSize.exact(
            proportion: row.1, goal: row.0, aim: aim(.superiority, row.2, row.3), designEffect: 1.5
        ).get()
        #expect(clustered.cases == (3 * row.5 + 1) / 2 && clustered.leastSuccesses == nil)
    }

    @Test("An exact size decides as Clopper and Pearson's limits do")
    func exactLimits() throws {
        let size = try ProportionSampleSize.exact(proportion: 0.9, goal: 0.8, aim: aim()).get()
        let least = try #require(size.leastSuccesses)
        let at = try ClopperPearson.interval(successes: least, trials: size.cases, level: 0.95).get()
        let below = try ClopperPearson.interval(successes: least - 1, trials: size.cases, level: 0.95).get()
        #expect(at.lower > 0.8 && below.lower <= 0.8)
    }

    @Test("The power of a size is that of trying every outcome, and every larger size has it too")
    func exactPower() throws {
        let size = try ProportionSampleSize.exact(proportion: 0.93, goal: 0.85, aim: aim(.superiority, 0.05, 0.8)).get()
        func power(_ cases: Int) throws -> Double {
            var sum = 0.0
            for hits in 0...cases
            where try ClopperPearson.interval(successes: hits, trials: cases, level: 0.9).get().lower > 0.85 {
                sum += mass(hits, cases, 0.93)
            }
            return sum
        }
        #expect(close(size.power, try power(size.cases), 1e-10))
        for cases in size.cases...(size.cases + 60) { #expect(try power(cases) >= 0.8) }
        #expect(try power(size.cases - 1) < 0.8)
        #expect(try power(size.firstCases) >= 0.8)
        #expect(try power(size.firstCases - 1) < 0.8)
    }

    /// The binomial probability, by multiplication.
    private func mass(_ hits: Int, _ cases: Int, _ p: Double) -> Double {
        var value = 1.0
        for index in 0..<hits { value *= Double(cases - index) / Double(index + 1) * p }
        for _ in hits..<cases { value *= 1 - p }
        return value
    }

    @Test("Exact equivalence needs both ends")
    func exactEquivalence() throws {
        let size = try ProportionSampleSize.exact(
            proportion: 0.8, goal: 0.8, aim: aim(.equivalence(margin: 0.1), 0.05, 0.8)
        ).get()
        #expect(size.firstCases == 142 && size.cases == 149)
    }

    @Test(
        "Sizes for an area are those of the formula, tried one by one",
        arguments: [
            (PlannedAreaVariance.hanleyMcNeil, 0.85, 0.75, 0.025, 0.8, 1.0, 83, 83, 0.804054982406),
            (.hanleyMcNeil, 0.9, 0.8, 0.05, 0.9, 2, 58, 116, 0.903250225173),
            (.hanleyMcNeil, 0.8, 0.7, 0.025, 0.8, 0.5, 130, 65, 0.800123671416),
            (.obuchowski, 0.85, 0.75, 0.025, 0.8, 1, 97, 97, 0.801956866729),
            (.obuchowski, 0.9, 0.8, 0.05, 0.9, 2, 68, 136, 0.904334802701),
            (.obuchowski, 0.8, 0.7, 0.025, 0.8, 0.5, 153, 77, 0.80008332918),
        ])
    func area(_ row: (PlannedAreaVariance, Double, Double, Double, Double, Double, Int, Int, Double)) throws {
        let size = try AUROCSampleSize.classes(
            area: row.1, goal: row.2, aim: aim(.superiority, row.3, row.4), ratio: row.5, variance: row.0
        ).get()
        #expect(size.positives == row.6 && size.negatives == row.7)
        #expect(close(size.power, row.8))
        let fewer = try AUROCSampleSize.power(
            area: row.1, goal: row.2, aim: aim(.superiority, row.3, row.4), positives: row.6 - 1,
            negatives: Int((Double(row.6 - 1) * row.5).rounded(.up)), variance: row.0
        ).get()
        #expect(fewer < row.4)
    }

    @Test("An area against one half has pROC's size")
    func chanceArea() throws {
        // pROC 1.18 power.roc.test(auc = 0.8, power = 0.9, sig.level = 0.05), two-sided: 16.62 of each.
        let size = try AUROCSampleSize.classes(
            area: 0.8, goal: 0.5, aim: aim(.superiority, 0.025, 0.9), variance: .obuchowski
        ).get()
        #expect(size.positives == 17 && size.negatives == 17)
    }

    @Test("The paired difference of areas needs fewer cases the more the areas correlate")
    func areaDifference() throws {
        let expected = [(PlannedAreaVariance.hanleyMcNeil, 203, 0.801377500732), (.obuchowski, 265, 0.800153274864)]
        for (variance, positives, power) in expected {
            let size = try AUROCDifferenceSampleSize.paired(
                first: 0.9, second: 0.85, correlation: 0.5, aim: aim(), variance: variance
            ).get()
            #expect(size.positives == positives && size.negatives == positives)
            #expect(close(size.power, power))
            let unpaired = try AUROCDifferenceSampleSize.unpaired(
                first: 0.9, second: 0.85, aim: aim(), variance: variance
            ).get()
            let none = try AUROCDifferenceSampleSize.paired(
                first: 0.9, second: 0.85, correlation: 0, aim: aim(), variance: variance
            ).get()
            #expect(unpaired == none && none.positives > size.positives)
        }
        let oneSided = try AUROCDifferenceSampleSize.paired(
            first: 0.9, second: 0.9, correlation: 0.5, aim: aim(.nonInferiority(margin: 0.05)),
            variance: .hanleyMcNeil
        ).get()
        let both = try AUROCDifferenceSampleSize.paired(
            first: 0.9, second: 0.9, correlation: 0.5, aim: aim(.equivalence(margin: 0.05)),
            variance: .hanleyMcNeil
        ).get()
        #expect(both.positives > oneSided.positives && oneSided.positives > 50)
    }

    @Test("Unpaired proportions have the size of R's power.prop.test")
    func unpaired() throws {
        let one = try ProportionDifferenceSampleSize.unpaired(first: 0.9, second: 0.8, aim: aim()).get()
        #expect(one.cases == 199 && close(one.power, 0.800072605314))
        let two = try ProportionDifferenceSampleSize.unpaired(
            first: 0.85, second: 0.75, aim: aim(.superiority, 0.05, 0.9)
        ).get()
        #expect(two.cases == 273 && close(two.power, 0.900789578008))
    }

    @Test(
        "McNemar's sizes are those of Connor, of Miettinen, of Wald and of enumeration",
        arguments: [
            (0.2, 0.1, 0.025, 0.8, 249, 0.801446625076, 234, 229, 228),
            (0.15, 0.05, 0.05, 0.9, 177, 0.900971906227, 168, 156, 163),
        ])
    func paired(_ row: (Double, Double, Double, Double, Int, Double, Int, Int, Int)) throws {
        let expected = try #require(PairedProportions(firstOnly: row.0, secondOnly: row.1))
        let aim = try aim(.superiority, row.2, row.3)
        func size(_ method: ProportionDifferenceSampleSize.PairedMethod) throws -> PlannedSize {
            try ProportionDifferenceSampleSize.paired(expected, aim: aim, method: method).get()
        }
        let exact = try size(.exact)
        #expect(exact.cases == row.4 && close(exact.power, row.5, 1e-8))
        #expect(try size(.connor).cases == row.6)
        #expect(try size(.miettinen).cases == row.7)
        #expect(try size(.wald).cases == row.8)
    }

    @Test("A half-width is reached with the size and not with one case less")
    func precision() throws {
        // 1.959964² · 0.09 / 0.05² = 138.3.
        #expect(
            try ProportionSampleSize.cases(proportion: 0.9, halfWidth: 0.05, level: 0.95, method: .wald).get() == 139)
        let wilson = try ProportionSampleSize.cases(
            proportion: 0.8, halfWidth: 0.06, level: 0.95, method: .wilson
        ).get()
        func width(_ cases: Int) throws -> Double {
            let interval = try Wilson.interval(
                successes: .exact(8 * cases), failures: .exact(2 * cases), level: 0.95
            ).get()
            return (interval.upper - interval.lower) / 2
        }
        // Wilson's at a tenth of the cases of a whole number of hits.
        #expect(try width(wilson / 10 + 1) <= 0.06 && width(wilson / 10 - 1) > 0.06)
        let area = try AUROCSampleSize.classes(
            area: 0.85, halfWidth: 0.05, level: 0.95, variance: .hanleyMcNeil
        ).get()
        func spread(_ cases: Int) throws -> Double {
            try HanleyMcNeil.variance(area: 0.85, positives: cases, negatives: cases).get().squareRoot()
        }
        #expect(try 1.959963984540054 * spread(area.positives) <= 0.05)
        #expect(try 1.959963984540054 * spread(area.positives - 1) > 0.05)
        #expect(area.power == nil)
    }

    @Test("The design effect multiplies sizes, and totals follow from prevalence")
    func inflation() throws {
        let effect = try DesignEffect.kish(casesPerPatient: 3, intraclassCorrelation: 0.25).get()
        #expect(effect == 1.5)
        let plain = try ProportionSampleSize.normal(proportion: 0.9, goal: 0.8, aim: aim()).get()
        let clustered = try ProportionSampleSize.normal(
            proportion: 0.9, goal: 0.8, aim: aim(), designEffect: effect
        ).get()
        #expect(abs(Double(clustered.cases) - 1.5 * Double(plain.cases)) <= 1.5)
        #expect(try PrevalenceTotal.cases(113, share: 0.2).get() == 565)
        #expect(try PrevalenceTotal.cases(30, share: 0.1).get() == 300)
        #expect(PrevalenceTotal.cases(30, share: 0).undefined == .badArgument)
        #expect(DesignEffect.kish(casesPerPatient: 0.5, intraclassCorrelation: 0.1).undefined == .badArgument)
    }

    @Test("What cannot be shown or planned has a reason")
    func reasons() throws {
        #expect(SampleSizeAim(.superiority, oneSidedAlpha: 0.5, power: 0.8) == nil)
        #expect(SampleSizeAim(.superiority, oneSidedAlpha: 0.05, power: 0.05) == nil)
        #expect(SampleSizeAim(.equivalence(margin: 0), oneSidedAlpha: 0.05, power: 0.8) == nil)
        #expect(ProportionSampleSize.exact(proportion: 0.8, goal: 0.8, aim: try aim()).undefined == .badArgument)
        #expect(
            ProportionSampleSize.exact(proportion: 0.8, goal: 0.7999, aim: try aim()).undefined == .notFinite)
        #expect(
            AUROCSampleSize.classes(area: 0.7, goal: 0.8, aim: try aim(), variance: .obuchowski).undefined
                == .badArgument)
        let discordant = try #require(PairedProportions(firstOnly: 0.2, secondOnly: 0.1))
        #expect(
            ProportionDifferenceSampleSize.paired(
                discordant, aim: try aim(.nonInferiority(margin: 0.05)), method: .exact
            ).undefined == .badArgument)
        #expect(PairedProportions(firstOnly: 0.6, secondOnly: 0.5) == nil)
    }

    @Test("Every metric of a plan is explained")
    func explained() throws {
        let aim = try aim()
        let discordant = try #require(PairedProportions(firstOnly: 0.2, secondOnly: 0.1))
        var metrics = PlannedAreaVariance.allCases.flatMap { variance in
            SampleSizeMetrics.metrics(
                AUROCSampleSize.classes(area: 0.85, goal: 0.75, aim: aim, variance: variance),
                method: variance.rawValue, prevalence: 0.3)
        }
        metrics += SampleSizeMetrics.metrics(
            ProportionSampleSize.exact(proportion: 0.9, goal: 0.8, aim: aim), ofClass: "positive", share: 0.2)
        metrics += SampleSizeMetrics.metrics(
            ProportionSampleSize.normal(proportion: 0.9, goal: 0.8, aim: aim), ofClass: "negative",
            method: SampleSizeMetrics.scoreMethod, share: 0.8)
        metrics += ProportionSampleSize.PrecisionMethod.allCases.flatMap { method in
            SampleSizeMetrics.metrics(
                ProportionSampleSize.cases(proportion: 0.9, halfWidth: 0.05, level: 0.95, method: method),
                ofClass: "positive", method: method.rawValue, share: 0.2)
        }
        metrics += ProportionDifferenceSampleSize.PairedMethod.allCases.flatMap { method in
            SampleSizeMetrics.metrics(
                ProportionDifferenceSampleSize.paired(discordant, aim: aim, method: method),
                method: "paired-" + method.rawValue)
        }
        metrics += SampleSizeMetrics.metrics(
            ProportionDifferenceSampleSize.unpaired(first: 0.9, second: 0.8, aim: aim),
            method: SampleSizeMetrics.pooledMethod)
        for metric in metrics {
            #expect(metric.value != nil, "\(metric.definition ?? metric.name)")
            #expect(
                SampleSizeMetrics.definitions.contains { $0.describes(metric) }, "\(metric.definition ?? metric.name)")
        }
        #expect(metrics.first { $0.name == "sample_size_total" }?.value == 277)
        #expect(Set(metrics.map(\.name)) == ["sample_size", "power", "sample_size_total"])
        let unexplained = SampleSizeMetrics.metrics(
            AUROCSampleSize.classes(area: 0.7, goal: 0.75, aim: aim, variance: .obuchowski), method: "obuchowski")
        #expect(unexplained.allSatisfy { $0.value == nil && $0.undefined == "bad-argument" } && !unexplained.isEmpty)
    }
}
