internal import Catalogue
public import Disclosure
public import Evidence
internal import Foundation
internal import StrictJSON
internal import TextCatalogue

/// What `serve` needs of the site description, kept with the state: a sponsor's key file may be moved away or changed
/// later without anybody noticing, so its bytes are what counts.
public struct SiteSettings: Codable, Hashable, Sendable {
    /// A sponsor's public key, as its file held it.
    public struct SponsorKey: Codable, Hashable, Sendable {
        /// As `site.yaml` names the file; for people.
        public let file: String
        /// PEM.
        public let key: String

        enum CodingKeys: String, CodingKey {
            case file, key
        }
    }

    public let schemaVersion: String
    public let site: SiteID
    /// The folder that relative paths of the data start from.
    public let folder: String
    /// The profile that the site's policy starts from.
    public let profile: String
    /// What the release gate demands: the profile with the site's own values.
    public let disclosure: DisclosurePolicy
    public let purposes: [String]
    public let trustedSponsors: [SponsorKey]
    public let jobApproval: String
    public let releaseApproval: String
    let modelLimits: SitePolicy.ModelLimits

    enum CodingKeys: String, CodingKey {
        case schemaVersion, site, folder, profile, disclosure, purposes, trustedSponsors, jobApproval, releaseApproval
        case modelLimits
    }

    /// What agents before `disclosure` wrote.
    private enum OlderKeys: String, CodingKey {
        case minimumCount
    }

    /// Takes over what the description says, with the bytes of the key files that it names.
    /// - Throws: `sponsor-key-unreadable`.
    init(_ description: SiteDescription) throws(AgentError) {
        schemaVersion = "1.0"
        site = description.site
        folder = description.folder
        profile = description.policy.disclosure.profile.rawValue
        disclosure = DisclosurePolicy(description.policy.disclosure)
        purposes = description.policy.purposes
        jobApproval = description.policy.jobApproval.rawValue
        releaseApproval = description.policy.releaseApproval.rawValue
        modelLimits = description.policy.modelLimits
        var keys: [SponsorKey] = []
        for file in description.policy.trustedSponsors {
            let path = description.path(of: file)
            guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= 4096 else {
                throw AgentError(.sponsorKeyUnreadable, .agentSponsorKeyUnreadable(path, .agentFileMissing))
            }
            let text = String(decoding: bytes, as: UTF8.self)
            do {
                _ = try VerificationKey(pem: text)
            } catch {
                throw AgentError(.sponsorKeyUnreadable, .agentSponsorKeyUnreadable(path, error.phrase))
            }
            keys.append(SponsorKey(file: file, key: text))
        }
        trustedSponsors = keys
    }

    /// What an older agent did not write is as if the site had not said it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        schemaVersion = try container.decode(String.self, forKey: .schemaVersion)
        site = try container.decode(SiteID.self, forKey: .site)
        folder = try container.decode(String.self, forKey: .folder)
        profile =
            try container.decodeIfPresent(String.self, forKey: .profile) ?? DisclosurePolicy.Profile.acro.rawValue
        if let written = try container.decodeIfPresent(DisclosurePolicy.self, forKey: .disclosure) {
            disclosure = written
        } else {
            var policy = DisclosurePolicy()
            policy.minimumCount = try decoder.container(keyedBy: OlderKeys.self).decode(Int.self, forKey: .minimumCount)
            disclosure = policy
        }
        purposes = try container.decode([String].self, forKey: .purposes)
        trustedSponsors = try container.decode([SponsorKey].self, forKey: .trustedSponsors)
        jobApproval = try container.decode(String.self, forKey: .jobApproval)
        releaseApproval = try container.decode(String.self, forKey: .releaseApproval)
        modelLimits =
            try container.decodeIfPresent(SitePolicy.ModelLimits.self, forKey: .modelLimits) ?? SitePolicy.ModelLimits()
    }

    /// Anything but `automatic` asks a person.
    public var asksBeforeJob: Bool { jobApproval != SitePolicy.Approval.automatic.rawValue }
    public var asksBeforeRelease: Bool { releaseApproval != SitePolicy.Approval.automatic.rawValue }

    /// Whether the data may be used for this purpose. A policy that names no purposes leaves it to the approvals.
    func allows(_ purpose: String) -> Bool { purposes.isEmpty || purposes.contains(purpose) }

    /// The sponsors whose protocols may run here, each once.
    var sponsorKeys: [VerificationKey] {
        get throws(AgentError) {
            var keys: [VerificationKey] = []
            for sponsor in trustedSponsors {
                guard let key = try? VerificationKey(pem: sponsor.key) else {
                    throw AgentError(.stateUnreadable, .agentStateUnreadable("site.json"))
                }
                if !keys.contains(key) { keys.append(key) }
            }
            return keys
        }
    }

    /// The path of a file of the data.
    func path(of file: String) -> String {
        file.hasPrefix("/") ? file : folder + "/" + file
    }

    /// - Returns: nil before the first index.
    /// - Throws: `state-unreadable`.
    public static func read(_ state: StateDirectory) throws(AgentError) -> SiteSettings? {
        guard let bytes = try DurableFile.read(state.settings, limit: 1 << 20) else { return nil }
        do {
            return try StrictJSON.decode(SiteSettings.self, from: bytes)
        } catch {
            throw AgentError(.stateUnreadable, .agentStateUnreadable(state.settings.path))
        }
    }

    func write(_ state: StateDirectory) throws(AgentError) {
        guard let bytes = try? StrictJSON.encode(self) else {
            throw AgentError(.stateUnwritable, .agentStateUnwritable(state.settings.path))
        }
        try DurableFile.write(bytes, to: state.settings)
    }
}
