internal import Evidence
internal import GRDB
internal import Logging
internal import Messages

/// Ends jobs and studies whose time is over.
///
/// Whoever is about to tell or change where a job stands calls this first, so that nobody sees a job alive after its
/// expiry, and a study that nobody asks for costs nothing.
struct JobExpiry: Sendable {
    let office: Office

    /// Makes every live job that has expired `failed: expired`, and closes every expired study, in one transaction in
    /// which the revisions of the studies grow.
    func settle() async throws {
        let now = office.now
        guard try await office.store.read({ try Self.isAnythingDue(now, in: $0) }) else { return }
        let changed = try await office.store.write { db -> [(StudyID, jobs: Int)] in
            var jobs: [StudyID: Int] = [:]
            for job in try Self.dueJobs(now).fetchAll(db) {
                var lifecycle = JobLifecycle(try job.status)
                guard case .record(let next) = lifecycle.expire() else { continue }
                var job = job
                job.state = next.code
                job.reason = next.reason
                job.updatedAt = job.expiresAt
                try job.update(db)
                jobs[job.study, default: 0] += 1
            }
            for study in try Self.dueStudies(now).fetchAll(db) {
                var study = study
                study.closedAt = study.expiresAt
                try study.update(db)
                jobs[study.id, default: 0] += 0
            }
            for study in jobs.keys { try JobIssuer.bumpRevision(of: study, in: db) }
            return jobs.map { ($0.key, $0.value) }
        }
        await office.bells.ring(changed.map { Topic.study(id: $0.0.rawValue) })
        for (study, jobs) in changed {
            office.logger.log(.notice, "jobs expired", [.study: study.rawValue, .count: "\(jobs)"])
        }
    }

    private static func isAnythingDue(_ now: Int64, in db: Database) throws -> Bool {
        try !dueJobs(now).isEmpty(db) || !dueStudies(now).isEmpty(db)
    }

    private static func dueJobs(_ now: Int64) -> QueryInterfaceRequest<JobRecord> {
        // The very words of the partial index `jobByExpiry`, so that it is used.
        JobRecord.filter(Column("expiresAt") <= now)
            .filter(sql: "state NOT IN ('released', 'refused', 'declined', 'failed')")
    }

    private static func dueStudies(_ now: Int64) -> QueryInterfaceRequest<StudyRecord> {
        StudyRecord.filter(Column("expiresAt") <= now).filter(Column("closedAt") == nil)
    }
}
