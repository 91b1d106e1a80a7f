import Messages
import Statistics
import StudyProtocol

extension StudyResults.PooledAnswer {
    /// Adds the sites' answers to one planned question. What is not there is counted, never taken as zero.
    init(_ planned: PlannedAnswer, releases: [ReleasePredicate], of invited: Int) {
        let parts = releases.compactMap { $0.answer(to: planned.key)?.aggregate }
        name = planned.key.name
        subgroup = planned.key.subgroup
        contributing = parts.count
        of = invited
        if case .roc = planned.what {
            // A ROC summary is of one site's pairs; across sites an endpoint's estimator speaks.
            aggregate = nil
            metrics = []
        } else {
            let sum = (try? Pooled.sum(parts))?.value
            aggregate = sum
            metrics = sum.map(SiteMetrics.of) ?? []
        }
    }
}
