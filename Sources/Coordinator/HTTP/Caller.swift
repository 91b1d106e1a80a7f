internal import Evidence
internal import Messages

/// Who makes a request, as far as it was proved.
enum Caller: Hashable, Sendable {
    case anyone
    /// An agent, by its client certificate.
    case site(SiteID)
    /// A person with a session.
    case person(Person)
}

struct Person: Hashable, Sendable {
    let keyID: String
    let role: SessionRole
}

/// Whom a route lets in. The certificate names the site; no route takes a site from an agent.
enum Access: Hashable, Sendable {
    case anyone
    case agent
    /// Sponsors only: they submit.
    case sponsor
    /// Sponsors and leads: they read.
    case reader
    case agentOrReader
}
