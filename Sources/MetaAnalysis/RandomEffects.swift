import Statistics

/// One site's estimate on the scale of the synthesis, with its within-site variance.
public struct SiteEffect: Hashable, Sendable {
    public let estimate: Double
    /// The within-site variance, > 0.
    public let variance: Double

    public init(estimate: Double, variance: Double) {
        self.estimate = estimate
        self.variance = variance
    }
}

/// A random-effects meta-analysis by the moment estimator of DerSimonian and Laird (1986, Control Clin Trials 7:177).
public struct RandomEffects: Hashable, Sendable {
    /// The summary estimate on the scale of the effects.
    public let estimate: Double
    /// Between-site variance, truncated at zero.
    public let tau2: Double
    /// Cochran's Q over fixed-effect weights.
    public let q: Double
    /// Share of the variation that is between sites, 0…1 (Higgins and Thompson 2002, Stat Med 21:1539).
    public let i2: Double
    /// Number of effects.
    public let count: Int

    /// The sum of the random-effects weights 1 / (v + tau²).
    let totalWeight: Double
    /// The weighted residual sum of squares around the estimate over k - 1 (Hartung and Knapp's q).
    let residualRatio: Double

    /// - Returns: nil with fewer than two effects, or when a variance is not a positive finite number.
    public init?(_ effects: [SiteEffect]) {
        guard effects.count >= 2 else { return nil }
        guard effects.allSatisfy({ $0.variance > 0 && $0.variance.isFinite && $0.estimate.isFinite }) else {
            return nil
        }
        let degrees = Double(effects.count - 1)

        let fixed = effects.map { 1 / $0.variance }
        let fixedTotal = fixed.reduce(0, +)
        let fixedMean = zip(fixed, effects).reduce(0) { $0 + $1.0 * $1.1.estimate } / fixedTotal
        let q = zip(fixed, effects).reduce(0) { $0 + $1.0 * ($1.1.estimate - fixedMean) * ($1.1.estimate - fixedMean) }
        let scale = fixedTotal - fixed.reduce(0) { $0 + $1 * $1 } / fixedTotal
        let tau2 = max(0, (q - degrees) / scale)

        let weights = effects.map { 1 / ($0.variance + tau2) }
        let total = weights.reduce(0, +)
        let mean = zip(weights, effects).reduce(0) { $0 + $1.0 * $1.1.estimate } / total
        let residual = zip(weights, effects).reduce(0) { $0 + $1.0 * ($1.1.estimate - mean) * ($1.1.estimate - mean) }

        self.estimate = mean
        self.tau2 = tau2
        self.q = q
        self.i2 = q > 0 ? max(0, (q - degrees) / q) : 0
        self.count = effects.count
        self.totalWeight = total
        self.residualRatio = residual / degrees
    }

    /// The interval of Hartung and Knapp (2001, Stat Med 20:3875) with k - 1 degrees of freedom, guarded: the variance
    /// correction is never below 1 (Röver, Knapp and Friede 2015, BMC Med Res Methodol 15:99), because the plain form
    /// can be narrower than the normal one when sites happen to agree.
    /// - Parameter level: two-sided, between 0 and 1; nil outside.
    public func guardedHartungKnapp(level: Double) -> (lower: Double, upper: Double)? {
        guard
            let critical = StudentTDistribution(degreesOfFreedom: Double(count - 1))?.quantile(1 - (1 - level) / 2)
        else { return nil }
        let reach = critical * guardedStandardError
        return (estimate - reach, estimate + reach)
    }

    /// The standard error under ``guardedHartungKnapp(level:)``.
    public var guardedStandardError: Double { (max(1, residualRatio) / totalWeight).squareRoot() }
}
