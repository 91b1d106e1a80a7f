import Foundation
import MetaAnalysis
import Statistics
import Testing

/// Random diagnostic studies with the fits of metafor and lme4; see `Vectors/NOTICE`.
private struct DiagnosticVectors: Decodable {
    struct Study: Decodable {
        let tp, fn, fp, tn: [Int]
        /// The means, their covariance, the covariance between sites, the log-likelihood; of `rma.mv` and `glmer`.
        let reml, ml, glmm: [Double]?
        /// Mean, standard error and τ² of the sensitivity alone, `glmer` with one and seven points.
        let univariate1, univariate7: [Double]?

        func counts() throws -> [DiagnosticCounts] {
            try tp.indices.map {
                try #require(
                    DiagnosticCounts(
                        truePositives: tp[$0], falseNegatives: fn[$0], falsePositives: fp[$0], trueNegatives: tn[$0]))
            }
        }
    }

    let sets: [Study]

    static func load() throws -> [Study] {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/diagnostic.json")
        return try JSONDecoder().decode(DiagnosticVectors.self, from: Data(contentsOf: url)).sets
    }
}

/// The AuditC studies of `mada`.
private func auditC() throws -> [DiagnosticCounts] {
    let tp = [47, 126, 19, 36, 130, 84, 68, 752, 59, 142, 137, 57, 34, 152]
    let fn = [9, 51, 10, 3, 19, 2, 0, 0, 5, 50, 24, 3, 1, 51]
    let fp = [101, 272, 12, 78, 211, 68, 112, 3226, 55, 571, 107, 103, 21, 88]
    let tn = [738, 1543, 192, 276, 959, 89, 423, 2977, 136, 2788, 358, 437, 56, 264]
    return try tp.indices.map {
        try #require(
            DiagnosticCounts(
                truePositives: tp[$0], falseNegatives: fn[$0], falsePositives: fp[$0], trueNegatives: tn[$0]))
    }
}

private func numbers(_ fit: BivariateSummary) -> [Double] {
    [
        fit.logitSensitivity, fit.logitFalsePositiveRate, fit.covariance.sensitivity, fit.covariance.joint,
        fit.covariance.falsePositiveRate, fit.between.sensitivity, fit.between.joint, fit.between.falsePositiveRate,
        fit.logLikelihood,
    ]
}

@Suite("Sensitivity and specificity together")
struct DiagnosticTests {
    @Test("Reitsma's model is metafor's rma.mv, or has a higher likelihood")
    func reitsma() throws {
        var equal = 0
        for (index, study) in try DiagnosticVectors.load().enumerated() {
            let pairs: [(BetweenVarianceMethod, [Double]?)] = [
                (.restrictedMaximumLikelihood, study.reml), (.maximumLikelihood, study.ml),
            ]
            for (method, wanted) in pairs {
                guard let wanted else { continue }
                let fit = try Reitsma.fit(study.counts(), method: method, correction: .halfEverywhere).get()
                let ours = numbers(fit)
                #expect(ours[8] >= wanted[8] - 1e-9, "set \(index) \(method)")
                if ours[8] <= wanted[8] + 1e-8 {
                    #expect(agree(ours, wanted, 2e-5, absolute: 2e-6), "set \(index) \(method): \(ours) \(wanted)")
                    equal += 1
                }
            }
        }
        #expect(equal >= 6)
    }

    @Test("The exact binomial model by Laplace's approximation is glmer's, or has a higher likelihood")
    func binomial() throws {
        var equal = 0
        for (index, study) in try DiagnosticVectors.load().enumerated() {
            guard let wanted = study.glmm else { continue }
            let ours = numbers(try BinomialBivariate.fit(study.counts()).get())
            #expect(ours[8] >= wanted[8] - 1e-6, "set \(index) \(ours) \(wanted)")
            if ours[8] <= wanted[8] + 1e-6 {
                // lme4 takes its second derivatives by differences.
                #expect(agree(ours, wanted, 2e-3, absolute: 2e-4), "set \(index): \(ours) \(wanted)")
                equal += 1
            }
        }
        #expect(equal >= 4)
    }

