import Evidence
import Foundation
import Logging
import Messages
import StrictJSON
import StudyProtocol
import Synchronization
import Testing

@testable import Agent

/// Attacks on the agent with what a sponsor can sign, by what the coordinator is told.
@Suite("Attack list")
struct AttackListTests {
    /// Keeps what is logged, but for what differs from job to job.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let told = (event.metadata ?? [:]).filter { !["job", "duration-ms"].contains($0.key) }
            lines.add(
                "\(event.level) \(event.message) \(told.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })")
        }
    }

    /// The lesions of at least some size: 0, 1, 4 and 8 patients, and many.
    private func document(atLeast size: String) -> JSONValue {
        TestConsortium.document(changing: [
            "cohort": [
                "unit": "lesion", "include": [["variable": "size", "atLeast": .string(size), "reason": "too-small"]],
            ]
        ])
    }

    /// What leaves of a job, and what is logged: statuses and the release.
    private func outcome(_ document: JSONValue) async throws -> (told: [String], logged: [String], patients: Int) {
        let site = try TestSite()
        try await site.index()
        let lines = Lines()
        let service = try AgentService(
            state: site.state, surroundings: .init(now: { TestConsortium.now }),
            logger: Logger(label: "test") { _ in Handler(lines: lines) })
        let job = try site.consortium.job(protocol: try site.consortium.signedProtocol(document))
        try site.accept(job, in: service)
        try await service.workLocally()
        var told: [String] = []
        var record = try #require(try service.store.record(job.digest))
        while let action = record.job.remoteAction {
            guard case .report(let status) = action else {
                told.append("release of \(record.release?.count ?? 0) bytes")
                break
            }
            told.append(String(decoding: try JSONValue(encoding: status).canonicalBytes, as: UTF8.self))
            record = try service.store.apply([.reported(status)], to: job.digest, now: TestConsortium.now)
        }
        let size = try #require(document["cohort"]?["include"]?.arrayValue?.first?["atLeast"]?.stringValue)
        let least = try #require(Double(size))
        let patients = Set(TestSite.sizes.filter { Double($0.size).map { $0 >= least } ?? false }.map(\.patient))
        return (told, lines.all, patients.count)
    }

    @Test func `from a refusal nobody reads whether it was of nobody or of eight, on the wire or in the log`()
        async throws
    {
        var outcomes: [(told: [String], logged: [String], patients: Int)] = []
        for size in ["50", "44", "41", "37"] { outcomes.append(try await outcome(document(atLeast: size))) }
        #expect(outcomes.map(\.patients) == [0, 1, 4, 8])
        #expect(Set(outcomes.map(\.told)).count == 1)
        #expect(Set(outcomes.map(\.logged)).count == 1)
        #expect(outcomes[0].told.last?.contains("not-releasable") == true)
        #expect(outcomes[0].logged.count > 2)
        // The attack would work where something leaves.
        let many = try await outcome(document(atLeast: "3"))
        #expect(many.patients > 10 && many.told.last?.hasPrefix("release of") == true)
    }

    @Test func `texts of the data are in no release, whatever they are`() async throws {
        let site = try TestSite()
        let markers = ["MARKER-level", "MARKER-value", "MARKER-patient", "MARKER-lesion", "MARKER-column"]
        let rows = (0..<80).map { index in
            let sex = index < 30 ? "F" : index < 60 ? "M" : "MARKER-level"
            let size = index < 66 ? "\(10 + index / 3).5" : "MARKER-value"
            return
                "MARKER-lesion-\(index),MARKER-patient-\(index),\(size),\(sex),\(index % 2 == 0 ? "left" : "right"),1"
        }
        try site.folder.write(
            (["lesion,patient,size,sex,side,MARKER-column"] + rows).joined(separator: "\n") + "\n", to: "lesions.csv")
        try await site.index()
        let service = try site.service()
        let document = TestConsortium.document(changing: ["cohort": ["unit": "lesion"]])
        let job = try site.consortium.job(protocol: try site.consortium.signedProtocol(document))
        try site.accept(job, in: service)
        try await service.workLocally()
        let record = try #require(try service.store.record(job.digest))
        let payload = String(decoding: try Envelope(try #require(record.release)).payload, as: UTF8.self)
        #expect(payload.contains("sex-table") && payload.contains("released"))
        for marker in markers { #expect(!payload.contains(marker)) }
        // Every text is the protocol's, or there whatever the data are.
        let known = Set(Self.texts(in: document)).union(Self.fixed)
        let release = try JSONValue(encoding: try site.released(record).answers)
        #expect(Self.texts(in: release).filter { !known.contains($0) } == [])
    }

    private static let fixed: Set<String> = [
        "released", "not-releasable", "cell-protected", "missing", "flow", "moments", "histogram", "table", "screened",
        "excluded", "analysed",
    ]

    /// The values that are texts, at any depth.
    private static func texts(in value: JSONValue) -> [String] {
        if let text = value.stringValue { return [text] }
        if let list = value.arrayValue { return list.flatMap(texts) }
        return value.objectValue?.map { texts(in: $0.value) }.flatMap { $0 } ?? []
    }

    /// Kinds that would tell single values or patients, and questions that are too many.
    private static let impossible: [(name: String, changes: [String: JSONValue])] = [
        ("quantile", ["statistics": [["id": "q", "kind": "quantile", "variable": "size", "probability": "0.99"]]]),
        ("minimum", ["statistics": [["id": "q", "kind": "minimum", "variable": "size"]]]),
        ("survival", ["statistics": [["id": "q", "kind": "survival", "variable": "size"]]]),
        ("regression", ["statistics": [["id": "q", "kind": "regression", "variable": "size", "by": "sex"]]]),
        ("product", ["statistics": [["id": "q", "kind": "co-moments", "variables": ["size", "sex"]]]]),
        ("weights", ["statistics": [["id": "q", "kind": "summary", "variable": "size", "weights": ["1", "0"]]]]),
        ("rows", ["cohort": ["unit": "lesion", "cases": ["lesion-1"]]]),
        (
            "text in an edge",
            ["statistics": [["id": "h", "kind": "histogram", "variable": "size", "edges": ["0", "x"]]]]
        ),
        (
            "a hundred and one edges",
            [
                "statistics": [
                    [
                        "id": "h", "kind": "histogram", "variable": "size",
                        "edges": .array((0...100).map { .string("\($0 / 10).\($0 % 10)") }),
                    ]
                ]
            ]
        ),
        (
            "ten thousand cells of one patient",
            [
                "statistics": .array(
                    (0..<201).map { ["id": .string("t\($0)"), "kind": "table", "axes": ["sex", "side"]] })
            ]
        ),
    ]

    @Test func `a protocol that asks for single values, rows or too much is refused with one code`() throws {
        let consortium = TestConsortium()
        func verdict(_ document: JSONValue) throws -> JobVerifier.Verdict<JobVerifier.VerifiedJob> {
            consortium.verifier.verify(
                try consortium.job(protocol: try consortium.signedProtocol(document)), now: TestConsortium.now
            ) { _ in
                nil
            } knownProtocol: { _ in
                nil
            }
        }
        guard case .accepted = try verdict(TestConsortium.document) else {
            Issue.record("the protocol that was changed is itself refused")
            return
        }
        for (name, changes) in Self.impossible {
            #expect(try verdict(TestConsortium.document(changing: changes)) == .refused(.schemaError), "\(name)")
        }
    }

    /// A subgroup of every value: one patient each.
    @Test func `ten thousand subgroups are refused before anything is computed`() throws {
        let consortium = TestConsortium()
        func document(subgroups: Int, edges: Int) -> JSONValue {
            let one: JSONValue = [
                "variable": "size", "edges": .array((0...edges).map { .string("\($0 / 10).\($0 % 10)") }),
            ]
            return TestConsortium.document(
                changing: [
                    "referenceStandard": ["variable": "side", "positive": "left", "definition": ["en": "Left"]],
                    "model": [
                        "name": "m", "version": "1.0.0",
                        "digest": .string("sha256:" + String(repeating: "ab", count: 32)), "trainingSites": [],
                    ],
                    "evaluation": [
                        "task": "classification", "output": "probability", "scoreResolution": "0.001",
                        "scoreGrid": ["scale": "linear", "from": 0, "to": 1, "steps": 10], "cluster": "patient",
                        "operatingPoints": [["id": "half", "threshold": "0.5"]],
                        "subgroups": .array(Array(repeating: one, count: subgroups)),
                        "missing": ["modelFailed": "worst-case", "referenceMissing": "exclude"],
                    ],
                ], of: TestConsortium.answerable)
        }
        func isRefused(_ document: JSONValue) throws -> Bool {
            let job = try consortium.job(
                protocol: try consortium.signedProtocol(document),
                model: try Digest("sha256:" + String(repeating: "ab", count: 32)))
            let verdict = consortium.verifier.verify(job, now: TestConsortium.now) { _ in
                nil
            } knownProtocol: { _ in
                nil
            }
            return verdict == .refused(.schemaError)
        }
        #expect(try !isRefused(document(subgroups: 1, edges: 50)))
        #expect(try isRefused(document(subgroups: 1, edges: 51)))
        #expect(try isRefused(document(subgroups: 200, edges: 50)))
    }
}
