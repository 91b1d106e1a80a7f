import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Testing

@testable import Agent

@Suite("Verification of jobs")
struct JobVerifierTests {
    private let consortium = TestConsortium()

    private func verdict(
        _ job: Envelope, now: Timestamp = TestConsortium.now, seen: [String: Digest] = [:],
        protocols: [Digest: Digest] = [:], sponsors: [VerificationKey]? = nil
    ) -> JobVerifier.Verdict<JobVerifier.VerifiedJob> {
        let verifier = JobVerifier(
            site: TestConsortium.site, coordinatorKey: consortium.coordinator.verificationKey,
            sponsorKeys: sponsors ?? [consortium.sponsor.verificationKey])
        return verifier.verify(job, now: now, knownNonce: { seen[$0.rawValue] }, knownProtocol: { protocols[$0] })
    }

    /// A protocol with a model, by its changes to the document.
    private func modelDocument(digest: Digest, trainingSites: JSONValue = []) -> JSONValue {
        TestConsortium.document(changing: [
            "variables": [
                ["id": "size", "kind": "quantity", "unit": "mm", "resolution": "0.1", "range": ["0", "50"]],
                ["id": "sex", "kind": "category", "levels": ["F", "M"]],
                ["id": "side", "kind": "category", "levels": ["left", "right"]],
                ["id": "truth", "kind": "category", "levels": ["0", "1"]],
            ],
            "referenceStandard": ["variable": "truth", "positive": "1", "definition": ["en": "Known"]],
            "model": [
                "name": "model", "version": "1.0.0", "digest": .string(digest.description),
                "trainingSites": trainingSites,
            ],
            "evaluation": [
                "task": "classification", "output": "probability", "scoreResolution": "0.000001",
                "scoreGrid": ["scale": "logit", "from": -6, "to": 6, "steps": 20],
                "operatingPoints": [["id": "half", "threshold": "0.5"]],
                "cluster": "patient", "missing": ["modelFailed": "worst-case", "referenceMissing": "exclude"],
            ],
        ])
    }

    @Test("a job that coordinator and trusted sponsor signed for this site is accepted")
    func accepted() throws {
        let job = try consortium.job()
        guard case .accepted(let verified) = verdict(job) else {
            Issue.record("refused: \(verdict(job))")
            return
        }
        #expect(verified.digest == job.digest)
        #expect(verified.studyProtocol.name == "lesion-sizes@1.0.0")
    }

    @Test("a job with a model is accepted when both name the same digest")
    func acceptedModel() throws {
        let digest = Digest(of: Data("model".utf8))
        let signed = try consortium.signedProtocol(modelDocument(digest: digest))
        guard case .accepted = verdict(try consortium.job(protocol: signed, model: digest)) else {
            Issue.record("refused")
            return
        }
        let other = Digest(of: Data("other".utf8))
        #expect(verdict(try consortium.job(protocol: signed, model: other)) == .refused(.modelDigestMismatch))
        #expect(verdict(try consortium.job(protocol: signed)) == .refused(.modelDigestMismatch))
    }

    @Test("a coordinator with another key cannot make a site run anything")
    func forged() throws {
        #expect(verdict(try consortium.job(by: consortium.stranger)) == .refused(.badSignature))
        #expect(verdict(try consortium.job(by: consortium.sponsor)) == .refused(.badSignature))
    }

    @Test("a changed byte of the job is a bad signature")
    func changed() throws {
        let job = try consortium.job()
        let text = String(decoding: job.payload, as: UTF8.self)
        let other = text.replacingOccurrences(of: "\"north\"", with: "\"noreh\"")
        try #require(other != text)
        let forged = Envelope.withPayload(Data(other.utf8), like: job)
        #expect(verdict(forged) == .refused(.badSignature))
    }

    @Test("a job for another site is refused")
    func wrongSite() throws {
        #expect(verdict(try consortium.job(site: try SiteID("south"))) == .refused(.wrongSite))
    }

    @Test("a job counts until its expiry, and not from more than five minutes ahead")
    func times() throws {
        let now = TestConsortium.now
        #expect(verdict(try consortium.job(expires: now)) == .refused(.expired))
        #expect(verdict(try consortium.job(issued: now.adding(seconds: 301))) == .refused(.expired))
        guard case .accepted = verdict(try consortium.job(issued: now.adding(seconds: 300))),
            case .accepted = verdict(try consortium.job(expires: now.adding(seconds: 1)))
        else {
            Issue.record("refused too early")
            return
        }
    }

