import Evidence
import Foundation
import Testing

@Suite struct KeyTests {
    @Test(
        "The vectors of RFC 8032, section 7.1 are met",
        arguments: [
            (
                TestKeys.first, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
            (
                TestKeys.second, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
            (
                TestKeys.third, "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
            ),
        ])
    func rfc8032(key: SigningKey, publicKey: String, message: String, signature: String) throws {
        let message = TestKeys.bytes(message)
        let signature = TestKeys.bytes(signature)
        #expect(key.verificationKey.rawRepresentation == TestKeys.bytes(publicKey))
        #expect(try key.sign(message) == signature)
        #expect(key.verificationKey.isValid(signature, for: message))
        #expect(!key.verificationKey.isValid(signature, for: message + [0]))
        #expect(!key.verificationKey.isValid(signature.dropLast(), for: message))
        #expect(!key.verificationKey.isValid(Data(), for: message))
    }

    @Test("The examples of RFC 8410, section 10 are read and written")
    func rfc8410() throws {
        let privatePEM = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----

            """
        let publicPEM = """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
            -----END PUBLIC KEY-----

            """
        let key = try SigningKey(pem: privatePEM)
        #expect(key.pem == privatePEM)
        #expect(key.verificationKey.pem == publicPEM)
        #expect(try VerificationKey(pem: publicPEM) == key.verificationKey)
        #expect(try VerificationKey(pem: publicPEM.replacingOccurrences(of: "\n", with: "\r\n")) == key.verificationKey)
        #expect(try VerificationKey(der: key.verificationKey.der) == key.verificationKey)
    }

    @Test("The key id is the SHA-256 of the DER, the fingerprint its first 128 bits in groups of four")
    func keyID() {
        let key = TestKeys.first.verificationKey
        #expect(key.keyID == Digest(of: key.der).hex)
        #expect(key.fingerprint.split(separator: "-").joined() == key.keyID.prefix(32))
        #expect(key.fingerprint.split(separator: "-").map(\.count) == Array(repeating: 4, count: 8))
    }

    @Test("What is not one Ed25519 key in PEM is refused")
    func refused() {
        let pem = TestKeys.first.verificationKey.pem
        let others = [
            "", "x", pem + pem, "prefix\n" + pem, pem.replacingOccurrences(of: "PUBLIC", with: "PRIVATE"),
            pem.replacingOccurrences(of: "MCow", with: "MCov"), String(pem.dropLast(30)), TestKeys.first.pem,
            String(repeating: pem, count: 1000),
        ]
        for text in others {
            let error = #expect(throws: EvidenceError.self) { try VerificationKey(pem: text) }
            #expect(error?.kind == .invalidKey)
        }
        #expect(throws: EvidenceError.self) { try SigningKey(pem: pem) }
        #expect(throws: EvidenceError.self) { try SigningKey(seed: Data(count: 31)) }
    }

    @Test("Keys of small order, which fit many documents, are refused")
    func smallOrder() throws {
        let zero = Data(count: 32)
        var one = zero
        one[0] = 1
        var negativeOne = one
        negativeOne[31] = 0x80
        let order8 = TestKeys.bytes("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
        for point in [zero, one, negativeOne, order8] {
            let error = #expect(throws: EvidenceError.self) { try VerificationKey(rawRepresentation: point) }
            #expect(error?.kind == .weakKey)
        }
    }

    @Test("A signature with its scalar raised by the group's order is refused: no signature has a second form")
    func malleability() throws {
        let message = Data("message".utf8)
        let signature = try TestKeys.first.sign(message)
        let order = TestKeys.bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        var raised = signature
        var carry = 0
        for index in 0..<32 {
            let sum = Int(signature[32 + index]) + Int(order[index]) + carry
            raised[32 + index] = UInt8(sum & 0xFF)
            carry = sum >> 8
        }
        #expect(carry == 0)
        #expect(raised != signature)
        #expect(!TestKeys.first.verificationKey.isValid(raised, for: message))
    }

    @Test("A generated key depends on the generator alone")
    func generated() {
        struct Fixed: RandomNumberGenerator {
            var state: UInt64
            mutating func next() -> UInt64 {
                state &+= 1
                return state &* 0x9E37_79B9_7F4A_7C15
            }
        }
        var (first, again, other) = (Fixed(state: 1), Fixed(state: 1), Fixed(state: 2))
        let key = SigningKey.generate(using: &first)
        #expect(key.pem == SigningKey.generate(using: &again).pem)
        #expect(key.pem != SigningKey.generate(using: &other).pem)
    }
}

@Suite struct KeyFileTests {
    @Test("A key file is for its owner alone, is read back, and is never overwritten")
    func file() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("key.pem")
        let previous = umask(0)
        defer { umask(previous) }
        try TestKeys.first.write(to: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try SigningKey(file: path).pem == TestKeys.first.pem)
        let error = #expect(throws: EvidenceError.self) { try TestKeys.second.write(to: path) }
        #expect(error?.kind == .keyFileExists)
        #expect(try SigningKey(file: path).pem == TestKeys.first.pem)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["key.pem"])
    }

    @Test("A dangling link in place of the file is not followed")
    func link() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("key.pem"), withDestinationPath: folder.path("elsewhere"))
        let error = #expect(throws: EvidenceError.self) { try TestKeys.first.write(to: folder.path("key.pem")) }
        #expect(error?.kind == .keyFileExists)
        #expect(!FileManager.default.fileExists(atPath: folder.path("elsewhere")))
    }

    @Test("A key file that others may read is refused", arguments: [0o640, 0o604, 0o660, 0o610])
    func exposed(mode: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("key.pem")
        try TestKeys.first.write(to: path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let error = #expect(throws: EvidenceError.self) { try SigningKey(file: path) }
        #expect(error?.kind == .keyFileExposed)
    }

    @Test("A missing, a huge and a special file are refused")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        let huge = folder.path("huge")
        try KeyFile.create(Data(count: 65 << 10), at: huge)
        for path in [folder.path("missing"), huge, folder.path] {
            let error = #expect(throws: EvidenceError.self) { try SigningKey(file: path) }
            #expect(error?.kind == .keyFileUnreadable)
        }
        let error = #expect(throws: EvidenceError.self) { try TestKeys.first.write(to: folder.path("no/such/folder")) }
        #expect(error?.kind == .keyFileUnwritable)
    }
}
