import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Testing

@testable import Agent

/// A folder for one test, removed with the value.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("agent-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
    }
}

/// Pseudo-random numbers that are the same in every run (SplitMix64, Steele et al. 2014).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A coordinator, a sponsor and what they sign, with real keys.
struct TestConsortium {
    static let now = try! #require(Timestamp("2026-11-22T12:00:00Z"))
    static let site = try! SiteID("north")

    let coordinator: SigningKey
    let sponsor: SigningKey
    let stranger: SigningKey

    init() {
        var generator = SeededGenerator(state: 1)
        coordinator = .generate(using: &generator)
        sponsor = .generate(using: &generator)
        stranger = .generate(using: &generator)
    }

    /// A cohort description without a model.
    static let document: JSONValue = [
        "schemaVersion": "1.0",
        "identifier": "lesion-sizes",
        "version": "1.0.0",
        "title": ["en": "Sizes of lesions"],
        "intendedUse": ["en": "Tests of the agent"],
        "purpose": "research",
        "sponsor": ["name": "Sponsor", "contact": "sponsor@example.org"],
        "variables": [
            ["id": "size", "kind": "quantity", "unit": "mm", "resolution": "0.1", "range": ["0", "50"]],
            ["id": "sex", "kind": "category", "levels": ["F", "M"]],
            ["id": "side", "kind": "category", "levels": ["left", "right"]],
        ],
        "cohort": [
            "unit": "lesion",
            "include": [["variable": "size", "atLeast": "3", "reason": "too-small"]],
        ],
        "statistics": [
            ["id": "size", "kind": "summary", "variable": "size"],
            ["id": "size-histogram", "kind": "histogram", "variable": "size", "edges": ["0", "10", "20", "50"]],
            ["id": "sex-table", "kind": "table", "axes": ["sex", "side"]],
        ],
        "disclosure": ["minimumCell": 10],
        "sites": ["invited": ["north", "south"]],
        "expires": "2027-12-31T00:00:00Z",
    ]

    /// All cases, and what no rule has anything against beside what rule 1 withholds: `size` lacks one patient's value.
    static let answerable = document(changing: [
        "cohort": ["unit": "lesion"],
        "statistics": [
            ["id": "size", "kind": "summary", "variable": "size"],
            ["id": "sex-table", "kind": "table", "axes": ["sex", "side"]],
        ],
    ])

    /// Nothing of which may leave: it asks for more patients a count than the site has.
    static let unanswerable = document(
        changing: [
            "statistics": [["id": "size", "kind": "summary", "variable": "size"]],
            "disclosure": ["minimumCell": 1_000],
        ], of: answerable)

    static func document(changing changes: [String: JSONValue], of document: JSONValue = document) -> JSONValue {
        var object = document.objectValue ?? JSONObject()
        for (key, value) in changes { object[key] = value }
        return .object(object)
    }

    func signedProtocol(_ document: JSONValue = Self.document, by key: SigningKey? = nil) throws -> Envelope {
        try ProtocolStatement.make(document: document).signed(by: [key ?? sponsor])
    }

    /// A job as the coordinator would sign it; each part can be made wrong.
    func job(
        site: SiteID = Self.site, protocol envelope: Envelope? = nil, protocolDigest: Digest? = nil,
        model: Digest? = nil, nonce: String = "000102030405060708090a0b0c0d0e0f",
        issued: Timestamp = Self.now, expires: Timestamp = Self.now.adding(seconds: 86_400), by key: SigningKey? = nil
    ) throws -> Envelope {
        let envelope = try envelope ?? signedProtocol()
        let predicate = JobPredicate(
            site: site, study: try StudyID("lesion-sizes-1"), nonce: try #require(Nonce(rawValue: nonce)),
            issued: issued, expires: expires,
            studyProtocol: EmbeddedProtocol(digest: protocolDigest ?? envelope.digest, envelope: envelope),
            model: model.map { ModelBinding(digest: $0) })
        return try JobStatement.make(predicate).signed(by: [key ?? coordinator])
    }

    var verifier: JobVerifier {
        JobVerifier(
            site: Self.site, coordinatorKey: coordinator.verificationKey, sponsorKeys: [sponsor.verificationKey])
    }
}
