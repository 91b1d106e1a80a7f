import Evidence
import Foundation
import ModelRuntime
import Testing

/// A package is taken only when every byte of it is the one that its manifest names.
@Suite struct ModelPackageTests {
    private let model = Data("not really a model".utf8)

    private func expect(
        _ reason: ModelRuntimeError.Reason, _ fixture: PackageFixture, mentioning word: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: ModelRuntimeError(reason), sourceLocation: sourceLocation) { try fixture.load() }
        #expect(error?.detail.contains(word) ?? false || word.isEmpty, sourceLocation: sourceLocation)
    }

    @Test func aCompletePackageIsReadAndAddressedByItsManifest() throws {
        let fixture = try PackageFixture(model: model)
        let package = try fixture.load()

        #expect(package.digest == Digest(of: try Data(contentsOf: fixture.folder.appendingPathComponent("model.json"))))
        #expect(package.manifest.trainingSites == ["ge"])
        #expect(package.manifest.input.shape == [1, 8, 8])
        #expect(package.manifest.operatingPoints == [.init(id: "pre-specified", threshold: "0.5")])
        #expect(
            package.manifest.preprocessing
                == .segmentationConsensusPatch(
                    .init(size: [8, 8], spacing: ["1.0", "1.0"], slice: .largestArea, vote: .half)))
        #expect(throws: Never.self) { try ModelPackage(folder: fixture.folder, expecting: package.digest) }
    }

    @Test func anotherPackageThanTheSignedOneIsRefused() throws {
        let fixture = try PackageFixture(model: model)
        #expect(throws: ModelRuntimeError(.digestMismatch)) {
            try ModelPackage(folder: fixture.folder, expecting: Digest(of: Data("another".utf8)))
        }
    }

    @Test func aChangedByteIsFound() throws {
        let fixture = try PackageFixture(model: model)
        var changed = model
        changed[3] ^= 1
        try fixture.write(changed, as: "model.onnx")
        expect(.digestMismatch, fixture, mentioning: "model.onnx")
    }

    @Test(arguments: [-1, 1])
    func anotherSizeIsFound(difference: Int) throws {
        let fixture = try PackageFixture(model: model)
        try fixture.write(difference < 0 ? model.dropLast() : model + [0], as: "model.onnx")
        expect(.digestMismatch, fixture, mentioning: "model.onnx")
    }

    @Test func aFileThatTheManifestDoesNotListIsRefused() throws {
        let fixture = try PackageFixture(model: model)
        try fixture.write(Data("weights".utf8), as: "weights.bin")
        expect(.packageInvalid, fixture, mentioning: "weights.bin")
    }

    @Test func aMissingFileIsRefused() throws {
        let fixture = try PackageFixture(model: model)
        try FileManager.default.removeItem(at: fixture.folder.appendingPathComponent("model.onnx"))
        expect(.packageInvalid, fixture, mentioning: "model.onnx")
    }

    @Test(arguments: ["../model.onnx", "/etc/passwd", "a/b.onnx", ".hidden", "..", "", "a\u{0}b", "model.json"])
    func aPathOutOfTheFolderIsRefused(path: String) throws {
        let file: [String: Any] = ["path": path, "size": model.count, "sha256": Digest(of: model).hex]
        let fixture = try PackageFixture(model: model) { manifest in
            let files = manifest["files"] as? [[String: Any]] ?? []
            manifest["files"] = files + [file]
        }
        expect(.packageInvalid, fixture, mentioning: "/files/1/path")
    }

    @Test func aLinkOutOfTheFolderIsNotFollowed() throws {
        let fixture = try PackageFixture(model: model)
        let outside = try TemporaryFile()
        try model.write(to: URL(fileURLWithPath: outside.path))
        let inside = fixture.folder.appendingPathComponent("model.onnx")
        try FileManager.default.removeItem(at: inside)
        try FileManager.default.createSymbolicLink(atPath: inside.path, withDestinationPath: outside.path)
        expect(.packageInvalid, fixture, mentioning: "model.onnx")
    }

    @Test func aPipeInPlaceOfTheModelIsRefusedWithoutWaiting() throws {
        let fixture = try PackageFixture(model: model)
        let inside = fixture.folder.appendingPathComponent("model.onnx")
        try FileManager.default.removeItem(at: inside)
        mkfifo(inside.path, 0o600)
        expect(.packageInvalid, fixture, mentioning: "model.onnx")
    }

    @Test func aFileBeyondTheSizeLimitIsNotRead() throws {
        let fixture = try PackageFixture(model: model)
        #expect(throws: ModelRuntimeError(.packageInvalid)) {
            try ModelPackage(folder: fixture.folder, limits: .init(fileSize: model.count - 1))
        }
    }

    /// A manifest that breaks one rule, and where the fault must be said to be.
    struct Fault: CustomTestStringConvertible, Sendable {
        let pointer: String
        let edit: @Sendable (inout [String: Any]) -> Void
        var testDescription: String { pointer }
    }

    static let faults: [Fault] = [
        Fault(pointer: "/schemaVersion") { $0["schemaVersion"] = "2.0" },
        Fault(pointer: "/taks") { $0["taks"] = "classification" },
        Fault(pointer: "/task") { $0["task"] = "segmentation" },
        Fault(pointer: "\"trainingSites\" is missing") { $0["trainingSites"] = nil },
        Fault(pointer: "/input/type") { $0["input"] = ["name": "patch", "type": "float16", "shape": [1, 8, 8]] },
        Fault(pointer: "/input/shape/0") { $0["input"] = ["name": "patch", "type": "float32", "shape": [0, 8, 8]] },
        Fault(pointer: "/input/shape") {
            $0["input"] = ["name": "patch", "type": "float32", "shape": [1 << 25, 1 << 25, 1 << 25]]
        },
        Fault(pointer: "/input") { $0["input"] = ["name": "patch", "type": "float32", "shape": [1, 9, 9]] },
        Fault(pointer: "/output") {
            $0["output"] = ["name": "probability", "type": "float32", "shape": [2], "meaning": "two"]
        },
        Fault(pointer: "/preprocessing/kind") { $0["preprocessing"] = ["kind": "pixels"] },
        Fault(pointer: "/operatingPoints/0/threshold") {
            $0["operatingPoints"] = [["id": "a", "threshold": "1e-1"]]
        },
        Fault(pointer: "/operatingPoints/0/threshold") {
            $0["operatingPoints"] = [["id": "a", "threshold": "1.5"]]
        },
        Fault(pointer: "/operatingPoints/1") {
            $0["operatingPoints"] = [["id": "a", "threshold": "0.5"], ["id": "a", "threshold": "0.6"]]
        },
        Fault(pointer: "/files/0/sha256") {
            $0["files"] = [["path": "model.onnx", "size": 1, "sha256": String(repeating: "A", count: 64)]]
        },
        Fault(pointer: "/files") {
            $0["files"] = [["path": "card.md", "size": 1, "sha256": String(repeating: "a", count: 64)]]
        },
    ]

    @Test(arguments: faults)
    func aFaultyManifestIsRefusedWhereItIsWrong(fault: Fault) throws {
        expect(.packageInvalid, try PackageFixture(model: model, manifest: fault.edit), mentioning: fault.pointer)
    }

    @Test func aManifestThatReadsTwoWaysIsRefused() throws {
        let fixture = try PackageFixture(model: model)
        let manifest = try String(contentsOf: fixture.folder.appendingPathComponent("model.json"), encoding: .utf8)
        try fixture.write(
            Data(manifest.replacing("{\"", with: "{\"version\":\"0\",\"", maxReplacements: 1).utf8), as: "model.json")
        expect(.packageInvalid, fixture, mentioning: "twice")
    }
}
