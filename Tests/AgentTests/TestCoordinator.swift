import Evidence
import Foundation
import Messages
import Testing

@testable import Agent

/// A coordinator at the HTTP level, in another process; it ends when this value goes.
///
/// `@unchecked Sendable`: a test hands it to the one thread that talks to it.
final class TestCoordinator: @unchecked Sendable {
    /// A request as the coordinator saw it.
    struct Request: Hashable {
        let method: String
        let path: String
        let status: Int
        let body: Data
    }

    let port: Int
    let authority: String
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffer = Data()

    init(folder: URL) throws {
        try Self.openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=Test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "server.key", "-out", "server.pem",
            in: folder)
        authority = try String(contentsOf: folder.appendingPathComponent("server.pem"), encoding: .utf8)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("Server/coordinator.py").path,
            folder.appendingPathComponent("server.pem").path, folder.appendingPathComponent("server.key").path,
        ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let byte = try #require(try output.fileHandleForReading.read(upToCount: 1))
            line.append(byte)
        }
        port = try #require(Int(String(decoding: line.dropLast(), as: UTF8.self)))
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// A certificate for a key that is there already, signed by itself: this coordinator does not look at it.
    static func certificate(key: URL) throws -> String {
        let folder = key.deletingLastPathComponent()
        try openssl(
            "req", "-x509", "-key", key.path, "-days", "2", "-subj", "/CN=north", "-out", "client.pem", in: folder)
        return try String(contentsOf: folder.appendingPathComponent("client.pem"), encoding: .utf8)
    }

    func handOut(_ job: Envelope, in folder: URL) throws {
        let file = folder.appendingPathComponent("\(job.digest.hex).job")
        try job.encoded.write(to: file)
        try command("job \(file.path)")
    }

    func fail(_ count: Int) throws { try command("fail \(count)") }
    /// Answers with 500 and a page where the path has this in it.
    func block(_ part: String) throws { try command("block \(part)") }
    func refuse(_ code: String) throws { try command("refuse \(code)") }

    /// The next request that tells something, whenever it comes.
    func nextRequest() throws -> Request {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let fields = String(decoding: buffer[buffer.startIndex..<end], as: UTF8.self).split(separator: " ")
                buffer = Data(buffer[(end + 1)...])
                try #require(fields.count == 4)
                return Request(
                    method: String(fields[0]), path: String(fields[1]), status: try #require(Int(fields[2])),
                    body: Data(base64Encoded: String(fields[3])) ?? Data())
            }
            let piece = output.fileHandleForReading.availableData
            try #require(!piece.isEmpty, "the coordinator ended")
            buffer.append(piece)
        }
    }

    private func command(_ text: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data((text + "\n").utf8))
    }

    private static func openssl(_ arguments: String..., in folder: URL) throws {
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
