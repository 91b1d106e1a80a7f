import Evidence
import Foundation
import StrictJSON
import Testing

@Suite struct EnvelopeTests {
    private let key = TestKeys.first.verificationKey

    private func envelope(by signers: SigningKey...) throws -> Envelope {
        try Envelope(
            payloadType: "http://example.com/HelloWorld", payload: Data("hello world".utf8), signers: signers)
    }

    @Test("The pre-authentication encoding is that of the DSSE specification's example")
    func preAuthenticationEncoding() throws {
        let expected = "DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        #expect(try envelope(by: TestKeys.first).preAuthenticationEncoding == Data(expected.utf8))
    }

    @Test("Lengths in the pre-authentication encoding are of bytes, not of characters")
    func preAuthenticationLengths() throws {
        let envelope = try Envelope(payloadType: "é", payload: Data("π".utf8), signers: [TestKeys.first])
        #expect(envelope.preAuthenticationEncoding == Data("DSSEv1 2 é 2 π".utf8))
    }

    @Test("The envelope's JSON has the bytes of the golden file, and reads back")
    func golden() throws {
        let golden = try Vectors.data("hello-world.dsse.json")
        let envelope = try envelope(by: TestKeys.first, TestKeys.second)
        #expect(envelope.encoded == golden)
        #expect(try Envelope(golden) == envelope)
        #expect(try StrictJSON.decode(Envelope.self, from: golden) == envelope)
        #expect(try StrictJSON.encode(envelope) == golden)
    }

    @Test("White space between the tokens does not matter")
    func whiteSpace() throws {
        let envelope = try envelope(by: TestKeys.first)
        #expect(try Envelope(envelope.json.prettyBytes) == envelope)
    }

    // MARK: Keys and thresholds

    @Test("The keys that signed are returned, in the order of the trusted keys")
    func signers() throws {
        let envelope = try envelope(by: TestKeys.third, TestKeys.first)
        let keys = [TestKeys.first, TestKeys.second, TestKeys.third].map(\.verificationKey)
        #expect(try envelope.verify(by: keys, threshold: 2) == [keys[0], keys[2]])
    }

    @Test("A key counts once, however often it is listed or has signed")
    func distinctKeys() throws {
        var envelope = try envelope(by: TestKeys.first)
        try envelope.addSignature(of: TestKeys.first)
        #expect(envelope.signatures.count == 1)
        let error = #expect(throws: EvidenceError.self) { try envelope.verify(by: [key, key], threshold: 2) }
        #expect(error?.kind == .belowThreshold)
    }

