public import Evidence
public import Messages
public import Statistics
public import StudyProtocol

/// The results of a study: what each site released, what follows across sites, and what does not.
///
/// A pure function of the protocol and the releases, so a coordinator and a sceptic with the envelopes get the same
/// bytes. JSON form: `protocols/schema/results.schema.json`.
public struct StudyResults: Codable, Hashable, Sendable {
    public let schemaVersion: String
    public let study: Study
    public let status: StudyState
    /// In the order of the protocol's invitation.
    public let sites: [Site]
    /// Answers added over sites, in the order of the protocol's plan.
    public let pooled: [PooledAnswer]
    public let endpoints: [EndpointResult]
    /// What the endpoints of the family show together; absent under the rule `none`.
    public let family: EndpointFamily?
    /// Everything that some site withheld or could not compute.
    public let withheld: [Withheld]
    public let times: Times

    public struct Study: Codable, Hashable, Sendable {
        public let id: StudyID
        public let title: LocalizedText
        public let protocolIdentifier: String
        public let protocolVersion: String
        public let protocolDigest: Digest
        public let model: Digest?

        enum CodingKeys: String, CodingKey {
            case id, title, protocolIdentifier, protocolVersion, protocolDigest, model
        }
    }

    public struct Site: Codable, Hashable, Sendable {
        public let site: SiteID
        public let state: JobStatusCode
        /// Why, as a fixed code, where a site refused, declined or failed.
        public let reason: String?
        public let answers: [AnswerRecord]
        /// What follows from the site's own answers.
        public let metrics: [AnswerMetrics]

        enum CodingKeys: String, CodingKey { case site, state, reason, answers, metrics }
    }

    public struct AnswerMetrics: Codable, Hashable, Sendable {
        public let name: AnswerName
        public let subgroup: Subgroup?
        public let metrics: [Metric]

        enum CodingKeys: String, CodingKey { case name, subgroup, metrics }
    }

    public struct PooledAnswer: Codable, Hashable, Sendable {
        public let name: AnswerName
        public let subgroup: Subgroup?
        /// How many sites' answers are in it, of how many that were invited.
        public let contributing: Int
        public let of: Int
        /// Absent when no site contributed or the answers cannot be added.
        public let aggregate: ReleasedAggregate?
        public let metrics: [Metric]

        enum CodingKeys: String, CodingKey { case name, subgroup, contributing, of, aggregate, metrics }
    }

    public struct Withheld: Codable, Hashable, Sendable {
        public let site: SiteID
        public let name: AnswerName
        public let subgroup: Subgroup?
        /// `not-releasable`: the whole answer. `cell-protected`: counts in it. Otherwise why the site has no answer.
        public let code: String

        enum CodingKeys: String, CodingKey { case site, name, subgroup, code }
    }

    /// To the minute, as the sites stated them; the only part of the results that depends on when they were made.
    public struct Times: Codable, Hashable, Sendable {
        public let releases: [String: ReleaseTimes]

        enum CodingKeys: String, CodingKey { case releases }
    }

    enum CodingKeys: String, CodingKey {
        case schemaVersion, study, status, sites, pooled, endpoints, family, withheld, times
    }
}

extension StudyResults {
    /// - Parameter contributions: of the invited sites, in any order; a site without one is waiting.
    public init(id: StudyID, protocol document: StudyProtocol, digest: Digest, contributions: [SiteContribution]) {
        let bySite = Dictionary(contributions.map { ($0.site, $0) }, uniquingKeysWith: { first, _ in first })
        let ordered = document.invitedSites.map {
            bySite[$0] ?? SiteContribution(site: $0, status: .queued, release: nil)
        }
        let plan = document.plan
        let signed = ordered.compactMap(\.release)
        let releases = signed.map { $0.keepingPlanned(plan) }

        schemaVersion = "1.0"
        study = Study(
            id: id, title: document.title, protocolIdentifier: document.identifier.description,
            protocolVersion: document.version, protocolDigest: digest, model: document.model?.digest)
        status = StudyState(sites: ordered.map { $0.release == nil ? $0.status.code : .released })
        sites = ordered.map { Site($0) }
        pooled = plan.map { PooledAnswer($0, releases: releases, of: ordered.count) }
        let evaluations = document.endpoints.map { EndpointEvaluation($0, of: document, releases: releases) }
        let verdicts = EndpointVerdicts(document.multiplicity, evaluations, isRunning: status == .running)
        endpoints = evaluations.map {
            EndpointResult($0, decision: verdicts.decisions[$0.endpoint.id], of: document, releases: releases)
        }
        family = verdicts.family
        withheld = signed.flatMap { Withheld.list($0, plan: plan) }
        times = Times(
            releases: Dictionary(
                signed.map { ($0.site.description, $0.times) }, uniquingKeysWith: { first, _ in first }))
    }
}

extension StudyResults.Site {
    init(_ contribution: SiteContribution) {
        site = contribution.site
        state = contribution.release == nil ? contribution.status.code : .released
        reason = contribution.release == nil ? contribution.status.reason : nil
        answers = contribution.release?.answers ?? []
        metrics = answers.compactMap { record in
            guard case .released(let aggregate) = record.answer else { return nil }
            let metrics = SiteMetrics.of(aggregate)
            return metrics.isEmpty
                ? nil : StudyResults.AnswerMetrics(name: record.name, subgroup: record.subgroup, metrics: metrics)
        }
    }
}

extension StudyResults.Withheld {
    /// Every planned answer that is not there, not whole or not what was asked for.
    static func list(_ release: ReleasePredicate, plan: [PlannedAnswer]) -> [StudyResults.Withheld] {
        plan.compactMap { planned in
            let code: String? =
                switch release.answer(to: planned.key) {
                case nil: "missing"
                case .withheld: "not-releasable"
                case .failed(let code): code
                case .released(let aggregate) where !planned.accepts(aggregate): PlannedAnswer.notAsPlanned
                case .released(let aggregate): aggregate.hasProtectedCounts ? "cell-protected" : nil
                }
            return code.map {
                StudyResults.Withheld(
                    site: release.site, name: planned.key.name, subgroup: planned.key.subgroup, code: $0)
            }
        }
    }
}
