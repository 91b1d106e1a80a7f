/// What a sponsor, a lead or an agent needs to reach a coordinator and to know that it is the right one.
///
/// In an invitation this is the member `coordinator`, without `schemaVersion`.
public struct Connection: Codable, Hashable, Sendable {
    public let schemaVersion: String
    public let coordinator: CoordinatorDescription

    public init(coordinator: CoordinatorDescription) {
        schemaVersion = MessageSchema.version
        self.coordinator = coordinator
    }

    /// One flat object: `schemaVersion` beside the coordinator's members.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        schemaVersion = try container.decode(String.self, forKey: .schemaVersion)
        guard schemaVersion == MessageSchema.version else {
            throw DecodingError.dataCorruptedError(
                forKey: .schemaVersion, in: container, debugDescription: "expected \(MessageSchema.version)")
        }
        coordinator = try CoordinatorDescription(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schemaVersion, forKey: .schemaVersion)
        try coordinator.encode(to: encoder)
    }

    enum CodingKeys: String, CodingKey {
        case schemaVersion
    }
}

/// Where a coordinator is, and the keys by which it is known.
public struct CoordinatorDescription: Codable, Hashable, Sendable {
    public let name: String
    /// `https://host:port`, without a path.
    public let url: String
    /// The certificate of the coordinator's own authority, PEM. No other authority is trusted.
    public let certificateAuthority: String
    /// The authority's certificate as people compare it by telephone: `sha256:` and the digest of its DER.
    public let fingerprint: String
    /// The public key that signs jobs, PEM.
    public let jobKey: String

    public init(name: String, url: String, certificateAuthority: String, fingerprint: String, jobKey: String) {
        self.name = name
        self.url = url
        self.certificateAuthority = certificateAuthority
        self.fingerprint = fingerprint
        self.jobKey = jobKey
    }

    enum CodingKeys: String, CodingKey {
        case name, url, certificateAuthority, fingerprint, jobKey
    }
}
