public import Foundation

/// An HTTPS client for one server whose certificate authority is pinned.
///
/// TLS 1.3 at least, HTTP/2 where the server offers it, mutual TLS when it has an identity, no redirects, no cookies,
/// nothing but `https`. Proxies follow libcurl's environment variables (`https_proxy`, `all_proxy`, `no_proxy`).
/// Transfers run on the client's own thread; cancelling the calling task ends the transfer at once.
public final class HTTPSClient: Sendable {
    /// How the client reaches and trusts its server.
    public struct Configuration: Sendable, Hashable {
        /// `https://host[:port]`, with or without a path prefix.
        public var address: String
        /// The only certificate authorities that count, PEM.
        public var certificateAuthority: String
        /// The client's certificate and private key for mutual TLS.
        public var identity: Identity?
        /// From the first packet to the end of the TLS handshake.
        public var connectLimit: Duration
        public var userAgent: String

        public init(
            address: String, certificateAuthority: String, identity: Identity? = nil,
            connectLimit: Duration = .seconds(10), userAgent: String = "concordat"
        ) {
            self.address = address
            self.certificateAuthority = certificateAuthority
            self.identity = identity
            self.connectLimit = connectLimit
            self.userAgent = userAgent
        }
    }

    /// A client certificate (with its chain) and its private key, both PEM.
    public struct Identity: Sendable, Hashable {
        public let certificate: String
        public let privateKey: String

        public init(certificate: String, privateKey: String) {
            self.certificate = certificate
            self.privateKey = privateKey
        }
    }

    private let configuration: Configuration
    private let prefix: String
    private let recorder: (any RequestRecorder)?
    private let loop: TransferLoop

    /// - Throws: `invalid-address`, `cannot-start`.
    public init(_ configuration: Configuration, recorder: (any RequestRecorder)? = nil) throws(TransportError) {
        guard let parts = URLComponents(string: configuration.address), parts.scheme?.lowercased() == "https",
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil, parts.query == nil,
            parts.fragment == nil
        else { throw TransportError(.invalidAddress) }
        var prefix = configuration.address
        while prefix.hasSuffix("/") { prefix.removeLast() }
        self.configuration = configuration
        self.prefix = prefix
        self.recorder = recorder
        loop = try TransferLoop()
    }

    deinit {
        loop.stop()
    }

    /// Sends a request and waits for the whole response, whatever its status.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        try await perform(request, sink: nil)
    }

    /// Downloads a resource to a file, going on where an earlier try left `FILE.partial`, and checks its digest.
    ///
    /// The file appears under its name only when it is whole and right. When a resumed download turns out wrong, the
    /// download starts again from zero once.
    /// - Parameters:
    ///   - byteLimit: bytes that the file may have at most.
    ///   - isRight: tells whether the bytes of the finished file are the expected ones.
    /// - Throws: `digest-mismatch` when a download from zero is wrong too; a problem when the server refuses.
    public func download(
        _ path: String, fields: [HTTPRequest.Field] = [], to destination: URL, byteLimit: Int,
        isRight: (Data) -> Bool
    ) async throws(TransportError) {
        let partial = destination.appendingPathExtension("partial")
        for isLastTry in [false, true] {
            if isLastTry { try? FileManager.default.removeItem(at: partial) }
            let response: HTTPResponse
            do {
                response = try await fetch(path, fields: fields, into: partial, byteLimit: byteLimit)
            } catch  where error.reason == .responseTooLarge && !isLastTry {
                continue
            }
            switch response.status {
            case 200, 206, 416:
                // 416: the partial file is whole already (or wrong, which its digest shows).
                guard let bytes = try? Data(contentsOf: partial, options: .alwaysMapped), isRight(bytes) else {
                    continue
                }
                guard rename(partial.path, destination.path) == 0 else { throw TransportError(.cannotWrite) }
                return
            default:
                throw APIResponse.failure(response)
            }
        }
        try? FileManager.default.removeItem(at: partial)
        throw TransportError(.digestMismatch)
    }

    private func fetch(
        _ path: String, fields: [HTTPRequest.Field], into partial: URL, byteLimit: Int
    ) async throws(TransportError) -> HTTPResponse {
        let sink: FileSink
        do { sink = try FileSink(path: partial.path) } catch { throw TransportError(.cannotWrite) }
        var request = HTTPRequest(.get, path, fields: fields)
        request.limits = HTTPRequest.Limits(responseBytes: max(byteLimit - Int(sink.resumeOffset), 1 << 16), total: nil)
        if sink.resumeOffset > 0 {
            request.fields.append(HTTPRequest.Field("Range", "bytes=\(sink.resumeOffset)-"))
        }
        return try await perform(request, sink: sink)
    }

    private func perform(_ request: HTTPRequest, sink: sending FileSink?) async throws(TransportError) -> HTTPResponse {
        guard request.path.hasPrefix("/"), request.path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x23 }) else {
            throw TransportError(.invalidRequest)
        }
        do {
            try recorder?.record(method: request.method.rawValue, path: request.path, body: request.body)
        } catch {
            throw TransportError(.cannotRecord)
        }
        let number = loop.nextNumber()
        let carried = SinkBox(sink)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.start(
                    Transfer(
                        number: number, request: request, url: prefix + request.path, security: configuration,
                        sink: carried.sink, continuation: continuation
                    )
                )
                // A cancellation that came before the hand-over found nothing to end.
                if Task.isCancelled { loop.cancel(number) }
            }
        } onCancel: {
            loop.cancel(number)
        }
        return try outcome.get()
    }
}

/// Carries a sink into the closure that makes the transfer.
///
/// `@unchecked Sendable`: made from a `sending` value that nothing else holds, read once, by that closure.
private struct SinkBox: @unchecked Sendable {
    let sink: FileSink?

    init(_ sink: sending FileSink?) {
        self.sink = sink
    }
}
