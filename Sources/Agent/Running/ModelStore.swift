internal import Evidence
internal import Foundation
internal import Messages
internal import ModelRuntime
internal import TextCatalogue
internal import Transport

/// Model packages at the site, each in a folder that is named by its digest and appears only when it is whole.
struct ModelStore {
    let folder: URL
    /// Bytes that one package may have in all.
    static let packageLimit = 2 << 30

    /// The package with this digest, downloaded if need be. A download goes on where an earlier one stopped.
    /// - Throws: `JobFailure`; `CancellationError`.
    func package(_ digest: Digest, from api: CoordinatorAPI) async throws -> ModelPackage {
        let place = folder.appendingPathComponent(digest.hex, isDirectory: true)
        if let package = try? ModelPackage(folder: place, expecting: digest) { return package }
        // What stands there is damaged: somebody changed or cut a file.
        try? FileManager.default.removeItem(at: place)
        try await download(digest, from: api, to: place)
        return try ModelPackage(folder: place, expecting: digest)
    }

    private func download(_ digest: Digest, from api: CoordinatorAPI, to place: URL) async throws {
        try StateDirectory.makePrivate(folder)
        let arriving = folder.appendingPathComponent("\(digest.hex).arriving", isDirectory: true)
        try StateDirectory.makePrivate(arriving)
        do {
            let bytes = try await manifest(digest, from: api, arriving: arriving)
            let manifest = try ModelManifest.read(bytes)
            guard manifest.files.reduce(0, { $0 + $1.size }) <= Self.packageLimit else {
                throw JobFailure(.failed(.modelInvalid), cause: "package-too-large")
            }
            for file in manifest.files {
                let destination = arriving.appendingPathComponent(file.path)
                let fileDigest = try Digest(hex: file.sha256)
                if let known = try? Data(contentsOf: destination, options: .alwaysMapped),
                    Digest(of: known) == fileDigest
                {
                    continue
                }
                try await api.downloadModelFile(fileDigest, of: digest, size: file.size, to: destination)
            }
        } catch let error as TransportError {
            if error.reason == .cancelled || Task.isCancelled { throw CancellationError() }
            throw JobFailure(fetching: error)
        }
        try DurableFile.synchronize(arriving)
        guard rename(arriving.path, place.path) == 0 else {
            throw AgentError(.stateUnwritable, .agentStateUnwritable(place.path))
        }
        try DurableFile.synchronize(folder)
    }

    private func manifest(_ digest: Digest, from api: CoordinatorAPI, arriving: URL) async throws -> Data {
        let file = arriving.appendingPathComponent(ModelManifest.fileName)
        if let known = try DurableFile.read(file, limit: ModelManifest.greatestSize), Digest(of: known) == digest {
            return known
        }
        let bytes = try await api.modelManifest(digest)
        guard Digest(of: bytes) == digest else {
            throw JobFailure(.refused(.modelDigestMismatch), cause: "manifest")
        }
        try DurableFile.write(bytes, to: file)
        return bytes
    }
}
