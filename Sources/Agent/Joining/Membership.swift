public import Evidence
internal import Foundation
public import Messages
internal import StrictJSON
internal import TextCatalogue

/// What a site and a coordinator agreed on at enrolment. Written when it is complete, and again when the site joins
/// anew.
public struct Membership: Codable, Hashable, Sendable {
    public let schemaVersion: String
    public let site: SiteID
    public let coordinator: CoordinatorDescription
    /// The client certificate, PEM.
    public let certificate: String
    /// The digest of the token of the invitation that brought the certificate; nil in what older agents wrote.
    let invitation: Digest?

    init(site: SiteID, coordinator: CoordinatorDescription, certificate: String, invitation: Digest? = nil) {
        schemaVersion = MessageSchema.version
        self.site = site
        self.coordinator = coordinator
        self.certificate = certificate
        self.invitation = invitation
    }

    enum CodingKeys: String, CodingKey {
        case schemaVersion, site, coordinator, certificate, invitation
    }

    /// The coordinator's key for jobs.
    /// - Throws: `state-unreadable`.
    public var jobKey: VerificationKey {
        get throws(AgentError) {
            do {
                return try VerificationKey(pem: coordinator.jobKey)
            } catch {
                throw AgentError(.stateUnreadable, .agentStateUnreadable("membership.json"))
            }
        }
    }

    /// Whether this is the same coordinator: the same key for jobs and the same certificate authority. Its name and its
    /// address may have changed.
    /// - Throws: `state-unreadable`.
    func isOf(_ other: CoordinatorDescription) throws(AgentError) -> Bool {
        try (try? VerificationKey(pem: other.jobKey)) == jobKey && other.fingerprint == coordinator.fingerprint
    }

    /// - Returns: nil when the site has not joined yet.
    /// - Throws: `state-unreadable`.
    public static func read(_ state: StateDirectory) throws(AgentError) -> Membership? {
        guard let bytes = try DurableFile.read(state.membership, limit: 1 << 20) else { return nil }
        do {
            return try StrictJSON.decode(Membership.self, from: bytes)
        } catch {
            throw AgentError(.stateUnreadable, .agentStateUnreadable(state.membership.path))
        }
    }

    func write(_ state: StateDirectory) throws(AgentError) {
        guard let bytes = try? StrictJSON.encode(self) else {
            throw AgentError(.stateUnwritable, .agentStateUnwritable(state.membership.path))
        }
        try DurableFile.write(bytes, to: state.membership)
    }
}
