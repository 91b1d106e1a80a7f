/// What a site allows. Every member has a default, and each default is the cautious one.
public struct SitePolicy: Hashable, Sendable {
    public enum Approval: String, Codable, Hashable, Sendable, CaseIterable {
        case automatic
        case manual
    }

    /// What the model of one job may use. A job whose model wants more fails.
    public struct ModelLimits: Codable, Hashable, Sendable {
        /// Wall-clock time that the model works for one job: 1 to 86,400 s; 600 when not said.
        public var seconds: Int
        /// Address space of the model's process: 256 to 1,048,576 MiB; 4,096 when not said. ONNX Runtime alone needs
        /// about 100.
        public var memoryMiB: Int

        public init(seconds: Int = 600, memoryMiB: Int = 4_096) {
            self.seconds = seconds
            self.memoryMiB = memoryMiB
        }

        enum CodingKeys: String, CodingKey {
            case seconds, memoryMiB
        }
    }

    /// What the release gate demands, as far as it is written; see `DisclosureSettings`.
    public var disclosure: DisclosureSettings
    /// What data may be used for: the purposes that a protocol can have (`Purpose`); empty when the policy does not say.
    public var purposes: [String]
    /// PEM files of the sponsors whose protocols may run here; none when not said, so that nothing runs.
    public var trustedSponsors: [String]
    public var jobApproval: Approval
    public var releaseApproval: Approval
    public var modelLimits: ModelLimits

    /// The fewest patients behind any count that leaves: as written, else the profile's.
    public var minimumCount: Int { disclosure.minimumCount ?? disclosure.profile.minimumCount }

    public init(
        disclosure: DisclosureSettings = DisclosureSettings(), purposes: [String] = [], trustedSponsors: [String] = [],
        jobApproval: Approval = .manual, releaseApproval: Approval = .manual,
        modelLimits: ModelLimits = ModelLimits()
    ) {
        self.disclosure = disclosure
        self.purposes = purposes
        self.trustedSponsors = trustedSponsors
        self.jobApproval = jobApproval
        self.releaseApproval = releaseApproval
        self.modelLimits = modelLimits
    }
}
