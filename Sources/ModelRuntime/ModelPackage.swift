public import Evidence
public import Foundation
import Glibc

/// A model package whose every byte was checked: a folder with `model.json` and the files that it lists.
///
/// The model's bytes are held, so that what was checked is what is scored, whatever happens to the folder later.
public struct ModelPackage: Sendable {
    /// What a package may be at most.
    public struct Limits: Hashable, Sendable {
        /// Bytes of one file.
        public var fileSize: Int

        public init(fileSize: Int = 512 << 20) { self.fileSize = fileSize }

        public static let standard = Limits()
    }

    public let manifest: ModelManifest
    /// SHA-256 of the bytes of `model.json`: the package's address.
    public let digest: Digest
    let model: Data

    /// Reads and checks the package in a folder.
    /// - Parameter expected: the digest that a signed document names; nil to accept any package, for its maker.
    /// - Throws: `ModelRuntimeError` `model-package-invalid` or `model-digest-mismatch`.
    public init(
        folder: URL, expecting expected: Digest? = nil, limits: Limits = .standard
    ) throws(ModelRuntimeError) {
        let directory = try PackageFolder(folder)
        let manifestBytes = try directory.read(ModelManifest.fileName, atMost: ModelManifest.greatestSize)
        digest = Digest(of: manifestBytes)
        if let expected, expected != digest {
            throw ModelRuntimeError(.digestMismatch, detail: ModelManifest.fileName)
        }
        manifest = try ModelManifest.read(manifestBytes)
        let listed = Set(manifest.files.map(\.path) + [ModelManifest.fileName])
        if let unknown = try directory.names().first(where: { !listed.contains($0) }) {
            throw ModelRuntimeError(.packageInvalid, detail: "not listed in the manifest: \(unknown)")
        }
        var model = Data()
        for file in manifest.files {
            guard file.size <= limits.fileSize else {
                throw ModelRuntimeError(.packageInvalid, detail: "larger than \(limits.fileSize): \(file.path)")
            }
            let bytes = try directory.read(file.path, atMost: file.size)
            guard bytes.count == file.size, Digest(of: bytes).hex == file.sha256 else {
                throw ModelRuntimeError(.digestMismatch, detail: file.path)
            }
            if file.path == ModelManifest.modelFileName { model = bytes }
        }
        self.model = model
    }
}

/// Reads plain files of one folder, without following a link out of it.
private struct PackageFolder {
    private let path: String

    init(_ folder: URL) throws(ModelRuntimeError) {
        path = folder.path
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw ModelRuntimeError(.packageInvalid, detail: "not a folder")
        }
    }

    func names() throws(ModelRuntimeError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw ModelRuntimeError(.packageInvalid, detail: "the folder cannot be listed")
        }
    }

    /// Reads a whole file; one with more bytes than allowed, or that is not a regular file, is refused.
    func read(_ name: String, atMost limit: Int) throws(ModelRuntimeError) -> Data {
        // O_NONBLOCK: opening a FIFO must not wait for its writer.
        let descriptor = open(path + "/" + name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ModelRuntimeError(.packageInvalid, detail: "missing or not a plain file: \(name)")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ModelRuntimeError(.packageInvalid, detail: "not a plain file: \(name)")
        }
        guard Int(status.st_size) <= limit else {
            throw ModelRuntimeError(.digestMismatch, detail: "larger than it should be: \(name)")
        }
        do {
            // One byte more than allowed, so that a file that grows meanwhile is seen.
            return try handle.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw ModelRuntimeError(.packageInvalid, detail: "unreadable: \(name)")
        }
    }
}
