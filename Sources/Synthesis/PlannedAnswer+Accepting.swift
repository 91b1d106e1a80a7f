import Messages
import Statistics
import StudyProtocol

extension PlannedAnswer {
    /// The code of an answer that is not what the protocol asked for: it is shown, and enters nothing.
    static let notAsPlanned = "not-as-planned"

    /// Whether an aggregate answers this question. A signature says who answered, not that the answer is to the
    /// question: counts at another threshold or of another variable must not be added up.
    func accepts(_ aggregate: ReleasedAggregate) -> Bool {
        switch (what, aggregate) {
        case (.flow, .flow), (.roc, .roc), (.scoreSteps, .scoreSteps): true
        case (.confusion(let point), .confusion(let confusion)):
            confusion.operatingPoint == point.id.rawValue
                && Self.isSame(confusion.threshold, point.threshold.description)
        case (_, .noisyCounts(let noisy)): accepts(noisy.subject)
        case (.statistic(let statistic), _): Self.accepts(aggregate, for: statistic)
        default: false
        }
    }

    /// Noisy counts stand for the answer that they say; a site may add noise where the protocol asks for none.
    private func accepts(_ subject: ReleasedNoisyCounts.Subject) -> Bool {
        switch (what, subject) {
        case (.flow, .flow), (.scoreSteps, .scoreSteps): return true
        case (.confusion(let point), .confusion(let operatingPoint, let threshold)):
            return operatingPoint == point.id.rawValue && Self.isSame(threshold, point.threshold.description)
        case (.statistic(let statistic), .histogram(let variable, let resolution, let by, _, let edges)):
            guard case .histogram(let asked, let askedEdges, let askedBy) = statistic.kind else { return false }
            return variable == asked.rawValue && by == askedBy?.rawValue
                && edges == askedEdges.units.map(resolution.text)
        case (.statistic(let statistic), .table(let axes)):
            guard case .table(let asked) = statistic.kind else { return false }
            return axes.map(\.variable) == asked.map(\.rawValue)
        default: return false
        }
    }

    private static func accepts(_ aggregate: ReleasedAggregate, for statistic: Statistic) -> Bool {
        switch (statistic.kind, aggregate) {
        case (.summary(let variable, let by), .moments(let moments)):
            moments.variable == variable.rawValue && moments.by == by?.rawValue
        case (.histogram(let variable, let edges, let by), .histogram(let histogram)):
            histogram.variable == variable.rawValue && histogram.by == by?.rawValue
                && histogram.edges == edges.units.map(histogram.resolution.text)
        case (.table(let axes), .table(let table)): table.axes.map(\.variable) == axes.map(\.rawValue)
        default: false
        }
    }

    /// Two decimal texts of the same number; a threshold has at most as many places as a score's resolution.
    private static func isSame(_ left: String, _ right: String) -> Bool { Double(left) == Double(right) }
}

extension ReleasePredicate {
    /// The release with answers that are not to the protocol's questions taken as failed.
    func keepingPlanned(_ plan: [PlannedAnswer]) -> ReleasePredicate {
        let questions = Dictionary(plan.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        return ReleasePredicate(
            site: site, study: study, job: job, studyProtocol: studyProtocol, model: model, agent: agent,
            policy: policy, catalogue: catalogue, times: times,
            answers: answers.map { record in
                guard case .released(let aggregate) = record.answer,
                    let planned = questions[record.key], !planned.accepts(aggregate)
                else { return record }
                return AnswerRecord(key: record.key, answer: .failed(code: PlannedAnswer.notAsPlanned))
            })
    }
}
