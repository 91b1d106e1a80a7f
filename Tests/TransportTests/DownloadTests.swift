import Foundation
import StrictJSON
import Testing

@testable import Transport

@Suite("Resumable download", .serialized)
struct DownloadTests {
    private static let content = Data((0..<4096).flatMap { _ in UInt8.min ... .max })
    private let folder: URL
    private var destination: URL { folder.appendingPathComponent("model.onnx") }
    private var partial: URL { folder.appendingPathComponent("model.onnx.partial") }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("download-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func download(_ path: String, from server: TestServer) async throws {
        try await server.client().download(path, to: destination, byteLimit: Self.content.count) {
            $0 == Self.content
        }
    }

    private func requests(_ server: TestServer) async throws -> [String] {
        let response = try await server.client().send(HTTPRequest(.get, "/requests"))
        return try StrictJSON.decode([String].self, from: response.body).filter { $0.hasPrefix("/file") }
    }

    @Test("a whole file arrives under its name only")
    func whole() async throws {
        let server = try TestServer()
        try await download("/file", from: server)
        #expect(try Data(contentsOf: destination) == Self.content)
        #expect(!FileManager.default.fileExists(atPath: partial.path))
    }

    @Test("what an earlier try left is not fetched again")
    func resumed() async throws {
        let server = try TestServer()
        try Self.content.prefix(300_000).write(to: partial)
        try await download("/file", from: server)
        #expect(try Data(contentsOf: destination) == Self.content)
        #expect(try await requests(server) == ["/file bytes=300000-"])
    }

    @Test("a connection that breaks leaves what came, and the next try goes on from there")
    func broken() async throws {
        let server = try TestServer()
        await #expect(throws: TransportError(.protocolViolation)) {
            try await download("/file-that-breaks", from: server)
        }
        #expect(try Data(contentsOf: partial).count == Self.content.count / 2)
        try await download("/file", from: server)
        #expect(try Data(contentsOf: destination) == Self.content)
        #expect(try await requests(server).last == "/file bytes=524288-")
    }

    @Test("a wrong beginning is found by the digest, and the file is fetched again from zero")
    func wrongBeginning() async throws {
        let server = try TestServer()
        try Data(repeating: 7, count: 1000).write(to: partial)
        try await download("/file", from: server)
        #expect(try Data(contentsOf: destination) == Self.content)
        #expect(try await requests(server) == ["/file bytes=1000-", "/file -"])
    }

    @Test("a partial file that is too long already is fetched again from zero")
    func tooLong() async throws {
        let server = try TestServer()
        try Data(repeating: 7, count: Self.content.count + 5).write(to: partial)
        try await download("/file", from: server)
        #expect(try Data(contentsOf: destination) == Self.content)
    }

    @Test("a server without ranges sends all, and nothing of the beginning is kept twice")
    func withoutRanges() async throws {
        let server = try TestServer()
        try Self.content.prefix(1000).write(to: partial)
        try await download("/file-without-ranges", from: server)
        #expect(try Data(contentsOf: destination) == Self.content)
    }

    @Test("bytes that are wrong from the start are refused and nothing is kept")
    func mismatch() async throws {
        let server = try TestServer()
        let client = try server.client()
        await #expect(throws: TransportError(.digestMismatch)) {
            try await client.download("/file", to: destination, byteLimit: Self.content.count) { _ in false }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("a refusal is a refusal, and its text does not end in the file")
    func refused() async throws {
        let server = try TestServer()
        await #expect(throws: TransportError(.unexpectedResponse(404))) {
            try await download("/nothing-here", from: server)
        }
        #expect((try? Data(contentsOf: partial))?.isEmpty ?? true)
    }
}
