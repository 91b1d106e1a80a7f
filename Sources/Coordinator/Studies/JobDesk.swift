internal import Evidence
internal import Foundation
internal import GRDB
internal import Logging
internal import Messages
internal import StudyProtocol

/// Hands jobs to the site that they are for, and takes its reports and releases. The site is always the one of the
/// client's certificate.
struct JobDesk: Sendable {
    let office: Office

    /// The envelope of the site's oldest job that it has not confirmed yet and that has not expired.
    func next(for site: SiteID) async throws -> Data? {
        let now = office.now
        return try await office.store.read { db in
            try Data.fetchOne(
                db,
                sql: """
                    SELECT envelope.bytes FROM job JOIN envelope USING (digest)
                    WHERE job.site = ? AND job.state = 'queued' AND job.expiresAt > ?
                    ORDER BY job.issuedAt, job.rowid LIMIT 1
                    """, arguments: [site.rawValue, now])
        }
    }

    /// Records where the site says that its job stands.
    /// - Throws: `status-conflict` when the job has ended otherwise, as by its expiry.
    func report(_ status: JobStatus, for digest: Digest, by site: SiteID) async throws {
        try await JobExpiry(office: office).settle()
        let now = office.now
        let changed = try await office.store.write { db -> StudyID? in
            var job = try Self.job(digest, of: site, in: db)
            var lifecycle = JobLifecycle(try job.status)
            switch lifecycle.report(status) {
            case .ignore: return nil
            case .refuse: throw Problem(.statusConflict)
            case .record(let next):
                try Self.record(next, on: &job, now: now, in: db)
                return job.study
            }
        }
        guard let changed else { return }
        await office.bells.ring([.study(id: changed.rawValue)])
        office.logger.log(
            .info, "job reported",
            [.study: changed.rawValue, .site: site.rawValue, .job: digest.hex, .code: status.code.rawValue])
    }

    /// What came of a release.
    enum Filing: Sendable { case created, known }

    /// Verifies a release against the site's key and its job, and stores its bytes and the job's end together.
    /// - Throws: `expired` when the job's time was over before its release came.
    func file(_ bytes: Data, for digest: Digest, by site: SiteID) async throws -> Filing {
        let envelope = try Envelope(bytes)
        guard let record = try await office.store.read({ try SiteRecord.fetchOne($0, key: site.rawValue) }) else {
            throw Problem(.certificateRequired)
        }
        let role = try TrustedRole(.site(site), keys: [record.key()])
        let release = try ReleaseStatement(verified: role.verify(envelope, expecting: .release))
        let encoded = envelope.encoded
        try await JobExpiry(office: office).settle()
        let now = office.now
        let (filing, study) = try await office.store.write { db -> (Filing, StudyID) in
            var job = try Self.job(digest, of: site, in: db)
            if let earlier = try ReleaseRecord.fetchOne(db, key: job.digest) {
                let stored = try EnvelopeRecord.fetchOne(db, key: earlier.digest)
                guard stored?.bytes == encoded else { throw Problem(.releaseConflict) }
                return (.known, job.study)
            }
            try Self.check(release.predicate, answers: job, of: site, in: db)
            var lifecycle = JobLifecycle(try job.status)
            guard case .record(let next) = lifecycle.release() else {
                throw Problem(lifecycle.status == .failed(.expired) ? .expired : .statusConflict)
            }
            try EnvelopeRecord(digest: release.digest.hex, kind: .release, bytes: encoded, storedAt: now).insert(db)
            try ReleaseRecord(job: job.digest, digest: release.digest.hex, receivedAt: now).insert(db)
            try Self.record(next, on: &job, now: now, in: db)
            return (.created, job.study)
        }
        if case .created = filing {
            await office.bells.ring([.study(id: study.rawValue)])
            office.logger.log(
                .notice, "release stored", [.study: study.rawValue, .site: site.rawValue, .job: digest.hex])
        }
        return filing
    }

    /// The release must name its job, its study, the protocol and model that were asked for, and answer the plan.
    private static func check(
        _ release: ReleasePredicate, answers job: JobRecord, of site: SiteID, in db: Database
    ) throws {
        guard let study = try StudyRecord.fetchOne(db, key: job.study.rawValue) else { throw Problem(.internalError) }
        let document = try StudyDesk.protocolDocument(of: study, in: db)
        guard release.site == site, release.study == job.study, release.job.hex == job.digest,
            release.studyProtocol.hex == study.protocol, release.model?.hex == study.model,
            release.answers.map(\.key) == document.plan.map(\.key)
        else { throw Problem(.releaseInvalid) }
    }

    /// The job, if it is this site's.
    private static func job(_ digest: Digest, of site: SiteID, in db: Database) throws -> JobRecord {
        guard let job = try JobRecord.fetchOne(db, key: digest.hex) else { throw Problem(.notFound) }
        guard job.site == site else { throw Problem(.wrongSite) }
        return job
    }

    private static func record(_ status: JobStatus, on job: inout JobRecord, now: Int64, in db: Database) throws {
        job.state = status.code
        job.reason = status.reason
        job.updatedAt = now
        try job.update(db)
        try JobIssuer.bumpRevision(of: job.study, in: db)
    }
}
