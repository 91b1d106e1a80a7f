internal import Evidence
internal import Foundation
internal import GRDB
internal import Messages
internal import NIOCore
internal import StudyProtocol

/// Model packages by the digest of their manifest: the manifest in the database, the files in
/// `models/<digest>/<sha256>`. A file is under its name only when it is complete and its digest was checked.
struct ModelLibrary: Sendable {
    let office: Office

    /// Takes a manifest and tells which files are not here yet. The same manifest again changes nothing.
    func add(manifest: Data, by person: Person) async throws -> ModelManifestReceipt {
        let list = try ModelFileList(manifest: manifest)
        let digest = Digest(of: manifest)
        let now = office.now
        return try await office.store.write { db in
            if try !ModelRecord.exists(db, key: digest.hex) {
                try ModelRecord(digest: digest.hex, manifest: manifest, addedBy: person.keyID, addedAt: now).insert(db)
                for file in list.files {
                    try ModelFileRecord(
                        model: digest.hex, sha256: file.digest.hex, size: Int64(file.size), isStored: false
                    ).insert(db)
                }
            }
            let stored = try ModelFileRecord.filter(Column("model") == digest.hex)
                .filter(Column("isStored") == true).fetchAll(db).map(\.sha256)
            return ModelManifestReceipt(
                digest: digest, missing: list.files.map(\.digest).filter { !stored.contains($0.hex) })
        }
    }

    func manifest(of model: Digest) async throws -> Data {
        guard let record = try await office.store.read({ try ModelRecord.fetchOne($0, key: model.hex) }) else {
            throw Problem(.notFound)
        }
        return record.manifest
    }

    /// A file that is complete.
    func file(_ file: Digest, of model: Digest) async throws -> (url: URL, size: Int) {
        let record = try await record(file, of: model)
        guard record.isStored else { throw Problem(.modelIncomplete) }
        return (url(of: record), Int(record.size))
    }

    /// What came of an upload.
    enum Upload: Sendable { case created, known }

    /// Streams a file to disk, checks size and digest, and only then puts it under its name and on record.
    /// - Throws: `conflict` while another upload of the file goes on; `not-found`, `digest-mismatch`.
    func store(
        _ file: Digest, of model: Digest, from body: some AsyncSequence<ByteBuffer, any Error> & Sendable
    ) async throws -> Upload {
        if try await record(file, of: model).isStored { return .known }
        let target = UploadsUnderWay.Target(model: model, file: file)
        guard await office.uploads.begin(target) else { throw Problem(.conflict) }
        let result: Result<Upload, any Error>
        do {
            result = .success(try await receive(file, of: model, from: body))
        } catch {
            result = .failure(error)
        }
        await office.uploads.end(target)
        return try result.get()
    }

    private func receive(
        _ file: Digest, of model: Digest, from body: some AsyncSequence<ByteBuffer, any Error> & Sendable
    ) async throws -> Upload {
        // Looked up again: an upload that has ended meanwhile has stored it.
        var record = try await record(file, of: model)
        if record.isStored { return .known }
        let place = url(of: record)
        let partial = place.deletingLastPathComponent().appending(
            path: "\(place.lastPathComponent).\(office.surroundings.randomBytes(8).hexText).partial")
        let writer = try await BlockingWork.run {
            try FileManager.default.createDirectory(
                at: partial.deletingLastPathComponent(), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            return try PartialFile(at: partial)
        }
        do {
            var digest = Digest.Accumulator()
            var size: Int64 = 0
            for try await buffer in body {
                size += Int64(buffer.readableBytes)
                guard size <= record.size else { throw Problem(.digestMismatch) }
                buffer.readableBytesView.withUnsafeBytes { digest.update($0) }
                try await BlockingWork.run { try writer.append(buffer) }
            }
            guard size == record.size, digest.digest == file else { throw Problem(.digestMismatch) }
            try await BlockingWork.run { try writer.finish(as: place) }
        } catch {
            try? await BlockingWork.run { writer.discard() }
            throw error
        }
        record.isStored = true
        let finished = record
        try await office.store.write { try finished.update($0) }
        return .created
    }

    /// Whether the site has a job on the model.
    func mayFetch(_ model: Digest, _ site: SiteID) async throws -> Bool {
        try await office.store.read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM job JOIN study ON study.id = job.study
                    WHERE job.site = ? AND study.model = ?)
                    """, arguments: [site.rawValue, model.hex]) ?? false
        }
    }

    static func requireComplete(_ model: String, in db: Database) throws {
        guard try ModelRecord.exists(db, key: model) else { throw Problem(.modelIncomplete) }
        let missing = try ModelFileRecord.filter(Column("model") == model).filter(Column("isStored") == false)
            .fetchCount(db)
        guard missing == 0 else { throw Problem(.modelIncomplete) }
    }

    /// Removes what uploads left behind that were cut off by the end of the process.
    func removePartialFiles() throws {
        let manager = FileManager.default
        for folder in try manager.contentsOfDirectory(
            at: office.installation.state.models, includingPropertiesForKeys: nil)
        {
            for file in (try? manager.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
            where file.pathExtension == "partial" {
                try manager.removeItem(at: file)
            }
        }
    }

    private func record(_ file: Digest, of model: Digest) async throws -> ModelFileRecord {
        let record = try await office.store.read { db in
            try ModelFileRecord.fetchOne(db, key: ["model": model.hex, "sha256": file.hex])
        }
        guard let record else { throw Problem(.notFound) }
        return record
    }

    private func url(of record: ModelFileRecord) -> URL {
        office.installation.state.models.appending(path: record.model, directoryHint: .isDirectory)
            .appending(path: record.sha256, directoryHint: .notDirectory)
    }
}
