public import Evidence
public import StudyProtocol

/// What a site says about itself in its `site.yaml`: who it is, where its data lie, what its variables mean, and what
/// it allows.
public struct SiteDescription: Hashable, Sendable {
    public let site: SiteID
    public let name: LocalizedText
    public let dicom: [DICOMSource]
    public let tables: [TableSource]
    public let variables: [SiteVariable]
    public let policy: SitePolicy
    /// The file that lists the patients who opted out.
    public let optOut: String?
    /// The folder that relative paths start from: the one that holds `site.yaml`.
    public let folder: String

    public func variable(_ id: VariableID) -> SiteVariable? {
        variables.first { $0.id == id }
    }

    /// The path of a file that the description names.
    public func path(of file: String) -> String {
        file.hasPrefix("/") ? file : folder + "/" + file
    }

    /// Where the cases come from.
    ///
    /// The first table of level `case` lists them. A site without one has a case for each value of the DICOM key, and
    /// a site with patient tables only has a case for each row of the first.
    var caseTable: TableSource? {
        tables.first { $0.level == .case } ?? (dicom.isEmpty ? tables.first : nil)
    }
}

/// A folder of DICOM files, searched through all its subfolders.
public struct DICOMSource: Hashable, Sendable {
    public let folder: String
    /// The keyword of the attribute that names the case: `TrackingID`, `SeriesInstanceUID`, …
    public let key: String
}

/// A CSV file (RFC 4180, UTF-8) with a header line.
public struct TableSource: Hashable, Sendable {
    public enum Level: String, Hashable, Sendable, CaseIterable {
        /// One row a case.
        case `case`
        /// One row a patient; its values hold for all cases of the patient.
        case patient
    }

    public let id: String
    public let file: String
    /// The column that names the row's case or patient.
    public let key: String
    /// The column that names the case's patient. A patient table has none: its key is the patient.
    public let patient: String?
    public let level: Level
}
