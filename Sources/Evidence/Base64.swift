import Foundation

/// The standard alphabet of RFC 4648, section 4, with padding, without line ends: one value has one text.
enum Base64 {
    static func encode(_ data: Data) -> String { data.base64EncodedString() }

    /// Nil unless the text is the one that `encode` writes. Foundation ignores the unused bits of the last digit, so
    /// the value is encoded again and compared.
    static func decode(_ text: String) -> Data? {
        guard let data = Data(base64Encoded: text), data.base64EncodedString().utf8.elementsEqual(text.utf8) else {
            return nil
        }
        return data
    }
}
