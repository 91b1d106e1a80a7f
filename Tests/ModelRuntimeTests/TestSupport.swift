import Evidence
import Foundation

@testable import ModelRuntime

/// Files beside this test.
enum Vectors {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Vectors")

    static func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }

    static func floats(_ name: String) throws -> [Float] {
        try data(name).withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: 4).map { raw.loadUnaligned(fromByteOffset: $0, as: Float.self) }
        }
    }
}

/// A model package written to a folder of its own, removed with the value.
final class PackageFixture {
    static let side = 8
    let folder: URL

    init(model: Data, manifest edit: (inout [String: Any]) -> Void = { _ in }) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("concordat-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try model.write(to: folder.appendingPathComponent("model.onnx"))
        var manifest: [String: Any] = [
            "schemaVersion": "1.0", "name": "vector", "version": "1", "intendedUse": ["en": "A test"],
            "task": "classification", "trainingSites": ["ge"],
            "input": ["name": "patch", "type": "float32", "shape": [1, Self.side, Self.side]],
            "preprocessing": [
                "kind": "segmentation-consensus-patch", "size": [Self.side, Self.side], "spacing": ["1.0", "1.0"],
                "slice": "largest-area", "vote": "half",
            ],
            "output": ["name": "probability", "type": "float32", "shape": [1], "meaning": "P(malignant)"],
            "operatingPoints": [["id": "pre-specified", "threshold": "0.5"]],
            "files": [["path": "model.onnx", "size": model.count, "sha256": Digest(of: model).hex]],
        ]
        edit(&manifest)
        try write(JSONSerialization.data(withJSONObject: manifest), as: "model.json")
    }

    convenience init(vector: String) throws { try self.init(model: Vectors.data(vector + ".onnx")) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ data: Data, as name: String) throws { try data.write(to: folder.appendingPathComponent(name)) }

    func load() throws -> ModelPackage { try ModelPackage(folder: folder) }
}

enum Runtime {
    /// The installed runtime, as a site finds it.
    static let tools = Result { try ModelRuntimeTools.locate() }
    static let runner = Result { try ModelRunner(tools: tools.get()) }

    /// Room for ONNX Runtime and a small model, and a time that only an endless run reaches.
    static let limits = ModelLimits(wallClock: .seconds(60), memory: 2 << 30)

    /// Cases whose values are all the given ones.
    static func constantCases(_ values: [Float]) -> [Float] {
        values.flatMap { [Float](repeating: $0, count: PackageFixture.side * PackageFixture.side) }
    }
}
