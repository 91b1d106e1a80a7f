import Foundation
import Statistics
import Testing

@testable import MetaAnalysis

/// Fits of metafor, see `Vectors/NOTICE`; I² in per cent.
private struct Record: Decodable {
    struct Fit: Decodable {
        let estimate: Double
        let tau2: Double
        let q: Double
        let i2: Double
        let lower: Double
        let upper: Double
    }

    let id: String
    let effects: [Double]
    let variances: [Double]
    let z: Fit
    let adhoc: Fit?

    static func all() throws -> [Record] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Vectors/dersimonian_laird.json")
        return try JSONDecoder().decode([Record].self, from: Data(contentsOf: file))
    }

    func fit() throws -> RandomEffects {
        try RandomEffects.fit(zip(effects, variances).map { SiteEffect(estimate: $0, variance: $1) }).get()
    }
}

private func effects(_ estimates: [Double], _ variances: [Double]) -> [SiteEffect] {
    zip(estimates, variances).map { SiteEffect(estimate: $0, variance: $1) }
}

@Suite("Random effects")
struct RandomEffectsTests {
    @Test("DerSimonian and Laird's estimate, tau², Q and I² are metafor's")
    func dersimonianLaird() throws {
        let records = try Record.all()
        #expect(records.count >= 6)
        for record in records {
            let fit = try record.fit()
            #expect(agree(fit.estimate, record.z.estimate), "\(record.id)")
            #expect(agree(fit.tau2, record.z.tau2), "\(record.id)")
            #expect(agree(fit.heterogeneity.q, record.z.q), "\(record.id)")
            #expect(agree(100 * fit.heterogeneity.i2, record.z.i2), "\(record.id)")
        }
    }

    @Test("The guarded Hartung-Knapp interval is metafor's `adhoc`")
    func guarded() throws {
        let records = try Record.all().filter { $0.adhoc != nil }
        #expect(records.count >= 2)
        for record in records {
            let wanted = try #require(record.adhoc)
            let interval = try record.fit().inference(.hartungKnappGuarded).get().interval
            #expect(agree(interval.lower, wanted.lower), "\(record.id)")
            #expect(agree(interval.upper, wanted.upper), "\(record.id)")
        }
    }

    @Test(
        "The guarded interval is never narrower than the normal one; the plain Hartung-Knapp interval is, when sites agree"
    )
    func neverNarrower() throws {
        var generator = SplitMix(state: 1)
        var narrower = 0
        for _ in 0..<200 {
            let center = Double.random(in: -2...2, using: &generator)
            let spread = Double.random(in: 0.01...0.5, using: &generator)
            let sites = (0..<Int.random(in: 2...8, using: &generator)).map { _ in
                SiteEffect(
                    estimate: center + spread * Double.random(in: -1...1, using: &generator),
                    variance: Double.random(in: 0.01...0.5, using: &generator))
            }
            for method in BetweenVarianceMethod.allCases {
                let fit = try RandomEffects.fit(sites, method: method).get()
                let normal = try fit.inference(.normal, level: 0.9).get()
                let guarded = try fit.inference(.hartungKnappGuarded, level: 0.9).get()
                let plain = try fit.inference(.hartungKnapp, level: 0.9).get()
                #expect(guarded.standardError >= normal.standardError)
                #expect(guarded.interval.upper >= normal.interval.upper)
                #expect(guarded.standardError >= plain.standardError)
                if plain.interval.upper < normal.interval.upper { narrower += 1 }
            }
        }
        #expect(narrower > 100)
    }

    @Test(
        "Sites that agree nearly have a plain Hartung-Knapp interval many times too narrow, and one that agrees exactly none"
    )
    func plainHartungKnappTrap() throws {
        let near = try RandomEffects.fit(effects([0.3, 0.31, 0.29, 0.32, 0.28], [0.05, 0.06, 0.04, 0.05, 0.07])).get()
        let plain = try near.inference(.hartungKnapp).get()
        let normal = try near.inference(.normal).get()
        #expect(plain.standardError < normal.standardError / 10)
        #expect(plain.test == .hartungKnapp)
        let same = try RandomEffects.fit(effects([0.3, 0.3, 0.3], [0.01, 0.02, 0.03])).get()
        #expect(same.inference(.hartungKnapp).undefined == .noVariance)
        #expect(same.predictionInterval(.hartungKnapp).undefined == .noVariance)
        #expect(try same.inference(.hartungKnappGuarded).get().standardError == same.plainVariance.squareRoot())
        #expect(same.tau2 == 0 && same.heterogeneity.q == 0 && same.heterogeneity.pValue == 1)
    }

