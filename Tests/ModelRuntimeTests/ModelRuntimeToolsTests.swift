import Foundation
import ModelRuntime
import Testing

/// Where the programs are found, and what is said when they are not.
@Suite struct ModelRuntimeToolsTests {
    @Test func aNamedLibraryIsNeverReplacedByAnother() throws {
        let error = #expect(throws: ModelRuntimeError(.sandboxUnavailable)) {
            try ModelRuntimeTools.locate(environment: ["CONCORDAT_ONNXRUNTIME": "/nonexistent/libonnxruntime.so"])
        }
        #expect(error?.detail.contains("CONCORDAT_ONNXRUNTIME") == true)
    }

    @Test func aProgramWithoutItsModelHostIsToldSo() throws {
        let error = #expect(throws: ModelRuntimeError(.sandboxUnavailable)) {
            try ModelRuntimeTools.locate(environment: [:], program: URL(fileURLWithPath: "/usr/bin/env"))
        }
        #expect(error?.detail.contains("concordat-model-host") == true)
    }

    @Test func anythingElseThanONNXRuntimeIsReportedAsTheSitesFault() async throws {
        var tools = try Runtime.tools.get()
        tools.onnxRuntime = try #require(
            ["/lib/x86_64-linux-gnu/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6"].first {
                FileManager.default.fileExists(atPath: $0)
            })
        let runner = try ModelRunner(tools: tools)
        let package = try PackageFixture(vector: "good").load()
        await #expect(throws: ModelRuntimeError(.sandboxUnavailable)) {
            try await runner.score(package, cases: Runtime.constantCases([1]), count: 1, limits: Runtime.limits)
        }
    }

    @Test func whatOnlyTheAgentsUserMayReadStillComesIn() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("private-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        var tools = try Runtime.tools.get()
        for path in [\ModelRuntimeTools.modelHost, \ModelRuntimeTools.onnxRuntime] as [WritableKeyPath] {
            let copy = folder.appendingPathComponent(URL(fileURLWithPath: tools[keyPath: path]).lastPathComponent)
            try FileManager.default.copyItem(atPath: tools[keyPath: path], toPath: copy.path)
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: copy.path)
            tools[keyPath: path] = copy.path
        }
        let runner = try ModelRunner(tools: tools)
        let package = try PackageFixture(vector: "good").load()
        let expected = try Vectors.floats("good-scores.f32")

        let scores = try await runner.score(
            package, cases: Vectors.floats("good-cases.f32"), count: expected.count, limits: Runtime.limits)

        #expect(scores == expected.map { .score($0) })
    }
}
