import Evidence
import Messages
import Statistics
import StudyProtocol

/// The sites that released something, and the set of them that every shown answer is over.
struct PooledSites {
    /// What was asked for and released, by question, in the order of the sites.
    private let answers: [[AnswerKey: ReleasedAggregate]]
    private let names: [SiteID]
    let invited: Int
    /// Indices into the sites, ascending; empty when no set is large enough.
    let chosen: [Int]

    var count: Int { answers.count }

    init(_ results: StudyResults, plan: [PlannedAnswer], rules: PooledRules) {
        let released = results.sites.filter { $0.state == .released }
        answers = released.map { site in
            plan.reduce(into: [:]) { found, planned in
                guard let aggregate = site.answers.first(where: { $0.key == planned.key })?.answer.aggregate,
                    planned.accepts(aggregate)
                else { return }
                found[planned.key] = aggregate
            }
        }
        names = released.map(\.site)
        invited = results.sites.count

        // Two answers over sets that differ by a site give that site away. One set for all: the one with which most
        // answers of most sites are shown.
        let found = answers
        let holders = plan.map { planned in found.indices.filter { found[$0][planned.key] != nil } }
        var best: (score: Int, sites: [Int]) = (0, [])
        let candidates = [Array(found.indices)] + holders
        for sites in candidates where sites.count >= rules.minimumSites {
            let wanted = Set(sites)
            let score = sites.count * holders.count { wanted.isSubset(of: $0) }
            if score > best.score || (score == best.score && sites.count > best.sites.count) { best = (score, sites) }
        }
        chosen = best.sites
    }

    /// The answer of every chosen site; nil when one of them has none.
    func parts(_ key: AnswerKey) -> [ReleasedAggregate]? {
        let parts = chosen.compactMap { answers[$0][key] }
        return parts.count == chosen.count && !parts.isEmpty ? parts : nil
    }

    /// The answer of one site, chosen or not.
    func answer(_ key: AnswerKey, of site: SiteID) -> ReleasedAggregate? {
        names.firstIndex(of: site).flatMap { answers[$0][key] }
    }

    func isChosen(_ sites: [SiteID]) -> Bool { Set(sites) == Set(chosen.map { names[$0] }) }
}
