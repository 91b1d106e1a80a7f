import Foundation
import Messages
import StrictJSON
import Synchronization
import Testing

@testable import Transport

@Suite("HTTPS client", .serialized)
struct HTTPSClientTests {
    @Test("a request and its body arrive as they are, and the answer comes back whole")
    func roundTrip() async throws {
        let server = try TestServer()
        let body = Data(#"{"greeting":"同证"}"#.utf8)
        let response = try await server.client().send(
            HTTPRequest(.put, "/v1/x?y=1", fields: [.init("Authorization", "Bearer t")], body: body))
        let echoed = try StrictJSON.parse(response.body)
        #expect(response.status == 200)
        #expect(echoed["method"] == "PUT")
        #expect(echoed["path"] == "/v1/x?y=1")
        #expect(echoed["type"] == "application/json")
        #expect(echoed["authorization"] == "Bearer t")
        #expect(echoed["body"]?.stringValue == String(decoding: body, as: UTF8.self))
    }

    @Test("an empty body of a POST is sent as an empty body")
    func emptyPost() async throws {
        let server = try TestServer()
        let response = try await server.client().send(HTTPRequest(.post, "/x"))
        #expect(try StrictJSON.parse(response.body)["length"] == 0)
    }

    @Test("a server whose certificate comes from another authority is not talked to")
    func otherAuthority() async throws {
        let server = try TestServer()
        let client = try server.client(authority: "other.pem")
        await #expect(throws: TransportError(.untrustedServer)) { try await client.send(HTTPRequest(.get, "/x")) }
    }

    @Test("a server whose certificate names another host is not talked to")
    func otherHost() async throws {
        let server = try TestServer(certificate: "stranger")
        let client = try server.client()
        await #expect(throws: TransportError(.untrustedServer)) { try await client.send(HTTPRequest(.get, "/x")) }
    }

    @Test("TLS 1.2 is not enough")
    func oldTLS() async throws {
        let server = try TestServer(version: "1.2")
        let client = try server.client()
        await #expect(throws: TransportError(.tlsFailed)) { try await client.send(HTTPRequest(.get, "/x")) }
    }

    @Test("the client certificate is shown to a server that asks")
    func mutualTLS() async throws {
        let server = try TestServer(asksForCertificate: true)
        let named = try await server.client(identity: true).send(HTTPRequest(.get, "/whoami"))
        #expect(try StrictJSON.parse(named.body) == ["north"])
        let anonymous = try await server.client().send(HTTPRequest(.get, "/whoami"))
        #expect(try StrictJSON.parse(anonymous.body) == [])
    }

    @Test("one connection serves many requests")
    func reuse() async throws {
        let server = try TestServer()
        let client = try server.client()
        for _ in 0..<5 { _ = try await client.send(HTTPRequest(.get, "/x")) }
        let response = try await client.send(HTTPRequest(.get, "/connections"))
        #expect(try StrictJSON.parse(response.body)["connections"] == 1)
    }

    @Test("a redirect is an answer, never followed")
    func redirect() async throws {
        let server = try TestServer()
        let response = try await server.client().send(HTTPRequest(.get, "/redirect"))
        #expect(response.status == 302)
        #expect(response.fields["location"] == "https://example.invalid/")
    }

    @Test("an answer or a header larger than allowed ends the transfer")
    func sizeLimits() async throws {
        let server = try TestServer()
        let client = try server.client()
        let request = HTTPRequest(.get, "/file", limits: .init(responseBytes: 100_000))
        await #expect(throws: TransportError(.responseTooLarge)) { try await client.send(request) }
        await #expect(throws: TransportError(.responseTooLarge)) {
            try await client.send(HTTPRequest(.get, "/many-fields"))
        }
        // The client goes on working after that.
        #expect(try await client.send(HTTPRequest(.get, "/connections")).status == 200)
    }

    @Test("a server that does not answer in time is given up")
    func timeLimit() async throws {
        let server = try TestServer()
        let client = try server.client()
        let request = HTTPRequest(.get, "/hang", limits: .init(total: .milliseconds(200)))
        await #expect(throws: TransportError(.timedOut)) { try await client.send(request) }
    }

    @Test("cancelling the task ends the transfer")
    func cancellation() async throws {
        let server = try TestServer()
        let client = try server.client()
        let task = Task { try await client.send(HTTPRequest(.get, "/hang", limits: .init(total: nil))) }
        task.cancel()
        await #expect(throws: TransportError(.cancelled)) { try await task.value }
    }

    @Test("nobody listening is a transient failure to connect")
    func nobody() async throws {
        let port = try TestServer().port
        let client = try HTTPSClient(
            .init(
                address: "https://127.0.0.1:\(port)", certificateAuthority: TestAuthority.shared.text("ca.pem")))
        await #expect(throws: TransportError(.cannotConnect)) { try await client.send(HTTPRequest(.get, "/x")) }
        #expect(TransportError(.cannotConnect).isTransient)
    }

    @Test(
        "only plain https addresses are taken",
        arguments: [
            "http://a.example", "https://", "https://u:p@a.example", "https://a.example/?q", "https://a.example/#f",
            "file:///etc/passwd", "a.example",
        ])
    func addresses(address: String) {
        #expect(throws: TransportError(.invalidAddress)) {
            try HTTPSClient(.init(address: address, certificateAuthority: ""))
        }
    }

    @Test("header fields and paths with control characters are not sent")
    func injection() async throws {
        let server = try TestServer()
        let client = try server.client()
        for request in [
            HTTPRequest(.get, "/x", fields: [.init("X", "a\r\nY: b")]), HTTPRequest(.get, "/x y"),
            HTTPRequest(.get, "x"), HTTPRequest(.get, "/x\r\nY: b"),
        ] {
            await #expect(throws: TransportError(.invalidRequest)) { try await client.send(request) }
        }
    }

    @Test("the recorder sees every request, and a request that it cannot keep does not leave")
    func recorder() async throws {
        let server = try TestServer()
        let recorder = ListRecorder()
        let client = try server.client(recorder: recorder)
        _ = try await client.send(HTTPRequest(.post, "/kept", body: Data("{}".utf8)))
        #expect(recorder.entries == ["POST /kept {}"])
        recorder.isFull = true
        await #expect(throws: TransportError(.cannotRecord)) {
            try await client.send(HTTPRequest(.post, "/not-kept", body: Data("{}".utf8)))
        }
        let seen = try await server.client().send(HTTPRequest(.get, "/requests"))
        #expect(try StrictJSON.parse(seen.body) == ["/kept", "/requests -"])
    }

    @Test("a problem document becomes its code; anything else is told by its status")
    func problems() async throws {
        let server = try TestServer()
        let problem = APIResponse.failure(try await server.client().send(HTTPRequest(.get, "/problem")))
        #expect(problem.code == "expired")
        #expect(!problem.isTransient)
        let page = APIResponse.failure(try await server.client().send(HTTPRequest(.get, "/proxy-page")))
        #expect(page == TransportError(.unexpectedResponse(502)))
        #expect(page.isTransient)
    }
}

private final class ListRecorder: RequestRecorder {
    private struct Full: Error {}
    private let state = Mutex((entries: [String](), isFull: false))

    var entries: [String] { state.withLock { $0.entries } }
    var isFull: Bool {
        get { state.withLock { $0.isFull } }
        set { state.withLock { $0.isFull = newValue } }
    }

    func record(method: String, path: String, body: Data) throws {
        try state.withLock { state in
            if state.isFull { throw Full() }
            state.entries.append("\(method) \(path) \(String(decoding: body, as: UTF8.self))")
        }
    }
}
