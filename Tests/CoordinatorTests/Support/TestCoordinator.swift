import Crypto
import Evidence
import Foundation
import Logging
import Messages
import StrictJSON
import StudyProtocol

@testable import Coordinator

/// A coordinator with its real TLS server on a free port, in a folder of its own.
struct TestCoordinator: Sendable {
    let installation: Installation
    let clock: TestClock
    let folder: URL
    let port: Int
    let office: Office
    let curl: Curl

    /// Initialises, serves, runs the body, stops and removes everything.
    static func run<Value: Sendable>(_ body: @Sendable (TestCoordinator) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "concordat-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let clock = TestClock()
        let surroundings = Surroundings(now: { clock.now }, randomBytes: Surroundings.system.randomBytes)
        let installation = try Installation.create(
            at: StateDirectory(folder.appending(path: "state", directoryHint: .isDirectory)),
            .init(name: "Test consortium", host: "localhost"), surroundings: surroundings)
        return try await serving(installation, clock, surroundings, folder, body)
    }

    /// Serves the same state again, as after a restart.
    func restarted<Value: Sendable>(_ body: @Sendable (TestCoordinator) async throws -> Value) async throws -> Value {
        let surroundings = Surroundings(now: { [clock] in clock.now }, randomBytes: Surroundings.system.randomBytes)
        return try await Self.serving(Installation.open(installation.state), clock, surroundings, folder, body)
    }

    private static func serving<Value: Sendable>(
        _ installation: Installation, _ clock: TestClock, _ surroundings: Surroundings, _ folder: URL,
        _ body: @Sendable (TestCoordinator) async throws -> Value
    ) async throws -> Value {
        let authority = folder.appending(path: "authority.pem")
        try installation.description().certificateAuthority.write(to: authority, atomically: true, encoding: .utf8)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = Server(
            installation, listen: try ListenAddress("127.0.0.1:0"), surroundings: surroundings, logger: logger)
        let (ports, found) = AsyncStream<Int>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { found.finish() }
                try await server.run { found.yield($0) }
            }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else {
                try await group.waitForAll()
                throw CancellationError()
            }
            let curl = Curl(base: "https://localhost:\(port)", authority: authority, folder: folder)
            let coordinator = TestCoordinator(
                installation: installation, clock: clock, folder: folder, port: port,
                office: server.office, curl: curl)
            let value = try await body(coordinator)
            group.cancelAll()
            while true {
                do { if try await group.next() == nil { break } } catch is CancellationError {}
            }
            return value
        }
    }

    var bells: Bells { office.bells }

    var administration: Administration {
        Administration(
            installation,
            surroundings: Surroundings(now: { [clock] in clock.now }, randomBytes: Surroundings.system.randomBytes))
    }

    func invitation(_ site: String, validity: Int64 = 86_400) throws -> Invitation {
        try StrictJSON.decode(Invitation.self, from: administration.invite(site: site, validity: validity).document)
    }

    /// Invites and enrols a site.
    func enrolled(_ site: String) async throws -> TestSite {
        let candidate = try TestSite(site, folder: folder)
        let response = try await curl(
            "POST", "/v1/enrolments", body: candidate.enrolment(try invitation(site)))
        guard response.status == 200, let certificate = response.json["certificate"]?.stringValue else {
            throw UnexpectedResponse(response: response)
        }
        try candidate.install(certificate)
        return candidate
    }

    /// Registers a key and opens a session with it.
    func session(_ key: SigningKey, isLead: Bool = false) async throws -> String {
        try register(key, isLead: isLead)
        let response = try await curl("POST", "/v1/sessions", body: try await sessionRequest(key))
        guard let token = response.json["token"]?.stringValue else { throw UnexpectedResponse(response: response) }
        return token
    }

    func register(_ key: SigningKey, isLead: Bool = false) throws {
        let file = folder.appending(path: "\(key.verificationKey.keyID).pem")
        try key.verificationKey.pem.write(to: file, atomically: true, encoding: .utf8)
        _ = try administration.addSponsor(name: "Regulator", keyFile: file, isLead: isLead)
    }

    /// Asks for a challenge and answers it.
    func sessionRequest(_ key: SigningKey) async throws -> Data {
        let keyID = key.verificationKey.keyID
        let challenge = try await curl(
            "POST", "/v1/challenges", body: try StrictJSON.encode(ChallengeRequest(keyID: keyID)))
        let proof = SessionProof(
            challenge: challenge.json["challenge"]?.stringValue ?? "",
            coordinator: try installation.authorityFingerprint, keyID: keyID)
        return try StrictJSON.encode(SessionRequest(proof: proof.signed(by: key)))
    }
}

struct UnexpectedResponse: Error, CustomStringConvertible {
    let response: Curl.Response

    var description: String { "\(response.status) \(String(decoding: response.body, as: UTF8.self))" }
}

func newKey() -> SigningKey {
    var generator = SystemRandomNumberGenerator()
    return SigningKey.generate(using: &generator)
}
