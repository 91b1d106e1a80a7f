import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Testing

@testable import Coordinator

/// A model package of one file, which no runtime would accept: the coordinator looks at digests and sizes only.
struct TestModel {
    let file: Data
    let manifest: Data

    init(_ content: String = "0123456789", size: Int? = nil) {
        file = Data(content.utf8)
        manifest =
            ([
                "name": "nothing",
                "files": [
                    [
                        "path": "model.onnx", "size": .int(size ?? file.count),
                        "sha256": .string(Digest(of: file).hex),
                    ]
                ],
            ] as JSONValue).canonicalBytes
    }

    var digest: Digest { Digest(of: manifest) }
    var filePath: String { "/v1/models/\(digest)/files/\(Digest(of: file).hex)" }
}

@Suite("Model packages over HTTPS") struct ModelTests {
    @Test func `a package is complete once its files are there, and uploads repeat harmlessly`() async throws {
        try await TestCoordinator.run { coordinator in
            let token = try await coordinator.session(newKey())
            let model = TestModel()
            let receipt = try await coordinator.curl("POST", "/v1/models", body: model.manifest, bearer: token)
            #expect(receipt.status == 200)
            #expect(receipt.json["digest"]?.stringValue == model.digest.description)
            #expect(receipt.json["missing"]?.arrayValue == [.string(Digest(of: model.file).description)])
            #expect(try await coordinator.curl("PUT", model.filePath, body: model.file, bearer: token).status == 201)
            #expect(try await coordinator.curl("PUT", model.filePath, body: model.file, bearer: token).status == 204)
            let again = try await coordinator.curl("POST", "/v1/models", body: model.manifest, bearer: token)
            #expect(again.json["missing"]?.arrayValue == [])
            let manifest = try await coordinator.curl("GET", "/v1/models/\(model.digest)/manifest", bearer: token)
            #expect(manifest.body == model.manifest)
            #expect(try await coordinator.curl("GET", model.filePath, bearer: token).body == model.file)
        }
    }

