public import TextCatalogue

/// Why a person at the site said no. Kept at the site and in its audit log; the coordinator learns `job-declined` or
/// `release-declined` and nothing else.
public enum DeclineReason: String, Codable, Hashable, Sendable, CaseIterable {
    /// Somebody could be recognised, or something learnt of one person, though every rule is kept.
    case identifiable
    /// The numbers say more of a group, a ward or the hospital than it wants to be known.
    case sensitive
    /// More than the study needs.
    case tooDetailed = "too-detailed"
    /// The numbers are not right, or not about the cohort that was meant.
    case dataQuality = "data-quality"
    /// Not what the approval of the ethics committee or the contract covers.
    case notCovered = "not-covered"
    /// The sponsor or the purpose is not one that the site supports.
    case purpose
    case other

    public var phrase: Phrase {
        switch self {
        case .identifiable: .declineIdentifiable
        case .sensitive: .declineSensitive
        case .tooDetailed: .declineTooDetailed
        case .dataQuality: .declineDataQuality
        case .notCovered: .declineNotCovered
        case .purpose: .declinePurpose
        case .other: .declineOther
        }
    }
}
