import Evidence
import Foundation
import Messages
import StrictJSON
import Testing

@testable import Coordinator

@Suite("Long polls over HTTPS") struct LongPollTests {
    @Test(arguments: ["--http1.1", "--http2"])
    func `a waiting agent gets its job as soon as the study is accepted`(version: String) async throws {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            let token = try await coordinator.session(key)
            let site = try await coordinator.enrolled("siemens")
            let clock = ContinuousClock()
            async let waiting = coordinator.curl(
                "GET", "/v1/jobs/next?wait=25", identity: site.identity, options: [version])
            try await coordinator.untilWaiting(1)
            let start = clock.now
            try await coordinator.submit(by: key, token, sites: ["siemens"])
            #expect(try await waiting.status == 200)
            #expect(clock.now - start < .seconds(20))
        }
    }

    @Test func `a waiting sponsor hears of each change of the study`() async throws {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            let token = try await coordinator.session(key)
            let site = try await coordinator.enrolled("siemens")
            let study = try await coordinator.submit(by: key, token, sites: ["siemens"])
            let id = try #require(study["summary"]?["id"]?.stringValue)
            let revision = try #require(study["revision"]?.intValue)
            let job = try await coordinator.job(of: site)
            async let waiting = coordinator.curl("GET", "/v1/studies/\(id)?wait=25&since=\(revision)", bearer: token)
            try await coordinator.untilWaiting(1)
            _ = try await coordinator.curl(
                "POST", "/v1/jobs/\(job.digest)/status", body: try StrictJSON.encode(JobStatus.received),
                identity: site.identity)
            let changed = try await waiting
            #expect(changed.json["revision"]?.intValue == revision + 1)
            #expect(changed.json["sites"]?[0]?["code"] == "received")
        }
    }

    @Test func `a wait without news ends with what there is`() async throws {
        try await TestCoordinator.run { coordinator in
            let site = try await coordinator.enrolled("siemens")
            let response = try await coordinator.curl("GET", "/v1/jobs/next?wait=1", identity: site.identity)
            #expect(response.status == 204)
        }
    }

    @Test func `a site with too many waits open is answered at once`() async throws {
        try await TestCoordinator.run { coordinator in
            let site = try await coordinator.enrolled("siemens")
            let strokes = await coordinator.bells.strokes(of: .jobs(site: "siemens"))
            let waits = (0..<Bells.waitsPerCaller).map { _ in
                Task {
                    await coordinator.bells.wait(
                        for: .jobs(site: "siemens"), after: strokes, atMost: .seconds(60), by: .site(site.id))
                }
            }
            try await coordinator.untilWaiting(waits.count)
            let start = ContinuousClock.now
            let response = try await coordinator.curl("GET", "/v1/jobs/next?wait=25", identity: site.identity)
            #expect(response.status == 204)
            #expect(ContinuousClock.now - start < .seconds(15))
            for wait in waits { wait.cancel() }
        }
    }

    @Test(arguments: ["--http1.1", "--http2"])
    func `a client that goes away leaves no wait behind`(version: String) async throws {
        try await TestCoordinator.run { coordinator in
            let site = try await coordinator.enrolled("siemens")
            let waiting = Task {
                try await coordinator.curl(
                    "GET", "/v1/jobs/next?wait=25", identity: site.identity, options: [version])
            }
            try await coordinator.untilWaiting(1)
            let start = ContinuousClock.now
            waiting.cancel()
            _ = try await waiting.value
            try await coordinator.untilWaiting(0)
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    @Test func `a stopping server ends open waits at once`() async throws {
        let (answers, answered) = AsyncStream<Curl.Response>.makeStream()
        let start = try await TestCoordinator.run { coordinator in
            let site = try await coordinator.enrolled("siemens")
            Task {
                // The folder of certificates goes with the coordinator; this request has read its own already.
                if let response = try? await coordinator.curl(
                    "GET", "/v1/jobs/next?wait=25", identity: site.identity)
                {
                    answered.yield(response)
                }
                answered.finish()
            }
            try await coordinator.untilWaiting(1)
            return ContinuousClock.now
        }
        #expect(ContinuousClock.now - start < .seconds(20))
        for await response in answers { #expect(response.status == 204 || response.exitCode != 0) }
    }
}

extension TestCoordinator {
    /// Waits until the server has so many long polls open.
    func untilWaiting(_ count: Int) async throws {
        while await bells.waiterCount != count {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
