internal import Evidence
internal import Foundation
internal import Messages
internal import StrictJSON
internal import TextCatalogue

/// The files that a model package's manifest names: all that the coordinator reads of it. The rest is for those who
/// run the model.
struct ModelFileList: Hashable, Sendable {
    struct File: Hashable, Sendable {
        let digest: Digest
        /// In bytes.
        let size: Int
    }

    /// Each content once, in the manifest's order.
    let files: [File]

    static let mostFiles = 32
    /// The greatest size of one file and of a whole package, in bytes.
    static let greatestFile = 4 << 30
    static let greatestPackage = 8 << 30

    /// - Throws: `Problem`, when the bytes are no manifest or go over a limit.
    init(manifest: Data) throws {
        let document: JSONValue
        do {
            document = try StrictJSON.parse(
                manifest, limits: .init(bytes: MessageSchema.Limit.modelManifest, depth: 16, values: 10_000))
        } catch {
            throw Problem(.malformedRequest, detail: error.phrase.english)
        }
        let faults = FaultList()
        var reader = ObjectReader(document, faults: faults)
        let file = ValueReader<File>.object { reader in
            let digest = reader.required("sha256", ValueReader<String>.string.map { try Digest(hex: $0) })
            let size = reader.integer("size", in: 0...Self.greatestFile)
            for key in reader.keys { reader.ignore(key) }
            guard let digest, let size else { return nil }
            return File(digest: digest, size: size)
        }
        let listed = reader.required("files", .array(of: file, count: 1...Self.mostFiles))
        guard faults.isEmpty, let listed else {
            throw Problem(
                .schemaError,
                faults: faults.faults.map {
                    ProblemFault(pointer: $0.pointer.description, code: $0.code, message: $0.phrase.english)
                })
        }
        var distinct: [File] = []
        for file in listed where !distinct.contains(file) { distinct.append(file) }
        guard Set(distinct.map(\.digest)).count == distinct.count else { throw Problem(.schemaError) }
        guard distinct.reduce(0, { $0 + $1.size }) <= Self.greatestPackage else { throw Problem(.tooLarge) }
        files = distinct
    }
}
