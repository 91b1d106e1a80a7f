import Crypto
import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Testing
import TextCatalogue

@testable import Agent

@Suite("Joining")
struct JoiningTests {
    private let folder: TemporaryFolder
    private var state: StateDirectory { StateDirectory(folder.url.appendingPathComponent("state")) }
    private let consortium = TestConsortium()

    init() throws { folder = try TemporaryFolder() }

    /// A certificate authority's certificate, made with the `openssl` command.
    private func authority() throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=Test", "-keyout", "/dev/null", "-out", folder.url.appendingPathComponent("ca.pem").path,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return try String(contentsOf: folder.url.appendingPathComponent("ca.pem"), encoding: .utf8)
    }

    private func invitation(
        fingerprint: String? = nil, expires: Timestamp = TestConsortium.now.adding(seconds: 60)
    ) throws -> Data {
        let authority = try authority()
        let real = try #require(CertificateReading.fingerprint(ofPEM: authority))
        return try StrictJSON.encode(
            Invitation(
                coordinator: CoordinatorDescription(
                    // A port of this machine that nobody listens on: port 1 needs a privilege that no test has asked for.
                    name: "Test", url: "https://127.0.0.1:1", certificateAuthority: authority,
                    fingerprint: fingerprint ?? real, jobKey: consortium.coordinator.verificationKey.pem),
                site: TestConsortium.site, token: "secret-token", expires: expires))
    }

    @Test("an invitation whose fingerprint is not its authority's is refused")
    func fingerprint() throws {
        let invitation = try invitation(fingerprint: Digest(of: Data()).description)
        #expect(throws: AgentError(.fingerprintMismatch, .agentFingerprintMismatch)) {
            try Enrolment.invitation(invitation)
        }
        #expect(throws: AgentError(.invalidInvitation, .agentFingerprintMismatch)) {
            try Enrolment.invitation(Data("{}".utf8))
        }
    }

    @Test(
        "all keys and the request are on disk, for their owner alone, before the token can be sent; a retry keeps them")
    func durable() async throws {
        let invitation = try Enrolment.invitation(try invitation())
        var generator = SeededGenerator(state: 3)
        await #expect(throws: (any Error).self) {
            try await Enrolment.join(invitation, state: state, now: TestConsortium.now, using: &generator)
        }
        let names = ["signing-key.pem", "tls-key.pem", "site-key", "signing-request.json"]
        let kept = try names.map { try Data(contentsOf: state.url.appendingPathComponent($0)) }
        for name in names {
            let file = state.url.appendingPathComponent(name).path
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
        let mode = try FileManager.default.attributesOfItem(atPath: state.url.path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        await #expect(throws: (any Error).self) {
            try await Enrolment.join(invitation, state: state, now: TestConsortium.now, using: &generator)
        }
        #expect(try names.map { try Data(contentsOf: state.url.appendingPathComponent($0)) } == kept)
        #expect(!kept.contains { String(decoding: $0, as: UTF8.self).contains("secret-token") })
    }

    @Test("an expired invitation is not even tried")
    func expired() async throws {
        let invitation = try Enrolment.invitation(try invitation(expires: TestConsortium.now))
        var generator = SeededGenerator(state: 3)
        await #expect(throws: AgentError(.invitationExpired, .agentInvitationExpired)) {
            try await Enrolment.join(invitation, state: state, now: TestConsortium.now, using: &generator)
        }
    }

    @Test("a folder with other people's files is not taken over")
    func foreignFolder() throws {
        try folder.write("mine", to: "notes.txt")
        let foreign = StateDirectory(folder.url)
        let before = try FileManager.default.attributesOfItem(atPath: folder.url.path)[.posixPermissions] as? Int
        #expect(throws: AgentError(.stateNotEmpty, .agentUnknownJob)) { try foreign.prepare() }
        let after = try FileManager.default.attributesOfItem(atPath: folder.url.path)[.posixPermissions] as? Int
        #expect(before == after)
    }

    @Test("the certificate request names the site and is signed by the site's TLS key")
    func request() throws {
        try state.prepare()
        let key = P256.Signing.PrivateKey()
        let request = try SigningRequest.readOrCreate(
            for: TestConsortium.site, key: key.pemRepresentation, in: state)
        let file = folder.url.appendingPathComponent("request.pem")
        try Data(request.csr.utf8).write(to: file)
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = ["req", "-in", file.path, "-noout", "-verify", "-subject", "-text"]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text.contains("verify OK"))
        #expect(text.contains("CN = north"))
        #expect(text.contains("URI:urn:concordat:site:north"))
    }
}
