internal import Imaging
internal import TextCatalogue

/// All DICOM files of a site, read once: which are readable, which case and patient each belongs to.
struct DICOMScan: Sendable {
    private static let workers = 2

    private(set) var files = 0
    private(set) var objects: [ScannedObject] = []
    private(set) var unreadable: [UnreadableFile] = []

    /// - Parameters:
    ///   - attributes: the keywords that variables come from.
    ///   - progress: files read so far, and files in all.
    static func run(
        _ site: SiteDescription, attributes: [String], progress: @Sendable (Int, Int) -> Void
    ) async throws -> DICOMScan {
        var scan = DICOMScan()
        guard !site.dicom.isEmpty else { return scan }
        guard DICOMFile.hasDictionary else { throw CatalogueError(.noDICOMDictionary, .dicomNoDictionary) }
        var pending: [Pending] = []
        for source in site.dicom {
            let walk = try FolderWalk(site.path(of: source.folder))
            pending += walk.files.map { Pending(source: source, file: $0) }
            scan.unreadable += walk.unlistable.map {
                UnreadableFile(path: source.folder + "/" + $0, reason: "folder-unreadable")
            }
        }
        scan.files = pending.count
        // Small batches, given out in order and put back in order: the result does not hang on timing.
        let batchSize = 64
        let batches = stride(from: 0, to: pending.count, by: batchSize).map { start in
            Array(pending[start..<min(start + batchSize, pending.count)])
        }
        var results = [[Outcome]](repeating: [], count: batches.count)
        var finished = 0
        try await withThrowingTaskGroup(of: (Int, [Outcome]).self) { group in
            var next = 0
            func start() {
                guard next < batches.count else { return }
                let (index, batch) = (next, batches[next])
                next += 1
                group.addTask {
                    try Task.checkCancellation()
                    return (index, batch.map { $0.read(in: site, attributes: attributes) })
                }
            }
            for _ in 0..<workers { start() }
            while let (index, outcomes) = try await group.next() {
                results[index] = outcomes
                finished += outcomes.count
                progress(finished, pending.count)
                start()
            }
        }
        for outcome in results.joined() {
            switch outcome {
            case .object(let object): scan.objects.append(object)
            case .unreadable(let file): scan.unreadable.append(file)
            }
        }
        return scan
    }

    private enum Outcome: Sendable {
        case object(ScannedObject)
        case unreadable(UnreadableFile)
    }

    private struct Pending: Sendable {
        let source: DICOMSource
        let file: String

        func read(in site: SiteDescription, attributes: [String]) -> Outcome {
            let name = source.folder + "/" + file
            do {
                return .object(
                    try ScannedObject(
                        path: site.path(of: name), name: name, key: source.key, attributes: attributes))
            } catch {
                return .unreadable(UnreadableFile(path: name, reason: error.code))
            }
        }
    }
}
