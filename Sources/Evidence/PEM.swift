import Foundation

/// One block of RFC 7468 textual encoding.
enum PEM {
    /// Lines of 64 characters and a line end after the last, as OpenSSL writes.
    static func encode(_ der: Data, label: String) -> String {
        let body = Array(der.base64EncodedString().utf8)
        let lines = stride(from: 0, to: body.count, by: 64).map { start in
            String(decoding: body[start..<min(start + 64, body.count)], as: UTF8.self)
        }
        return (["-----BEGIN \(label)-----"] + lines + ["-----END \(label)-----", ""]).joined(separator: "\n")
    }

    /// The content, when the text is exactly one block of that label; white space may stand around it.
    static func decode(_ text: String, label: String) -> Data? {
        guard text.utf8.count <= 4096 else { return nil }
        let lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
            .map { String($0).trimmingCharacters(in: .whitespacesAndNewlines) }
            .drop { $0.isEmpty }
        let content = lines.reversed().drop { $0.isEmpty }.reversed()
        guard content.first == "-----BEGIN \(label)-----", content.last == "-----END \(label)-----" else { return nil }
        return Base64.decode(content.dropFirst().dropLast().joined())
    }
}