    @Test("Proportions with the exact binomial likelihood are glmer's with one and with seven points")
    func univariate() throws {
        for (index, study) in try DiagnosticVectors.load().enumerated() {
            let groups = try study.tp.indices.map {
                try #require(EventCounts(events: study.tp[$0], cases: study.tp[$0] + study.fn[$0]))
            }
            let pairs: [(Int, [Double]?)] = [(1, study.univariate1), (7, study.univariate7)]
            for (points, wanted) in pairs {
                guard let wanted else { continue }
                let fit = try BinomialRandomEffects.fit(groups, integral: .adaptiveGaussHermite(points: points)).get()
                let ours = [fit.estimate, fit.standardError, fit.tau2]
                #expect(agree(ours, wanted, 1e-3, absolute: 1e-4), "set \(index), \(points) points: \(ours) \(wanted)")
            }
        }
    }

    @Test("AuditC: a glmer with tight tolerances agrees, and its default stops below the maximum")
    func auditCByGlmer() throws {
        let fit = try BinomialBivariate.fit(auditC()).get()
        // glmer, lme4 1.1-31, bobyqa with rhoend = 1e-10 and tolPwrss = 1e-12.
        #expect(agree(fit.logitSensitivity, 2.511160911032, 2e-6))
        #expect(agree(fit.logitFalsePositiveRate, -1.276197633477, 2e-6))
        #expect(agree(fit.between.sensitivity, 2.601146777357, 2e-6))
        #expect(agree(fit.between.falsePositiveRate, 0.381193234828, 5e-6))
        #expect(agree(try fit.between.correlation.get(), 0.817851884117, 5e-6))
        #expect(agree(fit.covariance.sensitivity.squareRoot(), 0.461778584804, 1e-4))
        #expect(agree(fit.covariance.falsePositiveRate.squareRoot(), 0.168867073853, 1e-4))
        #expect(agree(fit.logLikelihood, -122.791982215240, 1e-9))
        #expect(fit.logLikelihood > -122.792425619826 + 4e-4)
    }

    @Test("Adaptive quadrature settles as points are added, and one point is Laplace's approximation")
    func quadrature() throws {
        let counts = try auditC()
        let one = try BinomialBivariate.fit(counts, integral: .adaptiveGaussHermite(points: 1)).get()
        #expect(one == (try BinomialBivariate.fit(counts, integral: .laplace).get()))
        let nine = try BinomialBivariate.fit(counts, integral: .adaptiveGaussHermite(points: 9)).get()
        let thirteen = try BinomialBivariate.fit(counts, integral: .adaptiveGaussHermite(points: 13)).get()
        #expect(agree(numbers(nine), numbers(thirteen), 1e-5))
        #expect(!agree(nine.logLikelihood, one.logLikelihood, 1e-6))
    }

