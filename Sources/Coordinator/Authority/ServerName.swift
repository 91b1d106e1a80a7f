internal import Foundation
internal import SwiftASN1
internal import X509

/// A name under which the coordinator is reached: a DNS name, or an IPv4 or IPv6 address.
struct ServerName: Hashable, Sendable {
    let text: String
    private let address: [UInt8]?

    static let localhost = ServerName(unchecked: "localhost", address: nil)
    static let loopback = ServerName(unchecked: "127.0.0.1", address: [127, 0, 0, 1])

    /// Nil when `text` is neither a host name (RFC 1123, section 2.1) nor an IP address.
    init?(_ text: String) {
        if let address = Self.parse(address: text) {
            self.init(unchecked: text, address: address)
        } else if Self.isHostName(text) {
            self.init(unchecked: text, address: nil)
        } else {
            return nil
        }
    }

    private init(unchecked text: String, address: [UInt8]?) {
        self.text = text
        self.address = address
    }

    var generalName: GeneralName {
        if let address { .ipAddress(ASN1OctetString(contentBytes: address[...])) } else { .dnsName(text) }
    }

    /// As it stands in a URL: IPv6 addresses in brackets.
    var urlText: String { address?.count == 16 ? "[\(text)]" : text }

    private static func parse(address text: String) -> [UInt8]? {
        var version4 = in_addr()
        if inet_pton(AF_INET, text, &version4) == 1 { return withUnsafeBytes(of: version4) { Array($0) } }
        var version6 = in6_addr()
        if inet_pton(AF_INET6, text, &version6) == 1 { return withUnsafeBytes(of: version6) { Array($0) } }
        return nil
    }

    private static func isHostName(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        // A last label of digits alone is a mistyped IPv4 address, never a host.
        guard let last = labels.last, !last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
                    default: false
                    }
                }
        }
    }
}
