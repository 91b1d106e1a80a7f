import Testing

@testable import Coordinator

@Suite("Ranges, addresses, names and durations") struct SmallFormsTests {
    @Test(arguments: [
        ("bytes=0-0", ByteRange.part(0...0)), ("bytes=2-5", .part(2...5)), ("bytes=2-", .part(2...9)),
        ("bytes=2-99", .part(2...9)), ("bytes=-3", .part(7...9)), ("bytes=-99", .part(0...9)),
        ("bytes=10-", .notSatisfiable), ("bytes=-0", .notSatisfiable), ("bytes=5-2", .whole),
        ("bytes=0-1,3-4", .whole), ("items=0-1", .whole), ("bytes=a-b", .whole), ("bytes=-", .whole),
        ("bytes=+1-2", .whole), ("bytes=99999999999999999999-", .whole),
    ])
    func `a range header means a part of ten bytes`(header: String, expected: ByteRange) {
        #expect(ByteRange(header, size: 10) == expected)
    }

    @Test func `no range header means the whole file, and an empty file has no parts`() {
        #expect(ByteRange(nil, size: 10) == .whole)
        #expect(ByteRange("bytes=0-", size: 0) == .notSatisfiable)
    }

    @Test(arguments: ["127.0.0.1:8443", "localhost:0", "[::1]:65535"])
    func `a listen address is read and written alike`(text: String) throws {
        #expect(try ListenAddress(text).description == text)
    }

    @Test(arguments: ["", "8443", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "a b:1", ":80"])
    func `what is no listen address is refused`(text: String) {
        #expect(throws: CoordinatorError.self) { try ListenAddress(text) }
    }

    @Test(arguments: ["example.org", "a", "10.0.0.1", "::1", "xn--fiq.example"])
    func `host names and addresses name a server`(text: String) {
        #expect(ServerName(text)?.text == text)
    }

    @Test(arguments: ["", "-a", "a-", "a..b", "a_b", "10.0.0.256", "1.2", "bücher.example", "a/b"])
    func `other texts name no server`(text: String) {
        #expect(ServerName(text) == nil)
    }

    @Test func `durations have a unit`() throws {
        #expect(try Validity("30m").seconds == 1800)
        #expect(try Validity("12h").seconds == 43_200)
        #expect(try Validity("7d").seconds == 604_800)
        for text in ["", "7", "d", "0d", "-1d", "7w", "1.5h", "9999999d"] {
            #expect(throws: CoordinatorError.self) { try Validity(text) }
        }
    }

    @Test(arguments: ["https://a.example:8443/x", "http://a.example", "a.example", "https://", "https://u@a.example"])
    func `only a bare https URL is a base URL`(text: String) {
        #expect(throws: CoordinatorError.self) { try Settings.checkedURL(text) }
    }

    @Test func `a slash at the end of a base URL is dropped`() throws {
        #expect(try Settings.checkedURL("https://a.example:8443/") == "https://a.example:8443")
    }
}
