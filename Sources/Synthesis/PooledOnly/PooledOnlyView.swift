public import Messages
public import Statistics
public import StudyProtocol

/// The results of a study for somebody who may see the consortium's numbers but not each site's: a site itself, an
/// outsider's report, a public page. Rule 19 of the release gate.
///
/// It holds no number of one site, no name of a site, no weight and nothing that leaves one site out. Every number is
/// over at least three sites, of which none dominates (``PooledRules``); what sites withheld shows as bounds. All answers
/// are over one set of sites, so that no two of them differ by a site; while the study runs nothing is shown, because the
/// next release would show by the difference. JSON form: `protocols/schema/results.schema.json`, `$defs/pooledView`.
public struct PooledOnlyView: Codable, Hashable, Sendable {
    public let schemaVersion: String
    /// `pooled`, in every document of this form.
    public let view: String
    public let study: StudyResults.Study
    public let status: StudyState
    public let rules: PooledRules
    public let sites: Sites
    /// In the order of the protocol's plan.
    public let pooled: [Answer]
    public let endpoints: [Outcome]
    /// Absent without a family, and when one of its endpoints may not be shown.
    public let family: EndpointFamily?

    /// How many sites, never which.
    public struct Sites: Codable, Hashable, Sendable {
        public let invited: Int
        public let released: Int
        /// In every answer that is shown.
        public let answers: Int

        enum CodingKeys: String, CodingKey { case invited, released, answers }
    }

    /// One planned answer over the sites.
    public struct Answer: Codable, Hashable, Sendable {
        public let name: AnswerName
        public let subgroup: Subgroup?
        /// The sites in it; absent when it is withheld.
        public let contributing: Int?
        public let of: Int
        public let counts: [PooledCount]
        /// Only when every count is exact.
        public let metrics: [Metric]
        /// `study-running`, or `not-releasable`: nothing of it may be shown.
        public let withheld: String?

        enum CodingKeys: String, CodingKey { case name, subgroup, contributing, of, counts, metrics, withheld }
    }

    /// One endpoint over the sites.
    public struct Outcome: Codable, Hashable, Sendable {
        public let id: EndpointID
        public let role: Endpoint.Role
        public let estimator: Endpoint.Estimator
        public let weights: Endpoint.Weights?
        public let varianceMethod: Endpoint.VarianceMethod?
        public let contributing: Int?
        public let of: Int
        /// Absent when it is withheld. Rounded to three decimals when it is not over the sites of the answers.
        public let estimate: Metric?
        public let heterogeneity: EndpointResult.Heterogeneity?
        public let predictionInterval: Metric.Interval?
        /// What the sites that withheld their part could make of it; ends at tenths, outwards.
        public let withheldSites: Metric.Interval?
        public let decision: EndpointResult.Decision?
        public let descriptive: Bool
        public let withheld: String?

        enum CodingKeys: String, CodingKey {
            case id, role, estimator, weights, varianceMethod, contributing, of, estimate, heterogeneity
            case predictionInterval, withheldSites, decision, descriptive, withheld
        }
    }

    enum CodingKeys: String, CodingKey {
        case schemaVersion, view, study, status, rules, sites, pooled, endpoints, family
    }

    /// The value of ``view``.
    public static let name = "pooled"
    static let notReleasable = "not-releasable"
    static let studyRunning = "study-running"
}

/// A count with what it counts.
public struct PooledCount: Codable, Hashable, Sendable {
    /// What the count is of, as pairs of texts: `box`, `reason`, a variable and its level, `from` and `to`, `cell`, ...
    public let labels: [String: String]
    public let unit: Unit
    public let number: PooledNumber

    public enum Unit: String, Codable, Hashable, Sendable {
        case cases, patients
    }

    enum CodingKeys: String, CodingKey { case labels, unit, number }
}

extension PooledOnlyView {
    /// - Parameter document: the protocol that the results are of.
    /// - Parameter rules: nil for the defaults with the protocol's minimum count.
    public init(_ results: StudyResults, protocol document: StudyProtocol, rules: PooledRules? = nil) {
        let rules = rules ?? PooledRules(minimumCell: document.disclosure.minimumCell)
        let plan = document.plan
        let isRunning = results.status == .running
        let released = PooledSites(results, plan: plan, rules: rules)
        let answers = isRunning ? [] : PooledAnswers(plan, released: released, rules: rules).answers
        let endpoints = PooledEndpoints(results, released: released, rules: rules)

        schemaVersion = "1.0"
        view = Self.name
        study = results.study
        status = results.status
        self.rules = rules
        sites = Sites(
            invited: results.sites.count, released: released.count, answers: isRunning ? 0 : released.chosen.count)
        pooled =
            isRunning
            ? plan.map { Answer(withheld: Self.studyRunning, of: results.sites.count, key: $0.key) } : answers
        self.endpoints =
            isRunning
            ? results.endpoints.map { Outcome($0, withheld: Self.studyRunning) } : endpoints.shown
        let hidden = Set(self.endpoints.filter { $0.withheld != nil }.map(\.id))
        family = results.family.flatMap { family in
            family.endpoints.contains { hidden.contains($0) } ? nil : endpoints.shown(family)
        }
    }
}

extension PooledOnlyView.Answer {
    init(withheld code: String, of invited: Int, key: AnswerKey) {
        self.init(
            name: key.name, subgroup: key.subgroup, contributing: nil, of: invited, counts: [], metrics: [],
            withheld: code)
    }
}
