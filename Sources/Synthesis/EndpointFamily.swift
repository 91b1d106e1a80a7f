import Statistics
public import StudyProtocol

/// What the endpoints of a protocol's family show together.
public struct EndpointFamily: Codable, Hashable, Sendable {
    public let rule: Multiplicity.Rule
    /// In the order of the protocol.
    public let endpoints: [EndpointID]
    public let verdict: Verdict
    /// The one-sided chance of a false claim in the whole family; absent where the endpoints have different ones.
    public let alpha: Double?
    /// Of the rule `all`: the largest p value of the family, that of the claim that every endpoint is met (Berger 1982,
    /// Technometrics 24:295). Absent when an endpoint is not evaluable.
    public let p: Double?

    public enum Verdict: String, Codable, Hashable, Sendable {
        /// Every endpoint of the family is met.
        case met
        /// Some are, which says something only under a rule other than `all`.
        case partlyMet = "partly-met"
        /// No claim: none is met, or under the rule `all` not every one.
        case notMet = "not-met"
        /// None is met and none could be missed: nothing was decided. Under the rule `all`: none is missed, but not
        /// every one was decided.
        case notEvaluable = "not-evaluable"
    }

    enum CodingKeys: String, CodingKey { case rule, endpoints, verdict, alpha, p }
}

/// The decisions of all endpoints under the protocol's multiplicity rule.
struct EndpointVerdicts {
    private(set) var decisions: [EndpointID: EndpointResult.Decision]
    private(set) var family: EndpointFamily?

    /// - Parameter isRunning: while a site may still release nothing is decided: a peek must not become a verdict.
    init(_ multiplicity: Multiplicity?, _ evaluations: [EndpointEvaluation], isRunning: Bool) {
        decisions = [:]
        for evaluation in evaluations { decisions[evaluation.endpoint.id] = evaluation.decision() }
        guard let multiplicity, multiplicity.rule != .none else {
            if isRunning { withholdVerdicts() }
            return
        }
        let members = multiplicity.family.compactMap { id in evaluations.first { $0.endpoint.id == id } }
        let alphas = Set(members.compactMap(\.endpoint.hypothesis?.oneSidedAlpha))
        let alpha = alphas.count == 1 ? alphas.first : nil
        switch multiplicity.rule {
        case .none, .all: break
        case .fixedSequence: decideInSequence(members, alpha: alpha)
        case .bonferroni: alpha.map { divide(members, alpha: $0) }
        case .holm: alpha.map { stepDown(members, alpha: $0) }
        }
        // `MultiplicityCheck` refuses a divided alpha that is not one number; without it nothing may pass.
        if multiplicity.rule.dividesAlpha, alpha == nil { refuse(members) }
        if isRunning { withholdVerdicts() }
        let found = members.compactMap { decisions[$0.endpoint.id] }
        let p = found.compactMap(\.p)
        family = EndpointFamily(
            rule: multiplicity.rule, endpoints: multiplicity.family,
            verdict: Self.verdict(found.map(\.verdict), rule: multiplicity.rule), alpha: alpha,
            p: multiplicity.rule == .all && alpha != nil && p.count == members.count ? p.max() : nil)
    }

    private static func verdict(_ verdicts: [EndpointResult.Verdict], rule: Multiplicity.Rule) -> EndpointFamily.Verdict
    {
        if verdicts.allSatisfy({ $0 == .met }), !verdicts.isEmpty { return .met }
        let isMissed = verdicts.contains(.notMet)
        if verdicts.contains(.met), rule != .all { return .partlyMet }
        return isMissed ? .notMet : .notEvaluable
    }

    private mutating func withholdVerdicts() {
        decisions = decisions.mapValues { $0.notEvaluable("study-running") }
    }

    private mutating func refuse(_ members: [EndpointEvaluation]) {
        for member in members {
            decisions[member.endpoint.id] = decisions[member.endpoint.id]?.notEvaluable("no-family-alpha")
        }
    }

    /// After an endpoint that was not met none is tested.
    private mutating func decideInSequence(_ members: [EndpointEvaluation], alpha: Double?) {
        var largest = 0.0
        var isOpen = true
        for id in members.map(\.endpoint.id) {
            guard isOpen else {
                decisions[id] = decisions[id]?.notEvaluable("earlier-endpoint-not-met")
                continue
            }
            isOpen = decisions[id]?.verdict == .met
            guard let alpha, let p = decisions[id]?.p else { continue }
            largest = max(largest, p)
            decisions[id] = decisions[id]?.adjusted(largest, alpha: alpha)
        }
    }

    private mutating func divide(_ members: [EndpointEvaluation], alpha: Double) {
        let adjusted = AdjustedPValues.bonferroni(members.map { $0.pValue ?? 1 }).value
        for (index, member) in members.enumerated() {
            decisions[member.endpoint.id] = member.decision(alpha: alpha / Double(members.count))
            adjust(member, adjusted?[index], alpha: alpha)
        }
    }

    /// From the smallest p value on; an endpoint that is not evaluable counts as one that is not met.
    private mutating func stepDown(_ members: [EndpointEvaluation], alpha: Double) {
        let p = members.map { $0.pValue ?? 1 }
        let adjusted = AdjustedPValues.holm(p).value
        let order = members.indices.sorted { (p[$0], $0) < (p[$1], $1) }
        var rejected = 0
        var isOpen = true
        for index in order {
            let member = members[index]
            // Those that are left once one is missed are at the level at which it was.
            decisions[member.endpoint.id] = member.decision(alpha: alpha / Double(members.count - rejected))
            if isOpen, decisions[member.endpoint.id]?.verdict == .met { rejected += 1 } else { isOpen = false }
            adjust(member, adjusted?[index], alpha: alpha)
        }
    }

    private mutating func adjust(_ member: EndpointEvaluation, _ p: Double?, alpha: Double) {
        guard let p, let decision = decisions[member.endpoint.id], decision.p != nil else { return }
        decisions[member.endpoint.id] = decision.adjusted(p, alpha: alpha)
    }
}
