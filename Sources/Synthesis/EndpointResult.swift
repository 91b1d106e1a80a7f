public import Evidence
internal import Messages
public import Statistics
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
        /// Absent where the site withheld what its own estimate needs.
        public let estimate: Double?
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
        descriptive = Self.isDescriptive(endpoint.estimator, sites: estimation.sites.count)
        leaveOneOut =
            document.synthesis.leaveOneOut && estimation.sites.count > 1
            ? estimation.sites.map { left in
                LeaveOneOut(
                    without: left.site,
                    estimate: EndpointEstimation(endpoint, releases: releases.filter { $0.site != left.site }).metric)
            } : nil
        decision = endpoint.hypothesis.map {
            Decision($0, endpoint: endpoint, estimation: estimation, sampleSize: document.sampleSize)
        }
    }

    fileprivate static func isDescriptive(_ estimator: Endpoint.Estimator, sites: Int) -> Bool {
        switch estimator {
        case .stratified: false
        case .randomEffects: sites < EndpointRules.minimumSitesForRandomEffects
        case .pooledBounds: true
        }
    }

    /// The results under the protocol's multiplicity rule: in a fixed sequence an endpoint after one that was not met
    /// is not tested. The rule `all` changes no single verdict: its claim is that every one of the family is met.
    static func applying(_ multiplicity: Multiplicity?, to results: [EndpointResult]) -> [EndpointResult] {
        guard let multiplicity, multiplicity.rule == .fixedSequence else { return results }
        let verdicts = multiplicity.family.map { id in results.first { $0.id == id }?.decision?.verdict }
        let met = verdicts.prefix { $0 == .met }.count
        let untested = Set(multiplicity.family.dropFirst(met + 1))
        return results.map { untested.contains($0.id) ? EndpointResult($0, decision: $0.decision?.afterOneNotMet) : $0 }
    }

    /// While a site may still release nothing is decided: a peek must not become a verdict.
    static func whileRunning(_ results: [EndpointResult]) -> [EndpointResult] {
        results.map { EndpointResult($0, decision: $0.decision?.whileRunning) }
    }

    private init(_ result: EndpointResult, decision: Decision?) {
        id = result.id
        role = result.role
        estimator = result.estimator
        weights = result.weights
        varianceMethod = result.varianceMethod
        estimate = result.estimate
        variance = result.variance
        heterogeneity = result.heterogeneity
        sites = result.sites
        of = result.of
        leaveOneOut = result.leaveOneOut
        descriptive = result.descriptive
        self.decision = decision
    }
}

extension EndpointResult.Decision {
    init(
        _ hypothesis: Hypothesis, endpoint: Endpoint, estimation: EndpointEstimation, sampleSize: SampleSize?
    ) {
        bound = hypothesis.bound
        confidence = 1 - hypothesis.oneSidedAlpha
        let obstacle = Self.obstacle(endpoint: endpoint, estimation: estimation, sampleSize: sampleSize)
        if obstacle == nil, let limit = estimation.lowerLimit(confidence: confidence) {
            self.limit = limit
            verdict = limit > hypothesis.bound ? .met : .notMet
            reason = nil
        } else {
            limit = nil
            verdict = .notEvaluable
            reason = obstacle ?? "no-limit"
        }
    }

    /// Why the endpoint may not be decided.
    private static func obstacle(
        endpoint: Endpoint, estimation: EndpointEstimation, sampleSize: SampleSize?
    ) -> String? {
        if estimation.metric.value == nil { return estimation.metric.undefined ?? "no-estimate" }
        let isDescriptive = EndpointResult.isDescriptive(endpoint.estimator, sites: estimation.sites.count)
        if isDescriptive { return "too-few-sites" }
        guard let sampleSize else { return nil }
        if estimation.sites.count < sampleSize.minimumSites { return "too-few-sites" }
        guard let positives = estimation.positives, let negatives = estimation.negatives else { return "withheld" }
        if positives < sampleSize.minimumPositives { return "too-few-positives" }
        if negatives < sampleSize.minimumNegatives { return "too-few-negatives" }
        return nil
    }

    /// The decision that a family's rule leaves of this one.
    private init(_ decision: EndpointResult.Decision, notEvaluable reason: String) {
        verdict = .notEvaluable
        limit = nil
        bound = decision.bound
        confidence = decision.confidence
        self.reason = reason
    }

    /// The same, while sites may still release.
    var whileRunning: EndpointResult.Decision { Self(self, notEvaluable: "study-running") }

    /// The same, had an earlier endpoint of a fixed sequence not been met.
    var afterOneNotMet: EndpointResult.Decision { Self(self, notEvaluable: "earlier-endpoint-not-met") }
}
