public import StudyProtocol

/// `policy.disclosure` of a `site.yaml`, as it is written: a profile, and the single fields that the site sets otherwise.
/// What is nil is the profile's. The agent makes the gate's policy of it; here nothing is known of its rules.
public struct DisclosureSettings: Hashable, Sendable {
    /// The profiles of the gate's policy, by the names that a site writes.
    public enum Profile: String, Hashable, Sendable, CaseIterable {
        case acro
        case cms
        case opensafely
        case smallArea = "small-area"
        case strict

        /// The fewest patients behind a published count. The agent's tests hold it against the gate's own profiles.
        public var minimumCount: Int {
            switch self {
            case .acro: 10
            case .cms: 11
            case .opensafely: 8
            case .smallArea: 6
            case .strict: 20
            }
        }
    }

    public enum Zeros: String, Hashable, Sendable, CaseIterable {
        case release
        case flag
        case withhold
    }

    /// Which counts of a confusion matrix must reach the minimum count.
    public enum PerformanceCells: String, Hashable, Sendable, CaseIterable {
        /// The totals of the reference and of the calls.
        case margins
        /// Each of TP, FP, FN and TN too.
        case all
    }

    public enum Mechanism: String, Hashable, Sendable, CaseIterable {
        case none
        case discreteGaussian = "discrete-gaussian"
        case discreteLaplace = "discrete-laplace"
    }

    public struct Privacy: Hashable, Sendable {
        public var mechanism: Mechanism
        /// Millionths; over 0, at most 100 in all.
        public var epsilonMillionths: Int?
        /// Over 0, at most 0.001.
        public var delta: Double?
        /// 1 to 1,000,000.
        public var casesPerPatient: Int?
    }

    public var profile = Profile.acro
    /// Whether the profile is written, and not the default.
    var isProfileWritten = false
    /// Patients: 1 to 1,000,000. Also written `policy.minimumCount`.
    public var minimumCount: Int?
    public var zeros: Zeros?
    /// Variables that the site declares.
    public var sensitiveVariables: [VariableID]?
    public var performanceCells: PerformanceCells?
    /// 1 to 100.
    public var dominancePercent: Int?
    /// 0 to 100.
    public var protectionPercent: Int?
    /// Patients: 2 to 1,000,000.
    public var momentsMinimumPatients: Int?
    /// 0 to 1,000,000.
    public var maximumNumbers: Int?
    /// 0 to 1,000.
    public var numbersPerPatient: Int?
    /// 1,024 to 1,048,576.
    public var maximumBytes: Int?
    /// 0 to 1,000,000,000.
    public var maximumDatasetNumbers: Int?
    /// 0 to 1,000,000.
    public var datasetNumbersPerPatient: Int?
    /// 1 to 1,000,000.
    public var maximumRefusals: Int?
    /// 1 to 3,650.
    public var refusalDays: Int?
    public var privacy: Privacy?

    public init() {}
}
