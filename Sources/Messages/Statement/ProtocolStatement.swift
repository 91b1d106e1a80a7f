public import Evidence
internal import Foundation
public import StrictJSON
internal import StudyProtocol
internal import TextCatalogue

/// The statement by which a sponsor signs a study protocol. Its predicate is the protocol document as it was written.
public struct ProtocolStatement: Hashable, Sendable {
    /// The protocol document, not yet parsed: see `StudyProtocol.parse`.
    public let document: JSONValue
    /// The digest by which others name the protocol: SHA-256 of the signed payload bytes.
    public let digest: Digest
    /// The envelope as it was verified.
    public let envelope: Envelope

    /// The statement to sign. Its subject is `identifier@version` with the SHA-256 of the document's canonical form
    /// (RFC 8785).
    /// - Throws: `schema-error` when the document names no identifier and version; `too-large`.
    public static func make(document: JSONValue) throws(MessageError) -> Statement {
        let statement = Statement(
            subjects: [try subject(of: document)], predicateType: .studyProtocol, predicate: document)
        return try PredicateForm.bounded(statement, limit: MessageSchema.Limit.protocolDocument)
    }

    /// - Throws: `wrong-predicate-type`, `subject-mismatch`, `schema-error` or `too-large`.
    public init(verified: VerifiedStatement) throws(MessageError) {
        try PredicateForm.check(verified, is: .studyProtocol, limit: MessageSchema.Limit.protocolDocument)
        let document = verified.predicate
        try PredicateForm.check(verified.statement.subjects, are: [try Self.subject(of: document)])
        self.document = document
        digest = verified.digest
        envelope = verified.envelope
    }

    private static func subject(of document: JSONValue) throws(MessageError) -> Statement.Subject {
        guard let identifier = document["identifier"]?.stringValue, ProtocolIdentifier(rawValue: identifier) != nil,
            let version = document["version"]?.stringValue, version.utf8.count <= 64
        else { throw MessageError(.schemaError, .messageProtocolUnnamed) }
        return Statement.Subject(
            name: "\(identifier)@\(version)", digest: Digest(of: document.canonicalBytes))
    }
}
