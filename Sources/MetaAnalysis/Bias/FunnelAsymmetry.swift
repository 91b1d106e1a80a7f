public import Statistics

/// Tests of whether small studies show other effects than large ones, as they do when unwelcome ones stay unpublished.
public enum FunnelAsymmetry {
    /// Egger's regression of the estimate on its standard error.
    public struct Regression: Hashable, Sendable {
        /// The slope over its standard error.
        public let statistic: Double
        /// Of Student's t; nil for the normal distribution.
        public let degreesOfFreedom: Int?
        public let pValue: Double
        /// The estimate where the standard error is zero.
        public let limit: Double
    }

    /// Egger's test with weights 1/v and a multiplicative error, t on k − 2 degrees of freedom (Egger et al. 1997, BMJ
    /// 315:629; in the form of Sterne and Egger 2005).
    ///
    /// Undefined: `too-few-sites` below three sites, `no-variance` when the points lie on a line,
    /// `bad-argument` when all standard errors are the same.
    public static func egger(_ effects: [SiteEffect]) -> Inferred<Regression> {
        Inferred { () throws(Undefined) in
            guard effects.count > 2 else { throw .tooFewSites }
            let fit = try ModelFit(effects: effects, covariates: [errors(effects)], method: .equalEffects)
            // The Hartung-Knapp factor of an equal-effects fit is the residual variance of weighted least squares.
            let slope = try fit.inference(1, test: .hartungKnapp, level: 0.95)
            return Regression(
                statistic: slope.statistic, degreesOfFreedom: slope.degreesOfFreedom, pValue: slope.pValue,
                limit: fit.coefficients[0])
        }
    }

    /// The same with an additive variance between sites (metafor's `regtest(model = "rma")`).
    public static func mixedEffects(
        _ effects: [SiteEffect], method: BetweenVarianceMethod = .restrictedMaximumLikelihood, test: ModelTest = .normal
    ) -> Inferred<Regression> {
        Inferred { () throws(Undefined) in
            guard effects.count > 2 else { throw .tooFewSites }
            let fit = try ModelFit(effects: effects, covariates: [errors(effects)], method: method)
            let slope = try fit.inference(1, test: test, level: 0.95)
            return Regression(
                statistic: slope.statistic, degreesOfFreedom: slope.degreesOfFreedom, pValue: slope.pValue,
                limit: fit.coefficients[0])
        }
    }

    private static func errors(_ effects: [SiteEffect]) -> [Double] { effects.map { $0.variance.squareRoot() } }

    /// Kendall's rank correlation with its two-sided p-value.
    public struct RankCorrelation: Hashable, Sendable {
        /// τ-b, −1…1.
        public let tau: Double
        public let pValue: Double
        /// Whether the p-value is from the exact distribution (no ties) or from the normal one.
        public let isExact: Bool
    }

    /// Begg and Mazumdar's test: Kendall's correlation of the standardised deviations from the equal-effects mean with the
    /// variances (Begg and Mazumdar 1994, Biometrics 50:1088).
    ///
    /// Undefined: `too-few-sites` below two sites, `no-variance` when all deviations or all variances are the same.
    public static func begg(_ effects: [SiteEffect]) -> Inferred<RankCorrelation> {
        Inferred { () throws(Undefined) in
            guard effects.count > 1 else { throw .tooFewSites }
            let mean = try RandomEffects.fit(effects, method: .equalEffects).get()
            let deviations = effects.map { effect in
                (effect.estimate - mean.estimate) / (effect.variance - mean.plainVariance).squareRoot()
            }
            guard deviations.allSatisfy(\.isFinite) else { throw .notFinite }
            return try Kendall.test(deviations, effects.map(\.variance))
        }
    }
}

/// Kendall's rank correlation (Kendall 1938, Biometrika 30:81).
enum Kendall {
    static func test(_ x: [Double], _ y: [Double]) throws(Undefined) -> FunnelAsymmetry.RankCorrelation {
        let n = x.count
        var (concordance, inversions, hasTies) = (0, 0, false)
        for i in 0..<n {
            for j in 0..<i {
                let (dx, dy) = (sign(x[i] - x[j]), sign(y[i] - y[j]))
                concordance += dx * dy
                if dx * dy > 0 { inversions += 1 }
                if dx == 0 || dy == 0 { hasTies = true }
            }
        }
        let pairs = Double(n * (n - 1) / 2)
        let (tiesX, tiesY) = (Ties(x), Ties(y))
        let scale = ((pairs - tiesX.pairs / 2) * (pairs - tiesY.pairs / 2)).squareRoot()
        guard scale > 0 else { throw .noVariance }
        let tau = Double(concordance) / scale
        guard hasTies else {
            let lower = distribution(n, upTo: inversions)
            let upper = 1 - distribution(n, upTo: inversions - 1)
            return .init(tau: tau, pValue: min(1, 2 * min(lower, upper)), isExact: true)
        }
        // The normal approximation with the variance of ties (Kendall 1970, Rank Correlation Methods, 4th ed., 4.9).
        let m = Double(n)
        let whole = m * (m - 1) * (2 * m + 5)
        var variance = (whole - tiesX.cubic - tiesY.cubic) / 18
        variance += tiesX.pairs * tiesY.pairs / (2 * m * (m - 1))
        if n > 2 { variance += tiesX.triples * tiesY.triples / (9 * m * (m - 1) * (m - 2)) }
        guard variance > 0 else { throw .noVariance }
        return .init(
            tau: tau, pValue: Critical.twoSided(Double(concordance) / variance.squareRoot(), degreesOfFreedom: nil),
            isExact: false)
    }

    private static func sign(_ x: Double) -> Int { x > 0 ? 1 : x < 0 ? -1 : 0 }

    /// Σ t(t − 1), Σ t(t − 1)(t − 2) and Σ t(t − 1)(2t + 5) over the groups of t equal values.
    private struct Ties {
        var (pairs, triples, cubic) = (0.0, 0.0, 0.0)

        init(_ values: [Double]) {
            var counts: [Double: Double] = [:]
            for value in values { counts[value, default: 0] += 1 }
            for t in counts.values {
                let ordered = t * (t - 1)
                pairs += ordered
                triples += ordered * (t - 2)
                cubic += ordered * (2 * t + 5)
            }
        }
    }

    /// P(at most so many concordant pairs) over all orders of n: the number of permutations by inversions, as shares.
    private static func distribution(_ n: Int, upTo limit: Int) -> Double {
        guard limit >= 0 else { return 0 }
        var shares = [1.0]
        for size in 2...max(n, 2) where size <= n {
            var next = [Double](repeating: 0, count: shares.count + size - 1)
            for (index, share) in shares.enumerated() {
                for extra in 0..<size { next[index + extra] += share / Double(size) }
            }
            shares = next
        }
        return shares.prefix(limit + 1).reduce(0, +)
    }
}