    @Test func `bytes of another digest or size are refused and leave nothing`() async throws {
        try await TestCoordinator.run { coordinator in
            let token = try await coordinator.session(newKey())
            let model = TestModel()
            _ = try await coordinator.curl("POST", "/v1/models", body: model.manifest, bearer: token)
            for content in ["012345678", "01234567890", "012345678X"] {
                let response = try await coordinator.curl(
                    "PUT", model.filePath, body: Data(content.utf8), bearer: token)
                #expect(response.status == 422)
                #expect(response.problemCode == "digest-mismatch")
            }
            let folder = coordinator.installation.state.models.appending(path: model.digest.hex)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).isEmpty)
            #expect(try await coordinator.curl("GET", model.filePath, bearer: token).problemCode == "model-incomplete")
        }
    }

    @Test func `a file has one upload at a time, the other files of the coordinator go on`() async throws {
        try await TestCoordinator.run { coordinator in
            let token = try await coordinator.session(newKey())
            let (model, other) = (TestModel(), TestModel("another"))
            _ = try await coordinator.curl("POST", "/v1/models", body: model.manifest, bearer: token)
            let target = UploadsUnderWay.Target(model: model.digest, file: Digest(of: model.file))
            #expect(await coordinator.office.uploads.begin(target))
            let second = try await coordinator.curl("PUT", model.filePath, body: model.file, bearer: token)
            #expect(second.status == 409)
            #expect(second.problemCode == "conflict")
            try await coordinator.upload(other, token)
            await coordinator.office.uploads.end(target)
            // An upload that fails makes room as one that succeeds.
            let bad = try await coordinator.curl("PUT", model.filePath, body: Data("9".utf8), bearer: token)
            #expect(bad.status == 422)
            #expect(try await coordinator.curl("PUT", model.filePath, body: model.file, bearer: token).status == 201)
            #expect(await coordinator.office.uploads.begin(target))
        }
    }

    @Test func `a part of a file is served as asked`() async throws {
        try await TestCoordinator.run { coordinator in
            let token = try await coordinator.session(newKey())
            let model = TestModel()
            try await coordinator.upload(model, token)
            let part = try await coordinator.curl("GET", model.filePath, bearer: token, headers: ["Range: bytes=4-"])
            #expect(part.status == 206)
            #expect(part.headers["content-range"] == "bytes 4-9/10")
            #expect(String(decoding: part.body, as: UTF8.self) == "456789")
            let beyond = try await coordinator.curl(
                "GET", model.filePath, bearer: token, headers: ["Range: bytes=10-"])
            #expect(beyond.status == 416)
            #expect(beyond.headers["content-range"] == "bytes */10")
            #expect(beyond.problemCode == "range-not-satisfiable")
        }
    }

    @Test(arguments: [
        ("not JSON", "malformed-request"), ("{}", "schema-error"), (#"{"files":[]}"#, "schema-error"),
        (#"{"files":[{"sha256":"00","size":1}]}"#, "schema-error"),
        (#"{"files":[{"path":"a"}],"files":[]}"#, "malformed-request"),
    ])
    func `what is no manifest is refused`(manifest: String, code: String) async throws {
        try await TestCoordinator.run { coordinator in
            let token = try await coordinator.session(newKey())
            let response = try await coordinator.curl(
                "POST", "/v1/models", body: Data(manifest.utf8), bearer: token)
            #expect(response.problemCode == code)
        }
    }

    @Test func `a manifest beyond the limit is refused before it is read`() async throws {
        try await TestCoordinator.run { coordinator in
            let token = try await coordinator.session(newKey())
            let body = Data(repeating: 0x20, count: MessageSchema.Limit.modelManifest + 1)
            let response = try await coordinator.curl("POST", "/v1/models", body: body, bearer: token)
            #expect(response.status == 413)
            #expect(response.problemCode == "too-large")
        }
    }

    @Test func `what a cut-off upload left behind is removed at the next start`() async throws {
        try await TestCoordinator.run { coordinator in
            let folder = coordinator.installation.state.models.appending(path: String(repeating: "0", count: 64))
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let left = folder.appending(path: "x.0011.partial")
            try Data("half".utf8).write(to: left)
            try await coordinator.restarted { _ in
                #expect(!FileManager.default.fileExists(atPath: left.path()))
            }
        }
    }

    @Test func `a site fetches only models that it has a job on`() async throws {
        try await TestCoordinator.run { coordinator in
            let key = newKey()
            let token = try await coordinator.session(key)
            let (asked, other) = (TestModel(), TestModel("other"))
            try await coordinator.upload(asked, token)
            try await coordinator.upload(other, token)
            let invited = try await coordinator.enrolled("siemens")
            let bystander = try await coordinator.enrolled("philips")
            _ = try await coordinator.submit(by: key, token, sites: ["siemens"], model: asked.digest)
            let own = try await coordinator.curl("GET", asked.filePath, identity: invited.identity)
            #expect(own.body == asked.file)
            #expect(try await coordinator.curl("GET", other.filePath, identity: invited.identity).status == 404)
            #expect(try await coordinator.curl("GET", asked.filePath, identity: bystander.identity).status == 404)
            let manifest = "/v1/models/\(asked.digest)/manifest"
            #expect(try await coordinator.curl("GET", manifest, identity: bystander.identity).status == 404)
            #expect(try await coordinator.curl("GET", manifest).status == 401)
        }
    }
}

extension TestCoordinator {
    func upload(_ model: TestModel, _ token: String) async throws {
        _ = try await curl("POST", "/v1/models", body: model.manifest, bearer: token)
        let response = try await curl("PUT", model.filePath, body: model.file, bearer: token)
        guard response.status == 201 else { throw UnexpectedResponse(response: response) }
    }

    /// Submits a small study and returns its status.
    @discardableResult
    func submit(
        by key: SigningKey, _ token: String, sites: [String], model: Digest? = nil,
        identifier: String = "small-study"
    ) async throws -> JSONValue {
        let document = TestProtocol.document(
            identifier, sites: sites, expires: clock.now.adding(seconds: 90 * 86_400), model: model)
        let response = try await curl(
            "POST", "/v1/studies", body: try TestProtocol.envelope(document, by: key), bearer: token)
        guard response.status == 201 else { throw UnexpectedResponse(response: response) }
        return response.json
    }
}
