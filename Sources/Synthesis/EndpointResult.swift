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
    /// Where the value of a new site is expected; absent unless the protocol asks for it.
    public let predictionInterval: Metric.Interval?
    /// The sites in it with what each brought, in the order of the invitation.
    public let sites: [Contribution]
    /// How many sites were invited.
    public let of: Int
    public let leaveOneOut: [LeaveOneOut]?
    /// The estimate in both analysis sets, `worst-case` and `complete-case`; absent when no case failed.
    public let analysisSets: [Metric]?
    /// The sites that released something but withheld what the estimate needs; absent without any.
    public let withheldSites: WithheldSites?
    /// Absent for an endpoint without a hypothesis.
    public let decision: Decision?
    /// Whether the number describes only: an interval across fewer than five sites says little about a new one.
    public let descriptive: Bool

    public struct Heterogeneity: Codable, Hashable, Sendable {
        /// Cochran's Q with `degreesOfFreedom` degrees of freedom; absent for the exact binomial models.
        public let q: Double?
        public let degreesOfFreedom: Int?
        /// Between-site variance on the scale of the synthesis.
        public let tau2: Double
        /// In per cent, 0…100 (Higgins and Thompson 2002, Stat Med 21:1539).
        public let i2: Double?
        /// The chance of a Q as large without variance between sites. This and what follows: only where the protocol
        /// names the method.
        public let p: Double?
        /// Total over within-site variation, at least 0; a ratio.
        public let h2: Double?
        /// Q-profile (Viechtbauer 2007, Stat Med 26:37).
        public let tau2Interval: Metric.Interval?
        /// In per cent.
        public let i2Interval: Metric.Interval?

        enum CodingKeys: String, CodingKey {
            case q, degreesOfFreedom, tau2, i2, p, h2, tau2Interval, i2Interval
        }

        init(
            q: Double? = nil, degreesOfFreedom: Int? = nil, tau2: Double, i2: Double? = nil, p: Double? = nil,
            h2: Double? = nil, tau2Interval: Metric.Interval? = nil, i2Interval: Metric.Interval? = nil
        ) {
            self.q = q
            self.degreesOfFreedom = degreesOfFreedom
            self.tau2 = tau2
            self.i2 = i2
            self.p = p
            self.h2 = h2
            self.tau2Interval = tau2Interval
            self.i2Interval = i2Interval
        }
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

    /// Sites whose part is not known, and what they could make of the estimate.
    public struct WithheldSites: Codable, Hashable, Sendable {
        public let sites: [SiteID]
        /// The least and the greatest estimate over these sites' cases as well, whatever they hold; absent when a site
        /// withheld how many it has, or when the estimate is not one of counts.
        public let bounds: Metric.Interval?

        enum CodingKeys: String, CodingKey { case sites, bounds }
    }

    enum CodingKeys: String, CodingKey {
        case id, role, estimator, weights, varianceMethod, estimate, variance, heterogeneity, predictionInterval, sites
        case of, leaveOneOut, analysisSets, withheldSites, decision, descriptive
    }
}

extension EndpointResult {
    /// - Parameter decision: nil for an endpoint without a hypothesis.
    init(
        _ evaluation: EndpointEvaluation, decision: Decision?, of document: StudyProtocol, releases: [ReleasePredicate]
    ) {
        let endpoint = evaluation.endpoint
        let estimation = evaluation.estimation
        id = endpoint.id
        role = endpoint.role
        estimator = endpoint.estimator
        weights = endpoint.weights
        varianceMethod = endpoint.variance
        of = document.invitedSites.count
        estimate = estimation.metric
        variance = estimation.variance
        heterogeneity = estimation.heterogeneity
        predictionInterval = estimation.predictionInterval
        sites = estimation.sites
        descriptive = evaluation.isDescriptive
        analysisSets = EndpointAnalysisSets.metrics(of: endpoint, in: document.evaluation, releases: releases)
        withheldSites = WithheldSites(endpoint, evaluation: document.evaluation, releases: releases)
        leaveOneOut =
            document.synthesis.leaveOneOut && estimation.sites.count > 1
            ? estimation.sites.map { left in
                LeaveOneOut(
                    without: left.site,
                    estimate: EndpointEstimation(
                        endpoint, transform: document.synthesis.transform,
                        releases: releases.filter { $0.site != left.site }
                    ).metric)
            } : nil
        self.decision = decision
    }
}
