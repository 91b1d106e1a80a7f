/// Every reason for which the coordinator refuses a request, with its HTTP status: the one place that maps them.
public enum ProblemCode: String, Codable, Hashable, Sendable, CaseIterable {
    case malformedRequest = "malformed-request"
    case schemaError = "schema-error"
    case unauthenticated
    case certificateRequired = "certificate-required"
    case certificateRevoked = "certificate-revoked"
    case forbidden
    case wrongSite = "wrong-site"
    case invitationInvalid = "invitation-invalid"
    case proofInvalid = "proof-invalid"
    case unknownSponsor = "unknown-sponsor"
    case badSignature = "bad-signature"
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case conflict
    case versionConflict = "version-conflict"
    case releaseConflict = "release-conflict"
    case statusConflict = "status-conflict"
    case expired
    case digestMismatch = "digest-mismatch"
    case protocolInvalid = "protocol-invalid"
    case modelIncomplete = "model-incomplete"
    case siteUnknown = "site-unknown"
    case releaseInvalid = "release-invalid"
    case tooLarge = "too-large"
    case unsupportedMediaType = "unsupported-media-type"
    case rangeNotSatisfiable = "range-not-satisfiable"
    case tooManyRequests = "too-many-requests"
    case internalError = "internal-error"
    case unavailable

    public var status: Int { catalogue.status }
    public var title: String { catalogue.title }

    private var catalogue: (status: Int, title: String) {
        switch self {
        case .malformedRequest: (400, "The request cannot be read")
        case .schemaError: (400, "The document does not follow its schema")
        case .unauthenticated: (401, "A session is needed, or this one has ended")
        case .certificateRequired: (401, "A client certificate of this coordinator is needed")
        case .certificateRevoked: (403, "The client certificate was revoked")
        case .forbidden: (403, "This is not allowed for your role")
        case .wrongSite: (403, "This belongs to another site")
        case .invitationInvalid: (403, "The invitation is unknown, used or expired")
        case .proofInvalid: (403, "The proof of possession is not valid")
        case .unknownSponsor: (403, "No sponsor known here has signed this")
        case .badSignature: (403, "A signature is not valid")
        case .notFound: (404, "There is no such thing")
        case .methodNotAllowed: (405, "This method is not allowed here")
        case .conflict: (409, "This contradicts what is on record")
        case .versionConflict: (409, "This version of the protocol is on record with another content")
        case .releaseConflict: (409, "This job has another release on record")
        case .statusConflict: (409, "The job cannot go from its state to that one")
        case .expired: (409, "The time for this is over")
        case .digestMismatch: (422, "The bytes do not have the digest that names them")
        case .protocolInvalid: (422, "The study protocol has faults")
        case .modelIncomplete: (422, "The model package is not complete here")
        case .siteUnknown: (422, "An invited site is not enrolled or invited here")
        case .releaseInvalid: (422, "The release does not answer its job")
        case .tooLarge: (413, "The body is too large")
        case .unsupportedMediaType: (415, "This content type is not understood here")
        case .rangeNotSatisfiable: (416, "The range lies outside of the file")
        case .tooManyRequests: (429, "Too many requests; wait before the next one")
        case .internalError: (500, "Something failed at the coordinator")
        case .unavailable: (503, "The coordinator is not ready; try again")
        }
    }
}
