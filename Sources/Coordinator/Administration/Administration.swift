internal import Evidence
public import Foundation
internal import GRDB
internal import Messages
internal import StrictJSON
internal import StudyProtocol
internal import TextCatalogue

/// What the operator does beside serving: invite sites, register sponsors, list and revoke. Works while the server
/// runs.
public struct Administration: Sendable {
    private let installation: Installation
    private let surroundings: Surroundings

    public init(_ installation: Installation, surroundings: Surroundings = .system) {
        self.installation = installation
        self.surroundings = surroundings
    }

    /// Issues an invitation; only the hash of its token is kept.
    /// - Parameter validity: in seconds.
    /// - Throws: `invalid-site`, `invalid-duration`, `site-enrolled`.
    public func invite(site text: String, validity: Int64) throws -> CommandResult {
        let site = try Self.site(text)
        guard (60...366 * 86_400).contains(validity) else {
            throw CoordinatorError(.invalidDuration, .coordinatorInvalidDuration("\(validity)s"))
        }
        let now = surroundings.now()
        let expires = now.adding(seconds: validity)
        let token = surroundings.token()
        guard let hash = TokenHash(token: token) else { preconditionFailure("tokens have 64 digits") }
        try installation.store.writeNow { db in
            let enrolled = try SiteRecord.filter(key: site.rawValue).filter(Column("revokedAt") == nil).fetchCount(db)
            guard enrolled == 0 else {
                throw CoordinatorError(.siteEnrolled, .coordinatorSiteEnrolled(site.rawValue))
            }
            try InvitationRecord(
                tokenHash: hash.bytes, site: site, createdAt: now.secondsSinceEpoch,
                expiresAt: expires.secondsSinceEpoch
            ).insert(db)
        }
        let invitation = Invitation(
            coordinator: try installation.description(), site: site, token: token, expires: expires)
        return CommandResult(
            document: try JSONValue(encoding: invitation).prettyBytes,
            lines: [
                .coordinatorInvited(site.rawValue, until: expires.description),
                .coordinatorAuthorityFingerprint(try installation.authorityFingerprint),
                .coordinatorJobKeyFingerprint(installation.jobVerificationKey.fingerprint),
            ], isSecret: true)
    }

    /// Registers a key that may open sessions. The same key again may change its name and role.
    /// - Throws: `invalid-key`, `invalid-name`.
    public func addSponsor(name: String, keyFile: URL, isLead: Bool) throws -> CommandResult {
        guard (1...200).contains(name.utf8.count), !name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw CoordinatorError(.invalidName, .coordinatorInvalidName)
        }
        guard let text = try? String(contentsOf: keyFile, encoding: .utf8), let key = try? VerificationKey(pem: text)
        else { throw CoordinatorError(.invalidKey, .coordinatorInvalidKey(keyFile.lastPathComponent)) }
        let role: SessionRole = isLead ? .lead : .sponsor
        try installation.store.writeNow { db in
            try SponsorRecord(
                keyid: key.keyID, name: name, role: role, publicKey: key.pem,
                addedAt: surroundings.now().secondsSinceEpoch
            ).save(db)
        }
        let connection = Connection(coordinator: try installation.description())
        return CommandResult(
            document: try JSONValue(encoding: connection).prettyBytes,
            lines: [
                .coordinatorSponsorAdded(name, role: role.rawValue, fingerprint: key.fingerprint),
                .coordinatorAuthorityFingerprint(connection.coordinator.fingerprint),
                .coordinatorJobKeyFingerprint(installation.jobVerificationKey.fingerprint),
            ], isSecret: false)
    }

    /// Every site that has enrolled, with the fingerprint of its signing key.
    public func listSites() throws -> CommandResult {
        let sites = try installation.store.readNow { try SiteRecord.order(Column("site")).fetchAll($0) }
        let views = try sites.map { record in
            SiteView(
                site: record.site, signingKeyFingerprint: try record.key().fingerprint,
                enrolled: Timestamp(secondsSinceEpoch: record.enrolledAt),
                revoked: record.revokedAt.map { Timestamp(secondsSinceEpoch: $0) })
        }
        return CommandResult(
            document: try JSONValue(encoding: ["sites": views]).prettyBytes,
            lines: views.isEmpty
                ? [.coordinatorNoSites]
                : views.map {
                    .coordinatorSiteLine(
                        $0.site.rawValue, fingerprint: $0.signingKeyFingerprint, enrolled: $0.enrolled.description,
                        revoked: $0.revoked?.description)
                }, isSecret: false)
    }

    /// Shuts a site out, from its next request on, and withdraws its unused invitations. What it has released stays.
    /// - Throws: `invalid-site`, `site-unknown`.
    public func revoke(site text: String) throws -> CommandResult {
        let site = try Self.site(text)
        try installation.store.writeNow { db in
            guard var record = try SiteRecord.fetchOne(db, key: site.rawValue) else {
                throw CoordinatorError(.siteUnknown, .coordinatorSiteUnknown(site.rawValue))
            }
            if record.revokedAt == nil {
                record.revokedAt = surroundings.now().secondsSinceEpoch
                try record.update(db)
            }
            try InvitationRecord.withdrawUnused(for: site, in: db)
        }
        return CommandResult(
            document: try JSONValue(encoding: ["revoked": site]).prettyBytes,
            lines: [.coordinatorSiteRevoked(site.rawValue)], isSecret: false)
    }

    private static func site(_ text: String) throws -> SiteID {
        guard let site = SiteID(rawValue: text) else {
            throw CoordinatorError(.invalidSite, .coordinatorInvalidSite(text))
        }
        return site
    }

    private struct SiteView: Encodable {
        let site: SiteID
        let signingKeyFingerprint: String
        let enrolled: Timestamp
        let revoked: Timestamp?
    }
}

extension Installation {
    /// What `init` prints.
    public func summary() throws -> CommandResult {
        let connection = Connection(coordinator: try description())
        return CommandResult(
            document: try JSONValue(encoding: connection).prettyBytes,
            lines: [
                .coordinatorReady(name),
                .coordinatorAuthorityFingerprint(connection.coordinator.fingerprint),
                .coordinatorJobKeyFingerprint(jobVerificationKey.fingerprint),
                .coordinatorBaseURL(url),
            ], isSecret: false)
    }
}
