import Messages
import Statistics
import StudyProtocol

extension EndpointResult {
    /// What an endpoint's confidence limits say of its hypothesis.
    public struct Decision: Codable, Hashable, Sendable {
        public let verdict: Verdict
        /// The lower confidence limit that decides; absent when not evaluable.
        public let limit: Double?
        /// What the limit must exceed.
        public let bound: Double
        /// The upper confidence limit, of equivalence; absent when not evaluable.
        public let upperLimit: Double?
        /// What the upper limit must stay below, of equivalence.
        public let upperBound: Double?
        /// Of each limit, one-sided: 1 - alpha, after the family's rule has divided alpha.
        public let confidence: Double
        /// One-sided, before any adjustment; below 1 - `confidence` exactly when the endpoint is met. Of equivalence the
        /// larger of the two. Absent when not evaluable.
        public let p: Double?
        /// Adjusted by the family's rule: below the family's alpha exactly when the endpoint is met. Absent where the
        /// rule has none.
        public let adjustedP: Double?
        /// Why the endpoint is not evaluable.
        public let reason: String?

        enum CodingKeys: String, CodingKey {
            case verdict, limit, bound, upperLimit, upperBound, confidence, p, adjustedP, reason
        }
    }

    public enum Verdict: String, Codable, Hashable, Sendable {
        case met
        case notMet = "not-met"
        /// Too few sites or cases, or no estimate: never a pass.
        case notEvaluable = "not-evaluable"
    }
}

/// An endpoint with its estimate, ready to be decided at any alpha.
struct EndpointEvaluation {
    let endpoint: Endpoint
    let estimation: EndpointEstimation
    /// Whether the number describes only: an interval across fewer than five sites says little about a new one.
    let isDescriptive: Bool
    /// Why the endpoint may not be decided; nil when it may.
    private let obstacle: String?

    init(_ endpoint: Endpoint, of document: StudyProtocol, releases: [ReleasePredicate]) {
        self.init(
            endpoint,
            estimation: EndpointEstimation(endpoint, transform: document.synthesis.transform, releases: releases),
            sampleSize: document.sampleSize)
    }

    init(_ endpoint: Endpoint, estimation: EndpointEstimation, sampleSize: SampleSize?) {
        self.endpoint = endpoint
        self.estimation = estimation
        isDescriptive =
            switch endpoint.estimator {
            case .stratified: false
            case .randomEffects: estimation.sites.count < EndpointRules.minimumSitesForRandomEffects
            case .pooledBounds: true
            }
        obstacle = Self.obstacle(estimation, isDescriptive: isDescriptive, sampleSize: sampleSize)
    }

    private static func obstacle(
        _ estimation: EndpointEstimation, isDescriptive: Bool, sampleSize: SampleSize?
    ) -> String? {
        if estimation.metric.value == nil { return estimation.metric.undefined ?? "no-estimate" }
        if isDescriptive { return "too-few-sites" }
        guard let sampleSize else { return nil }
        if estimation.sites.count < sampleSize.minimumSites { return "too-few-sites" }
        guard let positives = estimation.positives, let negatives = estimation.negatives else { return "withheld" }
        if positives < sampleSize.minimumPositives { return "too-few-positives" }
        if negatives < sampleSize.minimumNegatives { return "too-few-negatives" }
        return nil
    }

    /// The one-sided p value of the hypothesis; of equivalence the larger of two. Nil when it may not be decided.
    var pValue: Double? {
        guard obstacle == nil, let hypothesis = endpoint.hypothesis, let limits = estimation.limits,
            let above = limits.pValue(above: hypothesis.bound)
        else { return nil }
        guard let upperBound = hypothesis.upperBound else { return above }
        return limits.pValue(below: upperBound).map { max(above, $0) }
    }

    /// What the confidence limits at 1 - alpha decide.
    ///
    /// - Parameter alpha: one-sided; the hypothesis's own where the family's rule leaves it alone.
    /// - Returns: nil without a hypothesis.
    func decision(alpha: Double? = nil) -> EndpointResult.Decision? {
        guard let hypothesis = endpoint.hypothesis else { return nil }
        let alpha = alpha ?? hypothesis.oneSidedAlpha
        let confidence = 1 - alpha
        let upperLimit = hypothesis.upperBound == nil ? nil : estimation.limits?.upper(confidence: confidence)
        guard obstacle == nil, let p = pValue, let limit = estimation.limits?.lower(confidence: confidence),
            hypothesis.upperBound == nil || upperLimit != nil
        else {
            return EndpointResult.Decision(hypothesis, confidence: confidence, notEvaluable: obstacle ?? "no-limit")
        }
        let isBelow = upperLimit.flatMap { upper in hypothesis.upperBound.map { upper < $0 } } ?? true
        let isMet = limit > hypothesis.bound && isBelow
        return EndpointResult.Decision(
            verdict: isMet ? .met : .notMet, limit: limit, bound: hypothesis.bound, upperLimit: upperLimit,
            upperBound: hypothesis.upperBound, confidence: confidence, p: Self.agreeing(p, isMet: isMet, alpha: alpha),
            adjustedP: nil, reason: nil)
    }

    /// The limits decide. They and p come from one statistic, so that only the last rounding can part them: then p gives
    /// way.
    static func agreeing(_ p: Double, isMet: Bool, alpha: Double) -> Double {
        isMet ? min(p, alpha.nextDown) : max(p, alpha)
    }
}

extension EndpointResult.Decision {
    fileprivate init(_ hypothesis: Hypothesis, confidence: Double, notEvaluable reason: String) {
        self.init(
            verdict: .notEvaluable, limit: nil, bound: hypothesis.bound, upperLimit: nil,
            upperBound: hypothesis.upperBound, confidence: confidence, p: nil, adjustedP: nil, reason: reason)
    }

    /// The same without a verdict, as the state of the study or the family's rule has it.
    func notEvaluable(_ reason: String) -> EndpointResult.Decision {
        EndpointResult.Decision(
            verdict: .notEvaluable, limit: nil, bound: bound, upperLimit: nil, upperBound: upperBound,
            confidence: confidence, p: nil, adjustedP: nil, reason: reason)
    }

    /// The same with the p value that the family's rule makes of it.
    func adjusted(_ p: Double, alpha: Double) -> EndpointResult.Decision {
        EndpointResult.Decision(
            verdict: verdict, limit: limit, bound: bound, upperLimit: upperLimit, upperBound: upperBound,
            confidence: confidence, p: self.p,
            adjustedP: EndpointEvaluation.agreeing(p, isMet: verdict == .met, alpha: alpha), reason: reason)
    }
}
