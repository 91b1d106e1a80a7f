import MetaAnalysis
import Statistics
import Testing

@Suite("Against metafor, iterated to convergence")
struct MetaforTests {
    /// What an iterated τ² of metafor is good for: its threshold is an absolute change of 1e-13.
    private func tolerance(_ method: String) -> (relative: Double, absolute: Double) {
        ["PM", "REML", "ML", "EB"].contains(method) ? (1e-8, 1e-9) : (1e-10, 1e-12)
    }

    @Test("Every estimator with every test: estimate, interval, heterogeneity, likelihood, prediction")
    func univariate() throws {
        var fits = 0
        for (index, set) in try MetaforVectors.load().sets.enumerated() {
            for wanted in set.fits {
                let here = "set \(index) \(wanted.method) \(wanted.test) k = \(set.yi.count)"
                let (relative, absolute) = tolerance(wanted.method)
                func check(
                    _ ours: Double, _ theirs: Double, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
                ) {
                    #expect(
                        agree(ours, theirs, relative, absolute: absolute), "\(here) \(name): \(ours) \(theirs)",
                        sourceLocation: sourceLocation)
                }
                let method = try #require(BetweenVarianceMethod(rawValue: wanted.method))
                let test = try #require(ModelTest(metafor: wanted.test))
                let model = try RandomEffects.fit(set.effects, method: method).get()
                let answer = try model.inference(test).get()
                check(model.estimate, wanted.beta, "beta")
                check(answer.standardError, wanted.se, "se")
                check(answer.pValue, wanted.p, "p")
                check(answer.interval.lower, wanted.lower, "lower")
                check(answer.interval.upper, wanted.upper, "upper")
                check(model.tau2, wanted.tau2, "tau2")
                if let error = wanted.seTau2 { check(try model.tau2StandardError.get(), error, "se tau2") }
                let heterogeneity = model.heterogeneity
                check(100 * heterogeneity.i2, wanted.i2, "I2")
                check(heterogeneity.h2, wanted.h2, "H2")
                check(heterogeneity.q, wanted.q, "Q")
                check(heterogeneity.pValue, wanted.qp, "Q p")
                check(model.logLikelihood, wanted.loglik, "log-likelihood")
                check(model.akaike, wanted.aic, "AIC")
                if let lower = wanted.piLower, let upper = wanted.piUpper {
                    let prediction = try model.predictionInterval(PredictionForm(for: test)).get()
                    check(prediction.lower, lower, "prediction")
                    check(prediction.upper, upper, "prediction")
                } else {
                    #expect(model.predictionInterval(PredictionForm(for: test)).undefined == .noVariance)
                }
                if let profile = wanted.profile {
                    let ours = try model.qProfile().get()
                    let list = [
                        ours.tau2.lower, ours.tau2.upper, 100 * ours.i2.lower, 100 * ours.i2.upper, ours.h2.lower,
                        ours.h2.upper,
                    ]
                    for (a, b) in zip(list, profile) {
                        if let b { #expect(agree(a, b, 1e-8, absolute: 1e-9), "\(here) profile \(a) \(b)") }
                    }
                }
                fits += 1
            }
        }
        #expect(fits >= 400)
    }

    @Test("Meta-regression on two covariates of very different size")
    func regression() throws {
        var fits = 0
        for (index, set) in try MetaforVectors.load().sets.enumerated() {
            for wanted in set.regressions {
                let here: Comment = "set \(index) \(wanted.method) \(wanted.test) k = \(set.yi.count)"
                let method = try #require(BetweenVarianceMethod(rawValue: wanted.method))
                let test = try #require(ModelTest(metafor: wanted.test))
                let model = try MetaRegression.fit(set.effects, covariates: [set.x1, set.x2], method: method).get()
                let rows = try model.inference(test).get()
                // metafor inverts XᵀWX, whose condition with a column of years costs it digits.
                let (relative, absolute) = (1e-8, 1e-9)
                #expect(agree(rows.map(\.estimate), wanted.beta, relative, absolute: 1e-8), here)
                #expect(agree(rows.map(\.standardError), wanted.se, relative), here)
                #expect(agree(rows.map(\.pValue), wanted.p, relative, absolute: absolute), here)
                #expect(agree(model.tau2, wanted.tau2, relative, absolute: absolute), here)
                if let error = wanted.seTau2 {
                    #expect(agree(try model.tau2StandardError.get(), error, relative, absolute: absolute), here)
                }
                #expect(agree(100 * model.heterogeneity.i2, wanted.i2, relative, absolute: 1e-6), here)
                #expect(agree(model.heterogeneity.h2, wanted.h2, relative), here)
                #expect(agree(model.heterogeneity.q, wanted.q, relative), here)
                #expect(agree(model.logLikelihood, wanted.loglik, relative), here)
                let omnibus = try model.omnibus(test).get()
                #expect(agree(omnibus.statistic, wanted.qm, relative), here)
                #expect(agree(omnibus.pValue, wanted.qmp, relative), here)
                if let r2 = wanted.r2, let ours = model.r2.value {
                    #expect(agree(100 * ours, r2, relative, absolute: 1e-5), here)
                }
                fits += 1
            }
        }
        #expect(fits >= 60)
    }

