/// A pre-specified question to the evaluation, with the one way in which it is answered.
public struct Endpoint: Hashable, Sendable {
    public let id: EndpointID
    public let role: Role
    public let metric: Metric
    /// Of metrics at a threshold (`sensitivity`, `specificity`).
    public let operatingPoint: OperatingPointID?
    public let estimator: Estimator
    /// Of the estimator `stratified`; nil for the others.
    public let weights: Weights?
    /// The variance within a site; nil for `pooled-bounds`, which has none.
    public let variance: VarianceMethod?
    /// How the estimator `random-effects` combines sites, where the protocol names it; ``combination`` is what holds.
    public let randomEffects: RandomEffectsMethod?
    /// Where the value of a new site is expected, if the protocol asks for it; of `random-effects`.
    public let predictionInterval: PredictionIntervalForm?
    public let hypothesis: Hypothesis?
    /// Nil for `pooled-bounds`, whose answer is an interval already.
    public let interval: IntervalRequest?

    public enum Role: String, Codable, Hashable, Sendable, CaseIterable {
        case primary
        case secondary
        case sensitivityAnalysis = "sensitivity-analysis"
    }

    public enum Metric: String, Codable, Hashable, Sendable, CaseIterable {
        /// Area under the receiver operating characteristic curve, ties counted as one half.
        case auroc
        case sensitivity
        case specificity
    }

    /// Across sites.
    public enum Estimator: String, Codable, Hashable, Sendable, CaseIterable {
        /// The weighted mean of the sites' values.
        case stratified
        /// A meta-analysis on the scale of `synthesis.transform`: a statement about a new site.
        case randomEffects = "random-effects"
        /// All cases together, as bounds from what the sites released.
        case pooledBounds = "pooled-bounds"
    }

    /// A site's weight in the stratified mean.
    public enum Weights: String, Codable, Hashable, Sendable, CaseIterable {
        /// Positives times negatives: the number of pairs that an AUROC compares.
        case pairs
        /// The number of cases in the metric's denominator.
        case cases
        case equal
        case inverseVariance = "inverse-variance"
    }

    public enum VarianceMethod: String, Codable, Hashable, Sendable, CaseIterable {
        /// Obuchowski 1997, Biometrics 53:567: AUROC of cases clustered in patients.
        case obuchowski
        /// DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837: AUROC of independent cases.
        case delong
        /// From patient totals: a proportion of cases clustered in patients.
        case cluster
        /// A proportion of independent cases.
        case binomial

        /// Whether it allows for several cases of one patient.
        public var isClustered: Bool { self == .obuchowski || self == .cluster }
    }
}

extension Endpoint {
    /// How sites are combined by the estimator `random-effects`.
    public enum RandomEffectsMethod: String, Codable, Hashable, Sendable, CaseIterable {
        /// The variance between sites by moments. DerSimonian and Laird 1986, Control Clin Trials 7:177.
        case derSimonianLaird = "dersimonian-laird"
        /// Paule and Mandel 1982, J Res Natl Bur Stand 87:377.
        case pauleMandel = "paule-mandel"
        /// Restricted maximum likelihood. Viechtbauer 2005, J Educ Behav Stat 30:261.
        case restrictedMaximumLikelihood = "reml"
        /// Maximum likelihood. Hardy and Thompson 1996, Stat Med 15:619.
        case maximumLikelihood = "ml"
        /// No variance between sites: the weighted mean by inverse variance. It says nothing of a new site.
        case fixedEffect = "fixed-effect"
        /// A proportion with the exact binomial likelihood, alone. Stijnen, Hamza and Özdemir 2010, Stat Med 29:3046.
        case binomialUnivariate = "binomial-univariate"
        /// Sensitivity and specificity together, exact binomial likelihood. Chu and Cole 2006, J Clin Epidemiol 59:1331.
        case binomialBivariate = "binomial-bivariate"

