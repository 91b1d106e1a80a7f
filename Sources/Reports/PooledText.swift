import Foundation
import Messages
import Statistics
import StudyProtocol
public import Synthesis
public import TextCatalogue

/// The pooled-only view as plain text: a page to read, not a format to parse.
public struct PooledText {
    private let view: PooledOnlyView
    private let language: Language

    public init(_ view: PooledOnlyView, language: Language) {
        self.view = view
        self.language = language
    }

    /// Sections without content are left out.
    public var text: String {
        [heading, endpoints, counts, metrics, withheld].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private var heading: String {
        let study = view.study
        let rules = view.rules
        var lines = [
            study.title.text(in: language),
            "\(study.protocolIdentifier)@\(study.protocolVersion) (\(study.protocolDigest)): "
                + say(.studyState(view.status.rawValue)), say(.pooledViewTitle),
            say(
                .pooledViewRules(
                    minimumSites: rules.minimumSites, largestShare: rules.largestShare, remainder: rules.remainder,
                    minimumCell: rules.minimumCell)),
            say(
                .pooledViewSites(
                    answers: view.sites.answers, released: view.sites.released, invited: view.sites.invited)),
        ]
        if view.status == .running { lines.append(say(.pooledStudyRunning)) }
        return lines.joined(separator: "\n")
    }

    private var endpoints: String {
        let lines = view.endpoints.compactMap { endpoint -> String? in
            guard let estimate = endpoint.estimate else { return nil }
            var line =
                "  \(endpoint.id) (\(say(.endpointRole(endpoint.role.rawValue)))): \(estimate.name), "
                + "\(endpoint.estimator.rawValue)\n      "
            line += estimate.value.map { MetricText.number($0) + "  " } ?? ""
            line += estimate.interval.map { interval($0) + "  " } ?? ""
            line += say(.sitesOf(endpoint.contributing ?? 0, endpoint.of))
            if endpoint.descriptive { line += "  [\(say(.descriptiveWord))]" }
            if let spread = endpoint.heterogeneity {
                line += "\n      tau2 = \(MetricText.number(spread.tau2))"
                line += spread.i2.map { ", I2 = \(MetricText.number($0)) %" } ?? ""
            }
            line += endpoint.predictionInterval.map { "\n      \(say(.predictionWord)): \(interval($0))" } ?? ""
            if let decision = endpoint.decision {
                line += "\n      " + say(.verdict(decision.verdict.rawValue)).uppercased()
                if let limit = decision.limit {
                    line +=
                        ": "
                        + say(
                            .limitAgainst(
                                MetricText.number(limit), MetricText.number(decision.confidence * 100) + " %",
                                MetricText.number(decision.bound)))
                } else {
                    line += decision.reason.map { ": \($0)" } ?? ""
                }
            }
            return line
        }
        return lines.isEmpty ? "" : say(.sectionEndpoints) + "\n" + lines.joined(separator: "\n")
    }

    private var counts: String {
        var table = TextTable(
            [say(.headingAnswer), say(.headingCount), say(.headingUnit), say(.headingSites), say(.headingValue)],
            rightAligned: [3, 4])
        for answer in view.pooled {
            // What is empty everywhere says nothing to a reader; the JSON form has it.
            for count in answer.counts where count.number != .exact(0) {
                table.add([
                    name(answer), labels(count.labels),
                    say(count.unit == .patients ? .patientsUnit : .casesUnit),
                    "\(answer.contributing ?? 0)/\(answer.of)", number(count.number),
                ])
            }
        }
        return section(.sectionPooledCounts, table)
    }

    private var metrics: String {
        var table = TextTable([say(.headingStatistic), say(.headingGroup), say(.headingSites), say(.headingValue)])
        for answer in view.pooled {
            for metric in answer.metrics {
                let percent = metric.parameters?["percent"].map { " \($0) %" } ?? ""
                let value = metric.value.map { MetricText.number($0) }
                let parts = [value, metric.interval.map { interval($0) }].compactMap { $0 }
                table.add([
                    "\(name(answer)): \(metric.name)\(percent)", metric.group ?? "",
                    "\(answer.contributing ?? 0)/\(answer.of)",
                    parts.isEmpty ? metric.undefined ?? "-" : parts.joined(separator: "  "),
                ])
            }
        }
        return section(.sectionPooled, table)
    }

    private var withheld: String {
        var table = TextTable([say(.headingAnswer), say(.headingCode)])
        guard view.status != .running else { return "" }
        for answer in view.pooled { if let code = answer.withheld { table.add([name(answer), code]) } }
        for endpoint in view.endpoints { if let code = endpoint.withheld { table.add(["\(endpoint.id)", code]) } }
        return section(.sectionPooledWithheld, table)
    }

    // MARK: - Words and numbers

    private func say(_ phrase: Phrase) -> String { phrase.text(in: language) }

    private func section(_ title: Phrase, _ table: TextTable) -> String {
        table.isEmpty
            ? "" : say(title) + "\n" + table.text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    }

    private func name(_ answer: PooledOnlyView.Answer) -> String {
        AnswerKey(name: answer.name, subgroup: answer.subgroup).description
    }

    private func labels(_ labels: [String: String]) -> String {
        guard !labels.isEmpty else { return say(.everyCase) }
        let order = ["box", "reason", "class", "variable", "by", "level", "from", "to", "count", "cell"]
        func place(_ key: String) -> Int { order.firstIndex(of: key) ?? order.count }
        return labels.sorted { (place($0.key), $0.key) < (place($1.key), $1.key) }
            .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    private func number(_ number: PooledNumber) -> String {
        switch number {
        case .exact(let value): String(value)
        case .between(let lower, let upper?): say(.fromTo(lower, upper))
        case .between(let lower, nil): say(.atLeast(lower))
        }
    }

    private func interval(_ interval: Metric.Interval) -> String {
        let limits = "[\(MetricText.number(interval.lower)), \(MetricText.number(interval.upper))]"
        return interval.level.map { "\(limits) \(MetricText.number($0 * 100)) %" } ?? "\(limits) \(say(.boundsWord))"
    }
}
