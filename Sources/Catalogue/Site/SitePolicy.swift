/// What a site allows. Every member has a default, and each default is the cautious one.
public struct SitePolicy: Hashable, Sendable {
    public enum Approval: String, Codable, Hashable, Sendable, CaseIterable {
        case automatic
        case manual
    }

    /// The fewest patients behind any count that leaves: 1 to 1,000,000; 10 when not said.
    public var minimumCount: Int
    /// What data may be used for; empty when the policy does not say.
    public var purposes: [String]
    /// PEM files of the sponsors whose protocols may run here; none when not said, so that nothing runs.
    public var trustedSponsors: [String]
    public var jobApproval: Approval
    public var releaseApproval: Approval

    public init(
        minimumCount: Int = 10, purposes: [String] = [], trustedSponsors: [String] = [],
        jobApproval: Approval = .manual, releaseApproval: Approval = .manual
    ) {
        self.minimumCount = minimumCount
        self.purposes = purposes
        self.trustedSponsors = trustedSponsors
        self.jobApproval = jobApproval
        self.releaseApproval = releaseApproval
    }
}
