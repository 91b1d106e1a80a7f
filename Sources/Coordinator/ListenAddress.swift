internal import TextCatalogue

/// Where the server listens, written `ADDRESS:PORT` (`127.0.0.1:8443`, `[::1]:8443`); port 0 takes any free one.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    public let host: String
    public let port: Int

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// - Throws: `invalid-listen-address`.
    public init(_ text: String) throws(CoordinatorError) {
        let failure = CoordinatorError(.invalidListenAddress, .coordinatorInvalidListenAddress(text))
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw failure
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard ServerName(host) != nil else { throw failure }
        self.init(host: host, port: Int(port))
    }

    /// The same address with the port that was bound.
    public func with(port: Int) -> ListenAddress { ListenAddress(host: host, port: port) }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
