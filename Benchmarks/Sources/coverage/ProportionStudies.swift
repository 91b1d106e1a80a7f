import Draws
import Statistics
import Synthesis

/// Sensitivity and specificity: proportions of cases clustered in patients.
enum ProportionStudies {
    static let all = [oneSite, stratified, difference]

    private static func percent(_ share: Double) -> String { String(Int((100 * share).rounded())) + " %" }

    private static let oneSite = Study(
        title: "A proportion at one site",
        design: """
            Beta-binomial cases: G patients with 1 to m cases each, hit rate p, intraclass correlation ICC. \
            *Uncapped* and *capped* are Wilson's interval with t on G − 1 degrees of freedom at the effective size \
            p(1−p)/var, as it comes or at most the number of cases.
            """,
        methods: [
            "Wilson", "Clopper-Pearson", "effective-size Wilson", "uncapped", "capped",
        ],
        standard: ["effective-size Wilson"], replicates: 10_000,
        settings: [10, 30, 100].flatMap { patients in
            [(1, 0.0), (5, 0), (5, 0.3)].flatMap { most, correlation in
                [0.8, 0.95].map { rate in oneSite(patients, most: most, correlation: correlation, rate: rate) }
            }
        },
        remark: """
            Wilson and Clopper-Pearson take cases as independent; where a patient's cases are alike they undercover, \
            with many patients as with few. The effective size holds the level, with or without the cap; the cap \
            only widens, where the variance came out below that of independent cases. Which of the two forms is \
            Concordat's can be read off the numbers.
            """)

    private static func oneSite(_ patients: Int, most: Int, correlation: Double, rate: Double) -> Study.Setting {
        let critical = StudentTDistribution(degreesOfFreedom: Double(patients - 1))?.quantile(0.5 + Study.level / 2)
        return Study.Setting(
            name: "G \(patients), m ≤ \(most), ICC \(correlation), p \(rate)"
        ) { draws in
            let outcomes = Patients.outcomes(
                patients, cases: 1...most, rate: rate, correlation: correlation, &draws)
            let (hits, cases) = (outcomes.hits, outcomes.cases)
            let clustered = outcomes.clusters?.proportion(
                hits: [.truePositive], misses: [.falseNegative], level: Study.level
            ).value
            let (p, q) = (Double(hits) / Double(cases), Double(cases - hits) / Double(cases))
            func wilson(atMost limit: Double) -> Interval? {
                guard let clustered, let critical, let totals = outcomes.stratum?.clusters else { return nil }
                let size =
                    clustered.variance > 0
                    ? p * q / clustered.variance : Double(cases * cases) / Double(totals.m2.value)
                return Wilson.interval(
                    proportion: p, complement: q, size: min(size, limit), critical: critical, level: Study.level)
            }
            return [
                Wilson.interval(successes: hits, trials: cases, level: Study.level).value,
                ClopperPearson.interval(successes: hits, trials: cases, level: Study.level).value,
                clustered?.interval, wilson(atMost: .infinity), wilson(atMost: Double(cases)),
            ].map { Study.Trial(interval: $0, truth: rate) }
        }
    }

    private static let stratified = Study(
        title: "A proportion over several sites",
        design: """
            k sites of 10 to 30 patients with 1 to 4 cases each, ICC as said, the sites' own rates spread evenly by \
            ±0.5 on the logit scale around p. The truth is the mean of the sites' rates with the weights that the \
            estimand names: the cases drawn, or equal.
            """,
        methods: ["stratified, clustered", "stratified, equal sites", "stratified, binomial"],
        standard: ["stratified, clustered"], replicates: 5_000,
        settings: [3, 10, 30].flatMap { sites in
            [0.0, 0.3].flatMap { correlation in
                [0.8, 0.95].map { rate in stratified(sites, correlation: correlation, rate: rate) }
            }
        },
        remark: """
            The binomial variance is for protocols that state one independent case a patient. With cases that are \
            alike within patients it undercovers, at 3 sites as at 30.
            """)

    private static func stratified(_ sites: Int, correlation: Double, rate: Double) -> Study.Setting {
        let rates = Patients.spread(rate, sites: sites, reach: 0.5)
        let mean = rates.reduce(0, +) / Double(sites)
        return Study.Setting(name: "k \(sites), ICC \(correlation), p \(rate)") { draws in
            let drawn = rates.map { rate in
                Patients.outcomes(
                    draws.integer(10...30), cases: 1...4, rate: rate, correlation: correlation, &draws)
            }
            let strata = drawn.compactMap(\.stratum)
            let cases = drawn.reduce(0) { $0 + $1.cases }
            let weighted = zip(rates, drawn).reduce(0.0) { $0 + $1.0 * Double($1.1.cases) } / Double(cases)
            func trial(equal: Bool, binomial: Bool) -> Study.Trial {
                let method = StratifiedProportion.Method(hasEqualSites: equal, isBinomial: binomial)
                let bounds = StratifiedProportion(strata, method: method, level: Study.level)?.interval
                return Study.Trial(
                    interval: bounds.map { Interval(lower: $0.lower, upper: $0.upper, level: Study.level) },
                    truth: equal ? mean : weighted)
            }
            return [
                trial(equal: false, binomial: false), trial(equal: true, binomial: false),
                trial(equal: false, binomial: true),
            ]
        }
    }

    private static let difference = Study(
        title: "The difference of two independent proportions",
        design: "Independent cases, n₁ and n₂, hit rates p₁ and p₂. Wald's interval is shown for contrast only.",
        methods: ["Newcombe", "Wald (not offered)"], standard: ["Newcombe"], replicates: 10_000,
        settings: [(20, 20), (50, 100), (200, 200)].flatMap { sizes in
            [(0.9, 0.8), (0.95, 0.95), (0.5, 0.3)].map { rates in difference(sizes, rates) }
        })

    private static func difference(_ sizes: (Int, Int), _ rates: (Double, Double)) -> Study.Setting {
        let z = NormalDistribution.quantile(0.5 + Study.level / 2) ?? 0
        return Study.Setting(name: "n \(sizes.0) and \(sizes.1), p \(rates.0) and \(rates.1)") { draws in
            var hits = (0, 0)
            for _ in 0..<sizes.0 where draws.isHit(rates.0) { hits.0 += 1 }
            for _ in 0..<sizes.1 where draws.isHit(rates.1) { hits.1 += 1 }
            let newcombe = NewcombeDifference.infer(
                successes1: hits.0, trials1: sizes.0, successes2: hits.1, trials2: sizes.1, level: Study.level
            ).value
            let (p1, p2) = (Double(hits.0) / Double(sizes.0), Double(hits.1) / Double(sizes.1))
            let reach = z * (p1 * (1 - p1) / Double(sizes.0) + p2 * (1 - p2) / Double(sizes.1)).squareRoot()
            let wald = Interval(lower: p1 - p2 - reach, upper: p1 - p2 + reach, level: Study.level)
            return [newcombe?.interval, reach > 0 ? wald : nil].map {
                Study.Trial(interval: $0, truth: rates.0 - rates.1)
            }
        }
    }
}
