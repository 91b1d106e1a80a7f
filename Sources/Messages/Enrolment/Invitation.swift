public import Evidence
public import StudyProtocol

/// What a coordinator hands to a site, out of band, so that its agent can join once. Secret until used: `token` is.
public struct Invitation: Codable, Hashable, Sendable {
    public let schemaVersion: String
    public let coordinator: CoordinatorDescription
    public let site: SiteID
    /// Works once, until `expires`.
    public let token: String
    public let expires: Timestamp

    public init(coordinator: CoordinatorDescription, site: SiteID, token: String, expires: Timestamp) {
        schemaVersion = MessageSchema.version
        self.coordinator = coordinator
        self.site = site
        self.token = token
        self.expires = expires
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        schemaVersion = try container.decode(String.self, forKey: .schemaVersion)
        guard schemaVersion == MessageSchema.version else {
            throw DecodingError.dataCorruptedError(
                forKey: .schemaVersion, in: container, debugDescription: "expected \(MessageSchema.version)")
        }
        coordinator = try container.decode(CoordinatorDescription.self, forKey: .coordinator)
        site = try container.decode(SiteID.self, forKey: .site)
        token = try container.decode(String.self, forKey: .token)
        expires = try container.decode(Timestamp.self, forKey: .expires)
    }

    enum CodingKeys: String, CodingKey {
        case schemaVersion, coordinator, site, token, expires
    }
}