    @Test(
        "One site is its own estimate with its own normal interval, and says so",
        arguments: BetweenVarianceMethod.allCases)
    func oneSite(method: BetweenVarianceMethod) throws {
        let fit = try RandomEffects.fit([SiteEffect(estimate: 0.5, variance: 0.04)], method: method).get()
        #expect(fit.estimate == 0.5 && fit.tau2 == 0 && fit.weights == [1])
        #expect(fit.tau2StandardError.value == nil)
        for test in ModelTest.allCases {
            let answer = try fit.inference(test).get()
            #expect(answer.test == .normal && answer.degreesOfFreedom == nil)
            #expect(agree(answer.interval.lower, 0.5 - 0.2 * 1.959963984540054))
        }
        #expect(fit.qProfile().undefined == .tooFewSites)
        #expect(fit.predictionInterval(.hartungKnapp).value == nil)
        #expect(fit.leaveOneOut().map(\.undefined) == [.tooFewSites])
    }

    @Test("Two sites have no degrees of freedom for the forms on k - 2")
    func twoSites() throws {
        let fit = try RandomEffects.fit(effects([0.1, 0.9], [0.04, 0.05])).get()
        #expect(fit.predictionInterval(.higginsThompsonSpiegelhalter).undefined == .tooFewSites)
        #expect(fit.predictionInterval(.partlettRiley).undefined == .tooFewSites)
        #expect(fit.predictionInterval(.studentT).value != nil)
    }

    @Test("No sites, a variance of zero and what is not finite have reasons")
    func refused() {
        let good = SiteEffect(estimate: 1, variance: 0.1)
        for method in BetweenVarianceMethod.allCases {
            #expect(RandomEffects.fit([], method: method).undefined == .noCases)
            for bad in [0, -1, .nan, .infinity, .leastNonzeroMagnitude] as [Double] {
                let sites = [good, SiteEffect(estimate: 0, variance: bad)]
                #expect(RandomEffects.fit(sites, method: method).undefined == .noVariance)
            }
            let nan = [good, SiteEffect(estimate: .nan, variance: 1)]
            #expect(RandomEffects.fit(nan, method: method).undefined == .noVariance)
        }
        let fit = RandomEffects.fit([good, good]).value
        for level in [0, 1, -0.5, 2, .nan] as [Double] {
            #expect(fit?.inference(.normal, level: level).undefined == .badArgument)
            #expect(fit?.qProfile(level: level).undefined == .badArgument)
            #expect(fit?.predictionInterval(.normal, level: level).undefined == .badArgument)
        }
    }

    @Test(
        "Nothing is NaN or infinite, from tiny to huge variances and spreads", arguments: BetweenVarianceMethod.allCases
    )
    func alwaysFinite(method: BetweenVarianceMethod) throws {
        var generator = SplitMix(state: 7)
        for _ in 0..<60 {
            let count = Int.random(in: 1...6, using: &generator)
            let scale = pow(10, Double.random(in: -8...8, using: &generator))
            let sites = (0..<count).map { _ in
                SiteEffect(
                    estimate: scale * Double.random(in: -1...1, using: &generator),
                    variance: pow(10, Double.random(in: -12...6, using: &generator)))
            }
            guard let fit = RandomEffects.fit(sites, method: method).value else {
                Issue.record("no fit of \(sites)")
                continue
            }
            var numbers = [fit.estimate, fit.tau2, fit.logLikelihood, fit.akaike] + fit.weights
            let heterogeneity = fit.heterogeneity
            numbers += [heterogeneity.q, heterogeneity.i2, heterogeneity.h2, heterogeneity.pValue]
            if let error = fit.tau2StandardError.value { numbers.append(error) }
            for test in ModelTest.allCases {
                if let answer = fit.inference(test).value {
                    numbers += [answer.standardError, answer.statistic, answer.pValue, answer.interval.lower]
                }
            }
            if let profile = fit.qProfile().value {
                numbers += [profile.tau2.lower, profile.tau2.upper, profile.i2.upper]
            }
            #expect(numbers.allSatisfy { $0.isFinite }, "\(sites) \(numbers)")
            #expect(heterogeneity.i2 >= 0 && heterogeneity.i2 <= 1 && fit.tau2 >= 0)
            #expect(agree(fit.weights.reduce(0, +), 1, 1e-12))
        }
    }

