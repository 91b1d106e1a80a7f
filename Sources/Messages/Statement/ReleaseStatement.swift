public import Evidence
internal import TextCatalogue

/// The statement by which a site signs what leaves it.
public struct ReleaseStatement: Hashable, Sendable {
    public let predicate: ReleasePredicate
    /// The release's digest: SHA-256 of the signed payload bytes.
    public let digest: Digest
    public let envelope: Envelope

    /// The statement to sign. Its subjects are the job, the protocol and, where there is one, the model.
    /// - Throws: `too-large`.
    public static func make(_ predicate: ReleasePredicate) throws(MessageError) -> Statement {
        let statement = Statement(
            subjects: subjects(of: predicate), predicateType: .release,
            predicate: try PredicateForm.encode(predicate))
        return try PredicateForm.bounded(statement, limit: MessageSchema.Limit.release)
    }

    /// - Throws: `wrong-predicate-type`, `schema-error`, `subject-mismatch` or `too-large`.
    public init(verified: VerifiedStatement) throws(MessageError) {
        try PredicateForm.check(verified, is: .release, limit: MessageSchema.Limit.release)
        predicate = try PredicateForm.decode(ReleasePredicate.self, from: verified.predicate)
        try PredicateForm.check(predicate.schemaVersion)
        try PredicateForm.check(verified.statement.subjects, are: Self.subjects(of: predicate))
        digest = verified.digest
        envelope = verified.envelope
    }

    private static func subjects(of predicate: ReleasePredicate) -> [Statement.Subject] {
        [
            Statement.Subject(name: "job", digest: predicate.job),
            Statement.Subject(name: "protocol", digest: predicate.studyProtocol),
        ] + (predicate.model.map { [Statement.Subject(name: "model", digest: $0)] } ?? [])
    }
}
