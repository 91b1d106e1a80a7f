import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Testing

@testable import Coordinator

@Suite("Jobs and releases over HTTPS") struct ReleaseTests {
    /// A coordinator with one study for two enrolled sites.
    struct Scene: Sendable {
        let coordinator: TestCoordinator
        /// The sponsor's, which submitted the study.
        let key: SigningKey
        let token: String
        let study: String
        let sites: [TestSite]
        let jobs: [JobStatement]
        let plan: StudyProtocol

        func report(_ status: JobStatus, _ job: JobStatement, by site: TestSite) async throws -> Curl.Response {
            try await coordinator.curl(
                "POST", "/v1/jobs/\(job.digest)/status", body: try StrictJSON.encode(status), identity: site.identity)
        }

        func put(_ release: Data, for job: JobStatement, by site: TestSite) async throws -> Curl.Response {
            try await coordinator.curl(
                "PUT", "/v1/jobs/\(job.digest)/release", body: release, identity: site.identity)
        }

        func state(_ index: Int) async throws -> JSONValue? {
            try await coordinator.curl("GET", "/v1/studies/\(study)", bearer: token).json["sites"]?[index]
        }

        static func run(_ body: @Sendable (Scene) async throws -> Void) async throws {
            try await TestCoordinator.run { coordinator in
                let key = newKey()
                let token = try await coordinator.session(key)
                let sites = [try await coordinator.enrolled("siemens"), try await coordinator.enrolled("philips")]
                let status = try await coordinator.submit(by: key, token, sites: ["siemens", "philips"])
                let jobs = [try await coordinator.job(of: sites[0]), try await coordinator.job(of: sites[1])]
                let document = try ProtocolDocument.parse(jobs[0])
                try await body(
                    Scene(
                        coordinator: coordinator, key: key, token: token,
                        study: status["summary"]?["id"]?.stringValue ?? "", sites: sites, jobs: jobs, plan: document))
            }
        }
    }

    @Test func `reports move the job on, and its receipt takes it out of the queue`() async throws {
        try await Scene.run { scene in
            let (site, job) = (scene.sites[0], scene.jobs[0])
            #expect(try await scene.report(.received, job, by: site).status == 204)
            #expect(try await scene.coordinator.curl("GET", "/v1/jobs/next", identity: site.identity).status == 204)
            #expect(try await scene.report(.received, job, by: site).status == 204)
            #expect(try await scene.report(.running, job, by: site).status == 204)
            #expect(try await scene.state(0)?["code"] == "running")
            #expect(try await scene.report(.failed(.modelFailed), job, by: site).status == 204)
            #expect(try await scene.state(0)?["reason"] == "model-failed")
            let late = try await scene.report(.running, job, by: site)
            #expect(late.status == 409)
            #expect(late.problemCode == "status-conflict")
        }
    }

    @Test(arguments: [
        #"{"code":"done"}"#, #"{"code":"failed","reason":"patient 17 has no scan"}"#, #"{"code":"failed"}"#,
        #"{"code":"running","reason":"expired"}"#, #"{"code":"running","note":"x"}"#,
    ])
    func `only fixed codes are accepted as a status`(body: String) async throws {
        try await Scene.run { scene in
            let response = try await scene.coordinator.curl(
                "POST", "/v1/jobs/\(scene.jobs[0].digest)/status", body: Data(body.utf8),
                identity: scene.sites[0].identity)
            #expect(response.status == 400)
            #expect(response.problemCode == "schema-error")
            #expect(try await scene.state(0)?["code"] == "queued")
        }
    }

    @Test func `a site can neither report nor release for another`() async throws {
        try await Scene.run { scene in
            let report = try await scene.report(.received, scene.jobs[1], by: scene.sites[0])
            #expect(report.status == 403)
            #expect(report.problemCode == "wrong-site")
            let own = try scene.sites[1].release(of: scene.jobs[1], plan: scene.plan)
            let stolen = try await scene.put(own, for: scene.jobs[1], by: scene.sites[0])
            #expect(stolen.status == 403)
            let forged = try scene.sites[0].release(of: scene.jobs[1], plan: scene.plan)
            #expect(try await scene.put(forged, for: scene.jobs[1], by: scene.sites[0]).problemCode == "wrong-site")
            #expect(try await scene.state(1)?["code"] == "queued")
        }
    }

    @Test func `a release is stored once: the same bytes again are fine, others are refused`() async throws {
        try await Scene.run { scene in
            let (site, job) = (scene.sites[0], scene.jobs[0])
            let release = try site.release(of: job, plan: scene.plan)
            #expect(try await scene.put(release, for: job, by: site).status == 201)
            #expect(try await scene.put(release, for: job, by: site).status == 200)
            let other = try site.release(of: job, plan: scene.plan, completed: 120)
            let refused = try await scene.put(other, for: job, by: site)
            #expect(refused.status == 409)
            #expect(refused.problemCode == "release-conflict")
            #expect(try await scene.state(0)?["code"] == "released")
            let digest = try Envelope(release).digest
            #expect(try await scene.state(0)?["release"]?.stringValue == digest.description)
            let stored = try await scene.coordinator.curl("GET", "/v1/envelopes/\(digest)", bearer: scene.token)
            #expect(stored.body == release)
        }
    }

