import Evidence
import Foundation
import StrictJSON
import Testing

@Suite struct StatementTests {
    private let subject = Statement.Subject(name: "model.onnx", digest: Digest(of: Data("model".utf8)))

    private func signed(
        _ type: PredicateType, _ predicate: JSONValue, by key: SigningKey = TestKeys.first
    ) throws -> Envelope {
        try Statement(subjects: [subject], predicateType: type, predicate: predicate).signed(by: [key])
    }

    private func role(_ role: Role, _ keys: SigningKey..., threshold: Int = 1) throws -> TrustedRole {
        try TrustedRole(role, keys: keys.map(\.verificationKey), threshold: threshold)
    }

    @Test("A statement's payload is canonical and has the bytes of the golden file")
    func golden() throws {
        let envelope = try signed(.job, ["site": "siemens", "expires": "2026-12-01T00:00:00Z", "n": 1.50])
        #expect(envelope.encoded == (try Vectors.data("job.dsse.json")))
        #expect(envelope.payload == (try StrictJSON.parse(envelope.payload).canonicalBytes))
        #expect(envelope.payloadType == "application/vnd.in-toto+json")
    }

    @Test("A verified statement is what was signed, with its signers and digest")
    func verified() throws {
        let envelope = try signed(.studyProtocol, ["identifier": "x", "nested": ["a": [1, .null]]])
        let verified = try role(.sponsor, TestKeys.second, TestKeys.first).verify(envelope, expecting: .studyProtocol)
        #expect(verified.statement.subjects == [subject])
        #expect(verified.predicate == ["identifier": "x", "nested": ["a": [1, .null]]])
        #expect(verified.signers == [TestKeys.first.verificationKey])
        #expect(verified.digest == Digest(of: envelope.payload))
        #expect(verified.role == .sponsor)
    }

    @Test("Each role may sign its own types and no others", arguments: PredicateType.allCases)
    func rolesAndTypes(type: PredicateType) throws {
        let site = try SiteID("siemens")
        let allowed: [Role: Set<PredicateType>] = [
            .sponsor: [.studyProtocol], .coordinator: [.job, .report], .site(site): [.release, .siteApproval],
        ]
        let envelope = try signed(type, ["site": "siemens"])
        for (role, types) in allowed {
            let trusted = try self.role(role, TestKeys.first)
            if types.contains(type) {
                #expect(try trusted.verify(envelope, expecting: type).statement.predicateType == type)
            } else {
                let error = #expect(throws: EvidenceError.self) { try trusted.verify(envelope, expecting: type) }
                #expect(error?.kind == .wrongRole)
            }
        }
    }

    @Test("A report does not pass for a job, though the same role signs both")
    func confusedTypes() throws {
        let error = #expect(throws: EvidenceError.self) {
            try role(.coordinator, TestKeys.first).verify(signed(.report, [:]), expecting: .job)
        }
        #expect(error?.kind == .wrongPredicateType)
    }

    @Test("A site cannot speak for another", arguments: [["site": "philips"], [:], ["site": 1]] as [JSONValue])
    func anotherSite(predicate: JSONValue) throws {
        let error = #expect(throws: EvidenceError.self) {
            try role(.site(SiteID("siemens")), TestKeys.first).verify(signed(.release, predicate), expecting: .release)
        }
        #expect(error?.kind == .wrongRole)
    }

    @Test("A payload of another type is refused although its signature is good")
    func wrongPayloadType() throws {
        let payload = Statement(subjects: [subject], predicateType: .job, predicate: [:]).payloadBytes
        let envelope = try Envelope(payloadType: "application/json", payload: payload, signers: [TestKeys.first])
        let error = #expect(throws: EvidenceError.self) {
            try role(.coordinator, TestKeys.first).verify(envelope, expecting: .job)
        }
        #expect(error?.kind == .wrongPayloadType)
    }

    @Test(
        "A signed payload that is no statement is refused",
        arguments: [
            "", "{}", "[]", "{\"_type\":\"https://in-toto.io/Statement/v1\"}",
            #"{"_type":"https://in-toto.io/Statement/v0.1","subject":[{"digest":{"sha256":"H"}}],"predicateType":"urn:concordat:job:v1","predicate":{}}"#,
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"urn:concordat:job:v1","predicate":{}}"#,
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha1":"H"}}],"predicateType":"urn:concordat:job:v1","predicate":{}}"#,
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"H0"}}],"predicateType":"urn:concordat:job:v1","predicate":{}}"#,
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"H"}}],"predicateType":"urn:concordat:job:v2","predicate":{}}"#,
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"H"}}],"predicateType":"urn:concordat:job:v1","predicate":[]}"#,
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"H"}}],"predicateType":"urn:concordat:job:v1","predicate":{},"x":1}"#,
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"H"}}],"predicateType":"urn:concordat:job:v1","predicate":{"a":1,"a":2}}"#,
        ])
    func invalidStatements(text: String) throws {
        let payload = Data(text.replacingOccurrences(of: "H", with: Digest(of: Data()).hex).utf8)
        let envelope = try Envelope(
            payloadType: Statement.payloadType, payload: payload, signers: [TestKeys.first])
        let error = #expect(throws: EvidenceError.self) {
            try role(.coordinator, TestKeys.first).verify(envelope, expecting: .job)
        }
        #expect(error?.kind == .invalidStatement)
    }

    @Test("The signature is judged before the payload is read")
    func signatureFirst() throws {
        let envelope = try Envelope(
            payloadType: Statement.payloadType, payload: Data("rubbish".utf8), signers: [TestKeys.second])
        let error = #expect(throws: EvidenceError.self) {
            try role(.coordinator, TestKeys.first).verify(envelope, expecting: .job)
        }
        #expect(error?.kind == .unknownSigner)
    }

    @Test("A role needs keys, each once, and a threshold that they can meet")
    func roleKeys() throws {
        #expect(throws: EvidenceError.self) { try role(.sponsor) }
        #expect(throws: EvidenceError.self) { try role(.sponsor, TestKeys.first, TestKeys.first) }
        #expect(throws: EvidenceError.self) { try role(.sponsor, TestKeys.first, threshold: 2) }
        #expect(throws: EvidenceError.self) { try role(.sponsor, TestKeys.first, threshold: 0) }
        #expect(try role(.sponsor, TestKeys.first, TestKeys.second, threshold: 2).threshold == 2)
    }
}
