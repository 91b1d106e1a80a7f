public import Foundation
public import StrictJSON
import TextCatalogue

/// The roles that somebody trusts, with their keys: the content of `trust.json`.
///
/// ```json
/// {"schemaVersion": "1.0", "roles": {
///   "sponsor":      {"keys": [{"suite": "ed25519", "publicKey": "-----BEGIN PUBLIC KEY-----\n…"}], "threshold": 1},
///   "site:siemens": {"keys": [{"suite": "ed25519", "publicKey": "-----BEGIN PUBLIC KEY-----\n…"}], "threshold": 1}}}
/// ```
///
/// It must come from somewhere else than the documents that it judges: a bundle never vouches for itself.
public struct TrustStore: Hashable, Sendable {
    public static let schemaVersion = "1.0"
    /// How large a trust file may be, in bytes.
    public static let maximumSize = 4 << 20
    /// How many roles it may hold.
    public static let maximumRoles = 10_000

    /// The trusted roles, by name.
    public private(set) var roles: [Role: TrustedRole]

    /// The last of several entries for one role counts.
    public init(_ roles: [TrustedRole]) {
        self.roles = Dictionary(roles.map { ($0.role, $0) }) { _, last in last }
    }

    public subscript(role: Role) -> TrustedRole? { roles[role] }

    /// Verifies a document of whatever type it says it is, by the one role that may sign such a document: for
    /// releases and approvals the site that the document names.
    /// - Throws: `untrusted-role` when there are no keys for that role; what `TrustedRole.verify` throws.
    public func verify(_ envelope: Envelope) throws(EvidenceError) -> VerifiedStatement {
        // The claim only chooses which role's keys must have signed; what counts is read again after verification.
        let claim = try envelope.unverifiedStatement
        return try trustedRole(of: signer(of: claim)).verify(envelope, expecting: claim.predicateType)
    }

    /// Verifies a document that must be of the given type.
    /// - Throws: `wrong-predicate-type`; otherwise as above.
    public func verify(
        _ envelope: Envelope, expecting predicateType: PredicateType
    ) throws(EvidenceError) -> VerifiedStatement {
        let verified = try verify(envelope)
        guard verified.statement.predicateType == predicateType else {
            throw EvidenceError(
                .wrongPredicateType,
                .wrongPredicateType(
                    verified.statement.predicateType.rawValue, expected: predicateType.rawValue))
        }
        return verified
    }

    private func trustedRole(of role: Role) throws(EvidenceError) -> TrustedRole {
        guard let trusted = roles[role] else {
            throw EvidenceError(.untrustedRole, .untrustedRole(role.description))
        }
        return trusted
    }

    private func signer(of claim: Statement) throws(EvidenceError) -> Role {
        switch claim.predicateType {
        case .studyProtocol: .sponsor
        case .job, .report: .coordinator
        case .release, .siteApproval: .site(try SiteID(claim.predicate["site"]?.stringValue ?? ""))
        }
    }
}

// MARK: - JSON

extension TrustStore {
    /// Reads a trust file; the error names the first fault. Use `parse` to see all of them.
    /// - Throws: `invalid-trust`.
    public init(_ data: Data) throws(EvidenceError) {
        let faults = FaultList()
        guard let store = Self.parse(data, faults: faults) else {
            let fault = faults.faults.first
            throw EvidenceError(
                .invalidTrust,
                .invalidTrust(.jsonUndecodable(fault?.phrase ?? .jsonEmpty, pointer: "\(fault?.pointer ?? .root)")))
        }
        self = store
    }

    /// Reads a trust file and records everything that is wrong with it; nil when anything is.
    public static func parse(_ data: Data, faults: FaultList) -> TrustStore? {
        let value: JSONValue
        do {
            value = try StrictJSON.parse(data, limits: .init(bytes: maximumSize, depth: 8, values: 400_000))
        } catch {
            faults.add(error.pointer, error.code, error.phrase)
            return nil
        }
        var reader = ObjectReader(value, faults: faults)
        let version = reader.string("schemaVersion", maximum: 16)
        if let version, version != schemaVersion {
            reader.fault("schemaVersion", "unknown-schema-version", .trustSchemaVersion(schemaVersion))
        }
        let entries = reader.required("roles", .table(of: .any, count: 1...maximumRoles))
        reader.finish()
        guard let entries else { return nil }
        let roles = entries.compactMap { name, value in
            trustedRole(name, value, at: JSONPointer(tokens: ["roles", name]), faults: faults)
        }
        return faults.isEmpty ? TrustStore(roles) : nil
    }

    private static func trustedRole(
        _ name: String, _ value: JSONValue, at pointer: JSONPointer, faults: FaultList
    ) -> TrustedRole? {
        let entry = ValueReader<(Role, [VerificationKey], Int)>.object { reader in
            let keys = reader.required("keys", .array(of: .keyRecord, count: 1...TrustedRole.maximumKeys))
            let threshold = reader.integer("threshold", in: 1...TrustedRole.maximumKeys)
            let role = ValueReader<String>.string.map { try Role($0) }.read(.string(name), pointer, faults)
            guard let role, let keys, let threshold else { return nil }
            return (role, keys.map(\.key), threshold)
        }
        return entry.map { role, keys, threshold in try TrustedRole(role, keys: keys, threshold: threshold) }
            .read(value, pointer, faults)
    }

    public var json: JSONValue {
        var entries = JSONObject()
        for trusted in roles.values.sorted(by: { $0.role < $1.role }) {
            entries[trusted.role.description] = [
                "keys": .array(
                    trusted.keys.map { key in
                        ["suite": .string(SignatureSuite.ed25519.rawValue), "publicKey": .string(key.pem)]
                    }),
                "threshold": .int(trusted.threshold),
            ]
        }
        return ["schemaVersion": .string(Self.schemaVersion), "roles": .object(entries)]
    }

    /// The trust file, for people.
    public var encoded: Data { json.prettyBytes }
}

extension ValueReader where Value == KeyRecord {
    /// `{"suite": …, "publicKey": PEM}`.
    public static var keyRecord: Self {
        ValueReader<(String, String)>.object { reader in
            let suite = reader.string("suite", maximum: 64)
            let key = reader.string("publicKey", maximum: 4096)
            guard let suite, let key else { return nil }
            return (suite, key)
        }.map { try KeyRecord(suite: $0, publicKey: $1) }
    }
}
