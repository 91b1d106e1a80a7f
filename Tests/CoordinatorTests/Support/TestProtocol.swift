import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol

/// A small study protocol that passes every check.
enum TestProtocol {
    static func document(
        _ identifier: String = "small-study", version: String = "1.0.0", sites: [String], expires: Timestamp,
        model: Digest? = nil
    ) -> JSONValue {
        .object([
            "schemaVersion": "1.0", "identifier": .string(identifier), "version": .string(version),
            "title": ["en": "A small study"], "intendedUse": ["en": "Tests"], "purpose": "research",
            "sponsor": ["name": "Regulator", "contact": "regulator@example.org"],
            "variables": [
                ["id": "sex", "kind": "category", "levels": ["F", "M"]],
                ["id": "finding", "kind": "category", "levels": ["0", "1"]],
            ],
            "cohort": ["unit": "image"],
            "model": model.map { digest in
                [
                    "name": "nothing", "version": "1.0.0", "digest": .string(digest.description),
                    "trainingSites": ["elsewhere"],
                ]
            },
            "referenceStandard": model.map { _ in
                ["variable": "finding", "positive": "1", "definition": ["en": "As recorded"]]
            },
            "evaluation": model.map { _ in evaluation },
            "endpoints": model.map { _ in [endpoint] },
            "statistics": [["id": "by-sex", "kind": "table", "axes": ["sex", "finding"]]],
            "sites": ["invited": .array(sites.map { .string($0) })],
            "ethics": [["site": "*", "basis": "No patient's data"]],
            "expires": .string(expires.description),
        ])
    }

    private static let evaluation: JSONValue = [
        "task": "classification", "output": "probability", "scoreResolution": "0.000001",
        "scoreGrid": ["scale": "logit", "from": -6, "to": 6, "steps": 40],
        "operatingPoints": [["id": "half", "threshold": "0.5"]], "cluster": "patient",
        "missing": ["modelFailed": "worst-case", "referenceMissing": "exclude"],
    ]

    private static let endpoint: JSONValue = [
        "id": "pooled", "role": "sensitivity-analysis", "metric": "auroc", "estimator": "pooled-bounds",
    ]

    static func envelope(_ document: JSONValue, by key: SigningKey) throws -> Data {
        try ProtocolStatement.make(document: document).signed(by: [key]).encoded
    }
}
