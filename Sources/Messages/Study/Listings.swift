public import Evidence

/// The answer to `POST /v1/models`: which files of the package the coordinator does not have yet.
public struct ModelManifestReceipt: Codable, Hashable, Sendable {
    /// SHA-256 of the manifest's bytes: the model's name from here on.
    public let digest: Digest
    /// What to `PUT` before the model is complete; empty when it is.
    public let missing: [Digest]

    public init(digest: Digest, missing: [Digest]) {
        self.digest = digest
        self.missing = missing
    }

    enum CodingKeys: String, CodingKey {
        case digest, missing
    }
}

/// The answer to `GET /v1/studies/{id}/envelopes`: the protocol's envelope, each job's and each release's.
public struct EnvelopeList: Codable, Hashable, Sendable {
    public struct Entry: Codable, Hashable, Sendable {
        /// By which `GET /v1/envelopes/{digest}` gives it.
        public let digest: Digest
        public let predicateType: PredicateType
        /// Of jobs and releases.
        public let site: SiteID?

        public init(digest: Digest, predicateType: PredicateType, site: SiteID?) {
            self.digest = digest
            self.predicateType = predicateType
            self.site = site
        }

        enum CodingKeys: String, CodingKey {
            case digest, predicateType, site
        }
    }

    public let envelopes: [Entry]

    public init(envelopes: [Entry]) { self.envelopes = envelopes }

    enum CodingKeys: String, CodingKey {
        case envelopes
    }
}