    @Test("An offset of the estimates changes nothing but the estimate", arguments: BetweenVarianceMethod.allCases)
    func offset(method: BetweenVarianceMethod) throws {
        // Multiples of 2⁻²⁰, which an offset of 2³⁰ leaves exact.
        let base = [0.125, -0.5, 0.75, 1.25, 0.0625]
        let variances = [0.04, 0.05, 0.02, 0.1, 0.3]
        let plain = try RandomEffects.fit(effects(base, variances), method: method).get()
        let far = try RandomEffects.fit(effects(base.map { $0 + 1_073_741_824 }, variances), method: method).get()
        #expect(plain.tau2 == far.tau2)
        #expect(plain.heterogeneity == far.heterogeneity)
        #expect(agree(far.estimate, plain.estimate + 1_073_741_824, 1e-15))
    }

    @Test("Where the likelihood has two maxima the higher one is taken")
    func twoMaxima() throws {
        let sites = effects(
            [-1.2091, -4.3099, -1.8191, -4.5814, -3.196], [12.5022, 9.94539, 0.02099, 0.95084, 2.01248])
        let fit = try RandomEffects.fit(sites, method: .maximumLikelihood).get()
        #expect(fit.tau2 > 0.5)
        let none = try RandomEffects.fit(sites, method: .equalEffects).get()
        // metafor's scoring stays at tau² = 0 here, with a log-likelihood of -10.06.
        #expect(fit.logLikelihood > none.logLikelihood + 0.5)
        for tau2 in [0, 0.01, 0.1, 0.5, 0.8, 1, 2, 5, 20] {
            let problem = BetweenVarianceProblem(
                y: sites.map(\.estimate), v: sites.map(\.variance), design: Design(covariates: [], rows: 5))
            #expect(try problem.logLikelihood(tau2, restricted: false) <= fit.logLikelihood)
        }
    }

    @Test("Sites that agree too well have an empty Q-profile, which is not certainty")
    func emptyProfile() throws {
        let near = try RandomEffects.fit(effects([0.3, 0.31, 0.29, 0.32, 0.28], [0.05, 0.06, 0.04, 0.05, 0.07])).get()
        let profile = try near.qProfile().get()
        #expect(profile.isEmpty && profile.tau2.upper == 0)
        let metrics = MetaMetrics.metrics(effects: near.effects, method: .dersimonianLaird, test: .normal)
        let tau2 = try #require(metrics.first { $0.name == "tau2" })
        #expect(tau2.value == 0 && tau2.interval == nil && tau2.parameters?["interval"] == "empty")
    }

    @Test("Cumulative and leave-one-out models end at the whole")
    func sequences() throws {
        let sites = effects([0.1, 0.9, 0.4, 0.2], [0.04, 0.05, 0.02, 0.03])
        let whole = try RandomEffects.fit(sites, method: .pauleMandel).get()
        let cumulative = try RandomEffects.cumulative(sites, method: .pauleMandel).map { try $0.get() }
        #expect(cumulative.map(\.count) == [1, 2, 3, 4])
        #expect(cumulative.last?.estimate == whole.estimate)
        let without = try whole.leaveOneOut().map { try $0.get() }
        #expect(without[0].effects == Array(sites[1...]))
    }

    @Test("A thousand sites take no time to speak of and the order of sites does not matter")
    func thousandSites() throws {
        var generator = SplitMix(state: 3)
        let sites = (0..<1000).map { _ in
            SiteEffect(
                estimate: Double.random(in: -1...1, using: &generator),
                variance: Double.random(in: 0.01...0.5, using: &generator))
        }
        let fit = try RandomEffects.fit(sites, method: .restrictedMaximumLikelihood).get()
        let reversed = try RandomEffects.fit(sites.reversed(), method: .restrictedMaximumLikelihood).get()
        #expect(agree(fit.tau2, reversed.tau2, 1e-11))
        #expect(agree(fit.estimate, reversed.estimate, 1e-10))
    }
}

@Suite("Subgroups and regression")
struct RegressionTests {
    /// The thirteen trials of the BCG vaccine (metadat::dat.bcg), log risk ratios.
    private let bcg: [SiteEffect] = {
        let rows = [
            [4, 119, 11, 128], [6, 300, 29, 274], [3, 228, 11, 209], [62, 13536, 248, 12619], [33, 5036, 47, 5761],
            [180, 1361, 372, 1079], [8, 2537, 10, 619], [505, 87886, 499, 87892], [29, 7470, 45, 7232],
            [17, 1699, 65, 1600], [186, 50448, 141, 27197], [5, 2493, 3, 2338], [27, 16886, 29, 17825],
        ]
        let tables = rows.compactMap {
            TwoByTwo($0[0], $0[1], $0[2], $0[3])
        }
        return TwoArmMeasure.logRiskRatio.effects(of: tables).compactMap(\.value)
    }()
    private let allocation = [
        "random", "random", "random", "random", "alternate", "alternate", "random", "random", "random", "systematic",
        "systematic", "systematic", "systematic",
    ]
    private let names = ["alternate", "random", "systematic"]

