/// What a site demands before a number may leave. Every field has a default; merging two policies can only tighten.
public struct DisclosurePolicy: Hashable, Sendable, Codable {
    /// `t`: the least number of patients behind a published count (rule 1).
    public var minimumCount: Int = 10
    /// The least number of patients behind published moments (rule 6).
    public var momentsMinimumPatients: Int = 20
    /// The two largest patients may not hold this percentage or more of a sum (rule 5, (n, k) = (2, 90 %)).
    public var dominancePercent: Int = 90
    /// No patient's value may be bounded within this percentage of the truth (rules 5 and 6, p %).
    public var protectionPercent: Int = 10
    /// TP, FP, FN and TN must each reach `t` too. Drops accurate sites; never for confirmatory endpoints (rule 3).
    public var allPerformanceCells: Bool = false
    /// The most numbers in one release is the larger of this and `numbersPerPatient` times the analysed patients (rule 16).
    public var maximumNumbers: Int = 200
    public var numbersPerPatient: Int = 2
    /// The most bytes in one release's answers (rule 16).
    public var maximumBytes: Int = 262_144

    public init() {}

    /// The stricter of the two in every field.
    public func merging(_ other: DisclosurePolicy) -> DisclosurePolicy {
        var merged = DisclosurePolicy()
        merged.minimumCount = max(minimumCount, other.minimumCount)
        merged.momentsMinimumPatients = max(momentsMinimumPatients, other.momentsMinimumPatients)
        merged.dominancePercent = min(dominancePercent, other.dominancePercent)
        merged.protectionPercent = max(protectionPercent, other.protectionPercent)
        merged.allPerformanceCells = allPerformanceCells || other.allPerformanceCells
        merged.maximumNumbers = min(maximumNumbers, other.maximumNumbers)
        merged.numbersPerPatient = min(numbersPerPatient, other.numbersPerPatient)
        merged.maximumBytes = min(maximumBytes, other.maximumBytes)
        return merged
    }
}
