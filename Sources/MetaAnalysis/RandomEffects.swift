public import Statistics

/// A meta-analysis of one effect a site: the random-effects model yᵢ ~ N(μ, vᵢ + τ²), and the equal-effects model where
/// τ² = 0. The within-site variances vᵢ are taken as known.
///
/// Higgins, Thompson and Spiegelhalter 2009, J R Stat Soc A 172:137; Viechtbauer 2010, J Stat Softw 36(3). With fewer
/// than about five sites its limits describe rather than prove; that rule belongs to who decides, not here.
public struct RandomEffects: Sendable {
    private let model: ModelFit

    /// Fits the model.
    ///
    /// Undefined: `no-cases` without effects, `no-variance` when a variance is not a positive finite number,
    /// `not-converged` or `not-finite` when numbers run out. With one site it is that site's own estimate and τ² is 0.
    public static func fit(
        _ effects: [SiteEffect], method: BetweenVarianceMethod = .dersimonianLaird
    ) -> Inferred<RandomEffects> {
        Inferred { () throws(Undefined) in
            RandomEffects(model: try ModelFit(effects: effects, covariates: [], method: method))
        }
    }

    private init(model: ModelFit) {
        self.model = model
    }

    public var method: BetweenVarianceMethod { model.method }
    public var effects: [SiteEffect] { model.effects }
    /// Number of effects.
    public var count: Int { model.effects.count }
    /// The summary μ on the scale of the effects: Σ wᵢyᵢ/Σ wᵢ with wᵢ = 1/(vᵢ + τ²).
    public var estimate: Double { model.coefficients[0] }
    /// The variance between sites, ≥ 0.
    public var tau2: Double { model.between.value }
    /// Its large-sample standard error; `no-variance` for the equal-effects model, `too-few-sites` for one site.
    public var tau2StandardError: Inferred<Double> { model.between.standardError }
    public var heterogeneity: Heterogeneity { model.heterogeneity }
    /// Of the model with its estimates: restricted for REML, the ordinary one for all others.
    public var logLikelihood: Double { model.logLikelihood }
    /// Akaike's criterion, −2 ln L + 2 (1 + 1 for τ²).
    public var akaike: Double { model.akaike }
    /// Each site's share of the summary, summing to 1.
    public var weights: [Double] { model.fit.leverages }
    /// The smallest variance that ``inference(_:level:)`` could have, 1/Σ wᵢ.
    var plainVariance: Double { model.inverse[0][0] }

    /// The standard error, test and interval of the summary. With one site ``ModelTest/normal`` is used whatever is asked,
    /// and the answer says so.
    ///
    /// Undefined: `bad-argument` for a level outside (0, 1), `no-variance` for the plain Hartung-Knapp standard error of
    /// sites that agree exactly.
    public func inference(_ test: ModelTest, level: Double = 0.95) -> Inferred<CoefficientInference> {
        Inferred { () throws(Undefined) in
            try model.inference(0, test: count == 1 ? .normal : test, level: level)
        }
    }

    /// Where the true effect of a new site is expected.
    ///
    /// Undefined: `too-few-sites` when the form has no degrees of freedom, `no-variance` for the equal-effects model (it
    /// knows no other effect), `bad-argument` for the level.
    public func predictionInterval(_ form: PredictionForm, level: Double = 0.95) -> Inferred<Interval> {
        Inferred { () throws(Undefined) in
            guard method != .equalEffects else { throw .noVariance }
            let degrees = form.degreesOfFreedom(sites: count)
            if let degrees, degrees < 1 { throw .tooFewSites }
            let factor = try model.scaling(form.test).factor
            let reach =
                try Critical.value(level: level, degreesOfFreedom: degrees)
                * (factor * plainVariance + tau2).squareRoot()
            return Interval(lower: estimate - reach, upper: estimate + reach, level: level)
        }
    }

    /// The Q-profile interval of τ². Undefined: `too-few-sites` for one site, `bad-argument` for the level.
    public func qProfile(level: Double = 0.95) -> Inferred<QProfile> {
        Inferred { () throws(Undefined) in try QProfile(model, level: level) }
    }
}

/// How a prediction interval is made; they differ in the distribution and in the standard error of the summary.
public enum PredictionForm: String, Hashable, Sendable, CaseIterable {
    /// μ ± z √(se² + τ²), metafor's form beside ``ModelTest/normal``.
    case normal = "z"
    /// t on k − 2 degrees of freedom (Higgins, Thompson and Spiegelhalter 2009, J R Stat Soc A 172:137).
    case higginsThompsonSpiegelhalter = "hts-t-k-2"
    /// t on k − 1 degrees of freedom with Wald's standard error (IntHout et al. 2016, BMJ Open 6:e010247, discuss both).
    case studentT = "t-k-1"
    /// t on k − 1 with Hartung and Knapp's standard error, metafor's form beside ``ModelTest/hartungKnapp``.
    case hartungKnapp = "hksj-t-k-1"
    /// The same with the guarded standard error.
    case hartungKnappGuarded = "hksj-guarded-t-k-1"
    /// t on k − 2 with Hartung and Knapp's standard error (Partlett and Riley 2017, Stat Med 36:301).
    case partlettRiley = "partlett-riley-t-k-2"

    /// The form that goes with a test of the summary.
    public init(for test: ModelTest) {
        self =
            switch test {
            case .normal: .normal
            case .studentT: .studentT
            case .hartungKnapp: .hartungKnapp
            case .hartungKnappGuarded: .hartungKnappGuarded
            }
    }

    /// Of Student's t; nil for the normal distribution.
    public func degreesOfFreedom(sites: Int) -> Int? {
        switch self {
        case .normal: nil
        case .studentT, .hartungKnapp, .hartungKnappGuarded: sites - 1
        case .higginsThompsonSpiegelhalter, .partlettRiley: sites - 2
        }
    }

    var test: ModelTest {
        switch self {
        case .normal, .higginsThompsonSpiegelhalter, .studentT: .normal
        case .hartungKnapp, .partlettRiley: .hartungKnapp
        case .hartungKnappGuarded: .hartungKnappGuarded
        }
    }
}
