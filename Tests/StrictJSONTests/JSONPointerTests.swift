import Foundation
import StrictJSON
import Testing

@Suite struct JSONPointerTests {
    /// RFC 6901, section 5.
    private let document = #"""
        {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8}
        """#

    @Test(
        "The pointers of RFC 6901, section 5 name their values",
        arguments: [
            ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3),
            ("/g|h", 4), ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8),
        ] as [(String, JSONValue)])
    func names(text: String, expected: JSONValue) throws {
        let value = try StrictJSON.parse(Data(document.utf8))
        let pointer = try #require(JSONPointer(text))
        #expect(value[pointer] == expected)
        #expect(pointer.description == text)
    }

    @Test("The empty pointer is the document, one to nothing gives nothing", arguments: ["/foo/2", "/foo/00", "/x"])
    func nothing(text: String) throws {
        let value = try StrictJSON.parse(Data(document.utf8))
        #expect(value[.root] == value)
        #expect(value[try #require(JSONPointer(text))] == nil)
    }

    @Test("A text that is no pointer is refused", arguments: ["foo", "/a~", "/a~2", "~0"])
    func refuses(text: String) { #expect(JSONPointer(text) == nil) }
}
