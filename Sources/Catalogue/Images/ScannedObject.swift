internal import Evidence
internal import Foundation
internal import Imaging

/// What the index keeps of one DICOM file.
struct ScannedObject: Sendable {
    /// As `site.yaml` names the folder, then the path inside it.
    let path: String
    let digest: Digest
    /// The case that the file belongs to; nil when it lacks the key attribute.
    let key: String?
    let patient: String?
    let series: String?
    /// The attributes that variables come from, in the order in which they were asked for.
    let values: [String?]
}

/// A file that could not be read, and why (a code of `ImagingError`, or `folder-unreadable`).
struct UnreadableFile: Sendable, Hashable {
    let path: String
    let reason: String
}

extension ScannedObject {
    /// Reads one file.
    ///
    /// - Parameter path: where the file is; `name` is how the catalogue calls it.
    init(path: String, name: String, key: String, attributes: [String]) throws(ImagingError) {
        let file = try DICOMFile(path: path)
        self.path = name
        self.key = try file.text(key)
        patient = try file.text("PatientID")
        series = try file.text("SeriesInstanceUID")
        var values: [String?] = []
        for attribute in attributes { values.append(try file.text(attribute)) }
        self.values = values
        guard let digest = Self.digest(of: path) else { throw ImagingError(.cannotOpen) }
        self.digest = digest
    }

    /// The SHA-256 of the file's bytes, so that a snapshot's commitment binds the images too.
    private static func digest(of path: String) -> Digest? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var accumulator = Digest.Accumulator()
        let finished = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer -> Bool in
            while true {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count == 0 { return true }
                if count < 0 {
                    guard errno == EINTR else { return false }
                    continue
                }
                accumulator.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
            }
        }
        return finished ? accumulator.digest : nil
    }
}
