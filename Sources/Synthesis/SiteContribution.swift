public import Evidence
public import Messages

/// What one site has brought to a study so far: all that synthesis knows of it.
public struct SiteContribution: Sendable {
    public let site: SiteID
    public let status: JobStatus
    /// Present once the site's release was verified.
    public let release: ReleasePredicate?

    public init(site: SiteID, status: JobStatus, release: ReleasePredicate?) {
        self.site = site
        self.status = status
        self.release = release
    }
}
