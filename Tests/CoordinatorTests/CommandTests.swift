import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Testing

@testable import Coordinator

@Suite("The program as its operator runs it") struct CommandTests {
    /// A folder of its own for each test.
    func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "concordat-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    func initialised(_ folder: URL) async throws -> URL {
        let state = folder.appending(path: "state")
        let outcome = try await CommandLineProgram.run(
            "init", "--state", state.path(), "--name", "Test", "--host", "localhost")
        try #require(outcome.exitCode == 0)
        return state
    }

    func curl(_ folder: URL, _ state: URL, _ server: CommandLineProgram.Running) -> Curl {
        Curl(
            base: "https://localhost:\(server.port)", authority: state.appending(path: "authority.pem"), folder: folder)
    }

    @Test func `init prints fingerprints and does not overwrite`() async throws {
        try await withFolder { folder in
            let state = folder.appending(path: "state").path()
            let first = try await CommandLineProgram.run("init", "--state", state, "--name", "T", "--host", "localhost")
            #expect(first.exitCode == 0)
            let installation = try Installation.open(StateDirectory(URL(filePath: state)))
            #expect(first.output.contains(try installation.authorityFingerprint))
            #expect(first.output.contains(installation.jobVerificationKey.fingerprint))
            let second = try await CommandLineProgram.run(
                "init", "--state", state, "--name", "T", "--host", "localhost")
            #expect(second.exitCode == 1)
            #expect(second.errors.hasPrefix("state-exists: "))
            let chinese = try await CommandLineProgram.run(
                "init", "--state", state, "--name", "T", "--host", "localhost",
                environment: ["CONCORDAT_LANGUAGE": "zh"])
            #expect(chinese.errors.contains("不为空"))
        }
    }

    @Test func `bad usage ends with 2, help with 0`() async throws {
        #expect(try await CommandLineProgram.run("invite").exitCode == 2)
        #expect(try await CommandLineProgram.run("serve", "--state").exitCode == 2)
        #expect(try await CommandLineProgram.run("nonsense").exitCode == 2)
        #expect(try await CommandLineProgram.run("--help").exitCode == 0)
    }

    @Test func `an invitation goes to standard output alone, or into a file for its owner alone`() async throws {
        try await withFolder { folder in
            let state = try await initialised(folder)
            let printed = try await CommandLineProgram.run("invite", "--state", state.path(), "--site", "siemens")
            let invitation = try StrictJSON.decode(Invitation.self, from: Data(printed.output.utf8))
            #expect(invitation.site.rawValue == "siemens")
            #expect(!printed.errors.contains(invitation.token))
            let file = folder.appending(path: "invitation.json")
            let written = try await CommandLineProgram.run(
                "invite", "--state", state.path(), "--site", "philips", "--output", file.path())
            let other = try StrictJSON.decode(Invitation.self, from: try Data(contentsOf: file))
            #expect(!written.output.contains(other.token))
            let mode = try FileManager.default.attributesOfItem(atPath: file.path())[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            let database = try Data(contentsOf: state.appending(path: "coordinator.sqlite"))
            #expect(database.range(of: Data(other.token.utf8)) == nil)
        }
    }

    @Test func `sponsors are added and sites listed while the server runs`() async throws {
        try await withFolder { folder in
            let state = try await initialised(folder)
            let server = try await CommandLineProgram.serve(state)
            let key = newKey().verificationKey
            let file = folder.appending(path: "key.pem")
            try key.pem.write(to: file, atomically: true, encoding: .utf8)
            let added = try await CommandLineProgram.run(
                "sponsor", "add", "--state", state.path(), "--name", "Regulator", "--key", file.path())
            #expect(added.errors.contains(key.fingerprint))
            let connection = try StrictJSON.decode(Connection.self, from: Data(added.output.utf8))
            #expect(connection.coordinator.url == "https://localhost:\(server.port)")
            let site = try TestSite("siemens", folder: folder)
            let invited = try await CommandLineProgram.run("invite", "--state", state.path(), "--site", "siemens")
            let invitation = try StrictJSON.decode(Invitation.self, from: Data(invited.output.utf8))
            let response = try await curl(folder, state, server)(
                "POST", "/v1/enrolments", body: site.enrolment(invitation))
            #expect(response.status == 200)
            let list = try await CommandLineProgram.run("site", "list", "--state", state.path(), "--format", "json")
            let sites = try StrictJSON.parse(Data(list.output.utf8))["sites"]
            #expect(
                sites?[0]?["signingKeyFingerprint"]?.stringValue == site.signingKey.verificationKey.fingerprint)
            #expect(await server.stop(SIGTERM) == 0)
        }
    }

    @Test func `a taken address and a taken folder are plain errors`() async throws {
        try await withFolder { folder in
            let state = try await initialised(folder)
            let server = try await CommandLineProgram.serve(state)
            let again = try await CommandLineProgram.run("serve", "--state", state.path(), "--listen", "127.0.0.1:0")
            #expect(again.exitCode == 1)
            #expect(again.errors.hasPrefix("already-serving: "))
            try await withFolder { other in
                let outcome = try await CommandLineProgram.run(
                    "serve", "--state", try await initialised(other).path(), "--listen", "127.0.0.1:\(server.port)")
                #expect(outcome.exitCode == 1)
                #expect(outcome.errors.hasPrefix("address-unavailable: "))
            }
            #expect(await server.stop(SIGTERM) == 0)
        }
    }

    @Test(arguments: ["--http1.1", "--http2"])
    func `SIGTERM ends the server long before the wait of an agent is over`(version: String) async throws {
        try await withFolder { folder in
            let state = try await initialised(folder)
            let server = try await CommandLineProgram.serve(state)
            let client = curl(folder, state, server)
            let site = try TestSite("siemens", folder: folder)
            let invited = try await CommandLineProgram.run("invite", "--state", state.path(), "--site", "siemens")
            let invitation = try StrictJSON.decode(Invitation.self, from: Data(invited.output.utf8))
            let response = try await client("POST", "/v1/enrolments", body: site.enrolment(invitation))
            try site.install(response.json["certificate"]?.stringValue ?? "")
            async let waiting = client("GET", "/v1/jobs/next?wait=25", identity: site.identity, options: [version])
            _ = try await client("GET", "/v1/jobs/next?wait=1", identity: site.identity)
            let start = ContinuousClock.now
            #expect(await server.stop(SIGTERM) == 0)
            #expect(ContinuousClock.now - start < .seconds(15))
            let answer = try await waiting
            #expect(answer.status == 204)
        }
    }

    @Test func `what was answered before kill -9 is there afterwards`() async throws {
        try await withFolder { folder in
            let state = try await initialised(folder)
            let first = try await CommandLineProgram.serve(state)
            let site = try TestSite("siemens", folder: folder)
            let invited = try await CommandLineProgram.run("invite", "--state", state.path(), "--site", "siemens")
            let invitation = try StrictJSON.decode(Invitation.self, from: Data(invited.output.utf8))
            let before = try await curl(folder, state, first)(
                "POST", "/v1/enrolments", body: site.enrolment(invitation))
            #expect(before.status == 200)
            _ = await first.stop(SIGKILL)
            let second = try await CommandLineProgram.serve(state)
            let again = try await curl(folder, state, second)(
                "POST", "/v1/enrolments", body: site.enrolment(invitation))
            #expect(again.body == before.body)
            try site.install(again.json["certificate"]?.stringValue ?? "")
            let next = try await curl(folder, state, second)("GET", "/v1/jobs/next", identity: site.identity)
            #expect(next.status == 204)
            #expect(await second.stop(SIGTERM) == 0)
        }
    }
}