    @Test("a nonce that came with another job is a replay; with the same job it is the same job")
    func replay() throws {
        let job = try consortium.job()
        let nonce = "000102030405060708090a0b0c0d0e0f"
        #expect(verdict(job, seen: [nonce: Digest(of: Data())]) == .refused(.replayed))
        guard case .accepted = verdict(job, seen: [nonce: job.digest]) else {
            Issue.record("the same job was refused")
            return
        }
    }

    @Test("a protocol that the site took on with another job is a replay, whatever the nonce; another is none")
    func replayedProtocol() throws {
        let job = try consortium.job(nonce: "ff0102030405060708090a0b0c0d0e0f")
        let digest = try consortium.signedProtocol().digest
        #expect(verdict(job, protocols: [digest: Digest(of: Data())]) == .refused(.replayed))
        let other = try consortium.signedProtocol(TestConsortium.document(changing: ["version": "1.0.1"])).digest
        for protocols in [[digest: job.digest], [other: Digest(of: Data())]] {
            guard case .accepted = verdict(job, protocols: protocols) else {
                Issue.record("refused: \(protocols)")
                return
            }
        }
    }

    @Test("a protocol that no trusted sponsor signed is refused, whoever vouches for it")
    func unknownSponsor() throws {
        let byStranger = try consortium.signedProtocol(by: consortium.stranger)
        let byCoordinator = try consortium.signedProtocol(by: consortium.coordinator)
        #expect(verdict(try consortium.job(protocol: byStranger)) == .refused(.unknownSponsor))
        #expect(verdict(try consortium.job(protocol: byCoordinator)) == .refused(.unknownSponsor))
        #expect(verdict(try consortium.job(), sponsors: []) == .refused(.unknownSponsor))
    }

    @Test("a protocol that bears a trusted sponsor's name but not its signature is a bad signature")
    func badSponsorSignature() throws {
        let signed = try consortium.signedProtocol()
        let other = try consortium.signedProtocol(TestConsortium.document(changing: ["version": "1.0.1"]))
        let forged = Envelope.withPayload(other.payload, like: signed)
        #expect(verdict(try consortium.job(protocol: forged)) == .refused(.badSignature))
    }

    @Test("a digest that is not the protocol's is refused")
    func protocolDigest() throws {
        let job = try consortium.job(protocolDigest: Digest(of: Data("other".utf8)))
        #expect(verdict(job) == .refused(.protocolDigestMismatch))
    }

    @Test("a protocol of bad form, or that contradicts itself, is a schema error")
    func schema() throws {
        for changes: [String: JSONValue] in [
            ["surprise": 1], ["statistics": [["id": "x", "kind": "summary", "variable": "nothing"]]],
            [
                "sampleSize": [
                    "minimumSites": 9, "minimumPositives": 1, "minimumNegatives": 1, "rationale": ["en": "x"],
                ]
            ],
        ] {
            let signed = try consortium.signedProtocol(TestConsortium.document(changing: changes))
            #expect(verdict(try consortium.job(protocol: signed)) == .refused(.schemaError))
        }
    }

    @Test("a site that is not invited, or whose data trained the model, refuses")
    func invitation() throws {
        let elsewhere = TestConsortium.document(changing: ["sites": ["invited": ["south"]]])
        #expect(
            verdict(try consortium.job(protocol: try consortium.signedProtocol(elsewhere))) == .refused(.notInvited))
        let digest = Digest(of: Data("model".utf8))
        let trained = try consortium.signedProtocol(modelDocument(digest: digest, trainingSites: ["north"]))
        #expect(verdict(try consortium.job(protocol: trained, model: digest)) == .refused(.trainingSite))
    }

    @Test("an expired protocol is refused even in a fresh job")
    func expiredProtocol() throws {
        let old = TestConsortium.document(changing: ["expires": "2026-11-22T12:00:00Z"])
        #expect(verdict(try consortium.job(protocol: try consortium.signedProtocol(old))) == .refused(.expired))
    }

    @Test("a statement of another kind that the coordinator signed is no job")
    func otherStatement() throws {
        let statement = Statement(
            subjects: [.init(digest: Digest(of: Data()))], predicateType: .report, predicate: ["site": "north"])
        #expect(verdict(try statement.signed(by: [consortium.coordinator])) == .refused(.schemaError))
    }
}

extension Envelope {
    /// The signatures of one envelope around the payload of another.
    static func withPayload(_ payload: Data, like envelope: Envelope) -> Envelope {
        var object = envelope.json.objectValue ?? JSONObject()
        object["payload"] = .string(payload.base64EncodedString())
        return try! Envelope(json: .object(object))
    }
}
