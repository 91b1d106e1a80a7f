import Foundation
import Testing

/// A model package as a sponsor submits it.
protocol SubmittedModel {
    /// Tells the protocols of one test apart.
    var identifier: String { get }
    var name: String { get }
    var version: String { get }
    var folder: URL { get }
}

extension SubmittedModel {
    /// The manifest's, which names all the rest.
    func digest() throws -> String {
        try "sha256:" + SHA256Sum.hex(of: folder.appendingPathComponent("model.json"))
    }
}

/// The model of the demo.
struct GoodPackage: SubmittedModel {
    let identifier = "nodule-mask-patch"
    let name = "nodule-mask-patch"
    let version = "1.0.0"
    let folder = Program.repository.appendingPathComponent("models/nodule-mask-patch")
}

/// A well-formed package around one of the hostile models of ModelRuntimeTests, whose cases are small patches.
struct HostilePackage: SubmittedModel {
    let identifier: String
    let name = "vector"
    let version = "1"
    let folder: URL

    private static let vectors = Program.repository.appendingPathComponent("Tests/ModelRuntimeTests/Vectors")

    /// - Parameter file: what the weights of `external-data-anywhere` are read from.
    init(vector: String, readingFrom file: String? = nil, in parent: URL) throws {
        identifier = vector
        folder = parent.appendingPathComponent("model-\(vector)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var bytes = try Data(contentsOf: Self.vectors.appendingPathComponent("\(vector).onnx"))
        if let file, vector == "external-data-anywhere" {
            // Up to the root from wherever the model's folder is said to be, then down, in just as many bytes.
            let placeholder = String(repeating: "./", count: 150)
            let place = try #require(bytes.range(of: Data(placeholder.utf8)))
            let rise = String(repeating: "../", count: 20)
            let slashes = String(repeating: "/", count: placeholder.utf8.count - rise.utf8.count - file.utf8.count)
            bytes.replaceSubrange(place, with: Data((rise + slashes + file).utf8))
        }
        let model = folder.appendingPathComponent("model.onnx")
        try bytes.write(to: model)
        let side = 8
        let manifest: [String: Any] = [
            "schemaVersion": "1.0", "name": name, "version": version, "intendedUse": ["en": "A test"],
            "task": "classification", "trainingSites": ["ge"],
            "input": ["name": "patch", "type": "float32", "shape": [1, side, side]],
            "preprocessing": [
                "kind": "segmentation-consensus-patch", "size": [side, side], "spacing": ["4.0", "4.0"],
                "slice": "largest-area", "vote": "half",
            ],
            "output": ["name": "probability", "type": "float32", "shape": [1], "meaning": "P(malignant)"],
            "operatingPoints": [["id": "pre-specified", "threshold": "0.33"]],
            "files": [["path": "model.onnx", "size": bytes.count, "sha256": try SHA256Sum.hex(of: model)]],
        ]
        try JSONSerialization.data(withJSONObject: manifest).write(to: folder.appendingPathComponent("model.json"))
    }
}

/// The system's `sha256sum`: these tests use nothing of the modules that they test.
enum SHA256Sum {
    static func hex(of file: URL) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
        process.arguments = [file.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return String(text.prefix(64))
    }
}
