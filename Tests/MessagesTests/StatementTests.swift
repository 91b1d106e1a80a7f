import Evidence
import Foundation
import Messages
import Statistics
import StrictJSON
import StudyProtocol
import Testing

@Suite("Protocols, jobs and releases as statements")
struct StatementTests {
    private let sponsor: SigningKey
    private let coordinator: SigningKey
    private let siemens: SigningKey

    init() throws {
        func key(_ byte: UInt8) throws -> SigningKey { try SigningKey(seed: Data(repeating: byte, count: 32)) }
        (sponsor, coordinator, siemens) = (try key(1), try key(2), try key(3))
    }

    private func verified(
        _ statement: Statement, by key: SigningKey, as role: Role
    ) throws -> VerifiedStatement {
        // Through its bytes, as a peer receives it.
        let envelope = try Envelope(statement.signed(by: [key]).encoded)
        return try TrustedRole(role, keys: [key.verificationKey]).verify(envelope, expecting: statement.predicateType)
    }

    private func protocolStatement() throws -> ProtocolStatement {
        let document = try MessageVectors.loadProtocol("lidc-malignancy-external-validation")
        return try ProtocolStatement(
            verified: verified(ProtocolStatement.make(document: document), by: sponsor, as: .sponsor))
    }

    private func job() throws -> JobPredicate { try MessageVectors.load("job").decode() }
    private func release() throws -> ReleasePredicate { try MessageVectors.load("release").decode() }

    @Test("A signed protocol comes back as the document that was signed")
    func protocolRoundTrip() throws {
        let document = try MessageVectors.loadProtocol("lidc-malignancy-external-validation")
        let statement = try ProtocolStatement.make(document: document)
        #expect(statement.subjects.map(\.name) == ["lidc-malignancy-external-validation@1.0.0"])
        #expect(statement.subjects.map(\.digest) == [Digest(of: document.canonicalBytes)])
        let back = try protocolStatement()
        #expect(back.document == document)
        #expect(back.digest == Digest(of: statement.payloadBytes))
        #expect(back.envelope.digest == back.digest)
        #expect(try StudyProtocol.parse(back.document).get().name == statement.subjects[0].name)
    }

    @Test("A protocol without a name cannot be signed")
    func unnamedProtocol() throws {
        for document: JSONValue in [[:], [], ["identifier": "a b", "version": "1"], ["identifier": "a"]] {
            #expect(throws: MessageError.self) { try ProtocolStatement.make(document: document) }
        }
    }

