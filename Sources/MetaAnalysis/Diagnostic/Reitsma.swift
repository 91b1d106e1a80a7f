public import Statistics

/// The bivariate normal model of Reitsma et al. (2005, J Clin Epidemiol 58:982): empirical logits with their variances
/// 1/x + 1/(n − x), corrected where cells are empty. Its approximation pulls sensitivities near 1 toward ½ in small sites;
/// ``BinomialBivariate`` has none.
public enum Reitsma {
    /// Undefined: `too-few-sites` below ``BivariateSummary/minimumSites``; `no-cases` for a site without positives or
    /// negatives; `on-boundary` when a cell stays empty; `not-converged`; `bad-argument` when the method is neither REML
    /// nor ML.
    public static func fit(
        _ sites: [DiagnosticCounts], method: BetweenVarianceMethod = .restrictedMaximumLikelihood,
        correction: CellCorrection = CellCorrection(.allIfAnyEmpty)
    ) -> Inferred<BivariateSummary> {
        Inferred { () throws(Undefined) in
            guard method == .restrictedMaximumLikelihood || method == .maximumLikelihood else { throw .badArgument }
            try check(sites)
            let cells = correction.applied(to: sites.map(\.cells))
            guard cells.allSatisfy({ $0.allSatisfy { $0 > 0 } }) else { throw .onBoundary }
            let likelihood = ReitsmaLikelihood(cells: cells, isRestricted: method == .restrictedMaximumLikelihood)
            return try likelihood.fit()
        }
    }

    static func check(_ sites: [DiagnosticCounts]) throws(Undefined) {
        guard sites.count >= BivariateSummary.minimumSites else { throw .tooFewSites }
        let haveBothClasses = sites.allSatisfy {
            $0.truePositives + $0.falseNegatives > 0 && $0.falsePositives + $0.trueNegatives > 0
        }
        guard haveBothClasses else { throw .noCases }
    }
}

/// The likelihood in the triangle L of the covariance between sites, Σ = LLᵀ, with the means at their best. In L it is
/// smooth where a variance is zero or the correlation is ±1.
private struct ReitsmaLikelihood {
    let sensitivity: [SiteEffect]
    let falsePositiveRate: [SiteEffect]
    let isRestricted: Bool

    init(cells: [[Double]], isRestricted: Bool) {
        sensitivity = cells.map { Self.effect($0[0], $0[1]) }
        falsePositiveRate = cells.map { Self.effect($0[2], $0[3]) }
        self.isRestricted = isRestricted
    }

    private static func effect(_ x: Double, _ m: Double) -> SiteEffect {
        SiteEffect(estimate: (x / m).logarithm(), variance: (x + m) / (x * m))
    }

    private struct Evaluation<S: Scalar> {
        let logLikelihood: S
        let means: (S, S)
        let covariance: (first: S, joint: S, second: S)
    }

    private func evaluate<S: Scalar>(_ a: S, _ b: S, _ c: S) -> Evaluation<S> {
        let (first, joint, second) = (a * a, a * b, b * b + c * c)
        var (i11, i12, i22) = (S(0), S(0), S(0))
        var (r1, r2) = (S(0), S(0))
        var quadratic = S(0)
        var logDeterminants = S(0)
        for (sens, rate) in zip(sensitivity, falsePositiveRate) {
            let m11 = S(sens.variance) + first
            let m22 = S(rate.variance) + second
            let determinant = m11 * m22 - joint * joint
            let (w11, w12, w22) = (m22 / determinant, S(0) - joint / determinant, m11 / determinant)
            let (y1, y2) = (S(sens.estimate), S(rate.estimate))
            logDeterminants += determinant.logarithm()
            i11 += w11
            i12 += w12
            i22 += w22
            r1 += w11 * y1 + w12 * y2
            r2 += w12 * y1 + w22 * y2
            quadratic += w11 * y1 * y1 + S(2) * w12 * y1 * y2 + w22 * y2 * y2
        }
        let information = i11 * i22 - i12 * i12
        let covariance = (first: i22 / information, joint: S(0) - i12 / information, second: i11 / information)
        let mean1 = covariance.first * r1 + covariance.joint * r2
        let mean2 = covariance.joint * r1 + covariance.second * r2
        let residual = quadratic - mean1 * r1 - mean2 * r2
        var value = S(-0.5) * (logDeterminants + residual)
        let k = Double(sensitivity.count)
        let normal = (2 * Double.pi).logarithm()
        if isRestricted {
            // ½ ln det XᵀX = ln k: metafor's constant; mvmeta and mada leave it out.
            value += S(k.logarithm() - (k - 1) * normal) - S(0.5) * information.logarithm()
        } else {
            value -= S(k * normal)
        }
        return Evaluation(logLikelihood: value, means: (mean1, mean2), covariance: covariance)
    }

    func fit() throws(Undefined) -> BivariateSummary {
        let marginal = BetweenVarianceMethod.restrictedMaximumLikelihood
        let start1 = try RandomEffects.fit(sensitivity, method: marginal).get().tau2
        let start2 = try RandomEffects.fit(falsePositiveRate, method: marginal).get().tau2
        var best: Maximum?
        for correlation in [0, -0.7, 0.7] {
            let a = max(start1, 0.01).squareRoot()
            let b = max(start2, 0.01).squareRoot()
            let start = [a, b * correlation, b * (1 - correlation * correlation).squareRoot()]
            let found = Maximum.find(from: start) { evaluate($0[0], $0[1], $0[2]).logLikelihood }
            if let found, found.value > best?.value ?? -.infinity { best = found }
        }
        guard let best else { throw .notConverged }
        let at = evaluate(best.point[0], best.point[1], best.point[2])
        let between = Triangle(best.point).covariance
        guard at.logLikelihood.isFinite, at.covariance.first > 0, at.covariance.second > 0 else { throw .notConverged }
        return BivariateSummary(
            logitSensitivity: at.means.0, logitFalsePositiveRate: at.means.1,
            covariance: Covariance2(
                sensitivity: at.covariance.first, joint: at.covariance.joint,
                falsePositiveRate: at.covariance.second),
            between: between, logLikelihood: at.logLikelihood, count: sensitivity.count)
    }
}

/// The lower triangle (a 0; b c) of a covariance matrix.
struct Triangle {
    let covariance: Covariance2

    init(_ entries: [Double]) {
        let (a, b, c) = (entries[0], entries[1], entries[2])
        covariance = Covariance2(sensitivity: a * a, joint: a * b, falsePositiveRate: b * b + c * c)
    }
}
