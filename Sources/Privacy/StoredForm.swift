/// What stored forms of this module share: no key that is not theirs, and plain names.
enum OnlyKeys {
    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// A key that is not known is an error: it may be a limit that this version would not keep.
    static func check<Key: CodingKey & CaseIterable>(_ decoder: any Decoder, _ keys: Key.Type) throws {
        let known = Set(Key.allCases.map(\.stringValue))
        for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            throw PrivacyError(.malformedRecord, "a member that is not known")
        }
    }
}

enum PlainName {
    /// 1 to 256 bytes of visible ASCII: what identifiers and digests are made of.
    static func check(_ names: String...) throws(PrivacyError) {
        for name in names {
            guard (1...256).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw PrivacyError(.malformedName, "1 to 256 visible ASCII characters")
            }
        }
    }
}