    @Test("A protocol that is too large cannot be signed")
    func largeProtocol() throws {
        let padding = JSONValue.string(String(repeating: "x", count: MessageSchema.Limit.protocolDocument))
        let error = #expect(throws: MessageError.self) {
            try ProtocolStatement.make(document: ["identifier": "a", "version": "1", "padding": padding])
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test("A protocol under another name than its own is refused")
    func renamedProtocol() throws {
        let document = try MessageVectors.loadProtocol("lidc-cohort-description")
        let statement = Statement(
            subjects: [.init(name: "other@1.0.0", digest: Digest(of: document.canonicalBytes))],
            predicateType: .studyProtocol, predicate: document)
        let signed = try verified(statement, by: sponsor, as: .sponsor)
        let error = #expect(throws: MessageError.self) { try ProtocolStatement(verified: signed) }
        #expect(error?.kind == .subjectMismatch)
    }

    @Test("A job carries the protocol's envelope whole")
    func jobRoundTrip() throws {
        let study = try protocolStatement()
        var predicate = try job()
        predicate = JobPredicate(
            site: predicate.site, study: predicate.study, nonce: predicate.nonce, issued: predicate.issued,
            expires: predicate.expires,
            studyProtocol: EmbeddedProtocol(digest: study.digest, envelope: study.envelope), model: predicate.model)
        let statement = try JobStatement.make(predicate)
        #expect(statement.subjects.map(\.digest) == [study.digest, predicate.model?.digest])
        let back = try JobStatement(verified: verified(statement, by: coordinator, as: .coordinator))
        #expect(back.predicate == predicate)
        #expect(back.predicate.studyProtocol.envelope.digest == back.predicate.studyProtocol.digest)
        let inner = try TrustedRole(.sponsor, keys: [sponsor.verificationKey])
            .verify(back.predicate.studyProtocol.envelope, expecting: .studyProtocol)
        #expect(try ProtocolStatement(verified: inner) == study)
    }

    @Test("A release comes back as it was signed")
    func releaseRoundTrip() throws {
        let predicate = try release()
        let statement = try ReleaseStatement.make(predicate)
        let back = try ReleaseStatement(verified: verified(statement, by: siemens, as: .site(predicate.site)))
        #expect(back.predicate == predicate)
        #expect(statement.subjects.map(\.name) == ["job", "protocol", "model"])
        let name = try #require(AnswerName(rawValue: "roc"))
        #expect(predicate.answer(to: AnswerKey(name: name))?.aggregate != nil)
        let variable = try #require(VariableID(rawValue: "diameter"))
        let part = Subgroup(variable: variable, level: "[0,10)")
        #expect(predicate.answer(to: AnswerKey(name: name, subgroup: part)) == .withheld)
        #expect(predicate.answer(to: AnswerKey(name: .statistic(StatisticID(rawValue: "absent")!))) == nil)
    }

    @Test(
        "A predicate that says more or other than its schema is refused, though its signature is good",
        arguments: [
            ("extra", "1"), ("schemaVersion", "2.0"), ("site", "Siemens"), ("nonce", "00"), ("model", "none"),
            ("issued", "yesterday"),
        ])
    func strictJob(_ member: String, _ value: String) throws {
        let good = try JobStatement.make(job())
        var predicate = try #require(good.predicate.objectValue)
        predicate[member] = .string(value)
        let statement = Statement(
            subjects: good.subjects, predicateType: .job, predicate: .object(predicate))
        let signed = try verified(statement, by: coordinator, as: .coordinator)
        let error = #expect(throws: MessageError.self) { try JobStatement(verified: signed) }
        #expect(error?.kind == .schemaError)
    }

    @Test("Free text cannot hide inside an answer")
    func strictRelease() throws {
        let good = try ReleaseStatement.make(release())
        var predicate = try #require(good.predicate.objectValue)
        var answers = try #require(predicate["answers"]?.arrayValue)
        var first = try #require(answers[0].objectValue)
        first["note"] = "LIDC-IDRI-0078"
        answers[0] = .object(first)
        predicate["answers"] = .array(answers)
        let statement = Statement(
            subjects: good.subjects, predicateType: .release, predicate: .object(predicate))
        let signed = try verified(statement, by: siemens, as: .site(release().site))
        let error = #expect(throws: MessageError.self) { try ReleaseStatement(verified: signed) }
        #expect(error?.kind == .schemaError)
    }

    @Test("A statement about another protocol than its predicate's is refused")
    func otherSubject() throws {
        let good = try JobStatement.make(job())
        let statement = Statement(
            subjects: [.init(name: "protocol", digest: Digest(of: Data()))], predicateType: .job,
            predicate: good.predicate)
        let signed = try verified(statement, by: coordinator, as: .coordinator)
        let error = #expect(throws: MessageError.self) { try JobStatement(verified: signed) }
        #expect(error?.kind == .subjectMismatch)
    }

    @Test("One kind of statement is not taken for another")
    func otherType() throws {
        let document = try MessageVectors.loadProtocol("lidc-cohort-description")
        let signed = try verified(ProtocolStatement.make(document: document), by: sponsor, as: .sponsor)
        let error = #expect(throws: MessageError.self) { try JobStatement(verified: signed) }
        #expect(error?.kind == .wrongPredicateType)
    }

    @Test("A proof shows possession of one key, for one purpose")
    func proofs() throws {
        let proof = SessionProof(
            challenge: "c", coordinator: "sha256:00", keyID: sponsor.verificationKey.keyID)
        let envelope = try Envelope(proof.signed(by: sponsor).encoded)
        #expect(try SessionProof(envelope, signedBy: sponsor.verificationKey) == proof)
        #expect(throws: EvidenceError.self) { try SessionProof(envelope, signedBy: siemens.verificationKey) }
        #expect(throws: MessageError.self) { try EnrolmentProof(envelope, signedBy: sponsor.verificationKey) }
        let enrolment = EnrolmentProof(
            site: try SiteID("siemens"), token: Digest(of: Data("t".utf8)), csr: Digest(of: Data("c".utf8)))
        let second = try enrolment.signed(by: siemens)
        #expect(try EnrolmentProof(second, signedBy: siemens.verificationKey) == enrolment)
        // A statement's envelope is no proof, and a proof's none of a statement's.
        #expect(throws: EvidenceError.self) { _ = try second.unverifiedStatement }
    }
}
