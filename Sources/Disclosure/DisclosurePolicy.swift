/// What a site demands before a number may leave. Every field has a default; merging two policies can only tighten.
///
/// Each field is ordered from loose to strict, and `merging` takes the stricter value field by field, so it is
/// commutative, associative and idempotent (a product of orders is a lattice). A site's own policy is a
/// `Profile` with the fields that its `site.yaml` overrides.
public struct DisclosurePolicy: Hashable, Sendable {
    /// What is done with counts of zero, from loose to strict (rule 2).
    public enum Zeros: String, Codable, Hashable, Sendable, CaseIterable {
        case release
        /// Released, and shown to the data manager as a decision of rule 2.
        case flag
        case withhold
    }

    /// Noise on released counts (rule 17). A bound that is nil is not set: it bounds nothing.
    public struct Privacy: Codable, Hashable, Sendable {
        /// From loose to strict: pure differential privacy implies every approximate one of the same epsilon.
        public enum Mechanism: String, Codable, Hashable, Sendable, CaseIterable {
            case none
            /// Zero-concentrated, stated as (epsilon, delta).
            case discreteGaussian = "discrete-gaussian"
            /// Pure: delta is 0.
            case discreteLaplace = "discrete-laplace"
        }

        public var mechanism = Mechanism.none
        /// The whole budget of one dataset, over all sponsors and for ever, in millionths, so that it is exact.
        public var epsilonMillionths: Int?
        /// The chance with which the Gaussian mechanism may exceed epsilon: over 0, at most 0.001.
        public var delta: Double?
        /// The most cases of one patient that count; the others are left out before noise is drawn.
        public var casesPerPatient: Int?

        public init() {}

        private enum CodingKeys: String, CodingKey {
            case mechanism, epsilonMillionths, delta, casesPerPatient
        }
    }

    /// `t`: the least number of patients behind a published count (rule 1).
    public var minimumCount: Int = 10
    public var zeros = Zeros.flag
    /// Variables of which no count of zero is published, and no level that all of a group share (rule 2).
    public var sensitiveVariables: Set<String> = []
    /// TP, FP, FN and TN must each reach `t` too. Drops accurate sites; never for confirmatory endpoints (rule 3).
    public var allPerformanceCells: Bool = false
    /// The two largest patients may not hold this percentage or more of a sum (rule 5, (n, k) = (2, 90 %)).
    public var dominancePercent: Int = 90
    /// No patient's value may be bounded within this percentage of the truth (rules 5 and 6, p %).
    public var protectionPercent: Int = 10
    /// The least number of patients behind published moments (rule 6).
    public var momentsMinimumPatients: Int = 20
    /// The most numbers in one release is the larger of this and `numbersPerPatient` times the analysed patients (rule 16).
    public var maximumNumbers: Int = 200
    public var numbersPerPatient: Int = 2
    /// The most bytes in one release's answers (rule 16).
    public var maximumBytes: Int = 262_144
    /// The most numbers that ever leave of one dataset is the larger of this and `datasetNumbersPerPatient` times the
    /// patients of the catalogue (rule 16).
    public var maximumDatasetNumbers: Int = 2_000
    public var datasetNumbersPerPatient: Int = 20
    /// So many jobs of one sponsor may end as refused for privacy within `refusalDays`; then its jobs are not computed
    /// (rule 18: a refusal is an answer).
    public var maximumRefusals: Int = 20
    /// A window of so many days, each of 86,400 s.
    public var refusalDays: Int = 30
    public var privacy = Privacy()

    public init() {}

    /// Allows everything: what a protocol that asks nothing adds to a site's policy. Merging with it changes nothing.
    public static var loosest: DisclosurePolicy {
        var policy = DisclosurePolicy()
        policy.minimumCount = 0
        policy.zeros = .release
        policy.dominancePercent = .max
        policy.protectionPercent = 0
        policy.momentsMinimumPatients = 0
        policy.maximumNumbers = .max
        policy.numbersPerPatient = .max
        policy.maximumBytes = .max
        policy.maximumDatasetNumbers = .max
        policy.datasetNumbersPerPatient = .max
        policy.maximumRefusals = .max
        policy.refusalDays = 0
        return policy
    }

    /// The stricter of the two in every field.
    public func merging(_ other: DisclosurePolicy) -> DisclosurePolicy {
        var merged = DisclosurePolicy()
        merged.minimumCount = max(minimumCount, other.minimumCount)
        merged.zeros = max(zeros, other.zeros)
        merged.sensitiveVariables = sensitiveVariables.union(other.sensitiveVariables)
        merged.allPerformanceCells = allPerformanceCells || other.allPerformanceCells
        merged.dominancePercent = min(dominancePercent, other.dominancePercent)
        merged.protectionPercent = max(protectionPercent, other.protectionPercent)
        merged.momentsMinimumPatients = max(momentsMinimumPatients, other.momentsMinimumPatients)
        merged.maximumNumbers = min(maximumNumbers, other.maximumNumbers)
        merged.numbersPerPatient = min(numbersPerPatient, other.numbersPerPatient)
        merged.maximumBytes = min(maximumBytes, other.maximumBytes)
        merged.maximumDatasetNumbers = min(maximumDatasetNumbers, other.maximumDatasetNumbers)
        merged.datasetNumbersPerPatient = min(datasetNumbersPerPatient, other.datasetNumbersPerPatient)
        merged.maximumRefusals = min(maximumRefusals, other.maximumRefusals)
        merged.refusalDays = max(refusalDays, other.refusalDays)
        merged.privacy = privacy.merging(other.privacy)
        return merged
    }

    /// The most numbers that may ever leave of a dataset of so many patients.
    public func datasetLimit(patients: Int) -> Int {
        let (product, isTooLarge) = datasetNumbersPerPatient.multipliedReportingOverflow(by: patients)
        return max(maximumDatasetNumbers, isTooLarge ? .max : product)
    }
}

extension DisclosurePolicy.Privacy {
    /// The stronger mechanism under the smaller budget.
    func merging(_ other: Self) -> Self {
        var merged = Self()
        merged.mechanism = max(mechanism, other.mechanism)
        merged.epsilonMillionths = Self.smaller(epsilonMillionths, other.epsilonMillionths)
        merged.delta = Self.smaller(delta, other.delta)
        merged.casesPerPatient = Self.smaller(casesPerPatient, other.casesPerPatient)
        return merged
    }

    /// Nil is no bound.
    private static func smaller<Bound: Comparable>(_ left: Bound?, _ right: Bound?) -> Bound? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }
}

extension DisclosurePolicy.Zeros: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.strictness < right.strictness }

    private var strictness: Int {
        switch self {
        case .release: 0
        case .flag: 1
        case .withhold: 2
        }
    }
}

extension DisclosurePolicy.Privacy.Mechanism: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.strictness < right.strictness }

    private var strictness: Int {
        switch self {
        case .none: 0
        case .discreteGaussian: 1
        case .discreteLaplace: 2
        }
    }
}
