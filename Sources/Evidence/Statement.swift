public import Foundation
public import StrictJSON
import TextCatalogue

/// What a statement says of its subject. Each has its own role of signers: see `Role`.
public enum PredicateType: String, Sendable, CaseIterable, Codable {
    case studyProtocol = "urn:concordat:study-protocol:v1"
    case job = "urn:concordat:job:v1"
    case release = "urn:concordat:release:v1"
    case report = "urn:concordat:report:v1"
    case siteApproval = "urn:concordat:site-approval:v1"
}

/// An in-toto Statement v1 (https://in-toto.io/Statement/v1): a claim (the predicate) about things named by digest.
public struct Statement: Hashable, Sendable {
    public static let type = "https://in-toto.io/Statement/v1"
    public static let payloadType = "application/vnd.in-toto+json"

    public struct Subject: Hashable, Sendable {
        public let name: String?
        public let digest: Digest

        public init(name: String? = nil, digest: Digest) {
            self.name = name
            self.digest = digest
        }
    }

    public let subjects: [Subject]
    public let predicateType: PredicateType
    public let predicate: JSONValue

    /// - Parameter subjects: at least one.
    public init(subjects: [Subject], predicateType: PredicateType, predicate: JSONValue) {
        self.subjects = subjects
        self.predicateType = predicateType
        self.predicate = predicate
    }

    /// The statement as JSON.
    public var json: JSONValue {
        [
            "_type": .string(Self.type),
            "subject": .array(
                subjects.map { subject in
                    .object([
                        "name": subject.name.map { .string($0) },
                        "digest": ["sha256": .string(subject.digest.hex)],
                    ])
                }),
            "predicateType": .string(predicateType.rawValue),
            "predicate": predicate,
        ]
    }

    /// The bytes to sign: the statement's JSON in canonical form (RFC 8785).
    public var payloadBytes: Data { json.canonicalBytes }

    /// Signs the statement.
    /// - Throws: `unsigned` or `too-many-signatures`.
    public func signed(by signers: [SigningKey]) throws(EvidenceError) -> Envelope {
        try Envelope(payloadType: Self.payloadType, payload: payloadBytes, signers: signers)
    }

    /// Reads a statement from the bytes of a payload. Only `TrustedRole` and `unverifiedStatement` come here.
    init(payloadOf envelope: Envelope) throws(EvidenceError) {
        guard envelope.payloadType == Self.payloadType else {
            throw EvidenceError(.wrongPayloadType, .wrongPayloadType(envelope.payloadType))
        }
        let value: JSONValue
        do {
            value = try StrictJSON.parse(envelope.payload)
        } catch {
            throw EvidenceError(.invalidStatement, .invalidStatement(error.phrase))
        }
        let faults = FaultList()
        var reader = ObjectReader(value, faults: faults)
        let type = reader.string("_type")
        if let type, type != Self.type {
            reader.fault("_type", "wrong-statement-type", .wrongStatementType(Self.type))
        }
        let subjects = reader.required("subject", .array(of: .subject, count: 1...1000))
        let predicateType = reader.required("predicateType", .choice(of: PredicateType.self))
        let predicate = reader.value("predicate")
        if let predicate, predicate.objectValue == nil {
            reader.fault(
                "predicate", StrictJSONError.Code.wrongType.rawValue,
                .jsonWrongType(expected: .jsonObjectName, found: predicate.typeName))
        }
        reader.finish()
        if let fault = faults.faults.first {
            let place = fault.pointer.description
            throw EvidenceError(.invalidStatement, .invalidStatement(.jsonUndecodable(fault.phrase, pointer: place)))
        }
        guard let subjects, let predicateType, let predicate else {
            throw EvidenceError(.invalidStatement, .invalidStatement(.jsonEmpty))
        }
        self.init(subjects: subjects, predicateType: predicateType, predicate: predicate)
    }
}

extension ValueReader where Value == Statement.Subject {
    fileprivate static var subject: Self {
        .object { reader in
            let name = reader.optional("name", .string)
            let digest = reader.object("digest") { reader in
                reader.required("sha256", ValueReader<String>.string.map { try Digest(hex: $0) })
            }
            return digest.map { Statement.Subject(name: name, digest: $0) }
        }
    }
}

extension ValueReader where Value == Digest {
    /// A digest as text, `sha256:<hex>`.
    public static var digest: Self { ValueReader<String>.string(maximum: 128).map { try Digest($0) } }
}

extension ValueReader {
    /// `SiteID` or `StudyID`.
    public static func identifier<Kind>() -> Self where Value == Identifier<Kind> {
        ValueReader<String>.string(maximum: 256).map { try Identifier<Kind>($0) }
    }
}

extension Envelope {
    /// The statement inside, **without any verification**: for showing what an envelope claims, and for choosing the
    /// role that must have signed it. Never act on it.
    public var unverifiedStatement: Statement {
        get throws(EvidenceError) { try Statement(payloadOf: self) }
    }
}
