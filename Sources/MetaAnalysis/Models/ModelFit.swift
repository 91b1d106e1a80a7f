internal import Foundation
public import Statistics

/// How standard errors, tests and intervals of a model are made.
public enum ModelTest: String, Hashable, Sendable, CaseIterable {
    /// Wald's, with the normal distribution.
    case normal = "z"
    /// Wald's standard error with Student's t on k − p degrees of freedom.
    case studentT = "t"
    /// Hartung and Knapp 2001, Stat Med 20:3875, and Sidik and Jonkman 2002, Stat Med 21:3153; Knapp and Hartung 2003,
    /// Stat Med 22:2693, with covariates: the squared standard error times q = Σ r²/(v + τ²)/(k − p), with t on k − p
    /// degrees of freedom. When the sites happen to agree it is *narrower* than ``normal``, without bound.
    case hartungKnapp = "hksj"
    /// ``hartungKnapp`` with max(1, q) (Röver, Knapp and Friede 2015, BMC Med Res Methodol 15:99); never narrower than
    /// ``normal``.
    case hartungKnappGuarded = "hksj-guarded"
}

/// The inference about one coefficient.
public struct CoefficientInference: Hashable, Sendable {
    public let estimate: Double
    public let standardError: Double
    /// Estimate / standard error.
    public let statistic: Double
    /// Of Student's t; nil where the normal distribution is used.
    public let degreesOfFreedom: Int?
    /// Two-sided.
    public let pValue: Double
    public let interval: Interval
    /// The test that was used: with one site alone there is no spread to learn from and ``ModelTest/normal`` stands in.
    public let test: ModelTest
}

/// Cochran's Q and what is made of it.
public struct Heterogeneity: Hashable, Sendable {
    /// Σ r²/v about the fit with weights 1/v (Cochran 1954, Biometrics 10:101).
    public let q: Double
    /// k − p.
    public let degreesOfFreedom: Int
    /// P(chi-squared above Q) when there is no variance between sites.
    public let pValue: Double
    /// The share of the total variation that is between sites, 0…1: τ²/(τ² + s²) with the typical within-site variance
    /// s² = (k − p)/tr P (Higgins and Thompson 2002, Stat Med 21:1539; for DerSimonian and Laird's τ² this is
    /// (Q − df)/Q). For the equal-effects model max(0, (Q − df)/Q).
    public let i2: Double
    /// τ²/s² + 1, and Q/df for the equal-effects model.
    public let h2: Double
}

/// What a random-effects model and a meta-regression have in common.
struct ModelFit {
    let effects: [SiteEffect]
    let design: Design
    let method: BetweenVarianceMethod
    let between: BetweenVariance
    let fit: WeightedFit
    let heterogeneity: Heterogeneity
    /// The typical within-site variance, nil when there are no more sites than coefficients.
    let typicalVariance: Double?
    let logLikelihood: Double

    /// The coefficients, the intercept first, and (XᵀWX)⁻¹, of the covariates as they were given.
    let coefficients: [Double]
    let inverse: [[Double]]

    var degreesOfFreedom: Int { effects.count - design.columns }
    var problem: BetweenVarianceProblem {
        BetweenVarianceProblem(y: effects.map(\.estimate), v: effects.map(\.variance), design: design)
    }

    /// `no-cases` without effects, `no-variance` when one is not usable (a variance that is zero), `too-few-sites` with
    /// fewer sites than coefficients, `bad-argument` for covariates that are not finite, `collinear` for dependent
    /// ones.
    init(effects: [SiteEffect], covariates: [[Double]], method: BetweenVarianceMethod) throws(Undefined) {
        guard !effects.isEmpty else { throw .noCases }
        guard effects.allSatisfy(\.isUsable) else { throw .noVariance }
        guard covariates.allSatisfy({ $0.count == effects.count && $0.allSatisfy(\.isFinite) }) else {
            throw .badArgument
        }
        let design = Design(covariates: covariates, rows: effects.count)
        guard effects.count >= design.columns else { throw .tooFewSites }
        let y = effects.map(\.estimate)
        let v = effects.map(\.variance)
        let between = try BetweenVariance(y: y, v: v, design: design, method: method)
        let problem = BetweenVarianceProblem(y: y, v: v, design: design)
        let fixed = try problem.fit(0)
        self.effects = effects
        self.design = design
        self.method = method
        self.between = between
        fit = between.value == 0 ? fixed : try problem.fit(between.value)
        coefficients = design.original(coefficients: fit.coefficients)
        inverse = design.original(covariance: fit.inverse)
        logLikelihood = try problem.logLikelihood(between.value, restricted: method == .restrictedMaximumLikelihood)
        let degrees = effects.count - design.columns
        let q = degrees > 0 ? fixed.residualSumOfSquares : 0
        guard q.isFinite, logLikelihood.isFinite else { throw .notFinite }
        let typical = degrees > 0 ? Double(degrees) / fixed.firstTrace : nil
        typicalVariance = typical
        let (i2, h2): (Double, Double)
        if let typical {
            if method == .equalEffects {
                i2 = q > 0 ? max(0, (q - Double(degrees)) / q) : 0
                h2 = q / Double(degrees)
            } else {
                i2 = between.value / (typical + between.value)
                h2 = between.value / typical + 1
            }
        } else {
            (i2, h2) = (0, 1)
        }
        heterogeneity = Heterogeneity(
            q: q, degreesOfFreedom: degrees,
            pValue: ChiSquaredDistribution(degreesOfFreedom: Double(degrees))?.upperTail(q) ?? 1, i2: i2, h2: h2)
    }

