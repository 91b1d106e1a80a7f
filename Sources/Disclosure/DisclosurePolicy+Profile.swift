extension DisclosurePolicy {
    /// A named set of values to start from. The names are those of `policy.disclosure.profile` in `site.yaml`.
    public enum Profile: String, Codable, Hashable, Sendable, CaseIterable {
        /// Every default: t = 10, the `safe_threshold` of ACRO (https://github.com/AI-SDC/ACRO, `default.yaml`, which
        /// is also where (2, 90 %) and p = 10 % come from).
        case acro
        /// t = 11: the CMS cell size suppression policy publishes no cell of 1 to 10.
        case cms
        /// t = 8: OpenSAFELY redacts counts of 7 and less. It rounds the others to 5 besides; this gate publishes a
        /// count exactly or not at all, and protects withheld ones jointly (rule 4) instead.
        case opensafely
        /// t = 6: statistics of small areas that suppress counts of 1 to 5.
        case smallArea = "small-area"
        /// Twice the caution of the defaults in every field: t = 20, which is what moments need anyway, sums of at
        /// least 40 patients, half the numbers, no zeros, and no small TP, FP, FN or TN. Ours; no standard asks it.
        case strict
    }

    /// The policy of a profile.
    public init(_ profile: Profile) {
        self.init()
        switch profile {
        case .acro: break
        case .cms: minimumCount = 11
        case .opensafely: minimumCount = 8
        case .smallArea: minimumCount = 6
        case .strict:
            minimumCount = 20
            zeros = .withhold
            allPerformanceCells = true
            dominancePercent = 80
            protectionPercent = 20
            momentsMinimumPatients = 40
            maximumNumbers = 100
            numbersPerPatient = 1
            maximumBytes = 131_072
            maximumDatasetNumbers = 1_000
            datasetNumbersPerPatient = 10
            maximumRefusals = 10
            refusalDays = 60
        }
    }
}
