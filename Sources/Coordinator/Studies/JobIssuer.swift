internal import Evidence
internal import Foundation
internal import GRDB
internal import Messages
internal import StudyProtocol

/// Signs jobs and stores them, inside the caller's transaction: a job exists with its bytes or not at all.
struct JobIssuer: Sendable {
    let office: Office

    /// How long a site may take over a job, in seconds, when the protocol lasts longer.
    static let lifetime: Int64 = 30 * 86_400

    /// Issues the jobs of all studies that invite this newly enrolled site.
    /// - Returns: the studies that changed.
    func issueWaiting(for site: SiteID, in db: Database) throws -> [StudyID] {
        let now = office.now
        let waiting = try StudyRecord.fetchAll(
            db,
            sql: """
                SELECT study.* FROM study JOIN studySite ON studySite.study = study.id
                WHERE studySite.site = ? AND study.expiresAt > ?
                    AND NOT EXISTS (SELECT 1 FROM job WHERE job.study = study.id AND job.site = studySite.site)
                ORDER BY study.submittedAt, study.id
                """, arguments: [site.rawValue, now])
        for study in waiting {
            try issue(study, to: site, in: db)
            try Self.bumpRevision(of: study.id, in: db)
        }
        return waiting.map(\.id)
    }

    /// Puts the live jobs of a site that joins again back into its queue: what an earlier agent had begun is lost with
    /// it, and the new one knows nothing of them.
    /// - Returns: the studies that changed.
    func requeue(for site: SiteID, in db: Database) throws -> [StudyID] {
        let jobs = try JobRecord.filter(Column("site") == site.rawValue).fetchAll(db)
        return try jobs.compactMap { job in
            var lifecycle = JobLifecycle(try job.status)
            guard case .record(let next) = lifecycle.requeue() else { return nil }
            var job = job
            job.state = next.code
            job.updatedAt = office.now
            try job.update(db)
            try Self.bumpRevision(of: job.study, in: db)
            return job.study
        }
    }

    func issue(_ study: StudyRecord, to site: SiteID, in db: Database) throws {
        guard let stored = try EnvelopeRecord.fetchOne(db, key: study.protocol) else { throw Problem(.internalError) }
        let envelope = try Envelope(stored.bytes)
        let issued = office.surroundings.now()
        let expires = min(Timestamp(secondsSinceEpoch: study.expiresAt), issued.adding(seconds: Self.lifetime))
        guard let nonce = Nonce(rawValue: office.surroundings.nonce()) else { throw Problem(.internalError) }
        let predicate = JobPredicate(
            site: site, study: study.id, nonce: nonce, issued: issued, expires: expires,
            studyProtocol: EmbeddedProtocol(digest: envelope.digest, envelope: envelope),
            model: try study.model.map { ModelBinding(digest: try Digest(hex: $0)) })
        let job = try JobStatement.make(predicate).signed(by: [office.installation.jobKey])
        try EnvelopeRecord(
            digest: job.digest.hex, kind: .job, bytes: job.encoded, storedAt: issued.secondsSinceEpoch
        ).insert(db)
        try JobRecord(
            digest: job.digest.hex, study: study.id, site: site, nonce: nonce.rawValue,
            issuedAt: issued.secondsSinceEpoch, expiresAt: expires.secondsSinceEpoch, state: .queued, reason: nil,
            updatedAt: issued.secondsSinceEpoch
        ).insert(db)
    }

    static func bumpRevision(of study: StudyID, in db: Database) throws {
        try db.execute(
            sql: "UPDATE study SET revision = revision + 1 WHERE id = ?", arguments: [study.rawValue])
    }
}
