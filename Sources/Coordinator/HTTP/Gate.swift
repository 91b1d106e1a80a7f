internal import Evidence
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import Messages
internal import X509

/// Decides who a caller is and whether a route lets them in.
struct Gate: Sendable {
    let office: Office

    func admit(_ request: Request, _ context: CoordinatorContext, to access: Access) async throws -> Caller {
        switch access {
        case .anyone: return .anyone
        case .agent: return .site(try await site(context))
        case .sponsor:
            let person = try await person(request)
            guard person.role == .sponsor else { throw Problem(.forbidden) }
            return .person(person)
        case .reader: return .person(try await person(request))
        case .agentOrReader:
            if request.headers[.authorization] != nil { return .person(try await person(request)) }
            return .site(try await site(context))
        }
    }

    private func person(_ request: Request) async throws -> Person {
        let scheme = "Bearer "
        guard let value = request.headers[.authorization], value.hasPrefix(scheme),
            let person = try await SessionDesk(office: office).person(token: String(value.dropFirst(scheme.count)))
        else { throw Problem(.unauthenticated) }
        return person
    }

    /// The site that the client's certificate names, when that certificate is the one on record for it. The handshake
    /// has checked the certificate's signature and dates.
    private func site(_ context: CoordinatorContext) async throws -> SiteID {
        guard let certificate = await context.peerCertificate(), let site = certificate.site else {
            throw Problem(.certificateRequired)
        }
        let serial = certificate.serialText
        let record = try await office.store.read { try SiteRecord.fetchOne($0, key: site.rawValue) }
        guard let record else { throw Problem(.certificateRequired) }
        guard record.revokedAt == nil, record.serial == serial else { throw Problem(.certificateRevoked) }
        return site
    }
}
