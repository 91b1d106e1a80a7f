public import Foundation

/// Sees every request before it leaves this machine.
public protocol RequestRecorder: Sendable {
    /// Keeps a copy of a request. When it throws, the request is not sent: what is not on record does not leave.
    /// - Parameters:
    ///   - method: the HTTP method, upper case.
    ///   - path: path and query as sent.
    ///   - body: the exact bytes of the body; empty when the request has none.
    func record(method: String, path: String, body: Data) throws
}
