import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Testing

@Suite("The form of messages")
struct MessageFormTests {
    @Test("Every message is written as it was read", arguments: MessageVectors.all)
    func roundTrip(_ vector: MessageVectors.Vector) throws {
        let golden = try MessageVectors.load(vector.name)
        let again = try vector.rewrite(golden)
        #expect(
            String(decoding: again.canonicalBytes, as: UTF8.self)
                == String(decoding: golden.canonicalBytes, as: UTF8.self))
    }

    @Test("Every committed message has a type that is tested")
    func complete() throws {
        let files = try FileManager.default.contentsOfDirectory(
            atPath: MessageVectors.tests.appending(path: "Vectors").path)
        #expect(files.sorted() == MessageVectors.all.map { $0.name + ".json" }.sorted())
    }

    @Test("A message without one of its members is refused", arguments: MessageVectors.all)
    func missingMember(_ vector: MessageVectors.Vector) throws {
        let optional: Set<String> = ["model", "detail", "faults", "reason"]
        let golden = try #require(try MessageVectors.load(vector.name).objectValue)
        for key in golden.keys where !optional.contains(key) {
            var object = golden
            object[key] = nil
            #expect(throws: StrictJSONError.self, "\(key)") { try vector.rewrite(.object(object)) }
        }
    }

    @Test(
        "What an agent may say of a job is closed",
        arguments: [
            ["code": "refused"], ["code": "refused", "reason": "job-declined"],
            ["code": "running", "reason": "expired"],
            ["code": "declined", "reason": "expired"], ["code": "failed", "reason": "LIDC-IDRI-0078"],
            ["code": "lost"],
        ] as [JSONValue])
    func closedStatus(_ json: JSONValue) {
        #expect(throws: StrictJSONError.self) { try json.decode(JobStatus.self) }
    }

    @Test("Every status and every reason survives the wire")
    func statuses() throws {
        var all: [JobStatus] = [
            .queued, .received, .awaitingJobApproval, .running, .awaitingReleaseApproval, .released,
        ]
        all += RefusalCode.allCases.map { .refused($0) }
        all += DeclineCode.allCases.map { .declined($0) }
        all += FailureCode.allCases.map { .failed($0) }
        #expect(Set(all.map(\.code)) == Set(JobStatusCode.allCases))
        for status in all {
            #expect(try JSONValue(encoding: status).decode(JobStatus.self) == status)
            #expect(JobStatus(code: status.code, reason: status.reason) == status)
            #expect(status.code.isTerminal == (status.reason != nil || status == .released))
        }
        #expect(JobStatusCode.allCases.filter { !$0.isReported } == [.queued, .released])
    }

    @Test("Codes on the wire are kebab-case, and one code means one thing in its list")
    func codes() {
        let codes =
            JobStatusCode.allCases.map(\.rawValue) + RefusalCode.allCases.map(\.rawValue)
            + DeclineCode.allCases.map(\.rawValue) + FailureCode.allCases.map(\.rawValue)
            + ProblemCode.allCases.map(\.rawValue)
        for code in codes { #expect(code.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(code)") }
        // The list of the design, in its order.
        #expect(
            RefusalCode.allCases.map(\.rawValue) == [
                "wrong-site", "not-invited", "training-site", "expired", "replayed", "unknown-sponsor",
                "bad-signature", "protocol-digest-mismatch", "model-digest-mismatch", "schema-error",
            ])
    }

    @Test("Every problem has a status of an error and a title", arguments: ProblemCode.allCases)
    func problems(_ code: ProblemCode) throws {
        let problem = Problem(code)
        #expect((400...599).contains(problem.status) && !problem.title.isEmpty)
        #expect(problem.type == "urn:concordat:problem:\(code.rawValue)" && problem.known == code)
        #expect(try JSONValue(encoding: problem).objectValue?.keys.contains("detail") == false)
    }

    @Test("A problem of a newer coordinator can still be read")
    func newerProblem() throws {
        let json: JSONValue = [
            "type": "urn:concordat:problem:quota", "title": "Quota", "status": 429, "code": "quota",
        ]
        let problem = try json.decode(Problem.self)
        #expect(problem.known == nil && problem.status == 429)
    }

    @Test("A study is as far as its sites are")
    func studyStates() {
        #expect(StudyState(sites: [.released, .running]) == .running)
        #expect(StudyState(sites: [.queued]) == .running)
        #expect(StudyState(sites: [.released, .released]) == .complete)
        #expect(StudyState(sites: [.released, .refused, .failed]) == .partial)
        #expect(StudyState(sites: [.declined, .failed]) == .failed)
    }

    @Test("A release tells no time finer than a minute")
    func minutes() throws {
        let instant = try #require(Timestamp("2026-11-22T13:05:59Z"))
        let times = ReleaseTimes(accepted: instant, completed: instant.adding(seconds: 2))
        #expect(times.accepted.description == "2026-11-22T13:05:00Z")
        #expect(times.completed.description == "2026-11-22T13:06:00Z")
        let fine: JSONValue = ["accepted": "2026-11-22T13:05:59Z", "completed": "2026-11-22T13:06:00Z"]
        #expect(throws: StrictJSONError.self) { try fine.decode(ReleaseTimes.self) }
    }

    @Test("A nonce is 128 bits of the generator, in lower-case hexadecimal")
    func nonces() {
        var generator = Counter()
        #expect(Nonce.random(using: &generator).rawValue == "00000000000000010000000000000002")
        for text in ["", "00", String(repeating: "A", count: 32), String(repeating: "0", count: 33)] {
            #expect(Nonce(rawValue: text) == nil)
        }
    }

    @Test("A commitment names its method")
    func commitments() {
        let digits = String(repeating: "0f", count: 32)
        #expect(CatalogueCommitment(rawValue: "hmac-sha256:\(digits)") != nil)
        for text in [
            "sha256:\(digits)", digits, "hmac-sha256:", "hmac-sha256:\(digits)0", "hmac-sha256:\(digits.uppercased())",
        ] {
            #expect(CatalogueCommitment(rawValue: text) == nil)
        }
    }

    /// 1, 2, 3, …
    private struct Counter: RandomNumberGenerator {
        var value: UInt64 = 0
        mutating func next() -> UInt64 {
            value += 1
            return value
        }
    }
}
