import Foundation
import StrictJSON
import Testing

@Suite struct CodableTests {
    private struct Site: Codable, Equatable {
        var id: String
        var counts: [Int]
        var share: Double?
        var extra: JSONValue?
    }

    @Test("A value is encoded with sorted keys, plain slashes and shortest numbers, and decoded again")
    func roundTrip() throws {
        let site = Site(id: "a/b", counts: [1, 2], share: 0.1, extra: ["k": [1, 0.5, "x", .null, true]])
        let data = try StrictJSON.encode(site)
        let expected = #"{"counts":[1,2],"extra":{"k":[1,0.5,"x",null,true]},"id":"a/b","share":0.1}"#
        #expect(String(decoding: data, as: UTF8.self) == expected)
        #expect(try StrictJSON.decode(Site.self, from: data) == site)
        #expect(try JSONValue(encoding: site).decode(Site.self) == site)
    }

    @Test("Decoding sees duplicates, which JSONDecoder does not")
    func duplicates() {
        let data = Data(#"{"id":"a","id":"b","counts":[]}"#.utf8)
        let error = #expect(throws: StrictJSONError.self) { try StrictJSON.decode(Site.self, from: data) }
        #expect(error?.kind == .duplicateKey)
    }

    @Test(
        "A fault of decoding names its place",
        arguments: [
            (#"{"id":"a","counts":[1,"2"]}"#, .wrongType, "/counts/1"), (#"{"counts":[]}"#, .missing, ""),
            (#"{"id":"a","counts":[1],"share":"x"}"#, .wrongType, "/share"),
        ] as [(String, StrictJSONError.Code, String)])
    func decodingFaults(text: String, code: StrictJSONError.Code, pointer: String) {
        let error = #expect(throws: StrictJSONError.self) {
            try StrictJSON.decode(Site.self, from: Data(text.utf8))
        }
        #expect(error?.kind == code)
        #expect(error?.pointer.description == pointer)
    }

    @Test("What JSON cannot hold is refused when it is encoded")
    func unencodable() {
        let error = #expect(throws: StrictJSONError.self) { try StrictJSON.encode([1, Double.nan]) }
        #expect(error?.kind == .unencodable)
        #expect(error?.pointer.description == "/1")
    }
}
