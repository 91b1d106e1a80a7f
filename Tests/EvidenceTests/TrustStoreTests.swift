import Evidence
import Foundation
import StrictJSON
import Testing

@Suite struct TrustStoreTests {
    private func store() throws -> TrustStore {
        TrustStore([
            try TrustedRole(
                .sponsor, keys: [TestKeys.first, TestKeys.second].map(\.verificationKey), threshold: 2),
            try TrustedRole(.coordinator, keys: [TestKeys.second.verificationKey]),
            try TrustedRole(.site(SiteID("siemens")), keys: [TestKeys.third.verificationKey]),
        ])
    }

    private func signed(_ type: PredicateType, site: String, by keys: SigningKey...) throws -> Envelope {
        let subject = Statement.Subject(digest: Digest(of: Data()))
        let predicate: JSONValue = ["site": .string(site)]
        return try Statement(subjects: [subject], predicateType: type, predicate: predicate).signed(by: keys)
    }

    @Test("A trust file is written and read back")
    func roundTrip() throws {
        let store = try store()
        #expect(try TrustStore(store.encoded) == store)
        #expect(try store[.site(SiteID("siemens"))]?.keys == [TestKeys.third.verificationKey])
    }

    @Test("A document is judged by the keys of the one role that may sign it")
    func judged() throws {
        let store = try store()
        #expect(try store.verify(signed(.job, site: "siemens", by: TestKeys.second)).role == .coordinator)
        let release = try store.verify(signed(.release, site: "siemens", by: TestKeys.third))
        #expect(release.role == .site(try SiteID("siemens")))
        let `protocol` = try signed(.studyProtocol, site: "", by: TestKeys.first, TestKeys.second)
        #expect(try store.verify(`protocol`, expecting: .studyProtocol).signers.count == 2)
    }

    @Test("Keys of other roles, too few keys and unknown sites are refused, each with its code")
    func refused() throws {
        let store = try store()
        let cases: [(Envelope, EvidenceError.Code)] = [
            (try signed(.job, site: "siemens", by: TestKeys.first), .unknownSigner),
            (try signed(.release, site: "siemens", by: TestKeys.second), .unknownSigner),
            (try signed(.release, site: "philips", by: TestKeys.third), .untrustedRole),
            (try signed(.release, site: "../x", by: TestKeys.third), .invalidIdentifier),
            (try signed(.studyProtocol, site: "", by: TestKeys.first), .belowThreshold),
        ]
        for (envelope, code) in cases {
            let error = #expect(throws: EvidenceError.self) { try store.verify(envelope) }
            #expect(error?.kind == code)
        }
        let error = #expect(throws: EvidenceError.self) {
            try store.verify(signed(.report, site: "siemens", by: TestKeys.second), expecting: .job)
        }
        #expect(error?.kind == .wrongPredicateType)
    }

    @Test("Every fault of a trust file is reported with its place")
    func faults() {
        let pem = TestKeys.first.verificationKey.pem.replacingOccurrences(of: "\n", with: "\\n")
        let key = "{\"suite\":\"ed25519\",\"publicKey\":\"\(pem)\"}"
        let document = """
            {"schemaVersion":"2.0","roles":{
              "sponsor":{"keys":[\(key),\(key)],"threshold":1},
              "cordinator":{"keys":[\(key)],"threshold":1},
              "site:a":{"keys":[{"suite":"sm2-sm3","publicKey":"x"}],"threshold":1},
              "site:b":{"keys":[\(key)],"threshold":2},
              "site:c":{"keys":[{"suite":"ed25519","publicKey":"x"}]},
              "site:D":{"keys":[],"threshold":0}},"x":1}
            """
        let faults = FaultList()
        #expect(TrustStore.parse(Data(document.utf8), faults: faults) == nil)
        #expect(
            faults.faults.map { "\($0.pointer) \($0.code)" } == [
                "/schemaVersion unknown-schema-version",
                "/x json-unknown-member",
                "/roles/sponsor invalid-trust",
                "/roles/cordinator wrong-role",
                "/roles/site:a/keys/0 unsupported-suite",
                "/roles/site:b invalid-trust",
                "/roles/site:c/keys/0 invalid-key",
                "/roles/site:c json-missing",
                "/roles/site:D/keys json-item-count",
                "/roles/site:D/threshold json-out-of-range",
                "/roles/site:D invalid-identifier",
            ])
        let error = #expect(throws: EvidenceError.self) { try TrustStore(Data(document.utf8)) }
        #expect(error?.kind == .invalidTrust)
    }
}
