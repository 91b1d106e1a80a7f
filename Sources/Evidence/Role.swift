import TextCatalogue

/// Who may sign what.
public enum Role: Hashable, Sendable {
    /// Signs study protocols.
    case sponsor
    /// Signs jobs and reports.
    case coordinator
    /// Signs the releases and approvals of that site.
    case site(SiteID)

    /// `sponsor`, `coordinator` or `site:<id>`.
    /// - Throws: `wrong-role` or `invalid-identifier`.
    public init(_ text: String) throws(EvidenceError) {
        let sitePrefix = "site:"
        switch text {
        case "sponsor": self = .sponsor
        case "coordinator": self = .coordinator
        case _ where text.utf8.starts(with: sitePrefix.utf8):
            self = .site(try SiteID(String(text.utf8.dropFirst(sitePrefix.utf8.count)) ?? ""))
        default: throw EvidenceError(.wrongRole, .unknownRole(text))
        }
    }

    public var predicateTypes: Set<PredicateType> {
        switch self {
        case .sponsor: [.studyProtocol]
        case .coordinator: [.job, .report]
        case .site: [.release, .siteApproval]
        }
    }
}

extension Role: CustomStringConvertible {
    public var description: String {
        switch self {
        case .sponsor: "sponsor"
        case .coordinator: "coordinator"
        case .site(let id): "site:\(id)"
        }
    }
}

extension Role: Comparable {
    public static func < (left: Role, right: Role) -> Bool { left.description < right.description }
}
