internal import Catalogue
internal import Disclosure
internal import StudyProtocol

extension DisclosurePolicy {
    /// The gate's policy for what a `site.yaml` says: the profile, and over it every field that is written.
    init(_ settings: DisclosureSettings) {
        self.init(Profile(settings.profile))
        if let value = settings.minimumCount { minimumCount = value }
        if let value = settings.zeros { zeros = Zeros(value) }
        if let value = settings.sensitiveVariables { sensitiveVariables = Set(value.map(\.rawValue)) }
        if let value = settings.performanceCells { allPerformanceCells = value == .all }
        if let value = settings.dominancePercent { dominancePercent = value }
        if let value = settings.protectionPercent { protectionPercent = value }
        if let value = settings.momentsMinimumPatients { momentsMinimumPatients = value }
        if let value = settings.maximumNumbers { maximumNumbers = value }
        if let value = settings.numbersPerPatient { numbersPerPatient = value }
        if let value = settings.maximumBytes { maximumBytes = value }
        if let value = settings.maximumDatasetNumbers { maximumDatasetNumbers = value }
        if let value = settings.datasetNumbersPerPatient { datasetNumbersPerPatient = value }
        if let value = settings.maximumRefusals { maximumRefusals = value }
        if let value = settings.refusalDays { refusalDays = value }
        if let value = settings.privacy { privacy = Privacy(value) }
    }
}

extension DisclosurePolicy.Profile {
    fileprivate init(_ profile: DisclosureSettings.Profile) {
        self =
            switch profile {
            case .acro: .acro
            case .cms: .cms
            case .opensafely: .opensafely
            case .smallArea: .smallArea
            case .strict: .strict
            }
    }
}

extension DisclosurePolicy.Zeros {
    fileprivate init(_ zeros: DisclosureSettings.Zeros) {
        self =
            switch zeros {
            case .release: .release
            case .flag: .flag
            case .withhold: .withhold
            }
    }
}

extension DisclosurePolicy.Privacy {
    fileprivate init(_ settings: DisclosureSettings.Privacy) {
        self.init()
        mechanism =
            switch settings.mechanism {
            case .none: .none
            case .discreteGaussian: .discreteGaussian
            case .discreteLaplace: .discreteLaplace
            }
        epsilonMillionths = settings.epsilonMillionths
        delta = settings.delta
        casesPerPatient = settings.casesPerPatient
    }
}
