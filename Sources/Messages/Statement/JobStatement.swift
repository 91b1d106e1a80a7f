public import Evidence

/// The statement by which the coordinator signs a job.
public struct JobStatement: Hashable, Sendable {
    public let predicate: JobPredicate
    /// The job's digest: SHA-256 of the signed payload bytes.
    public let digest: Digest
    public let envelope: Envelope

    /// The statement to sign. Its subjects are the protocol and, where there is one, the model.
    /// - Throws: `too-large`.
    public static func make(_ predicate: JobPredicate) throws(MessageError) -> Statement {
        let statement = Statement(
            subjects: subjects(of: predicate), predicateType: .job, predicate: try PredicateForm.encode(predicate))
        return try PredicateForm.bounded(statement, limit: MessageSchema.Limit.job)
    }

    /// Reads a job; whether this site may run it is for the agent to decide.
    /// - Throws: `wrong-predicate-type`, `schema-error`, `subject-mismatch` or `too-large`.
    public init(verified: VerifiedStatement) throws(MessageError) {
        try PredicateForm.check(verified, is: .job, limit: MessageSchema.Limit.job)
        predicate = try PredicateForm.decode(JobPredicate.self, from: verified.predicate)
        try PredicateForm.check(predicate.schemaVersion)
        try PredicateForm.check(verified.statement.subjects, are: Self.subjects(of: predicate))
        digest = verified.digest
        envelope = verified.envelope
    }

    private static func subjects(of predicate: JobPredicate) -> [Statement.Subject] {
        let studyProtocol = Statement.Subject(name: "protocol", digest: predicate.studyProtocol.digest)
        return [studyProtocol] + (predicate.model.map { [Statement.Subject(name: "model", digest: $0.digest)] } ?? [])
    }
}
