internal import Foundation
public import Statistics

/// A symmetric matrix of two rows.
public struct Covariance2: Hashable, Sendable {
    /// Of the logit sensitivity.
    public let sensitivity: Double
    /// Of the logit sensitivity with the logit false positive rate.
    public let joint: Double
    /// Of the logit false positive rate.
    public let falsePositiveRate: Double

    /// The correlation; `no-variance` when a variance is zero.
    public var correlation: Inferred<Double> {
        let product = sensitivity * falsePositiveRate
        guard product > 0 else { return .undefined(.noVariance) }
        return .value(min(1, max(-1, joint / product.squareRoot())))
    }

    static func + (left: Covariance2, right: Covariance2) -> Covariance2 {
        Covariance2(
            sensitivity: left.sensitivity + right.sensitivity, joint: left.joint + right.joint,
            falsePositiveRate: left.falsePositiveRate + right.falsePositiveRate)
    }
}

/// The bivariate meta-analysis of sensitivity and specificity: over sites the logit sensitivity and the logit false positive
/// rate are normal with a covariance (Reitsma et al. 2005, J Clin Epidemiol 58:982). ``Reitsma`` and ``BinomialBivariate``
/// fit it. With fewer than about five sites its five parameters are hardly known; that rule belongs to who decides.
public struct BivariateSummary: Hashable, Sendable {
    /// Fits need at least so many sites.
    public static let minimumSites = 2

    /// The means over sites.
    public let logitSensitivity: Double
    public let logitFalsePositiveRate: Double
    /// The covariance of the two means.
    public let covariance: Covariance2
    /// The covariance between sites.
    public let between: Covariance2
    public let logLikelihood: Double
    /// Number of sites.
    public let count: Int

    /// The sensitivity at the mean of the logits: of a site in the middle, not the average over sites.
    public var sensitivity: Double { EffectScale.logit.original(logitSensitivity) }
    /// The specificity at the mean of the logits.
    public var specificity: Double { EffectScale.logit.original(-logitFalsePositiveRate) }

    /// The interval of the sensitivity, from the logit with the normal distribution.
    public func sensitivityInterval(level: Double = 0.95) -> Inferred<Interval> {
        interval(logitSensitivity, covariance.sensitivity, level: level)
    }

    /// The interval of the specificity.
    public func specificityInterval(level: Double = 0.95) -> Inferred<Interval> {
        interval(-logitFalsePositiveRate, covariance.falsePositiveRate, level: level)
    }

    private func interval(_ center: Double, _ variance: Double, level: Double) -> Inferred<Interval> {
        Inferred { () throws(Undefined) in
            let reach = try Critical.value(level: level, degreesOfFreedom: nil) * variance.squareRoot()
            return EffectScale.logit.original(Interval(lower: center - reach, upper: center + reach, level: level))
        }
    }

    /// A region about the summary point.
    public enum Region: String, Hashable, Sendable, CaseIterable {
        /// Where the means are.
        case confidence
        /// Where a new site's true pair is expected.
        case prediction
    }

    /// The edge of a region in (false positive rate, sensitivity): the ellipse of the logits, with the chi-squared quantile on
    /// two degrees of freedom, at equal steps (Harbord et al. 2007, Biostatistics 8:239).
    ///
    /// Undefined: `bad-argument` for a level outside (0, 1) or fewer than three points; `no-variance` for a flat ellipse.
    public func region(
        _ region: Region, level: Double = 0.95, points: Int = 72
    ) -> Inferred<[(falsePositiveRate: Double, sensitivity: Double)]> {
        guard level > 0, level < 1, points > 2,
            let square = ChiSquaredDistribution(degreesOfFreedom: 2)?.quantile(level)
        else { return .undefined(.badArgument) }
        let shape = region == .confidence ? covariance : covariance + between
        // The lower triangle of the ellipse's covariance.
        let first = shape.falsePositiveRate.squareRoot()
        guard first > 0 else { return .undefined(.noVariance) }
        let across = shape.joint / first
        let second = max(0, shape.sensitivity - across * across).squareRoot()
        guard second > 0 else { return .undefined(.noVariance) }
        return .value(
            (0..<points).map { index in
                let angle = 2 * Double.pi * Double(index) / Double(points)
                let (x, y) = (square.squareRoot() * cos(angle), square.squareRoot() * sin(angle))
                return (
                    EffectScale.logit.original(logitFalsePositiveRate + first * x),
                    EffectScale.logit.original(logitSensitivity + across * x + second * y)
                )
            })
    }

    /// The parameters of Rutter and Gatsonis's hierarchical summary ROC model, which without covariates is the same model
    /// (Harbord et al. 2007, Biostatistics 8:239, section 3); `no-variance` when a variance between sites is zero.
    public var hierarchical: Inferred<HierarchicalROC> {
        let (s, f) = (between.sensitivity.squareRoot(), between.falsePositiveRate.squareRoot())
        guard s > 0, f > 0 else { return .undefined(.noVariance) }
        let ratio = (f / s).squareRoot()
        return .value(
            HierarchicalROC(
                accuracy: ratio * logitSensitivity - logitFalsePositiveRate / ratio,
                threshold: 0.5 * (ratio * logitSensitivity + logitFalsePositiveRate / ratio),
                shape: log(f / s), accuracyVariance: 2 * (s * f - between.joint),
                thresholdVariance: 0.5 * (s * f + between.joint)))
    }
}

/// The hierarchical summary ROC curve (Rutter and Gatsonis 2001, Stat Med 20:2865).
public struct HierarchicalROC: Hashable, Sendable {
    /// Λ.
    public let accuracy: Double
    /// Θ.
    public let threshold: Double
    /// β: zero for a symmetric curve.
    public let shape: Double
    /// σ²_α and σ²_θ.
    public let accuracyVariance: Double
    public let thresholdVariance: Double

    /// logit sensitivity = Λ e^(−β/2) + e^(−β) logit(false positive rate); 0 and 1 at the ends.
    public func sensitivity(falsePositiveRate rate: Double) -> Double {
        guard rate > 0 else { return 0 }
        guard rate < 1 else { return 1 }
        let logit = accuracy * exp(-shape / 2) + exp(-shape) * (log(rate) - log1p(-rate))
        return EffectScale.logit.original(logit)
    }
}
