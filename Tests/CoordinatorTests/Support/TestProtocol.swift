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
            "variables": [["id": "sex", "kind": "category", "levels": ["F", "M"]]],
            "cohort": ["unit": "image"],
            "model": model.map { digest in
                [
                    "name": "nothing", "version": "1.0.0", "digest": .string(digest.description),
                    "trainingSites": ["elsewhere"],
                ]
            },
            "statistics": [["id": "by-sex", "kind": "table", "axes": ["sex", "sex"]]],
            "sites": ["invited": .array(sites.map { .string($0) })],
            "ethics": [["site": "*", "basis": "No patient's data"]],
            "expires": .string(expires.description),
        ])
    }

    static func envelope(_ document: JSONValue, by key: SigningKey) throws -> Data {
        try ProtocolStatement.make(document: document).signed(by: [key]).encoded
    }
}
