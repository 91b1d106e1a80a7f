internal import CDicom

/// One open DICOM file (PS3.10): its attributes are in memory, its long values (pixels) still on disk.
///
/// Limits: 1 GiB a file, 1 MiB when it is deflated, 4 KiB a text value. The file is parsed to its end, so one that was
/// cut in its pixels is refused too. Not `Sendable`: open the file where it is read.
public final class DICOMFile {
    let handle: OpaquePointer

    /// - Throws: `ImagingError` with the reasons cannot-open, empty, not-dicom, corrupt or too-large.
    public init(path: String) throws(ImagingError) {
        var opened: OpaquePointer?
        try Self.check(concordat_dicom_open(path, &opened))
        guard let opened else { throw ImagingError(.failed) }
        handle = opened
    }

    deinit { concordat_dicom_close(handle) }

    /// The attribute's value as text without padding, several values joined by a backslash; nil when it is absent or
    /// empty. The data set's top level is searched first, then its sequences, depth first.
    ///
    /// - Parameter keyword: as in PS3.6 (`SliceThickness`), or eight hexadecimal digits (`00180050`).
    public func text(_ keyword: String) throws(ImagingError) -> String? {
        var length = 0
        let capacity = Int(CONCORDAT_DICOM_MAXIMUM_TEXT)
        return try withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) {
            (buffer) -> Result<String?, ImagingError> in
            let status = concordat_dicom_text(handle, keyword, buffer.baseAddress, capacity, &length)
            if status == CONCORDAT_DICOM_ABSENT { return .success(nil) }
            do throws(ImagingError) {
                try Self.check(status, keyword: keyword)
            } catch {
                return .failure(error)
            }
            let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<length])
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return .failure(ImagingError(.unreadableText, keyword: keyword))
            }
            return .success(text)
        }.get()
    }

    /// Whether the DICOM dictionary knows an attribute of that name.
    public static func knows(keyword: String) -> Bool {
        concordat_dicom_knows_keyword(keyword) == CONCORDAT_DICOM_OK
    }

    /// Whether DCMTK found its dictionary; without it (a broken installation) no attribute can be named.
    public static var hasDictionary: Bool { concordat_dicom_has_dictionary() == 1 }

    static func check(_ status: Int32, keyword: String? = nil) throws(ImagingError) {
        let reason: ImagingError.Reason
        switch Int(status) {
        case Int(CONCORDAT_DICOM_OK): return
        case Int(CONCORDAT_DICOM_CANNOT_OPEN): reason = .cannotOpen
        case Int(CONCORDAT_DICOM_EMPTY): reason = .empty
        case Int(CONCORDAT_DICOM_NOT_DICOM): reason = .notDICOM
        case Int(CONCORDAT_DICOM_CORRUPT): reason = .corrupt
        case Int(CONCORDAT_DICOM_TOO_LARGE): reason = .tooLarge
        case Int(CONCORDAT_DICOM_ABSENT): reason = .absent
        case Int(CONCORDAT_DICOM_UNKNOWN_KEYWORD): reason = .unknownKeyword
        case Int(CONCORDAT_DICOM_NOT_SEGMENTATION): reason = .notSegmentation
        case Int(CONCORDAT_DICOM_UNSUPPORTED): reason = .unsupported
        case Int(CONCORDAT_DICOM_UNREADABLE_TEXT): reason = .unreadableText
        default: reason = .failed
        }
        throw ImagingError(reason, keyword: keyword)
    }
}