    @Test("A threshold of nothing is a threshold of one")
    func noThreshold() throws {
        let envelope = try envelope(by: TestKeys.first)
        #expect(throws: EvidenceError.self) { try envelope.verify(by: [], threshold: 0) }
        #expect(throws: EvidenceError.self) {
            try envelope.verify(by: [TestKeys.second.verificationKey], threshold: 0)
        }
    }

    @Test("Another key than the trusted ones is an unknown signer, also under a trusted key's id")
    func unknownSigner() throws {
        let envelope = try envelope(by: TestKeys.second)
        let unknown = #expect(throws: EvidenceError.self) { try envelope.verify(by: [key]) }
        #expect(unknown?.kind == .unknownSigner)

        let disguised = try Envelope(json: replacing(envelope.json, keyID: key.keyID))
        let bad = #expect(throws: EvidenceError.self) { try disguised.verify(by: [key]) }
        #expect(bad?.kind == .badSignature)
    }

    @Test("A good signature under another key's id is refused: the id belongs to the evidence")
    func wrongKeyID() throws {
        let changed = try Envelope(json: replacing(envelope(by: TestKeys.first).json, keyID: "0"))
        let error = #expect(throws: EvidenceError.self) { try changed.verify(by: [key]) }
        #expect(error?.kind == .badSignature)
    }

    @Test("A bad signature that claims a trusted key spoils an envelope that meets the threshold without it")
    func spoiled() throws {
        let good = try envelope(by: TestKeys.first, TestKeys.second)
        let keys = [key, TestKeys.second.verificationKey]
        var json = good.json
        guard case .array(var signatures)? = json["signatures"], case .object(var object) = json else {
            Issue.record("the envelope has no signatures")
            return
        }
        signatures[1] = ["keyid": .string(keys[1].keyID), "sig": "QUJD"]
        object["signatures"] = .array(signatures)
        json = .object(object)
        let error = #expect(throws: EvidenceError.self) { try Envelope(json: json).verify(by: keys, threshold: 1) }
        #expect(error?.kind == .badSignature)
        // To somebody who knows the first key alone, the second signature says nothing.
        #expect(try Envelope(json: json).verify(by: [key]) == [key])
    }

    private func replacing(_ json: JSONValue, keyID: String) -> JSONValue {
        let signature = json["signatures"]?[0]?["sig"] ?? ""
        return [
            "payload": json["payload"] ?? "", "payloadType": json["payloadType"] ?? "",
            "signatures": [["keyid": .string(keyID), "sig": signature]],
        ]
    }

    // MARK: Tampering

    @Test("A change of any byte of the JSON is refused: each bit, and the characters that mean something in it")
    func anyByte() throws {
        let subject = Statement.Subject(digest: Digest(of: Data()))
        // The text brings "+" and "/" into the base64, which have other forms in other alphabets.
        let predicate: JSONValue = ["note": "??>>~~ÿ"]
        let original = try Statement(subjects: [subject], predicateType: .job, predicate: predicate)
            .signed(by: [TestKeys.first])
        let encoded = original.encoded
        #expect(try original.verify(by: [key]) == [key])
        for position in encoded.indices {
            var others = Set((0..<8).map { encoded[position] ^ (1 << $0) } + Array(" \"\\_-=".utf8))
            others.remove(encoded[position])
            for byte in others {
                var changed = encoded
                changed[position] = byte
                if (try? Envelope(changed).verify(by: [key])) != nil {
                    Issue.record("byte \(position) changed to \(byte) was accepted")
                }
            }
        }
    }

    @Test("Where all signatures count, a change in any of them is refused")
    func anySignature() throws {
        let original = try envelope(by: TestKeys.first, TestKeys.second, TestKeys.third)
        let keys = [TestKeys.first, TestKeys.second, TestKeys.third].map(\.verificationKey)
        let encoded = original.encoded
        for position in encoded.indices {
            var changed = encoded
            changed[position] ^= 1
            #expect(throws: EvidenceError.self) { try Envelope(changed).verify(by: keys, threshold: 3) }
        }
    }

    @Test("Every truncation and every removed byte is refused; an inserted one is, or leaves the envelope the same")
    func cutsAndInsertions() throws {
        let original = try envelope(by: TestKeys.first)
        let encoded = original.encoded
        for position in 0...encoded.count {
            if position < encoded.count {
                #expect(throws: EvidenceError.self) { try Envelope(encoded.prefix(position)).verify(by: [key]) }
                var removed = encoded
                removed.remove(at: position)
                #expect(throws: EvidenceError.self) { try Envelope(removed).verify(by: [key]) }
            }
            for byte in Array(" \"\\A0=,}".utf8) {
                var inserted = encoded
                inserted.insert(byte, at: position)
                guard let envelope = try? Envelope(inserted), (try? envelope.verify(by: [key])) != nil else { continue }
                // White space between tokens, and the backslash of "\\/".
                #expect([UInt8(ascii: " "), UInt8(ascii: "\\")].contains(byte))
                #expect(envelope == original)
            }
        }
    }

    @Test(
        "Another form of the JSON than the profile's is refused",
        arguments: [
            ("{}", .invalidEnvelope),
            ("[]", .invalidEnvelope),
            ("", .invalidEnvelope),
            (#"{"payload":"","payloadType":"t","signatures":[]}"#, .unsigned),
            (#"{"payload":"","payloadType":"t","signatures":[{"sig":""}]}"#, .invalidEnvelope),
            (#"{"payload":"","payloadType":"t","signatures":[{"keyid":1,"sig":""}]}"#, .invalidEnvelope),
            (#"{"payload":"","payloadType":"t","signatures":[{"keyid":"k","sig":"","x":1}]}"#, .invalidEnvelope),
            (#"{"payload":"","payloadType":"t","signatures":[{"keyid":"k","sig":""}],"x":1}"#, .invalidEnvelope),
            (
                #"{"payload":"","payloadType":"t","signatures":[{"keyid":"k","sig":""},{"keyid":"k","sig":""}]}"#,
                .invalidEnvelope
            ),
            (#"{"payload":"QQ","payloadType":"t","signatures":[{"keyid":"k","sig":""}]}"#, .invalidEnvelope),
            (#"{"payload":"QR==","payloadType":"t","signatures":[{"keyid":"k","sig":""}]}"#, .invalidEnvelope),
            (#"{"payload":"_-8=","payloadType":"t","signatures":[{"keyid":"k","sig":""}]}"#, .invalidEnvelope),
            (#"{"payload":"QQ==\n","payloadType":"t","signatures":[{"keyid":"k","sig":""}]}"#, .invalidEnvelope),
            (#"{"payload":"","payload":"","payloadType":"t","signatures":[{"keyid":"k","sig":""}]}"#, .invalidEnvelope),
        ] as [(String, EvidenceError.Code)])
    func profile(text: String, code: EvidenceError.Code) {
        let error = #expect(throws: EvidenceError.self) { try Envelope(Data(text.utf8)) }
        #expect(error?.kind == code)
    }

    @Test("Sixteen signatures are taken, seventeen are not")
    func signatureLimit() throws {
        func json(_ count: Int) -> JSONValue {
            let signatures = (0..<count).map { JSONValue.object(["keyid": .string("k\($0)"), "sig": "QQ=="]) }
            return ["payload": "", "payloadType": "t", "signatures": .array(signatures)]
        }
        #expect(try Envelope(json: json(16)).signatures.count == 16)
        let error = #expect(throws: EvidenceError.self) { try Envelope(json: json(17)) }
        #expect(error?.kind == .tooManySignatures)
    }

    @Test("A new signature does not disturb the others")
    func addSignature() throws {
        var envelope = try envelope(by: TestKeys.first)
        let before = envelope.signatures
        try envelope.addSignature(of: TestKeys.second)
        #expect(Array(envelope.signatures.prefix(1)) == before)
        #expect(try envelope.verify(by: [key, TestKeys.second.verificationKey], threshold: 2).count == 2)
        #expect(envelope.digest == Digest(of: Data("hello world".utf8)))
    }
}