    @Test("Subgroups with none, separate and common tau² are metafor's")
    func subgroups() throws {
        let none = try SubgroupComparison.compare(bcg, group: allocation, groups: names, variance: .none).get()
        #expect(agree([none.q, none.pValue], [19.86536981966564, 4.856123836281303e-5]))
        #expect(agree(none.groups.map(\.estimate), [-0.7185553676346008, -0.2945366636147760, -0.4133283796034510]))
        let separate = try SubgroupComparison.compare(bcg, group: allocation, groups: names, variance: .separate).get()
        #expect(agree([separate.q, separate.pValue], [1.8614449461545606, 0.3942687588855998], 1e-9))
        #expect(
            agree(
                separate.groups.map(\.standardError), [0.2816016131038880, 0.2759561029727842, 0.3597452324331386], 1e-9
            ))
        let common = try SubgroupComparison.compare(bcg, group: allocation, groups: names, variance: .common).get()
        #expect(agree([common.q, common.pValue], [1.7675114019318481, 0.4132280327573367], 1e-9))
        #expect(agree(common.groups.map(\.tau2), [0.3615036643239496, 0.3615036643239496, 0.3615036643239496], 1e-9))
        #expect(common.degreesOfFreedom == 2 && common.groups.map(\.count) == [2, 7, 4])
    }

    @Test("The common comparison is the regression's omnibus test")
    func omnibus() throws {
        let columns = MetaRegression.indicators(of: allocation, levels: names)
        let model = try MetaRegression.fit(bcg, covariates: columns, method: .dersimonianLaird).get()
        let omnibus = try model.omnibus(.normal).get()
        let common = try SubgroupComparison.compare(
            bcg, group: allocation, groups: names, variance: .common, method: .dersimonianLaird
        ).get()
        #expect(agree(omnibus.statistic, common.q) && agree(omnibus.pValue, common.pValue))
        #expect(agree(omnibus.statistic, 1.4349124519223539))
    }

    @Test("A covariate's offset and scale change its slope and nothing else")
    func covariateScale() throws {
        let latitude = [44.0, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
        let plain = try MetaRegression.fit(bcg, covariates: [latitude]).get()
        let far = try MetaRegression.fit(bcg, covariates: [latitude.map { 1e6 + $0 / 1024 }]).get()
        #expect(agree(far.tau2, plain.tau2, 1e-7))
        #expect(agree(far.coefficients[1], plain.coefficients[1] * 1024, 1e-6))
        #expect(
            agree(
                try far.omnibus(.hartungKnapp).get().statistic, try plain.omnibus(.hartungKnapp).get().statistic, 1e-6))
    }

    @Test("Dependent, short and infinite covariates and too few sites have reasons")
    func reasons() {
        let one = [Double](repeating: 1, count: 13)
        let latitude = (0..<13).map(Double.init)
        #expect(MetaRegression.fit(bcg, covariates: [one]).undefined == .collinear)
        #expect(MetaRegression.fit(bcg, covariates: [latitude, latitude.map { 2 * $0 + 1 }]).undefined == .collinear)
        #expect(MetaRegression.fit(bcg, covariates: [[1, 2]]).undefined == .badArgument)
        #expect(MetaRegression.fit(bcg, covariates: [latitude.map { $0 / 0 }]).undefined == .badArgument)
        #expect(MetaRegression.fit(Array(bcg[..<2]), covariates: [[1, 2], [1, 4]]).undefined == .tooFewSites)
        let saturated = MetaRegression.fit(Array(bcg[..<2]), covariates: [[1, 2]]).value
        #expect(saturated?.inference(.hartungKnapp).undefined == .tooFewSites)
        #expect(saturated?.heterogeneity.q == 0)
        #expect(
            SubgroupComparison.compare(bcg, group: allocation, groups: ["random"], variance: .none).undefined
                == .tooFewSites)
        #expect(
            SubgroupComparison.compare(bcg, group: allocation, groups: ["random", "none"], variance: .none).undefined
                == .tooFewSites)
        #expect(SubgroupComparison.compare(bcg, group: ["a"], groups: names, variance: .none).undefined == .badArgument)
    }
}
