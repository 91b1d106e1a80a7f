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

    /// A site that has joined with the token of `invitation`.
    private func joined(_ invitation: Invitation) throws -> Membership {
        try state.prepare()
        var generator = SeededGenerator(state: 3)
        _ = try SiteSecrets.readOrCreate(state, using: &generator)
        let membership = Membership(
            site: invitation.site, coordinator: invitation.coordinator, certificate: "certificate",
            invitation: Digest(of: Data(invitation.token.utf8)))
        try membership.write(state)
        return membership
    }

    @Test("the invitation that the site has joined with changes nothing and needs no coordinator")
    func sameInvitation() async throws {
        let invitation = try Enrolment.invitation(try invitation())
        let membership = try joined(invitation)
        var generator = SeededGenerator(state: 3)
        // Long after the invitation expired, too.
        let outcome = try await Enrolment.join(
            invitation, state: state, now: TestConsortium.now.adding(seconds: 86_400), using: &generator)
        #expect(outcome.change == .none)
        #expect(outcome.membership == membership)
        #expect(try Membership.read(state) == membership)
    }

    @Test("a new invitation is used only if it is for the same site and of the same coordinator")
    func otherInvitation() async throws {
        let first = try Enrolment.invitation(try invitation())
        let membership = try joined(first)
        func variant(site: SiteID = TestConsortium.site, coordinator: CoordinatorDescription) -> Invitation {
            Invitation(coordinator: coordinator, site: site, token: "another-token", expires: first.expires)
        }
        let own = first.coordinator
        let otherKey = CoordinatorDescription(
            name: own.name, url: own.url, certificateAuthority: own.certificateAuthority,
            fingerprint: own.fingerprint, jobKey: consortium.stranger.verificationKey.pem)
        let otherAuthority = try Enrolment.invitation(try invitation()).coordinator
        try #require(otherAuthority.fingerprint != own.fingerprint)
        var generator = SeededGenerator(state: 3)
        for refused in [
            variant(site: try SiteID("south"), coordinator: own), variant(coordinator: otherKey),
            variant(coordinator: otherAuthority),
        ] {
            await #expect(throws: AgentError(.alreadyJoined, .agentUnknownJob)) {
                try await Enrolment.join(refused, state: state, now: TestConsortium.now, using: &generator)
            }
        }
        // The right one is sent to the coordinator, which is not there; what the site has stays until it answers.
        let error = await #expect(throws: (any Error).self) {
            try await Enrolment.join(
                variant(coordinator: own), state: state, now: TestConsortium.now, using: &generator)
        }
        #expect(!(error is AgentError))
        #expect(try Membership.read(state) == membership)
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
