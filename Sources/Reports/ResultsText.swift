import Evidence
import Foundation
import Messages
import Statistics
import StudyProtocol
public import Synthesis
public import TextCatalogue

/// The results of a study as plain text: a page to read, not a format to parse.
public struct ResultsText {
    private let results: StudyResults
    private let language: Language

    public init(_ results: StudyResults, language: Language) {
        self.results = results
        self.language = language
    }

    /// Sections without content are left out.
    public var text: String {
        let sections = [
            heading, flow, performance, operatingPoints, subgroups, endpoints, pooled, withheld,
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    // MARK: - Sections

    private var heading: String {
        let study = results.study
        let state = say(.studyState(results.status.rawValue))
        return
            "\(study.title.text(in: language))\n\(study.protocolIdentifier)@\(study.protocolVersion) (\(study.protocolDigest)): \(state)"
    }

    private var flow: String {
        var table = TextTable(
            [say(.headingSite), say(.headingState), say(.headingBox), say(.headingPatients), say(.headingCases)],
            rightAligned: [3, 4])
        for site in results.sites {
            let state = say(.jobState(site.state.rawValue)) + (site.reason.map { " (\($0))" } ?? "")
            guard case .released(.flow(let flow))? = site.answers.first(where: { $0.name == .flow })?.answer else {
                table.add([site.site.description, state, "", "", ""])
                continue
            }
            // A box that is empty everywhere says nothing to a reader; the file has it.
            for (index, box) in flow.boxes.filter({ $0.cases != .exact(0) }).enumerated() {
                table.add([
                    index == 0 ? site.site.description : "", index == 0 ? state : "",
                    say(.flowBox(box.box.rawValue)) + (box.reason.map { ": \($0)" } ?? ""), count(box.patients),
                    count(box.cases),
                ])
            }
        }
        return section(.sectionFlow, table)
    }

    private var performance: String {
        var table = TextTable(
            [say(.headingSite), "n+", "n-", "AUROC", say(.headingInterval), say(.headingVariance)],
            rightAligned: [1, 2, 3, 5])
        for site in results.sites {
            guard case .released(.roc(let summary))? = answer(AnswerKey(name: .roc), of: site) else { continue }
            let metric = metrics(AnswerKey(name: .roc), of: site).first { $0.name == "auroc" }
            table.add([
                site.site.description, String(summary.positives), String(summary.negatives), value(metric),
                interval(metric), String(format: "%.6f", summary.variance),
            ])
        }
        return section(.sectionPerformance, table)
    }

    private var operatingPoints: String {
        var table = TextTable(
            [
                say(.headingSite), say(.headingOperatingPoint), "TP", "FP", "FN", "TN", say(.headingSensitivity),
                say(.headingInterval), say(.headingSpecificity), say(.headingInterval),
            ], rightAligned: [2, 3, 4, 5, 6, 8])
        let isWhole = { (record: AnswerRecord) in record.subgroup == nil && record.name.operatingPoint != nil }
        for site in results.sites {
            for record in site.answers.filter(isWhole) {
                guard case .released(.confusion(let confusion)) = record.answer else { continue }
                table.add(
                    [site.site.description] + row(confusion, metrics(record.key, of: site)))
            }
        }
        for pooled in results.pooled where pooled.subgroup == nil {
            guard case .confusion(let confusion)? = pooled.aggregate else { continue }
            table.add([all(pooled)] + row(confusion, pooled.metrics))
        }
        return section(.sectionOperatingPoints, table)
    }

    private var subgroups: String {
        var table = TextTable(
            [
                say(.headingSubgroup), say(.headingSite), "AUROC", say(.headingInterval), say(.headingSensitivity),
                say(.headingSpecificity),
            ], rightAligned: [2, 4, 5])
        for subgroup in subgroupsInOrder {
            for site in results.sites {
                let own = site.metrics.filter { $0.subgroup == subgroup }.flatMap(\.metrics)
                guard !own.isEmpty else { continue }
                let area = own.first { $0.name == "auroc" }
                table.add([
                    "\(subgroup.variable) \(subgroup.level)", site.site.description, value(area), interval(area),
                    value(own.first { $0.name == "sensitivity" }), value(own.first { $0.name == "specificity" }),
                ])
            }
        }
        return section(.sectionSubgroups, table)
    }

    private var subgroupsInOrder: [Subgroup] {
        results.pooled.compactMap(\.subgroup).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private var endpoints: String {
        let lines = results.endpoints.map { endpoint in
            var line =
                "  \(endpoint.id) (\(say(.endpointRole(endpoint.role.rawValue)))): "
                + "\(endpoint.estimate.name), \(endpoint.estimator.rawValue)"
            line += endpoint.weights.map { ", \(say(.weightsWord)) \($0.rawValue)" } ?? ""
            line += endpoint.varianceMethod.map { ", \(say(.varianceWord)) \($0.rawValue)" } ?? ""
            line += "\n      "
            if let estimate = endpoint.estimate.value {
                line += "\(fixed(estimate))  \(interval(endpoint.estimate))"
            } else if endpoint.estimate.interval != nil {
                line += interval(endpoint.estimate)
            } else {
                line += "\(say(.undefinedWord)): \(endpoint.estimate.undefined ?? "")"
            }
            line += "  \(say(.sitesOf(endpoint.sites.count, endpoint.of)))"
            if endpoint.descriptive { line += "  [\(say(.descriptiveWord))]" }
            line += spread(endpoint)
            line += (endpoint.analysisSets ?? []).map { "\n      \($0.definition ?? ""): \(described($0))" }.joined()
            if let silent = endpoint.withheldSites, let bounds = silent.bounds {
                let sites = silent.sites.map(\.description)
                line += "\n      \(say(.withheldSites(sites))): \(interval(bounds))"
            }
            if let decision = endpoint.decision { line += "\n      " + described(decision) }
            for left in endpoint.leaveOneOut ?? [] where endpoint.role == .primary {
                line += "\n      \(say(.withoutSite(left.without.description))): \(value(left.estimate))  "
                line += interval(left.estimate)
            }
            return line
        }
        let family = results.family.map { family in
            let p = family.p.map { ", p = " + String(format: "%.3g", $0) } ?? ""
            return "\n  \(say(.familyRule(family.rule.rawValue))): "
                + say(.familyVerdict(family.verdict.rawValue)).uppercased() + p
        }
        return lines.isEmpty
            ? "" : say(.sectionEndpoints) + "\n" + lines.joined(separator: "\n") + (family ?? "")
    }

    /// What is between sites, I² in per cent.
    private func spread(_ endpoint: EndpointResult) -> String {
        guard let spread = endpoint.heterogeneity else { return "" }
        var parts: [String] = []
        if let q = spread.q, let degrees = spread.degreesOfFreedom {
            parts.append(String(format: "Q = %.3f (df %d)", q, degrees))
        }
        parts.append(String(format: "tau2 = %.4f", spread.tau2))
        if let i2 = spread.i2 { parts.append(String(format: "I2 = %.0f %%", i2)) }
        if let expected = endpoint.predictionInterval {
            parts.append("\(say(.predictionWord)): \(interval(expected)) (\(expected.method))")
        }
        return "\n      " + parts.joined(separator: ", ")
    }

    private func described(_ decision: EndpointResult.Decision) -> String {
        var text = say(.verdict(decision.verdict.rawValue)).uppercased() + ": "
        guard let limit = decision.limit else { return text + (decision.reason ?? "") }
        text += say(.limitAgainst(fixed(limit), percent(decision.confidence), fixed(decision.bound)))
        if let upper = decision.upperLimit, let bound = decision.upperBound {
            text += "; " + say(.upperLimitAgainst(fixed(upper), fixed(bound)))
        }
        text += decision.p.map { ", p = " + String(format: "%.3g", $0) } ?? ""
        text +=
            decision.adjustedP.map { " (\(results.family?.rule.rawValue ?? ""): " + String(format: "%.3g)", $0) } ?? ""
        return text
    }

    private var pooled: String {
        var table = TextTable(
            [say(.headingStatistic), say(.headingGroup), say(.headingSites), say(.headingValue)], rightAligned: [])
        for answer in results.pooled
        where answer.subgroup == nil && (answer.name.operatingPoint == nil || answer.aggregate?.kind == .noisyCounts) {
            let sites = "\(answer.contributing)/\(answer.of)"
            for metric in answer.metrics {
                let label =
                    answer.name.rawValue + ": " + metric.name
                    + (metric.parameters?["percent"].map { " \($0) %" } ?? "")
                table.add([
                    label, metric.group ?? "", sites, described(metric),
                ])
            }
        }
        return section(.sectionPooled, table)
    }

    private var withheld: String {
        var table = TextTable([say(.headingSite), say(.headingAnswer), say(.headingCode)])
        for entry in results.withheld {
            table.add([
                entry.site.description, AnswerKey(name: entry.name, subgroup: entry.subgroup).description, entry.code,
            ])
        }
        guard !table.isEmpty else { return say(.nothingWithheld) }
        return section(.sectionWithheld, table) + "\n" + say(.adviceOnWithheld)
    }

    // MARK: - Words and numbers

    private func say(_ phrase: Phrase) -> String { phrase.text(in: language) }

    private func section(_ title: Phrase, _ table: TextTable) -> String {
        table.isEmpty
            ? "" : say(title) + "\n" + table.text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    }

    private func count(_ count: Count) -> String {
        count.exact.map(String.init) ?? say(.protectedWord)
    }

    private func fixed(_ number: Double) -> String { String(format: "%.4f", number) }

    private func percent(_ share: Double) -> String {
        let text = String(format: "%.1f", 100 * share)
        return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + " %"
    }

    private func value(_ metric: Metric?) -> String {
        guard let metric else { return "-" }
        return metric.value.map(fixed) ?? (metric.undefined ?? "-")
    }

    private func described(_ metric: Metric) -> String {
        guard let value = metric.value else {
            return metric.interval == nil ? metric.undefined ?? "-" : interval(metric)
        }
        return String(format: "%.6g", value) + (metric.interval == nil ? "" : "  " + interval(metric))
    }

    private func interval(_ metric: Metric?) -> String {
        metric?.interval.map { self.interval($0) } ?? "-"
    }

    private func interval(_ interval: Metric.Interval) -> String {
        let limits = String(format: "[%.4f, %.4f]", interval.lower, interval.upper)
        return interval.level.map { "\(limits) \(percent($0))" } ?? "\(limits) \(say(.boundsWord))"
    }

    private func all(_ pooled: StudyResults.PooledAnswer) -> String {
        say(.allSites) + (pooled.contributing < pooled.of ? " (\(pooled.contributing)/\(pooled.of))" : "")
    }

    private func row(_ confusion: ReleasedConfusion, _ metrics: [Metric]) -> [String] {
        let sensitivity = metrics.first { $0.name == "sensitivity" }
        let specificity = metrics.first { $0.name == "specificity" }
        return [confusion.operatingPoint]
            + [confusion.tp, confusion.fp, confusion.fn, confusion.tn].map(count)
            + [value(sensitivity), interval(sensitivity), value(specificity), interval(specificity)]
    }

    private func answer(_ key: AnswerKey, of site: StudyResults.Site) -> Answer? {
        site.answers.first { $0.key == key }?.answer
    }

    private func metrics(_ key: AnswerKey, of site: StudyResults.Site) -> [Metric] {
        site.metrics.first { $0.name == key.name && $0.subgroup == key.subgroup }?.metrics ?? []
    }
}
