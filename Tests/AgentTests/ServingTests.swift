import Evidence
import Foundation
import Messages
import StrictJSON
import Testing

@testable import Agent

@Suite("The agent against a coordinator", .serialized, .timeLimit(.minutes(2)))
struct ServingTests {
    private let site: TestSite
    private let coordinator: TestCoordinator
    private var folder: URL { site.folder.url }

    init() async throws {
        site = try TestSite()
        coordinator = try TestCoordinator(folder: site.folder.url)
        try Membership(
            site: TestConsortium.site,
            coordinator: CoordinatorDescription(
                name: "Test", url: "https://127.0.0.1:\(coordinator.port)", certificateAuthority: coordinator.authority,
                fingerprint: "", jobKey: site.consortium.coordinator.verificationKey.pem),
            certificate: try TestCoordinator.certificate(key: site.state.tlsKey)
        ).write(site.state)
        try await site.index()
    }

    /// Runs the agent while the body looks at what the coordinator sees.
    private func serving(_ body: @Sendable @escaping () throws -> Void) async throws {
        let service = try site.service()
        let work = Task { try await service.run() }
        defer { work.cancel() }
        // The body waits for lines of another process, which must not hold up the tasks that it waits for.
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread { continuation.resume(with: Result { try body() }) }.start()
        }
        work.cancel()
        await #expect(throws: CancellationError.self) { try await work.value }
    }

    private static func status(_ request: TestCoordinator.Request) throws -> JobStatus {
        try StrictJSON.decode(JobStatus.self, from: request.body)
    }

    @Test("a job is received, run and released; delivered again, the very same bytes are sent again")
    func whole() async throws {
        let job = try site.consortium.job()
        let (coordinator, folder) = (coordinator, folder)
        let state = site.state
        try await serving {
            var bodies: [Data] = []
            for round in 0..<2 {
                try coordinator.handOut(job, in: folder)
                let receipt = try coordinator.nextRequest()
                #expect(receipt.path == "/v1/jobs/\(job.digest)/status")
                #expect(try Self.status(receipt) == .received)
                var next = try coordinator.nextRequest()
                if next.method == "POST", round == 0 {
                    #expect(try Self.status(next) == .running)
                    next = try coordinator.nextRequest()
                }
                #expect(next.method == "PUT")
                #expect(next.path == "/v1/jobs/\(job.digest)/release")
                bodies.append(next.body)
            }
            #expect(bodies[0] == bodies[1])
            #expect(try JobStore(state).record(job.digest)?.release == bodies[0])
        }
    }

    @Test("a coordinator that fails for a while gets everything in the end")
    func failing() async throws {
        let job = try site.consortium.job()
        let (coordinator, folder) = (coordinator, folder)
        try await serving {
            try coordinator.fail(3)
            try coordinator.handOut(job, in: folder)
            var seen: [TestCoordinator.Request] = []
            repeat {
                seen.append(try coordinator.nextRequest())
            } while !(seen.last?.method == "PUT" && seen.last?.status == 200)
            #expect(seen.count { $0.status == 503 } == 3)
            #expect(try seen.first { $0.status == 200 }.map(Self.status) == .received)
        }
    }

    @Test("a job that another key signed is answered with its code and leaves no trace in the store")
    func forged() async throws {
        let job = try site.consortium.job(by: site.consortium.stranger)
        let (coordinator, folder) = (coordinator, folder)
        try await serving {
            try coordinator.handOut(job, in: folder)
            let answer = try coordinator.nextRequest()
            #expect(answer.path == "/v1/jobs/\(job.digest)/status")
            #expect(try Self.status(answer) == .refused(.badSignature))
        }
        #expect(try JobStore(site.state).records().isEmpty)
    }

    @Test("a refusal reaches the coordinator as a code only")
    func refused() async throws {
        let job = try site.consortium.job(site: try SiteID("south"))
        let (coordinator, folder) = (coordinator, folder)
        try await serving {
            try coordinator.handOut(job, in: folder)
            #expect(try Self.status(coordinator.nextRequest()) == .received)
            let answer = try coordinator.nextRequest()
            #expect(String(decoding: answer.body, as: UTF8.self) == #"{"code":"refused","reason":"wrong-site"}"#)
        }
    }

    @Test("a release that the coordinator chokes on holds up no other, and is sent when it can be")
    func blocked() async throws {
        let first = try site.consortium.job()
        let document = TestConsortium.document(changing: ["version": "1.0.1"])
        let second = try site.consortium.job(
            protocol: try site.consortium.signedProtocol(document), nonce: "ff0102030405060708090a0b0c0d0e0f")
        let (coordinator, folder) = (coordinator, folder)
        try await serving {
            try coordinator.block("\(first.digest)/release")
            var next: TestCoordinator.Request
            try coordinator.handOut(first, in: folder)
            repeat { next = try coordinator.nextRequest() } while next.method != "PUT"
            #expect(next.status == 500)
            try coordinator.handOut(second, in: folder)
            repeat { next = try coordinator.nextRequest() } while !(next.method == "PUT" && next.status == 200)
            #expect(next.path == "/v1/jobs/\(second.digest)/release")
            try coordinator.block("-")
            repeat { next = try coordinator.nextRequest() } while !(next.method == "PUT" && next.status == 200)
            #expect(next.path == "/v1/jobs/\(first.digest)/release")
        }
    }

    @Test("a release that the coordinator will never take is a failure, not an endless try")
    func notTaken() async throws {
        let job = try site.consortium.job()
        let (coordinator, folder) = (coordinator, folder)
        try await serving {
            try coordinator.handOut(job, in: folder)
            _ = try coordinator.nextRequest()
            try coordinator.refuse("expired")
            var next: TestCoordinator.Request
            repeat { next = try coordinator.nextRequest() } while next.method != "PUT"
            // It says so, and takes the coordinator's word that this is not wanted either.
            #expect(try Self.status(coordinator.nextRequest()) == .failed(.expired))
        }
        #expect(try JobStore(site.state).record(job.digest)?.job.state == .failed(.expired))
    }
}