    @Test(
        "The regions hold the summary point, prediction is the wider, and the hierarchical parameters are those of mada"
    )
    func regions() throws {
        let fit = try Reitsma.fit(auditC()).get()
        let confidence = try fit.region(.confidence).get()
        let prediction = try fit.region(.prediction).get()
        let span = { (points: [(falsePositiveRate: Double, sensitivity: Double)]) in
            (points.map(\.sensitivity).max() ?? 0) - (points.map(\.sensitivity).min() ?? 0)
        }
        #expect(span(prediction) > span(confidence))
        #expect(
            confidence.contains { $0.sensitivity > fit.sensitivity }
                && confidence.contains { $0.sensitivity < fit.sensitivity })
        // On the logit scale every point is at the same distance.
        let quantile = try #require(ChiSquaredDistribution(degreesOfFreedom: 2)?.quantile(0.95))
        let shape = fit.covariance
        let determinant = shape.sensitivity * shape.falsePositiveRate - shape.joint * shape.joint
        for point in confidence {
            let s = log(point.sensitivity / (1 - point.sensitivity)) - fit.logitSensitivity
            let f = log(point.falsePositiveRate / (1 - point.falsePositiveRate)) - fit.logitFalsePositiveRate
            let form =
                (s * s * shape.falsePositiveRate - 2 * s * f * shape.joint + f * f * shape.sensitivity) / determinant
            #expect(agree(form, quantile, 1e-8))
        }
        let curve = try fit.hierarchical.get()
        #expect(curve.sensitivity(falsePositiveRate: 0) == 0 && curve.sensitivity(falsePositiveRate: 1) == 1)
        // σ²_α and σ²_θ split the variances between sites: σ_s σ_f = σ²_θ + σ²_α / 4.
        let product = (fit.between.sensitivity * fit.between.falsePositiveRate).squareRoot()
        #expect(agree(curve.thresholdVariance + curve.accuracyVariance / 4, product))
        #expect(agree(curve.thresholdVariance - curve.accuracyVariance / 4, fit.between.joint))
    }

    @Test("Too few sites, empty classes and cells that no site fills have reasons")
    func reasons() throws {
        let site = try #require(
            DiagnosticCounts(truePositives: 8, falseNegatives: 2, falsePositives: 1, trueNegatives: 9))
        let perfect = try #require(
            DiagnosticCounts(truePositives: 8, falseNegatives: 0, falsePositives: 1, trueNegatives: 9))
        let noNegatives = try #require(
            DiagnosticCounts(truePositives: 8, falseNegatives: 2, falsePositives: 0, trueNegatives: 0))
        #expect(DiagnosticCounts(truePositives: -1, falseNegatives: 0, falsePositives: 0, trueNegatives: 0) == nil)
        #expect(Reitsma.fit([site]).undefined == .tooFewSites)
        #expect(BinomialBivariate.fit([site]).undefined == .tooFewSites)
        #expect(Reitsma.fit([site, noNegatives]).undefined == .noCases)
        #expect(BinomialBivariate.fit([site, noNegatives]).undefined == .noCases)
        #expect(BinomialBivariate.fit([perfect, perfect, perfect]).undefined == .onBoundary)
        #expect(Reitsma.fit([site, perfect], correction: .none).undefined == .onBoundary)
        #expect(Reitsma.fit([site, perfect], method: .dersimonianLaird).undefined == .badArgument)
        #expect(
            BinomialBivariate.fit([site, site], integral: .adaptiveGaussHermite(points: 0)).undefined == .badArgument)
        #expect(BinomialRandomEffects.fit([]).undefined == .tooFewSites)
        let none = try #require(EventCounts(events: 0, cases: 5))
        #expect(BinomialRandomEffects.fit([none, none]).undefined == .onBoundary)
    }

    @Test("Sites that all agree have no variance between them, and still a summary")
    func homogeneous() throws {
        let sites = try (1...6).map {
            try #require(
                DiagnosticCounts(
                    truePositives: 16 * $0, falseNegatives: 4 * $0, falsePositives: 5 * $0, trueNegatives: 45 * $0))
        }
        for fit in [try Reitsma.fit(sites).get(), try BinomialBivariate.fit(sites).get()] {
            #expect(fit.between.sensitivity < 1e-5 && fit.between.falsePositiveRate < 1e-5)
            #expect(agree(fit.sensitivity, 0.8, 1e-4) && agree(fit.specificity, 0.9, 1e-4))
            #expect(try fit.sensitivityInterval().get().lower < 0.8)
        }
    }

    @Test("Few small sites with empty cells give numbers or a reason, never NaN")
    func degenerate() throws {
        var generator = SplitMix(state: 11)
        var fitted = 0
        for _ in 0..<15 {
            let sites = try (0..<Int.random(in: 2...5, using: &generator)).map { _ in
                let (positives, negatives) = (
                    Int.random(in: 1...12, using: &generator), Int.random(in: 1...30, using: &generator)
                )
                let (hits, alarms) = (
                    Int.random(in: 0...positives, using: &generator), Int.random(in: 0...negatives, using: &generator)
                )
                return try #require(
                    DiagnosticCounts(
                        truePositives: hits, falseNegatives: positives - hits, falsePositives: alarms,
                        trueNegatives: negatives - alarms))
            }
            let fits = [
                Reitsma.fit(sites, correction: .halfEverywhere),
                Reitsma.fit(sites, method: .maximumLikelihood, correction: .halfWhereEmpty),
                BinomialBivariate.fit(sites), BinomialBivariate.fit(sites, integral: .adaptiveGaussHermite(points: 5)),
            ]
            for fit in fits {
                guard let fit = fit.value else {
                    #expect(fit.undefined != nil)
                    continue
                }
                fitted += 1
                #expect(numbers(fit).allSatisfy { $0.isFinite }, "\(sites)")
                #expect(fit.covariance.sensitivity > 0 && fit.covariance.falsePositiveRate > 0, "\(sites)")
                #expect(fit.between.sensitivity >= 0 && fit.between.falsePositiveRate >= 0)
                if let correlation = fit.between.correlation.value { #expect(abs(correlation) <= 1) }
            }
        }
        #expect(fitted > 45, "\(fitted)")
    }
}
