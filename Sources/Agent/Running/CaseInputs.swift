internal import Catalogue
internal import Evidence
internal import Foundation
internal import Imaging
internal import Messages
internal import ModelRuntime

/// Makes a model's input out of a case's own objects, as the model's manifest says.
struct CaseInputs {
    /// Why a case has no input. The raw values are the codes of the flow.
    enum Failure: String, Error, Hashable, Sendable {
        /// The site has no object of the case.
        case missing = "input-missing"
        /// An object cannot be decoded, is not the one that was indexed, or does not fit the others.
        case unreadable = "input-unreadable"
    }

    let snapshot: CatalogueSnapshot
    let settings: SiteSettings
    private let patch: ConsensusPatch

    /// - Throws: `model-invalid` when the manifest asks for a patch that cannot be made.
    init(snapshot: CatalogueSnapshot, settings: SiteSettings, manifest: ModelManifest) throws(JobFailure) {
        self.snapshot = snapshot
        self.settings = settings
        switch manifest.preprocessing {
        case .segmentationConsensusPatch(let description):
            let spacing = description.spacingInMillimetres
            guard description.size.count == 2, spacing.count == 2,
                let patch = ConsensusPatch(
                    rows: description.size[0], columns: description.size[1], rowSpacing: spacing[0],
                    columnSpacing: spacing[1]),
                manifest.input.count == description.size[0] * description.size[1]
            else { throw JobFailure(.failed(.modelInvalid), cause: "preprocessing") }
            self.patch = patch
        }
    }

    /// The input of one case, row after row.
    func input(ofCase index: Int) throws -> Result<[Float], Failure> {
        let objects = try snapshot.objects(ofCase: index)
        guard !objects.isEmpty else { return .failure(.missing) }
        var paths: [String] = []
        for object in objects {
            let path = settings.path(of: object.path)
            // The release commits to the data as they were indexed, so nothing else may be scored.
            // Read, not mapped: a mapped file that somebody shortens meanwhile would end this process.
            guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path)),
                Digest(of: bytes) == object.digest
            else { return .failure(.unreadable) }
            paths.append(path)
        }
        do {
            return .success(try patch.make(paths: paths))
        } catch {
            return .failure(error.reason == .noObject ? .missing : .unreadable)
        }
    }
}
