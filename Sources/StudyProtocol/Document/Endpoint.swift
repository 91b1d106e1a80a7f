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
        /// DerSimonian-Laird on the scale of `synthesis.transform`: a statement about a new site.
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

/// What an endpoint is to show.
public struct Hypothesis: Hashable, Sendable {
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// The value is above `goal`.
        case superiorityToGoal = "superiority-to-goal"
        /// The value is above `goal` less `margin`.
        case nonInferiority = "non-inferiority"
    }

    public let kind: Kind
    /// Between 0 and 1, both excluded.
    public let goal: Double
    /// Of non-inferiority; nil otherwise.
    public let margin: Double?
    /// The chance of a false claim, above 0 and at most 0.2.
    public let alpha: Double
    /// 1 or 2.
    public let sides: Int

    /// The value that the lower confidence limit must exceed.
    public var bound: Double { goal - (margin ?? 0) }

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
    }

    public let method: Method
    /// Two-sided coverage, from 0.5 up to, but not including, 1.
    public let level: Double
}
