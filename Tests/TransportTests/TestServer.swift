import Foundation
import Testing

@testable import Transport

/// Certificates for the tests, made with the `openssl` command: an authority, a server's for 127.0.0.1 and a client's.
struct TestAuthority {
    let folder: URL

    static let shared: TestAuthority = {
        do { return try TestAuthority() } catch { preconditionFailure("openssl is needed for these tests: \(error)") }
    }()

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("transport-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["ca", "other"] {
            try openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=Test \(name)", "-keyout", "\(name).key", "-out", "\(name).pem")
        }
        try issue("server", subject: "/CN=server", extensions: "subjectAltName=IP:127.0.0.1")
        try issue("stranger", subject: "/CN=stranger", extensions: "subjectAltName=DNS:elsewhere.example")
        try issue("client", subject: "/CN=north", extensions: "subjectAltName=URI:urn:concordat:site:north")
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
    func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    private func issue(_ name: String, subject: String, extensions: String) throws {
        try Data("\(extensions)\n".utf8).write(to: folder.appendingPathComponent("\(name).ext"))
        try openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
            "-keyout", "\(name).key", "-out", "\(name).csr")
        try openssl(
            "x509", "-req", "-in", "\(name).csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "2", "-extfile", "\(name).ext", "-out", "\(name).pem")
    }

    private func openssl(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}

/// A running HTTPS server; it ends when this value goes.
final class TestServer {
    let port: Int
    private let process = Process()
    private let input = Pipe()

    init(certificate: String = "server", asksForCertificate: Bool = false, version: String = "") throws {
        let authority = TestAuthority.shared
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Server/tls_server.py").path
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            script, authority.path("\(certificate).pem"), authority.path("\(certificate).key"),
            asksForCertificate ? authority.path("ca.pem") : "", version,
        ]
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while !line.contains(UInt8(ascii: "\n")) {
            let piece = output.fileHandleForReading.availableData
            try #require(!piece.isEmpty, "the test server did not start")
            line.append(piece)
        }
        port = try #require(Int(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    func client(
        authority: String = "ca.pem", identity: Bool = false, recorder: (any RequestRecorder)? = nil
    ) throws -> HTTPSClient {
        let files = TestAuthority.shared
        return try HTTPSClient(
            .init(
                address: "https://127.0.0.1:\(port)", certificateAuthority: files.text(authority),
                identity: identity
                    ? .init(certificate: files.text("client.pem"), privateKey: files.text("client.key")) : nil),
            recorder: recorder)
    }
}
