import Evidence
import Foundation
import Messages
@_spi(ReleaseGate) import Statistics
import StrictJSON
import StudyProtocol
import Testing

@testable import Synthesis

/// A study of few parts whose releases a test makes up.
struct SmallStudy {
    let document: StudyProtocol
    let id: StudyID
    let digest = Digest(of: Data("protocol".utf8))

    static let endpoints: JSONValue = [
        [
            "id": "primary", "role": "primary", "metric": "auroc", "estimator": "stratified", "weights": "pairs",
            "variance": "obuchowski",
            "hypothesis": ["kind": "superiority-to-goal", "goal": 0.75, "alpha": 0.025, "sides": 1],
            "interval": ["method": "wald-logit", "level": 0.95],
        ],
        [
            "id": "sensitivity", "role": "secondary", "metric": "sensitivity", "operatingPoint": "half",
            "estimator": "stratified", "weights": "cases", "variance": "cluster",
            "hypothesis": ["kind": "superiority-to-goal", "goal": 0.5, "alpha": 0.025, "sides": 1],
            "interval": ["method": "wilson-effective-size", "level": 0.95],
        ],
        [
            "id": "heterogeneity", "role": "sensitivity-analysis", "metric": "auroc", "estimator": "random-effects",
            "variance": "obuchowski", "interval": ["method": "hksj-guarded", "level": 0.95],
        ],
        ["id": "pooled", "role": "sensitivity-analysis", "metric": "auroc", "estimator": "pooled-bounds"],
    ]

    static let axes = [
        TableAxis(variable: "finding", levels: ["0", "1", "missing"]),
        TableAxis(variable: "device", levels: ["x", "missing"]),
    ]

    init(
        sites: [String], endpoints: JSONValue = endpoints, rule: String = "none", family: [String] = ["primary"],
        minimumSites: Int = 2, minimumCases: Int = 10, transform: String = "logit", cluster: Bool = true,
        modelFailed: String = "worst-case"
    ) throws {
        var evaluation: [String: JSONValue] = [
            "task": "classification", "output": "probability", "scoreResolution": "0.000001",
            "scoreGrid": ["scale": "linear", "from": 0, "to": 1, "steps": 20],
            "operatingPoints": [["id": "half", "threshold": "0.5"]],
            "missing": ["modelFailed": .string(modelFailed), "referenceMissing": "exclude"],
        ]
        if cluster { evaluation["cluster"] = "patient" }
        var document: JSONValue = [
            "schemaVersion": "1.0", "identifier": "small-study", "version": "1.0.0", "title": ["en": "A small study"],
            "intendedUse": ["en": "Tests"], "purpose": "research",
            "sponsor": ["name": "Regulator", "contact": "regulator@example.org"],
            "variables": [
                ["id": "finding", "kind": "category", "levels": ["0", "1"]],
                ["id": "device", "kind": "category", "levels": ["x"]],
            ], "cohort": ["unit": "image"],
            "referenceStandard": ["variable": "finding", "positive": "1", "definition": ["en": "As recorded"]],
            "model": [
                "name": "nothing", "version": "1.0.0", "digest": .string(Digest(of: Data("model".utf8)).description),
                "trainingSites": ["elsewhere"],
            ],
            "statistics": [["id": "findings", "kind": "table", "axes": ["finding", "device"]]],
            "evaluation": .members(evaluation),
            "endpoints": endpoints,
            "sampleSize": [
                "minimumSites": .int(minimumSites), "minimumPositives": .int(minimumCases),
                "minimumNegatives": .int(minimumCases), "rationale": ["en": "A test"],
            ],
            "synthesis": ["transform": .string(transform), "leaveOneOut": true],
            "sites": ["invited": .array(sites.map { .string($0) })], "ethics": [["site": "*", "basis": "None"]],
            "expires": "2030-01-01T00:00:00Z",
        ]
        if !family.isEmpty {
            var members = try #require(document.objectValue)
            members["multiplicity"] = ["family": .array(family.map { .string($0) }), "rule": .string(rule)]
            document = .object(members)
        }
        switch StudyProtocol.parse(document) {
        case .success(let parsed): self.document = parsed
        case .failure(let faults): throw faults
        }
        id = try StudyID("small-study")
    }

    var resolution: Resolution {
        get throws { try #require(document.evaluation).scoreResolution }
    }
    var edges: [Int64] {
        get throws { try #require(document.evaluation).stepEdges() }
    }
    var point: OperatingPoint {
        get throws { try #require(document.evaluation?.operatingPoints.first) }
    }

    /// What a site releases whose gate withholds nothing but what the test says.
    func contribution(
        _ site: String, of data: SyntheticSite, withholding withheld: Set<AnswerName> = [],
        replacing replaced: [AnswerName: Answer] = [:], variance: ROCSummary.VarianceMethod = .obuchowski
    ) throws -> SiteContribution {
        let answers = try document.plan.map { planned in
            var answer: Answer
            switch planned.what {
            case .flow: answer = .released(.flow(data.flow()))
            case .statistic:
                let counts = [data.negatives.count, 0, data.positives.count, 0, 0, 0].map { Count.exact($0) }
                answer = .released(.table(ReleasedTable(axes: Self.axes, cells: counts)))
            case .roc:
                let summary = try data.summary(resolution: resolution, method: variance)
                answer = summary.map { .released(.roc($0)) } ?? .withheld
            case .scoreSteps:
                answer = .released(.scoreSteps(data.steps(edges: try edges, resolution: try resolution)))
            case .confusion(let point):
                answer = .released(
                    .confusion(try data.confusion(point.id, threshold: point.thresholdUnits, resolution: resolution)))
            }
            if withheld.contains(planned.key.name) { answer = .withheld }
            return AnswerRecord(key: planned.key, answer: replaced[planned.key.name] ?? answer)
        }
        return SiteContribution(site: try SiteID(site), status: .released, release: try release(site, answers))
    }

    private func release(_ site: String, _ answers: [AnswerRecord]) throws -> ReleasePredicate {
        let minute = Timestamp(secondsSinceEpoch: 1_795_000_020)
        let commitment = try #require(
            CatalogueCommitment(rawValue: "hmac-sha256:" + String(repeating: "0", count: 64)))
        return ReleasePredicate(
            site: try SiteID(site), study: id, job: Digest(of: Data(site.utf8)), studyProtocol: digest,
            model: document.model?.digest, agent: AgentDescription(version: "1"), policy: digest,
            catalogue: commitment, times: ReleaseTimes(accepted: minute, completed: minute), answers: answers)
    }

    func results(_ contributions: [SiteContribution]) -> StudyResults {
        StudyResults(id: id, protocol: document, digest: digest, contributions: contributions)
    }
}

extension StudyResults {
    func endpoint(_ id: String) throws -> EndpointResult { try #require(endpoints.first { $0.id.rawValue == id }) }

    func pooled(_ name: AnswerName) throws -> PooledAnswer { try #require(pooled.first { $0.name == name }) }
}

extension JSONValue {
    static func members(_ members: [String: JSONValue]) -> JSONValue {
        var object = JSONObject()
        for (key, value) in members { object[key] = value }
        return .object(object)
    }

    static func decimal(_ value: Double) -> JSONValue { .double(value) ?? .null }
}
