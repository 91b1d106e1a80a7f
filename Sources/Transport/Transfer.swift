import CCurl
import CCurlShim
import Foundation

/// One request on its way: its options, what came back so far, and who waits for the outcome.
///
/// `@unchecked Sendable`: the caller makes it and hands it to `TransferLoop.start`; from then on the loop's thread
/// alone touches it (libcurl's callbacks run on that thread too). `number` never changes.
final class Transfer: @unchecked Sendable {
    typealias Outcome = Result<HTTPResponse, TransportError>

    let number: UInt64
    private let request: HTTPRequest
    private let url: String
    private let security: HTTPSClient.Configuration
    private let sink: FileSink?
    private var continuation: CheckedContinuation<Outcome, Never>?

    private var easy: EasyHandle?
    private var list: UnsafeMutablePointer<curl_slist>?
    private var fields: [String: String] = [:]
    private var fieldBytes = 0
    private var body = Data()
    private var received = 0
    private var stopReason: TransportError.Reason?

    init(
        number: UInt64, request: HTTPRequest, url: String, security: HTTPSClient.Configuration, sink: FileSink?,
        continuation: CheckedContinuation<Outcome, Never>
    ) {
        self.number = number
        self.request = request
        self.url = url
        self.security = security
        self.sink = sink
        self.continuation = continuation
    }

    deinit {
        curl_slist_free_all(list)
    }

    /// The handle; only called between `prepare` and the end.
    var handle: EasyHandle {
        // `prepare` sets it and throws otherwise; the loop keeps no transfer whose `prepare` threw.
        guard let easy else { preconditionFailure("a transfer runs only after it was prepared") }
        return easy
    }

    func finish(_ outcome: Outcome) {
        continuation?.resume(returning: outcome)
        continuation = nil
    }

    /// What the transfer came to, once libcurl says that it ended.
    func outcome(result: CURLcode) -> Outcome {
        if let stopReason { return .failure(TransportError(stopReason)) }
        guard result == CURLE_OK else { return .failure(TransportError(curl: result)) }
        var status = 0
        _ = ccurl_get_long(handle.pointer, CURLINFO_RESPONSE_CODE, &status)
        do {
            try sink?.finish()
        } catch {
            return .failure(TransportError(.cannotWrite))
        }
        return .success(HTTPResponse(status: status, fields: fields, body: body))
    }

    // MARK: Options

