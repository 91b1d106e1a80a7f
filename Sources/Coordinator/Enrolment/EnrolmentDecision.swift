internal import Foundation

/// What becomes of a request to enrol, decided from what the store holds. The request's signatures were checked.
enum EnrolmentDecision: Equatable, Sendable {
    /// Issue a certificate and mark the invitation used, in one transaction.
    case enrol
    /// The same request came before: answer as then.
    case repeatAnswer(certificate: String)
    case refuse(Objection)

    enum Objection: Equatable, Sendable {
        case unknown, expired, used, siteEnrolled, siteRevoked
    }

    /// - Parameters:
    ///   - requestHash: SHA-256 over the request's CSR and signing key.
    ///   - site: the record of the invited site, when it has enrolled before.
    ///   - now: seconds since 1970.
    static func decide(
        invitation: InvitationRecord?, requestHash: Data, site: SiteRecord?, now: Int64
    ) -> EnrolmentDecision {
        guard let invitation else { return .refuse(.unknown) }
        if let used = invitation.requestHash, let certificate = invitation.certificate {
            guard equalInConstantTime(used, requestHash) else { return .refuse(.used) }
            // A revoked site gets nothing more out of the invitation that it once had.
            guard let site, site.revokedAt == nil, site.certificate == certificate else {
                return .refuse(.siteRevoked)
            }
            return .repeatAnswer(certificate: certificate)
        }
        guard now < invitation.expiresAt else { return .refuse(.expired) }
        guard site == nil || site?.revokedAt != nil else { return .refuse(.siteEnrolled) }
        return .enrol
    }
}