    @Test func `a release by another key, or not for this job, is refused`() async throws {
        try await Scene.run { scene in
            let (site, job) = (scene.sites[0], scene.jobs[0])
            let forged = try site.release(of: job, plan: scene.plan, signer: newKey())
            #expect(try await scene.put(forged, for: job, by: site).problemCode == "bad-signature")
            let other = try site.release(of: job, plan: scene.plan, as: scene.sites[1].id)
            #expect(try await scene.put(other, for: job, by: site).problemCode == "bad-signature")
            let elsewhere = try site.release(of: scene.jobs[1], plan: scene.plan)
            #expect(try await scene.put(elsewhere, for: job, by: site).problemCode == "release-invalid")
            var bytes = try site.release(of: job, plan: scene.plan)
            bytes.append(0x20)
            bytes[bytes.startIndex + 20] ^= 1
            #expect(try await scene.put(bytes, for: job, by: site).status >= 400)
            #expect(try await scene.state(0)?["code"] == "queued")
        }
    }

    @Test func `a job that ended takes no release`() async throws {
        try await Scene.run { scene in
            let (site, job) = (scene.sites[0], scene.jobs[0])
            #expect(try await scene.report(.declined(.policy), job, by: site).status == 204)
            let release = try site.release(of: job, plan: scene.plan)
            #expect(try await scene.put(release, for: job, by: site).problemCode == "status-conflict")
        }
    }

    @Test func `a site that joins again is offered its unfinished job once more`() async throws {
        try await Scene.run { scene in
            #expect(try await scene.report(.running, scene.jobs[0], by: scene.sites[0]).status == 204)
            _ = try scene.coordinator.administration.revoke(site: "siemens")
            let again = try await scene.coordinator.enrolled("siemens")
            let job = try await scene.coordinator.job(of: again)
            #expect(job.digest == scene.jobs[0].digest)
            let release = try again.release(of: job, plan: scene.plan)
            #expect(try await scene.put(release, for: job, by: scene.sites[0]).problemCode == "certificate-revoked")
            #expect(try await scene.put(release, for: job, by: again).status == 201)
        }
    }

    @Test func `a release beyond a mebibyte is refused`() async throws {
        try await Scene.run { scene in
            let body = Data(repeating: 0x20, count: 2 << 20)
            let response = try await scene.put(body, for: scene.jobs[0], by: scene.sites[0])
            #expect(response.status == 413)
        }
    }

    @Test func `results are the same bytes each time and cover every invited site`() async throws {
        try await Scene.run { scene in
            for index in 0...1 {
                let release = try scene.sites[index].release(of: scene.jobs[index], plan: scene.plan)
                #expect(try await scene.put(release, for: scene.jobs[index], by: scene.sites[index]).status == 201)
            }
            let path = "/v1/studies/\(scene.study)/results"
            let first = try await scene.coordinator.curl("GET", path, bearer: scene.token)
            #expect(first.status == 200)
            #expect(first.json["sites"]?.arrayValue?.compactMap { $0["site"]?.stringValue } == ["siemens", "philips"])
            let second = try await scene.coordinator.restarted { restarted in
                try await restarted.curl("GET", path, bearer: scene.token)
            }
            #expect(second.body == first.body)
            let status = try await scene.coordinator.curl("GET", "/v1/studies/\(scene.study)", bearer: scene.token)
            #expect(status.json["summary"]?["state"] == "complete")
        }
    }

    @Test func `the envelopes of a study are listed in the protocol's order`() async throws {
        try await Scene.run { scene in
            let release = try scene.sites[1].release(of: scene.jobs[1], plan: scene.plan)
            _ = try await scene.put(release, for: scene.jobs[1], by: scene.sites[1])
            let response = try await scene.coordinator.curl(
                "GET", "/v1/studies/\(scene.study)/envelopes", bearer: scene.token)
            let list = try StrictJSON.decode(EnvelopeList.self, from: response.body).envelopes
            #expect(list.map(\.predicateType) == [.studyProtocol, .job, .job, .release])
            #expect(list.map { $0.site?.rawValue } == [nil, "siemens", "philips", "philips"])
            for entry in list {
                let envelope = try await scene.coordinator.curl(
                    "GET", "/v1/envelopes/\(entry.digest.hex)", bearer: scene.token)
                #expect(try Envelope(envelope.body).digest == entry.digest)
            }
        }
    }
}

enum ProtocolDocument {
    static func parse(_ job: JobStatement) throws -> StudyProtocol {
        let document = try job.predicate.studyProtocol.envelope.unverifiedStatement.predicate
        return try StudyProtocol.parse(document).get()
    }
}
