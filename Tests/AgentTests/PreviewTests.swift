import Evidence
import Foundation
import Messages
import Statistics
import StrictJSON
import StudyProtocol
import Testing
import TextCatalogue

@testable import Agent

@Suite("Preview")
struct PreviewTests {
    private let now = TestConsortium.now

    /// The lesions' sizes scored by nobody's model: the reference is the side.
    private static let evaluated = TestConsortium.document(
        changing: [
            "referenceStandard": [
                "variable": "side", "positive": "left", "definition": ["en": "Left"],
                "readers": ["minimum": 1, "blinded": false, "combination": "single-reader"],
            ],
            "model": [
                "name": "sider", "version": "1.0.0", "digest": .string("sha256:" + String(repeating: "ab", count: 32)),
                "trainingSites": [],
            ],
            "evaluation": [
                "task": "classification", "output": "probability", "scoreResolution": "0.001",
                "scoreGrid": ["scale": "linear", "from": 0, "to": 1, "steps": 10],
                "operatingPoints": [["id": "half", "threshold": "0.5"]],
                "missing": ["modelFailed": "worst-case", "referenceMissing": "exclude"],
            ],
        ], of: TestConsortium.answerable)

    /// Every file of the state directory with its bytes; of databases what is in them, as SQL.
    private func contents(_ site: TestSite) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: site.state.url.path)
        where !name.hasSuffix("-shm") && !name.hasSuffix("-wal") {
            let file = site.state.url.appendingPathComponent(name)
            contents[name] =
                name.hasSuffix(".sqlite") ? try dump(file) : FileManager.default.contents(atPath: file.path)
        }
        return contents
    }

    private func dump(_ database: URL) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c", "import sqlite3, sys; print('\\n'.join(sqlite3.connect(sys.argv[1]).iterdump()))", database.path,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0 && !text.isEmpty)
        return text
    }

    @Test func `what a preview shows is what a job releases, answer by answer, and what it withholds`() async throws {
        let site = try TestSite()
        try await site.index()
        let bytes = TestConsortium.answerable.canonicalBytes
        let preview = try await Preview.make(of: bytes, state: site.state, now: now)

        let service = try site.service()
        let job = try site.consortium.job(
            protocol: try site.consortium.signedProtocol(TestConsortium.answerable))
        try site.accept(job, in: service)
        try await service.workLocally()
        let record = try #require(try service.store.record(job.digest))
        #expect(try site.released(record).answers == preview.answers)
        #expect(try #require(ReleaseDetails(record)).record == preview.record)
        #expect(preview.remarks.isEmpty && preview.skipped.isEmpty)
        #expect(!preview.record.withheld.isEmpty)
    }

    @Test func `a protocol is taken as a document, in its sponsor's envelope or in a job`() async throws {
        let site = try TestSite()
        try await site.index()
        let envelope = try site.consortium.signedProtocol()
        let previews = [
            try await Preview.make(of: TestConsortium.document.prettyBytes, state: site.state, now: now),
            try await Preview.make(of: envelope.encoded, state: site.state, now: now),
            try await Preview.make(of: try site.consortium.job().encoded, state: site.state, now: now),
        ]
        #expect(Set(previews.map(\.answers)).count == 1)
        #expect(previews.map(\.protocolDigest) == [nil, envelope.digest, envelope.digest])
    }

    @Test func `a preview changes nothing: no job, no entry in the log, no file`() async throws {
        let site = try TestSite()
        try await site.index()
        let before = try contents(site)
        for _ in 0..<3 {
            _ = try await Preview.make(of: TestConsortium.document.canonicalBytes, state: site.state, now: now)
        }
        let after = try contents(site)
        #expect(Set(after.keys) == Set(before.keys))
        #expect(after.filter { before[$0.key] != $0.value }.keys.sorted() == [])
        #expect(try JobStore(site.state).records().isEmpty)
        #expect(try AuditLog(site.state).entries().map(\.kind).last == "catalogue-indexed")
    }

    @Test func `a site that never joined is indexed and previewed, and may join afterwards as itself only`()
        async throws
    {
        let site = try TestSite()
        try FileManager.default.removeItem(at: site.state.url)
        try await site.index()
        let preview = try await Preview.make(of: TestConsortium.document.canonicalBytes, state: site.state, now: now)
        #expect(preview.answers.count == 4)
        #expect(throws: AgentError(.notJoined, .agentNotJoined)) { try DecisionDesk(site.state) }
        let invitation = Invitation(
            coordinator: CoordinatorDescription(
                name: "Test", url: "https://127.0.0.1:1", certificateAuthority: "", fingerprint: "", jobKey: ""),
            site: try SiteID("south"), token: "t", expires: now.adding(seconds: 60))
        var generator = SeededGenerator(state: 3)
        await #expect(throws: AgentError(.wrongSite, .agentNotJoined)) {
            try await Enrolment.join(invitation, state: site.state, now: now, using: &generator)
        }
    }

    @Test func `without scores an evaluation is left out and said to be`() async throws {
        let site = try TestSite()
        try await site.index()
        let bytes = Self.evaluated.canonicalBytes
        let preview = try await Preview.make(of: bytes, state: site.state, now: now)
        #expect(preview.answers.map(\.name.rawValue) == ["flow", "size", "sex-table"])
        #expect(preview.skipped.map(\.description) == ["roc", "score-steps", "confusion:half"])
        #expect(preview.remarks == [.evaluationNotRun(answers: 3)])
    }

    @Test func `scores from a file take the place of the model's`() async throws {
        let site = try TestSite()
        try await site.index()
        let file = site.folder.url.appendingPathComponent("scores.csv")
        let rows = (0..<TestSite.sizes.count).map { "lesion-\($0),0.\(10 + $0 % 80),\"a, b\"" }
        try Data((["case,score,remark"] + rows).joined(separator: "\r\n").utf8).write(to: file)
        let preview = try await Preview.make(
            of: Self.evaluated.canonicalBytes, state: site.state, scores: .predictions(file), now: now)
        #expect(preview.skipped.isEmpty && preview.remarks.isEmpty)
        guard case .confusion(let confusion)? = preview.answers.last?.answer.aggregate else {
            Issue.record("no confusion matrix: \(preview.answers)")
            return
        }
        // By hand: left lesions are every third.
        let called = TestSite.sizes.indices.filter { 10 + $0 % 80 >= 50 }
        #expect(confusion.tp == .exact(called.count { $0 % 3 == 0 }))
        #expect(confusion.fp == .exact(called.count { $0 % 3 != 0 }))
    }

    @Test(
        "scores that cannot be used are refused with the line",
        arguments: [
            ("case;score\n", "Line 1"), ("case,score\nlesion-0,0.5\nlesion-0,0.5\n", "Line 3"),
            ("case,score\nlesion-0\n", "Line 2"), ("case,score\nlesion-0,1.001\n", "Line 2"),
            ("case,score\nlesion-0,-0.1\n", "Line 2"), ("case,score\nlesion-0,1e999\n", "Line 2"),
            ("case,score\nlesion-0,half\n", "Line 2"), ("case,score\n\"lesion-0,0.5\n", "Line 2"),
            ("case,score\nlesion-0,0.5\n", "lack"), ("", "Line 1"),
        ])
    func badScores(_ text: String, _ words: String) async throws {
        let site = try TestSite()
        try await site.index()
        try site.folder.write(text, to: "scores.csv")
        let file = site.folder.url.appendingPathComponent("scores.csv")
        let error = await #expect(throws: AgentError.self) {
            try await Preview.make(
                of: Self.evaluated.canonicalBytes, state: site.state, scores: .predictions(file), now: now)
        }
        #expect(error?.kind == .predictionsUnreadable)
        #expect(error?.phrase.english.contains(words) == true, "\(error?.phrase.english ?? "")")
    }

    @Test func `what a job would also meet is remarked`() async throws {
        let site = try TestSite(
            purposes: "[regulatory]",
            disclosure: "{maximumDatasetNumbers: 5, datasetNumbersPerPatient: 0}")
        try await site.index()
        let document = TestConsortium.document(
            changing: [
                "sites": ["invited": ["south"]], "expires": "2026-01-01T00:00:00Z",
            ], of: TestConsortium.answerable)
        let preview = try await Preview.make(of: document.canonicalBytes, state: site.state, now: now)
        #expect(preview.remarks == [.notInvited, .expired, .purposeNotAllowed, .datasetNumbers])
        let nothing = try await Preview.make(
            of: TestConsortium.unanswerable.canonicalBytes, state: site.state, now: now)
        #expect(nothing.remarks.contains(.nothingReleased))
        #expect(nothing.record.numbers == 0)
    }

    @Test func `what is no protocol is refused with all its faults`() async throws {
        let site = try TestSite()
        try await site.index()
        for bytes in [Data(), Data("{".utf8), Data("[]".utf8), Data("{\"payloadType\": 1}".utf8)] {
            let error = await #expect(throws: AgentError.self) {
                try await Preview.make(of: bytes, state: site.state, now: now)
            }
            #expect(error?.kind == .protocolUnreadable)
        }
        let document = TestConsortium.document(changing: ["purpose": "fun", "version": "one"])
        let error = await #expect(throws: AgentError.self) {
            try await Preview.make(of: document.canonicalBytes, state: site.state, now: now)
        }
        #expect(error?.phrase.english.contains("/purpose") == true)
        #expect(error?.phrase.english.contains("/version") == true)
        #expect(error?.phrase.chinese.contains("/version") == true)
    }

    @Test func `the table shows every number of the release, in both languages alike`() async throws {
        let site = try TestSite()
        try await site.index()
        let file = site.folder.url.appendingPathComponent("scores.csv")
        let rows = (0..<TestSite.sizes.count).map { "lesion-\($0),0.\(10 + $0 % 80)" }
        try Data((["case,score"] + rows).joined(separator: "\n").utf8).write(to: file)
        let preview = try await Preview.make(
            of: Self.evaluated.canonicalBytes, state: site.state, scores: .predictions(file), now: now)
        let english = preview.text.table(in: .english)
        let chinese = preview.text.table(in: .chinese)
        #expect(english.count == chinese.count)
        #expect(english != chinese)

        /// The numbers in the JSON of the answers, each as often as it is there.
        func numbers(_ value: JSONValue) -> [String] {
            switch value {
            case .number(let number): [number.text]
            case .array(let items): items.flatMap(numbers)
            case .object(let object): object.members.flatMap { numbers($0.value) }
            default: []
            }
        }
        let leaving = Set(preview.answers.flatMap { numbers((try? JSONValue(encoding: $0)) ?? .null) })
        #expect(leaving.count > 10)
        let shown = english.joined(separator: "\n")
        for number in leaving { #expect(shown.contains(number), "\(number)") }
        for line in preview.text.withheld(in: .english) { #expect(!line.isEmpty) }
        #expect(preview.text.withheld(in: .english).count == preview.record.withheld.count + 1)
    }
}
