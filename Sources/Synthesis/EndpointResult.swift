public import Evidence
internal import Messages
public import StudyProtocol

/// One endpoint across sites: its estimate, how it was obtained, and what that decides.
public struct EndpointResult: Codable, Hashable, Sendable {
    public let id: EndpointID
    public let role: Endpoint.Role
    public let estimator: Endpoint.Estimator
    public let weights: Endpoint.Weights?
    public let varianceMethod: Endpoint.VarianceMethod?
    /// The estimate with its interval, or the reason why there is none.
    public let estimate: Metric
    /// On the scale of the metric (of the logit for `random-effects`).
    public let variance: Double?
    public let heterogeneity: Heterogeneity?
    /// The sites in it with what each brought, in the order of the invitation.
    public let sites: [Contribution]
    /// How many sites were invited.
    public let of: Int
    public let leaveOneOut: [LeaveOneOut]?
    /// Absent for an endpoint without a hypothesis.
    public let decision: Decision?
    /// Whether the number describes only: an interval across fewer than five sites says little about a new one.
    public let descriptive: Bool

    public struct Heterogeneity: Codable, Hashable, Sendable {
        /// Cochran's Q with `degreesOfFreedom` degrees of freedom.
        public let q: Double
        public let degreesOfFreedom: Int
        /// Between-site variance on the logit scale.
        public let tau2: Double
        /// 0…1.
        public let i2: Double

        enum CodingKeys: String, CodingKey { case q, degreesOfFreedom, tau2, i2 }
    }

    public struct Contribution: Codable, Hashable, Sendable {
        public let site: SiteID
        public let estimate: Double
        public let variance: Double?
        /// The site's part of the stratified estimate, 0…1.
        public let share: Double?

        enum CodingKeys: String, CodingKey { case site, estimate, variance, share }
    }

    public struct LeaveOneOut: Codable, Hashable, Sendable {
        public let without: SiteID
        public let estimate: Metric

        enum CodingKeys: String, CodingKey { case without, estimate }
    }

    public struct Decision: Codable, Hashable, Sendable {
        public let verdict: Verdict
        /// The lower confidence limit that decides; absent when not evaluable.
        public let limit: Double?
        /// What the limit must exceed.
        public let bound: Double
        /// Of the limit, one-sided.
        public let confidence: Double
        /// Why the endpoint is not evaluable.
        public let reason: String?

        enum CodingKeys: String, CodingKey { case verdict, limit, bound, confidence, reason }
    }

    public enum Verdict: String, Codable, Hashable, Sendable {
        case met
        case notMet = "not-met"
        /// Too few sites or cases, or no estimate: never a pass.
        case notEvaluable = "not-evaluable"
    }

    enum CodingKeys: String, CodingKey {
        case id, role, estimator, weights, varianceMethod, estimate, variance, heterogeneity, sites, of, leaveOneOut
        case decision, descriptive
    }
}

extension EndpointResult {
    /// Fewer sites than this make random-effects limits descriptive (`docs/regulator/statistics.md`).
    static let fewestSitesForInference = 5

    init(_ endpoint: Endpoint, of document: StudyProtocol, releases: [ReleasePredicate]) {
        let estimation = EndpointEstimation(endpoint, releases: releases)
        id = endpoint.id
        role = endpoint.role
        estimator = endpoint.estimator
        weights = endpoint.weights
        varianceMethod = endpoint.variance
        of = document.invitedSites.count
        estimate = estimation.metric
        variance = estimation.variance
        heterogeneity = estimation.heterogeneity
        sites = estimation.sites
        descriptive =
            switch endpoint.estimator {
            case .stratified: false
            case .randomEffects: estimation.sites.count < Self.fewestSitesForInference
            case .pooledBounds: true
            }
        leaveOneOut =
            document.synthesis.leaveOneOut && estimation.sites.count > 1
            ? estimation.sites.map { left in
                LeaveOneOut(
                    without: left.site,
                    estimate: EndpointEstimation(endpoint, releases: releases.filter { $0.site != left.site }).metric)
            } : nil
        decision = endpoint.hypothesis.map {
            Decision(
                $0, endpoint: endpoint, estimation: estimation, sampleSize: document.sampleSize, releases: releases)
        }
    }
}

extension EndpointResult.Decision {
    init(
        _ hypothesis: Hypothesis, endpoint: Endpoint, estimation: EndpointEstimation, sampleSize: SampleSize?,
        releases: [ReleasePredicate]
    ) {
        bound = hypothesis.bound
        confidence = 1 - hypothesis.oneSidedAlpha
        let obstacle = Self.obstacle(estimation: estimation, sampleSize: sampleSize)
        let limit = obstacle == nil ? estimation.lowerLimit(confidence: confidence) : nil
        if let limit {
            self.limit = limit
            verdict = limit > hypothesis.bound ? .met : .notMet
            reason = nil
        } else {
            self.limit = nil
            verdict = .notEvaluable
            reason = obstacle ?? estimation.metric.undefined ?? "no-limit"
        }
    }

    /// Why the endpoint may not be decided although it has an estimate.
    private static func obstacle(estimation: EndpointEstimation, sampleSize: SampleSize?) -> String? {
        if estimation.metric.undefined != nil { return nil }
        guard let sampleSize else { return nil }
        if estimation.sites.count < sampleSize.minimumSites { return "too-few-sites" }
        if let positives = estimation.positives, positives < sampleSize.minimumPositives { return "too-few-positives" }
        if let negatives = estimation.negatives, negatives < sampleSize.minimumNegatives { return "too-few-negatives" }
        return nil
    }
}