    func prepare(on spare: EasyHandle?) throws(TransportError) {
        let easy: EasyHandle
        if let spare { easy = spare } else { easy = try EasyHandle() }
        self.easy = easy
        let options = EasyOptions(handle: easy.pointer)
        try options.set(CURLOPT_URL, url)
        try options.setAddress(of: self)
        try setSecurity(options)
        try setLimits(options)
        try setFields(options)
        try setBody(options)
        try options.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, user in
            Transfer.from(user).receive(bytes, size * count)
        }
        try options.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, user in
            Transfer.from(user).receiveField(bytes, size * count)
        }
    }

    private func setSecurity(_ options: EasyOptions) throws(TransportError) {
        try options.set(CURLOPT_PROTOCOLS_STR, "https")
        try options.set(CURLOPT_REDIR_PROTOCOLS_STR, "https")
        try options.set(CURLOPT_FOLLOWLOCATION, 0)
        try options.set(CURLOPT_NOSIGNAL, 1)
        try options.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_3))
        try options.set(CURLOPT_SSL_VERIFYPEER, 1)
        try options.set(CURLOPT_SSL_VERIFYHOST, 2)
        // Only the pinned authority counts: the machine's own directory of authorities is switched off.
        try options.set(CURLOPT_CAPATH, nil)
        try options.set(CURLOPT_CAINFO, nil)
        try options.set(CURLOPT_CAINFO_BLOB, bytes: Data(security.certificateAuthority.utf8))
        if let identity = security.identity {
            try options.set(CURLOPT_SSLCERTTYPE, "PEM")
            try options.set(CURLOPT_SSLCERT_BLOB, bytes: Data(identity.certificate.utf8))
            try options.set(CURLOPT_SSLKEYTYPE, "PEM")
            try options.set(CURLOPT_SSLKEY_BLOB, bytes: Data(identity.privateKey.utf8))
        }
        try options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        try options.set(CURLOPT_PIPEWAIT, 1)
        try options.set(CURLOPT_USERAGENT, security.userAgent)
    }

    private func setLimits(_ options: EasyOptions) throws(TransportError) {
        try options.set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(security.connectLimit))
        if let total = request.limits.total {
            try options.set(CURLOPT_TIMEOUT_MS, Self.milliseconds(total))
        }
        try options.set(CURLOPT_LOW_SPEED_LIMIT, 1_000)
        try options.set(CURLOPT_LOW_SPEED_TIME, max(1, Self.milliseconds(request.limits.lowSpeed) / 1_000))
        try options.set(CURLOPT_TCP_KEEPALIVE, 1)
        // A connection that a proxy or firewall may have forgotten is not worth a try.
        try options.set(CURLOPT_MAXAGE_CONN, 110)
    }

    private func setFields(_ options: EasyOptions) throws(TransportError) {
        var all = [HTTPRequest.Field("Accept", "application/json, application/problem+json, */*")]
        if !request.body.isEmpty, !request.fields.contains(where: { $0.name.lowercased() == "content-type" }) {
            all.append(HTTPRequest.Field("Content-Type", "application/json"))
        }
        // Without this, libcurl waits up to a second for "100 Continue" before larger bodies.
        all.append(HTTPRequest.Field("Expect", ""))
        for field in all + request.fields {
            let line = "\(field.name):\(field.value.isEmpty ? "" : " \(field.value)")"
            guard line.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
                throw TransportError(.invalidRequest)
            }
            guard let longer = curl_slist_append(list, line) else { throw TransportError(.cannotStart) }
            list = longer
        }
        try options.set(CURLOPT_HTTPHEADER, list: list)
    }

    private func setBody(_ options: EasyOptions) throws(TransportError) {
        switch request.method {
        case .get:
            try options.set(CURLOPT_HTTPGET, 1)
        case .post, .put:
            try options.set(CURLOPT_POST, 1)
            try options.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: Int64(request.body.count))
            try options.set(CURLOPT_COPYPOSTFIELDS, copying: request.body)
            if request.method == .put { try options.set(CURLOPT_CUSTOMREQUEST, "PUT") }
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return max(1, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }

    // MARK: What comes back

    private static func from(_ user: UnsafeMutableRawPointer?) -> Transfer {
        // `setAddress(of:)` gave libcurl this address, and the loop keeps the transfer alive until it is removed.
        guard let user else { preconditionFailure("libcurl hands the user pointer back") }
        return Unmanaged<Transfer>.fromOpaque(user).takeUnretainedValue()
    }

    /// Takes a piece of the body; any other number than `count` back makes libcurl end the transfer.
    private func receive(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, count > 0 else { return count }
        received += count
        guard received <= request.limits.responseBytes else {
            stopReason = .responseTooLarge
            return 0
        }
        let piece = UnsafeRawBufferPointer(start: bytes, count: count)
        if let sink {
            var status = 0
            _ = ccurl_get_long(handle.pointer, CURLINFO_RESPONSE_CODE, &status)
            do {
                if try sink.take(piece, status: status, contentRange: fields["content-range"]) { return count }
            } catch {
                stopReason = .cannotWrite
                return 0
            }
            // The body of an error is small; it is kept to be decoded, not written to the file.
            guard body.count + count <= 1 << 20 else {
                stopReason = .responseTooLarge
                return 0
            }
        }
        body.append(contentsOf: piece)
        return count
    }

    private func receiveField(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, count > 0 else { return count }
        fieldBytes += count
        guard fieldBytes <= Self.fieldLimit else {
            stopReason = .responseTooLarge
            return 0
        }
        let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // A new header block: after an interim response, or after a proxy's answer to CONNECT.
            fields = [:]
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields[line[..<colon].lowercased()] = String(value.prefix { $0 != "\r\n" && $0 != "\r" && $0 != "\n" })
        }
        return count
    }

    /// Bytes of header fields that a response may have, over all header blocks.
    private static let fieldLimit = 64 << 10
}
