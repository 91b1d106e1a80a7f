import Evidence
import Foundation
import StrictJSON
import Testing

@Suite struct EvidenceChainTests {
    private let sponsor = TestKeys.first
    private let coordinator = TestKeys.second
    private let site = TestKeys.third
    private let model = Digest(of: Data("model".utf8)).description

    private func trust() throws -> TrustStore {
        TrustStore([
            try TrustedRole(.sponsor, keys: [sponsor.verificationKey]),
            try TrustedRole(.coordinator, keys: [coordinator.verificationKey]),
            try TrustedRole(.site(SiteID("siemens")), keys: [site.verificationKey]),
        ])
    }

    private func sign(_ type: PredicateType, _ predicate: JSONValue, _ key: SigningKey) throws -> Envelope {
        try Statement(subjects: [.init(digest: Digest(of: Data()))], predicateType: type, predicate: predicate)
            .signed(by: [key])
    }

    private func text(_ envelope: Envelope) -> JSONValue { .string(envelope.digest.description) }

    private func studyProtocol(
        _ version: String = "1.0.0", invited: [JSONValue] = ["siemens"], trainingSites: [JSONValue] = ["ge"],
        by key: SigningKey? = nil
    ) throws -> Envelope {
        let predicate: JSONValue = [
            "identifier": "lidc", "version": .string(version), "sites": ["invited": .array(invited)],
            "model": ["digest": .string(model), "trainingSites": .array(trainingSites)],
        ]
        return try sign(.studyProtocol, predicate, key ?? sponsor)
    }

    private func job(
        _ embedded: Envelope, digest: JSONValue? = nil, site: String = "siemens", model: String? = nil,
        embed: Bool = true
    ) throws -> Envelope {
        let reference: JSONValue = .object([
            "digest": digest ?? text(embedded), "envelope": embed ? embedded.json : nil,
        ])
        return try sign(
            .job,
            [
                "site": .string(site), "study": "lidc", "nonce": "n1", "protocol": reference,
                "model": ["digest": .string(model ?? self.model)],
            ], coordinator)
    }

    private func release(
        _ job: Envelope, _ embedded: Envelope, model: String? = nil, study: String = "lidc"
    ) throws -> Envelope {
        try sign(
            .release,
            [
                "site": "siemens", "study": .string(study), "job": text(job), "protocol": text(embedded),
                "model": .string(model ?? self.model),
            ], site)
    }

    private func codes(_ envelopes: Envelope...) throws -> [String] {
        let files = envelopes.enumerated().map { index, envelope in
            EvidenceChain.File(name: "\(index).json", data: envelope.encoded)
        }
        return EvidenceChain.check(files, trust: try trust()).map(\.code)
    }

    @Test("A whole study is verified, in any order of its files")
    func whole() throws {
        let `protocol` = try studyProtocol()
        let job = try job(`protocol`)
        let release = try release(job, `protocol`)
        let report = try sign(.report, ["protocol": text(`protocol`), "releases": [text(release)]], coordinator)
        #expect(try codes(report, release, job, `protocol`) == Array(repeating: "verified", count: 4))
        // The job brings its protocol along.
        #expect(try codes(job, release, report) == Array(repeating: "verified", count: 3))
    }

    @Test("A finding names the document: digest, type, role, signers")
    func document() throws {
        let envelope = try studyProtocol()
        let findings = EvidenceChain.check([.init(name: "p.json", data: envelope.encoded)], trust: try trust())
        let document = try #require(findings.first?.document)
        #expect(document.digest == envelope.digest)
        #expect(document.predicateType == .studyProtocol)
        #expect(document.signers == [sponsor.verificationKey])
    }

    @Test("What is named but not there is missed")
    func missing() throws {
        let `protocol` = try studyProtocol()
        let bare = try job(`protocol`, embed: false)
        #expect(try codes(bare) == ["study-protocol-not-included"])
        #expect(try codes(bare, `protocol`) == ["verified", "verified"])
        #expect(try codes(release(bare, `protocol`), `protocol`) == ["job-not-included", "verified"])
        let report = try sign(.report, ["releases": [text(bare)]], coordinator)
        #expect(try codes(report) == ["release-not-included"])
        #expect(try codes(sign(.job, ["site": "siemens"], coordinator)) == ["digest-missing"])
    }

    @Test("A job whose embedded protocol is not the one it names breaks, and so does what rests on it")
    func substitutedProtocol() throws {
        let (`protocol`, other) = (try studyProtocol(), try studyProtocol("2.0.0"))
        let job = try job(`protocol`, digest: text(other))
        let release = try release(job, other)
        let report = try sign(.report, ["releases": [text(release)]], coordinator)
        #expect(
            try codes(job, release, report, other) == [
                "protocol-digest-mismatch", "job-not-verified", "release-not-verified", "verified",
            ])
    }

    @Test("A protocol that no sponsor signed does not pass inside a job")
    func unsignedProtocol() throws {
        let forged = try studyProtocol(by: coordinator)
        #expect(try codes(job(forged)) == ["unknown-signer"])
    }

    @Test("A release that disagrees with its job is found out")
    func disagreeing() throws {
        let (`protocol`, other) = (try studyProtocol(), try studyProtocol("2.0.0"))
        let job = try job(`protocol`)
        #expect(try codes(job, other, release(job, other)).last == "protocol-digest-mismatch")
        let otherModel = Digest(of: Data()).description
        #expect(try codes(job, release(job, `protocol`, model: otherModel)).last == "model-digest-mismatch")
        #expect(try codes(job, release(job, `protocol`, study: "other")).last == "study-mismatch")
        let both = try studyProtocol(invited: ["siemens", "philips"])
        let elsewhere = try self.job(both, site: "philips")
        #expect(try codes(elsewhere, release(elsewhere, both)) == ["verified", "site-mismatch"])
    }

    @Test("A job that the protocol does not allow is found out")
    func notAllowed() throws {
        #expect(try codes(job(studyProtocol(), site: "philips")) == ["not-invited"])
        #expect(try codes(job(studyProtocol(invited: ["siemens"], trainingSites: ["siemens"]))) == ["training-site"])
        let otherModel = Digest(of: Data()).description
        #expect(try codes(job(studyProtocol(), model: otherModel)) == ["model-digest-mismatch"])
    }

    @Test("Files that are no envelopes or are changed get the code of their fault; the others are judged all the same")
    func mixed() throws {
        let `protocol` = try studyProtocol()
        var changed = try StrictJSON.parse(studyProtocol("9").encoded).objectValue ?? JSONObject()
        changed["payload"] = `protocol`.json["payload"]
        let files = [
            EvidenceChain.File(name: "text", data: Data("hello".utf8)),
            EvidenceChain.File(name: "changed", data: JSONValue.object(changed).canonicalBytes),
            EvidenceChain.File(name: "good", data: `protocol`.encoded),
        ]
        let findings = EvidenceChain.check(files, trust: try trust())
        #expect(findings.map(\.code) == ["invalid-envelope", "bad-signature", "verified"])
        #expect(findings.map(\.isVerified) == [false, false, true])
        #expect(findings[1].document == nil)
    }
}