    @Test("Egger, Begg, trim and fill, influence and leave-one-out")
    func biasAndInfluence() throws {
        var sets = 0
        for (index, set) in try MetaforVectors.load().sets.enumerated() {
            guard let rest = set.rest else { continue }
            let here: Comment = "set \(index) k = \(set.yi.count)"
            let egger = try FunnelAsymmetry.egger(set.effects).get()
            #expect(agree([egger.statistic, egger.pValue, egger.limit], rest.egger, 1e-8), here)
            let mixed = try FunnelAsymmetry.mixedEffects(set.effects).get()
            #expect(agree([mixed.statistic, mixed.pValue, mixed.limit], rest.mixed, 2e-6, absolute: 1e-7), here)
            let begg = try FunnelAsymmetry.begg(set.effects).get()
            #expect(agree([begg.tau, begg.pValue], rest.begg), here)
            for wanted in rest.fill {
                let estimator = try #require(TrimAndFill.Estimator(rawValue: wanted.estimator))
                let side = try #require(TrimAndFill.Side(rawValue: wanted.side))
                let ours = try TrimAndFill.apply(set.effects, estimator: estimator, side: side).get()
                #expect(ours.missing == wanted.k0, here)
                #expect(agree(ours.filled.estimate, wanted.beta), here)
                #expect(agree(try ours.filled.inference(.normal).get().standardError, wanted.se), here)
            }
            let model = try RandomEffects.fit(set.effects, method: .restrictedMaximumLikelihood).get()
            let influence = try SiteInfluence.of(model).get()
            // Differences of nearly equal summaries: the digits are those of metafor's iterated tau2.
            #expect(agree(influence.map(\.cooksDistance), rest.cook, 1e-6, absolute: 1e-9), here)
            #expect(agree(influence.map(\.externallyStandardisedResidual), rest.rstudent, 1e-7, absolute: 1e-9), here)
            #expect(agree(influence.map(\.dffits), rest.dffits, 1e-6, absolute: 1e-8), here)
            #expect(agree(influence.map(\.covarianceRatio), rest.covratio, 1e-7), here)
            #expect(agree(influence.map { 100 * $0.weight }, rest.weight, 1e-8), here)
            let without = try model.leaveOneOut().map { try $0.get() }
            #expect(agree(without.map(\.estimate), rest.leave, 1e-8, absolute: 1e-9), here)
            #expect(agree(without.map(\.tau2), rest.leaveTau2, 1e-8, absolute: 1e-9), here)
            sets += 1
        }
        #expect(sets >= 8)
    }

    @Test("Tables with empty cells: effects under each correction, Mantel-Haenszel and Peto")
    func tables() throws {
        let measures: [String: TwoArmMeasure] = ["OR": .logOddsRatio, "RR": .logRiskRatio, "RD": .riskDifference]
        let studies: [String: CellCorrection.Studies] = [
            "none": .none, "only0": .withEmptyCell, "if0all": .allIfAnyEmpty, "all": .all,
        ]
        var pooled = 0
        for (index, set) in try MetaforVectors.load().tables.enumerated() {
            let tables = try set.a.indices.map { i in
                try #require(
                    TwoByTwo(set.a[i], set.n1[i] - set.a[i], set.c[i], set.n2[i] - set.c[i]))
            }
            for wanted in set.pooled {
                let here: Comment = "tables \(index) \(wanted.measure)"
                let measure = try #require(measures[wanted.measure])
                if let beta = wanted.beta, let se = wanted.se, let q = wanted.q, let qp = wanted.qp, let i2 = wanted.i2
                {
                    let ours = try PooledTables.mantelHaenszel(tables, measure: measure).get()
                    #expect(agree([ours.estimate, ours.standardError, ours.q, ours.qPValue], [beta, se, q, qp]), here)
                    #expect(agree(100 * ours.i2, i2, 1e-9, absolute: 1e-7), here)
                    pooled += 1
                }
                for effects in wanted.escalc {
                    let correction = CellCorrection(try #require(effects.to.flatMap { studies[$0] }))
                    let ours = measure.effects(of: tables, correction: correction)
                    for (effect, wanted) in zip(ours, zip(effects.yi, effects.vi)) {
                        guard let y = wanted.0, let v = wanted.1, v > 0 else {
                            #expect(effect.value == nil, here)
                            continue
                        }
                        let value = try effect.get()
                        #expect(agree(value.estimate, y, 1e-12, absolute: 1e-14), here)
                        #expect(agree(value.variance, v, 1e-12, absolute: 0), here)
                    }
                }
            }
            if let peto = set.peto {
                let ours = try PooledTables.peto(tables).get()
                let wanted = peto.compactMap { $0 }
                #expect(agree([ours.estimate, ours.standardError, ours.q, ours.qPValue], wanted), "tables \(index)")
            }
            let groups = try set.a.indices.map { try #require(EventCounts(events: set.a[$0], cases: set.n1[$0])) }
            let names: [String: ProportionMeasure] = [
                "PR": .proportion, "PLN": .logProportion, "PLO": .logit, "PAS": .arcsine, "PFT": .freemanTukey,
            ]
            for wanted in set.proportions {
                let ours = try #require(wanted.measure.flatMap { names[$0] }).effects(of: groups)
                let values = try ours.map { try $0.get() }
                #expect(agree(values.map(\.estimate), wanted.yi.compactMap { $0 }, 1e-12), "tables \(index)")
                #expect(agree(values.map(\.variance), wanted.vi.compactMap { $0 }, 1e-12), "tables \(index)")
            }
        }
        #expect(pooled >= 30)
    }
}
