import Evidence
import Foundation
import StrictJSON
import Testing

@Suite struct DigestTests {
    /// FIPS 180-4, example of a one-block message.
    private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test("The digest of FIPS 180-4's example is written and read as text")
    func text() throws {
        let digest = Digest(of: Data("abc".utf8))
        #expect(digest.hex == abc)
        #expect(digest.description == "sha256:" + abc)
        #expect(try Digest("sha256:" + abc) == digest)
        #expect(try Digest(hex: abc) == digest)
        #expect(try StrictJSON.encode([digest]) == Data("[\"sha256:\(abc)\"]".utf8))
        #expect(try StrictJSON.decode([Digest].self, from: Data("[\"sha256:\(abc)\"]".utf8)) == [digest])
    }

    @Test("A digest of pieces is the digest of the whole")
    func pieces() {
        var accumulator = Digest.Accumulator()
        accumulator.update(Data("a".utf8))
        accumulator.update(Data("bc".utf8))
        #expect(accumulator.digest.hex == abc)
    }

    @Test("One digest has one text", arguments: ["", "sha256:", "SHA256:", "sha512:", "sha256:00", "sha256: "])
    func refused(prefix: String) {
        for text in [prefix + abc.dropLast(), prefix + abc.uppercased(), prefix + abc + "0"] {
            #expect(throws: EvidenceError.self) { try Digest(text) }
        }
        let error = #expect(throws: StrictJSONError.self) {
            try StrictJSON.decode([Digest].self, from: Data("[\"\(prefix)\"]".utf8))
        }
        #expect(error?.pointer.description == "/0")
    }
}

@Suite struct IdentifierTests {
    @Test("Names within the alphabet and length are taken", arguments: ["a", "0", "siemens", "lidc-2", "a-", "9-9"])
    func taken(name: String) throws {
        #expect(try SiteID(name).rawValue == name)
        #expect(try StudyID(name).description == name)
        #expect(try StrictJSON.decode([SiteID].self, from: StrictJSON.encode([SiteID(name)])).first?.rawValue == name)
    }

    @Test("Other names are refused", arguments: ["", "-a", "A", "a_b", "a.b", "a/b", "../x", "é", "a b", "a\n", "a\0"])
    func refused(name: String) {
        let error = #expect(throws: EvidenceError.self) { try SiteID(name) }
        #expect(error?.kind == .invalidIdentifier)
        #expect(StudyID(rawValue: name) == nil)
    }

    @Test("A site has at most 63 characters, a study at most 96")
    func lengths() {
        #expect(SiteID(rawValue: String(repeating: "a", count: 63)) != nil)
        #expect(SiteID(rawValue: String(repeating: "a", count: 64)) == nil)
        #expect(StudyID(rawValue: String(repeating: "a", count: 96)) != nil)
        #expect(StudyID(rawValue: String(repeating: "a", count: 97)) == nil)
    }
}
