import Foundation
import StrictJSON

/// Drives the real server by the real curl, as an independent client would.
struct Curl: Sendable {
    struct Response: Sendable {
        let status: Int
        let headers: [String: String]
        let body: Data
        /// curl's own exit code: 0 when there was a response.
        let exitCode: Int32

        var json: JSONValue { (try? StrictJSON.parse(body)) ?? .null }
        var problemCode: String? { json["code"]?.stringValue }
    }

    /// A client certificate with its key, as files.
    struct Identity: Sendable {
        let certificate: URL
        let key: URL
    }

    let base: String
    let authority: URL
    let folder: URL

    func callAsFunction(
        _ method: String = "GET", _ path: String, body: Data? = nil, bearer: String? = nil, identity: Identity? = nil,
        headers: [String] = [], options: [String] = []
    ) async throws -> Response {
        let id = UUID().uuidString
        let head = folder.appending(path: "\(id).head")
        let output = folder.appending(path: "\(id).body")
        var arguments = [
            "--silent", "--cacert", authority.path(), "--request", method, "--dump-header", head.path(),
            "--output", output.path(), "--write-out", "%{http_code}", "--max-time", "40",
        ]
        if let bearer { arguments += ["--header", "Authorization: Bearer \(bearer)"] }
        if let identity { arguments += ["--cert", identity.certificate.path(), "--key", identity.key.path()] }
        for header in headers { arguments += ["--header", header] }
        if let body {
            let input = folder.appending(path: "\(id).input")
            try body.write(to: input)
            arguments += ["--data-binary", "@\(input.path())", "--header", "Content-Type: application/json"]
        }
        arguments += options + [base + path]
        let (exitCode, printed) = try await Self.run(arguments)
        let lines = ((try? String(contentsOf: head, encoding: .utf8)) ?? "").split(separator: "\r\n")
        var fields: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            fields[line[..<colon].lowercased()] = value
        }
        return Response(
            status: Int(printed) ?? 0, headers: fields, body: (try? Data(contentsOf: output)) ?? Data(),
            exitCode: exitCode)
    }

    private static func run(_ arguments: [String]) async throws -> (Int32, String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/curl")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                process.terminationHandler = { process in
                    let printed = try? pipe.fileHandleForReading.readToEnd()
                    continuation.resume(
                        returning: (process.terminationStatus, String(decoding: printed ?? Data(), as: UTF8.self)))
                }
                do {
                    try process.run()
                } catch {
                    process.terminationHandler = nil
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            // Not `terminate()`: the server ignores SIGTERM in this process, and children inherit that.
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
    }
}