        /// Whether counts of independent cases go in rather than sites' estimates with their variances.
        public var isExactBinomial: Bool { self == .binomialUnivariate || self == .binomialBivariate }
    }

    /// The distribution and the standard error of a prediction interval. The names are those of the meta-analysis.
    public enum PredictionIntervalForm: String, Codable, Hashable, Sendable, CaseIterable {
        case normal = "z"
        /// Student's t with k - 2 degrees of freedom. Higgins, Thompson and Spiegelhalter 2009, J R Stat Soc A 172:137.
        case higginsThompsonSpiegelhalter = "hts-t-k-2"
        /// Student's t with k - 1 degrees of freedom.
        case studentT = "t-k-1"
        /// The same with Hartung and Knapp's standard error.
        case hartungKnapp = "hksj-t-k-1"
        /// The same, the standard error never below the classical one.
        case hartungKnappGuarded = "hksj-guarded-t-k-1"
        /// Hartung and Knapp's standard error with k - 2. Partlett and Riley 2017, Stat Med 36:301.
        case partlettRiley = "partlett-riley-t-k-2"
    }

    /// How the estimator `random-effects` combines sites: what the protocol names, else DerSimonian and Laird, and of
    /// independent proportions the bivariate binomial model.
    public var combination: RandomEffectsMethod { Self.combination(randomEffects, variance) }

    static func combination(_ named: RandomEffectsMethod?, _ variance: VarianceMethod?) -> RandomEffectsMethod {
        named ?? (variance == .binomial ? .binomialBivariate : .derSimonianLaird)
    }
}

/// What an endpoint is to show.
public struct Hypothesis: Hashable, Sendable {
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// The value is above `goal`.
        case superiorityToGoal = "superiority-to-goal"
        /// The value is above `goal` less `margin`.
        case nonInferiority = "non-inferiority"
        /// The value is above `goal` less `margin` and below `goal` plus `margin`: two one-sided tests (Schuirmann 1987,
        /// J Pharmacokinet Biopharm 15:657).
        case equivalence
    }

    public let kind: Kind
    /// Between 0 and 1, both excluded.
    public let goal: Double
    /// Of non-inferiority and equivalence; nil otherwise.
    public let margin: Double?
    /// The chance of a false claim, above 0 and at most 0.2.
    public let alpha: Double
    /// 1 or 2.
    public let sides: Int

    /// The value that the lower confidence limit must exceed.
    public var bound: Double { goal - (margin ?? 0) }

    /// The value that the upper confidence limit must stay below; nil unless equivalence is to be shown.
    public var upperBound: Double? { kind == .equivalence ? goal + (margin ?? 0) : nil }

    /// The chance of a false claim in the direction that is claimed: alpha, halved for a two-sided test.
    public var oneSidedAlpha: Double { sides == 2 ? alpha / 2 : alpha }
}

/// How an endpoint's uncertainty is stated.
public struct IntervalRequest: Hashable, Sendable {
    public enum Method: String, Codable, Hashable, Sendable, CaseIterable {
        /// Estimate and standard error on the logit scale, and back.
        case waldLogit = "wald-logit"
        /// Estimate and standard error on the scale of the metric.
        case wald
        /// Wilson 1927, of independent cases.
        case wilson
        /// Wilson with the effective number of cases and Student's t, of clustered cases.
        case wilsonEffectiveSize = "wilson-effective-size"
        /// Hartung-Knapp-Sidik-Jonkman, never narrower than the classical interval.
        case hartungKnappGuarded = "hksj-guarded"
        /// Hartung-Knapp-Sidik-Jonkman as published: narrower than `z` where sites happen to agree.
        case hartungKnapp = "hksj"
        /// The classical interval of a meta-analysis, with the normal distribution.
        case normal = "z"
    }

    public let method: Method
    /// Two-sided coverage, from 0.5 up to, but not including, 1.
    public let level: Double
}
