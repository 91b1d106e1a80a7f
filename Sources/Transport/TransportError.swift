import CCurl
public import Messages
public import TextCatalogue

/// Why a request brought no usable answer. Equality is on the reason.
public struct TransportError: Error, Hashable, Sendable, UserFacingError {
    public enum Reason: Hashable, Sendable {
        /// libcurl could not be set up.
        case cannotStart
        /// A path or header field that must not be sent.
        case invalidRequest
        /// The server's address is not an `https` URL without user, query and fragment.
        case invalidAddress
        /// Name resolution, routing or the TCP connection failed.
        case cannotConnect
        case timedOut
        /// The server's certificate does not come from the pinned authority, or names another host.
        case untrustedServer
        /// The TLS handshake failed otherwise; so does a server that refuses this client's certificate.
        case tlsFailed
        /// The connection broke, or the server did not keep to HTTP.
        case protocolViolation
        case responseTooLarge
        /// The local file could not be written.
        case cannotWrite
        /// The recorder could not keep a copy, so the request did not leave.
        case cannotRecord
        /// The downloaded bytes have another digest.
        case digestMismatch
        /// The response is not what the interface promises; holds the HTTP status.
        case unexpectedResponse(Int)
        /// The server refused with a problem document.
        case problem(Problem)
        case cancelled
    }

    public let reason: Reason

    public init(_ reason: Reason) {
        self.reason = reason
    }

    init(curl result: CURLcode) {
        let reason: Reason =
            switch result {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT: .cannotConnect
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR: .untrustedServer
            case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER: .tlsFailed
            case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT: .invalidAddress
            case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT: .cannotStart
            case CURLE_FILESIZE_EXCEEDED: .responseTooLarge
            default: .protocolViolation
            }
        self.init(reason)
    }

    public var code: String {
        switch reason {
        case .cannotStart: "cannot-start"
        case .invalidRequest: "invalid-request"
        case .invalidAddress: "invalid-address"
        case .cannotConnect: "cannot-connect"
        case .timedOut: "timed-out"
        case .untrustedServer: "untrusted-server"
        case .tlsFailed: "tls-failed"
        case .protocolViolation: "protocol-violation"
        case .responseTooLarge: "response-too-large"
        case .cannotWrite: "cannot-write"
        case .cannotRecord: "cannot-record"
        case .digestMismatch: "digest-mismatch"
        case .unexpectedResponse: "unexpected-response"
        case .problem(let problem): problem.code
        case .cancelled: "cancelled"
        }
    }

    /// Whether the same request may succeed later without anybody changing anything: the network, a server that
    /// restarts, a full disk. Refusals (4xx) are final, but for 408, 425 and 429.
    public var isTransient: Bool {
        switch reason {
        case .cannotConnect, .timedOut, .tlsFailed, .protocolViolation, .cannotWrite, .cannotRecord: true
        case .problem(let problem): Self.isTransient(status: problem.status)
        case .unexpectedResponse(let status): Self.isTransient(status: status)
        case .cannotStart, .invalidRequest, .invalidAddress, .untrustedServer, .responseTooLarge, .digestMismatch,
            .cancelled:
            false
        }
    }

    private static func isTransient(status: Int) -> Bool {
        status >= 500 || status == 408 || status == 425 || status == 429
    }

    public var phrase: Phrase {
        switch reason {
        case .cannotStart: .transportCannotStart
        case .invalidRequest: .transportInvalidRequest
        case .invalidAddress: .transportInvalidAddress
        case .cannotConnect: .transportCannotConnect
        case .timedOut: .transportTimedOut
        case .untrustedServer: .transportUntrustedServer
        case .tlsFailed: .transportTLSFailed
        case .protocolViolation: .transportProtocolViolation
        case .responseTooLarge: .transportResponseTooLarge
        case .cannotWrite: .transportCannotWrite
        case .cannotRecord: .transportCannotRecord
        case .digestMismatch: .transportDigestMismatch
        case .unexpectedResponse(let status): .transportUnexpectedResponse(status: status)
        case .problem(let problem):
            .transportProblem(title: problem.title, code: problem.code, status: problem.status)
        case .cancelled: .transportCancelled
        }
    }
}
