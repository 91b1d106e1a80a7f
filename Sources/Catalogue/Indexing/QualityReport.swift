public import Evidence
public import StudyProtocol

/// What an index found, in numbers. It is for the site's own eyes, like everything in the catalogue.
public struct QualityReport: Codable, Hashable, Sendable {
    /// The DICOM part; all counts are of files but `series` and `casesWithoutObject`.
    public struct Images: Codable, Hashable, Sendable {
        public internal(set) var files = 0
        public internal(set) var unreadable = 0
        /// Counts by the code of the reason.
        public internal(set) var unreadableByReason: [String: Int] = [:]
        /// The files, and folders that cannot be listed, that could not be read, by their path.
        public internal(set) var unreadableFiles: [UnreadableEntry] = []
        /// Distinct SeriesInstanceUIDs of the readable files.
        public internal(set) var series = 0
        /// Distinct PatientIDs of the readable files.
        public internal(set) var patients = 0
        /// Files that belong to a case of the snapshot.
        public internal(set) var linked = 0
        /// Files of patients who opted out.
        public internal(set) var optedOut = 0
        /// Files without the attribute that names the case.
        public internal(set) var withoutKey = 0
        /// Files whose key is no case of the case table.
        public internal(set) var unmatched = 0
        /// Files whose PatientID is not the case's patient: they are not used.
        public internal(set) var patientMismatches = 0
        public internal(set) var casesWithoutObject = 0
    }

    /// What could not be read. Its path may tell of a patient, so it is for the site's own eyes.
    public struct UnreadableEntry: Codable, Hashable, Sendable {
        /// As `site.yaml` leads to it.
        public let path: String
        /// A fixed code.
        public let reason: String
    }

    /// One table; all counts are of rows.
    public struct Table: Codable, Hashable, Sendable {
        public let id: String
        public internal(set) var rows: Int
        public internal(set) var withoutKey: Int
        /// Rows whose key is neither a case nor a patient of the snapshot, because no other source knows it.
        public internal(set) var unmatched = 0
        /// Rows that name another patient than the case's: they are not used.
        public internal(set) var patientMismatches = 0
    }

    /// One variable; all counts are of cases and add up to the snapshot's cases.
    public struct Column: Codable, Hashable, Sendable {
        public let id: VariableID
        public let values: Int
        public let missing: Int
        public let malformed: Int
        public let outOfRange: Int
    }

    public struct OptOut: Codable, Hashable, Sendable {
        /// Patients on the list.
        public internal(set) var listed = 0
        /// Patients on the list who have data here: they were left out.
        public internal(set) var patients = 0
        public internal(set) var cases = 0
    }

    public let site: SiteID
    public internal(set) var snapshot: Int64 = 0
    /// False when the data are as they were: the snapshot of then is kept.
    public internal(set) var isNew = false
    public internal(set) var created: Timestamp
    /// The patients who differ from the snapshot that jobs work with, where they are too few for a new one: then the
    /// other numbers of this report are of data that no job sees yet. Nil otherwise.
    public internal(set) var held: Int?
    public internal(set) var patients = 0
    public internal(set) var cases = 0
    /// Cases left out because nothing names their patient.
    public internal(set) var casesWithoutPatient = 0
    public internal(set) var images: Images?
    public internal(set) var tables: [Table] = []
    public internal(set) var optOut: OptOut?
    public internal(set) var variables: [Column] = []

    init(site: SiteID, created: Timestamp) {
        self.site = site
        self.created = created
    }
}
