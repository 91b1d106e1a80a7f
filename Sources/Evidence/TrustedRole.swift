public import StrictJSON
import TextCatalogue

/// A role with the keys that hold it, and how many of them must sign.
public struct TrustedRole: Hashable, Sendable {
    public let role: Role
    public let keys: [VerificationKey]
    /// 1 up to the number of keys.
    public let threshold: Int

    /// How many keys a role may have.
    public static let maximumKeys = 64

    /// - Throws: `invalid-trust` when there is no key, a key twice, too many, or a threshold that cannot be met.
    public init(_ role: Role, keys: [VerificationKey], threshold: Int = 1) throws(EvidenceError) {
        guard (1...Self.maximumKeys).contains(keys.count), Set(keys).count == keys.count,
            (1...keys.count).contains(threshold)
        else { throw EvidenceError(.invalidTrust, .invalidRoleKeys(role.description, keys: keys.count, threshold)) }
        self.role = role
        self.keys = keys
        self.threshold = threshold
    }

    /// Verifies the envelope's exact bytes by this role's keys, then reads the statement from those same bytes.
    ///
    /// For a site's role the predicate's `site` must be that site: no site can speak for another.
    /// - Throws: `wrong-role` when the role may not sign such a predicate; what `Envelope.verify` throws;
    ///   `wrong-payload-type`, `invalid-statement`; `wrong-predicate-type` when it is another than expected.
    public func verify(
        _ envelope: Envelope, expecting predicateType: PredicateType
    ) throws(EvidenceError) -> VerifiedStatement {
        guard role.predicateTypes.contains(predicateType) else {
            throw EvidenceError(.wrongRole, .wrongRole(role.description, predicateType.rawValue))
        }
        let signers = try envelope.verify(by: keys, threshold: threshold)
        let statement = try Statement(payloadOf: envelope)
        guard statement.predicateType == predicateType else {
            throw EvidenceError(
                .wrongPredicateType,
                .wrongPredicateType(statement.predicateType.rawValue, expected: predicateType.rawValue))
        }
        if case .site(let site) = role {
            guard statement.predicate["site"]?.stringValue == site.rawValue else {
                throw EvidenceError(.wrongRole, .wrongSite(site.rawValue))
            }
        }
        return VerifiedStatement(envelope: envelope, statement: statement, role: role, signers: signers)
    }
}

/// A statement whose signatures were verified. Only `TrustedRole.verify` makes one, so that whoever holds it need not
/// ask.
public struct VerifiedStatement: Hashable, Sendable {
    /// The envelope as it was verified; store its `encoded`.
    public let envelope: Envelope
    public let statement: Statement
    public let role: Role
    /// The keys of the role that signed.
    public let signers: [VerificationKey]
    /// The document's digest, by which others name it.
    public let digest: Digest

    fileprivate init(envelope: Envelope, statement: Statement, role: Role, signers: [VerificationKey]) {
        self.envelope = envelope
        self.statement = statement
        self.role = role
        self.signers = signers
        digest = envelope.digest
    }

    public var predicate: JSONValue { statement.predicate }
}
