public import Foundation

/// A request to the one server that an `HTTPSClient` talks to.
public struct HTTPRequest: Sendable, Hashable {
    public enum Method: String, Sendable, Hashable {
        case get = "GET"
        case put = "PUT"
        case post = "POST"
    }

    public var method: Method
    /// Path and query, percent-encoded, beginning with `/`.
    public var path: String
    /// Header fields beside those that the client sets itself.
    public var fields: [Field]
    public var body: Data
    public var limits: Limits

    public init(
        _ method: Method, _ path: String, fields: [Field] = [], body: Data = Data(), limits: Limits = Limits()
    ) {
        self.method = method
        self.path = path
        self.fields = fields
        self.body = body
        self.limits = limits
    }

    /// A header field. Neither part may hold a control character; the client refuses such a request.
    public struct Field: Sendable, Hashable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What a request may take at most.
    public struct Limits: Sendable, Hashable {
        /// Bytes of the response's body; more ends the transfer with `response-too-large`.
        public var responseBytes: Int
        /// From the first byte of the request to the last of the response; `nil` leaves it to the low-speed limit.
        public var total: Duration?
        /// A transfer that stays under 1 kB/s for this long ends with `timed-out`.
        public var lowSpeed: Duration

        public init(responseBytes: Int = 16 << 20, total: Duration? = .seconds(60), lowSpeed: Duration = .seconds(30)) {
            self.responseBytes = responseBytes
            self.total = total
            self.lowSpeed = lowSpeed
        }
    }
}

/// A whole response. Redirects are not followed: a 3xx is a response like any other.
public struct HTTPResponse: Sendable, Hashable {
    public let status: Int
    /// Names in lower case; of a repeated field the last value.
    public let fields: [String: String]
    public let body: Data

    public init(status: Int, fields: [String: String], body: Data) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