    /// Σ r²/(v + τ²)/(k − p), Hartung and Knapp's q.
    var residualRatio: Double { fit.residualSumOfSquares / Double(degreesOfFreedom) }

    /// By what a test multiplies the covariance, and the degrees of freedom of its t.
    func scaling(_ test: ModelTest) throws(Undefined) -> (factor: Double, degreesOfFreedom: Int?) {
        switch test {
        case .normal: return (1, nil)
        case .studentT, .hartungKnapp, .hartungKnappGuarded:
            guard degreesOfFreedom > 0 else { throw .tooFewSites }
        }
        switch test {
        case .normal, .studentT: return (1, degreesOfFreedom)
        case .hartungKnapp:
            // Sites that agree to the last bit would give an interval without width: certainty out of nothing.
            guard residualRatio > 0 else { throw .noVariance }
            return (residualRatio, degreesOfFreedom)
        case .hartungKnappGuarded: return (max(1, residualRatio), degreesOfFreedom)
        }
    }

    func inference(_ index: Int, test: ModelTest, level: Double) throws(Undefined) -> CoefficientInference {
        let (factor, degrees) = try scaling(test)
        let estimate = coefficients[index]
        let error = (factor * inverse[index][index]).squareRoot()
        guard error > 0, error.isFinite else { throw .noVariance }
        let statistic = estimate / error
        let reach = try Critical.value(level: level, degreesOfFreedom: degrees) * error
        return CoefficientInference(
            estimate: estimate, standardError: error, statistic: statistic, degreesOfFreedom: degrees,
            pValue: Critical.twoSided(statistic, degreesOfFreedom: degrees),
            interval: Interval(lower: estimate - reach, upper: estimate + reach, level: level), test: test)
    }

    /// −2 log-likelihood + 2 (coefficients, and one for τ²).
    var akaike: Double {
        -2 * logLikelihood + 2 * Double(design.columns + (method == .equalEffects ? 0 : 1))
    }
}

/// Critical values and tail probabilities of the normal and of Student's t distribution.
enum Critical {
    /// The upper (1 + level)/2 quantile; `bad-argument` for a level outside (0, 1).
    static func value(level: Double, degreesOfFreedom: Int?) throws(Undefined) -> Double {
        guard level > 0, level < 1 else { throw .badArgument }
        let quantile: Double?
        if let degreesOfFreedom {
            quantile = StudentTDistribution(degreesOfFreedom: Double(degreesOfFreedom))?.quantile(0.5 + level / 2)
        } else {
            quantile = NormalDistribution.quantile(0.5 + level / 2)
        }
        guard let quantile, quantile.isFinite else { throw .badArgument }
        return quantile
    }

    static func twoSided(_ statistic: Double, degreesOfFreedom: Int?) -> Double {
        let tail: Double
        if let degreesOfFreedom, let t = StudentTDistribution(degreesOfFreedom: Double(degreesOfFreedom)) {
            tail = t.upperTail(abs(statistic))
        } else {
            tail = NormalDistribution.upperTail(abs(statistic))
        }
        return min(1, 2 * tail)
    }
}

extension Inferred {
    /// The value of a computation, or the reason that it throws.
    init(_ compute: () throws(Undefined) -> Value) {
        do {
            self = .value(try compute())
        } catch {
            self = .undefined(error)
        }
    }
}
