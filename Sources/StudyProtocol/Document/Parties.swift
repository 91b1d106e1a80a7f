public import Evidence

/// Who wrote and signs the protocol.
public struct Sponsor: Hashable, Sendable {
    public let name: String
    /// How a site reaches the sponsor, usually an e-mail address.
    public let contact: String
}

/// On what ethical or legal basis sites take part.
public struct EthicsStatement: Hashable, Sendable {
    /// The site it speaks of; nil (in JSON `"*"`) means every invited site.
    public let site: SiteID?
    public let basis: String
}

/// Why a study is done.
public enum Purpose: String, Codable, Hashable, Sendable, CaseIterable {
    case research
    case regulatory
    case qualityImprovement = "quality-improvement"
}
