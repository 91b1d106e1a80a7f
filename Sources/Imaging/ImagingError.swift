public import TextCatalogue

/// Why a DICOM file, or an input made from DICOM files, cannot be had. It holds no path and no attribute value.
public struct ImagingError: UserFacingError, Hashable {
    public enum Reason: String, Sendable, CaseIterable {
        case cannotOpen = "dicom-cannot-open"
        case empty = "dicom-empty"
        case notDICOM = "dicom-not-dicom"
        case corrupt = "dicom-corrupt"
        case tooLarge = "dicom-too-large"
        case absent = "dicom-attribute-absent"
        case unknownKeyword = "dicom-unknown-keyword"
        case notSegmentation = "dicom-not-segmentation"
        case unsupported = "dicom-unsupported"
        case unreadableText = "dicom-unreadable-text"
        case failed = "dicom-reader-failed"
        /// The objects of one case do not lie on one grid, or are not of one region.
        case inconsistent = "imaging-inconsistent-objects"
        /// A mask without a single pixel.
        case emptyMask = "imaging-empty-mask"
        /// The case has no object.
        case noObject = "imaging-no-object"
    }

    public let reason: Reason
    /// The attribute's keyword, when the fault is one attribute's.
    public let keyword: String?

    public init(_ reason: Reason, keyword: String? = nil) {
        self.reason = reason
        self.keyword = keyword
    }

    public var code: String { reason.rawValue }

    public var phrase: Phrase {
        switch reason {
        case .cannotOpen: .dicomCannotOpen
        case .empty: .dicomEmpty
        case .notDICOM: .dicomNotDICOM
        case .corrupt: .dicomCorrupt
        case .tooLarge: .dicomTooLarge
        case .absent: .dicomAttributeAbsent(keyword)
        case .unknownKeyword: .dicomUnknownKeyword(keyword)
        case .notSegmentation: .dicomNotSegmentation
        case .unsupported: .dicomUnsupported
        case .unreadableText: .dicomUnreadableText(keyword)
        case .failed: .dicomReaderFailed
        case .inconsistent: .imagingInconsistent
        case .emptyMask: .imagingEmptyMask
        case .noObject: .imagingNoObject
        }
    }
}
