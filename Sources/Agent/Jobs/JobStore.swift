internal import Disclosure
public import Evidence
public import Foundation
internal import GRDB
internal import Ledger
public import Messages
internal import Privacy
public import StrictJSON
public import StudyProtocol
internal import TextCatalogue

/// The jobs of a site on disk. Each method is one transaction, durable when it returns; two processes (`serve` and a
/// person's `jobs approve`) may use the same store at once.
public final class JobStore: Sendable {
    private let database: DatabaseQueue
    private let trail: AuditTrail

    /// Opens or makes the store and brings its schema up to date.
    /// - Throws: `store-failed`; `state-unreadable` without the site key, which seals the audit log.
    public convenience init(_ state: StateDirectory) throws(AgentError) {
        try self.init(file: state.jobs, siteKey: SiteSecrets.readSiteKey(state))
    }

    init(file: URL, siteKey: Data) throws(AgentError) {
        trail = AuditTrail(key: siteKey)
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA journal_mode = WAL")
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA trusted_schema = OFF")
            }
            // SQLite gives its journal files the mode of the database file.
            let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw AgentError(.stateUnwritable, .agentStateUnwritable(file.path))
            }
            close(descriptor)
            database = try DatabaseQueue(path: file.path, configuration: configuration)
            try Self.migrator.migrate(database)
        } catch let error as AgentError {
            throw error
        } catch {
            throw Self.failure(error)
        }
    }

    /// Stores a job that the coordinator signed.
    ///
    /// A job that is stored already is marked as delivered again, so that its status or its release is sent again;
    /// nothing is computed twice.
    /// - Returns: the record, and whether it is new.
    /// - Throws: `store-failed`, `disk-full`.
    public func accept(
        _ envelope: Data, of job: JobVerifier.SignedJob, now: Timestamp
    ) throws(AgentError) -> (record: JobRecord, isNew: Bool) {
        try write { database in
            if var known = try Self.record(job.digest, in: database) {
                let before = known.job.state
                try known.job.apply(.deliveredAgain)
                if known.job.state != before { try log(known, .releaseAskedAgain, in: database, now: now) }
                try Self.save(known, in: database, now: now)
                return (known, false)
            }
            try database.execute(
                sql: """
                    INSERT INTO jobs (digest, study, envelope, received, state, protocol)
                    VALUES (?, ?, ?, ?, 'received', ?)
                    """,
                arguments: [
                    job.digest.description, job.predicate.study.rawValue, envelope, now.secondsSinceEpoch,
                    job.predicate.studyProtocol.digest.description,
                ])
            // Another job's nonce is left to the first: the verifier answers `replayed`.
            try database.execute(
                sql: "INSERT OR IGNORE INTO nonces (nonce, job) VALUES (?, ?)",
                arguments: [job.predicate.nonce.rawValue, job.digest.description])
            guard let record = try Self.record(job.digest, in: database) else {
                throw AgentError(.storeFailed, .agentStoreFailed)
            }
            try log(record, .jobReceived, in: database, now: now)
            return (record, true)
        }
    }

    /// The digest of the job that this nonce came with first.
    public func job(withNonce nonce: Nonce) throws(AgentError) -> Digest? {
        try read { database in
            try String.fetchOne(
                database, sql: "SELECT job FROM nonces WHERE nonce = ?", arguments: [nonce.rawValue]
            ).map { try Digest($0) }
        }
    }

    /// The digest of the job by which this site first took on this protocol; nil when it has taken on none, however
    /// many it refused.
    public func job(withProtocol digest: Digest) throws(AgentError) -> Digest? {
        try read { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT digest FROM jobs WHERE protocol = ? AND state NOT IN ('received', 'refused')
                    ORDER BY received, rowid LIMIT 1
                    """, arguments: [digest.description]
            ).map { try Digest($0) }
        }
    }

    public func record(_ digest: Digest) throws(AgentError) -> JobRecord? {
        try read { try Self.record(digest, in: $0) }
    }

    /// All jobs, the oldest first.
    public func records() throws(AgentError) -> [JobRecord] {
        try read { try Self.records(where: "1 = 1", in: $0) }
    }

    /// Jobs with something left to do here or to say, the oldest first.
    public func unfinished() throws(AgentError) -> [JobRecord] {
        try read { database in
            try Self.records(
                where: """
                    state NOT IN ('released', 'refused', 'declined', 'failed') OR reported IS NULL
                    OR (state <> 'released' AND (state <> reported OR reason IS NOT reported_reason))
                    """, in: database
            ).filter { !$0.job.isFinished }
        }
    }

    /// Applies events to a job, with whatever else changes, in one transaction.
    /// - Returns: the record after it.
    /// - Throws: `unknown-job`; `invalid-transition`, and then nothing changed; `store-failed`, `disk-full`.
    @discardableResult
    public func apply(
        _ events: [SiteJob.Event], to digest: Digest, now: Timestamp,
        changing change: (inout JobRecord) -> Void = { _ in }
    ) throws(AgentError) -> JobRecord {
        try apply(events, to: digest, keeping: nil, now: now, changing: change)
    }

    /// The same, with what is kept of a release: a charge of the privacy budget is durable before anything is sent.
    /// - Throws: `store-failed` also when other releases were kept since this one was decided: the job is to be run again.
    @discardableResult
    func apply(
        _ events: [SiteJob.Event], to digest: Digest, keeping memory: ReleaseMemory?, now: Timestamp,
        changing change: (inout JobRecord) -> Void
    ) throws(AgentError) -> JobRecord {
        try write { database in
            if let memory {
                guard try memory.append(job: digest.description, in: database) else {
                    throw AgentError(.storeFailed, .agentStoreFailed)
                }
                if let fields = memory.auditFields(job: digest.description) {
                    try trail.append(.budgetDebited, fields, in: database, now: now)
                }
            }
            guard var record = try Self.record(digest, in: database) else {
                throw AgentError(.unknownJob, .agentUnknownJob)
            }
            change(&record)
            for event in events {
                let before = record.job.state
                try record.job.apply(event)
                if record.job.state != before {
                    let kind = event == .deliveredAgain ? .releaseAskedAgain : AuditEntry.Kind(record.job.state)
                    try log(record, kind, in: database, now: now)
                }
            }
            try Self.save(record, in: database, now: now)
            return record
        }
    }

    // MARK: Counting over time

    /// How many of a sponsor's jobs this site refused for privacy since an instant: nothing could leave, or a person let
    /// nothing leave. Jobs that were refused because of such a count do not count: nothing was computed.
    public func refusals(ofSponsor sponsor: String, since: Timestamp) throws(AgentError) -> Int {
        try read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(DISTINCT jobs.digest) FROM jobs JOIN transitions ON transitions.job = jobs.digest
                    WHERE jobs.sponsor = ? AND transitions.time >= ? AND jobs.cause IS NOT ?
                        AND ((transitions.state = 'failed' AND transitions.reason = ?)
                            OR (transitions.state = 'declined' AND transitions.reason = ?))
                    """,
                arguments: [
                    sponsor, since.secondsSinceEpoch, JobFailure.refusalCapCause, FailureCode.notReleasable.rawValue,
                    DeclineCode.releaseDeclined.rawValue,
                ]) ?? 0
        }
    }

    /// How many exact numbers have left, or may still leave, in all releases but those that a person declined.
    public func releasedNumbers() throws(AgentError) -> Int {
        try read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT sum(json_extract(CAST(local_record AS TEXT), '$.numbers')) FROM jobs
                    WHERE release IS NOT NULL AND state <> 'declined'
                        AND json_extract(CAST(local_record AS TEXT), '$.noise') IS NULL
                    """) ?? 0
        }
    }

    /// All exact numbers that ever left, for a decision about a snapshot.
    /// - Parameters:
    ///   - patientKeys: of the snapshot, in its order.
    ///   - snapshot: the digest of its content.
    ///   - policy: the site's own.
    ///   - model: the digest of the model that is evaluated.
    /// - Throws: `store-failed`, also when what is stored is damaged: nothing may leave then.
    func exactMemory(
        of patientKeys: [String], snapshot: String, policy: DisclosurePolicy, model: String?, secrets: SiteSecrets
    ) throws(AgentError) -> ExactMemory.Loaded {
        try read { database in
            let ledger = try LedgerStore(secrets: secrets).load(
                patientKeys: patientKeys, minimumCount: policy.minimumCount,
                sumsMinimumCount: policy.momentsMinimumPatients, model: model, in: database)
            return ExactMemory.Loaded(
                ledger: ledger, snapshot: snapshot,
                statements: try StatementStore.statements(snapshot: snapshot, in: database))
        }
    }

    /// What the dataset's privacy budget was charged, in order.
    /// - Throws: `store-failed`, also when the budget is damaged: nothing may leave then.
    func privacyCharges() throws(AgentError) -> [PrivacyBudget.Charge] { try read { try NoiseStore.charges(in: $0) } }

    // MARK: Audit log

    /// Appends an entry that is about no change of a job.
    public func record(_ kind: AuditEntry.Kind, _ fields: JSONValue, now: Timestamp) throws(AgentError) {
        try write { try trail.append(kind, fields, in: $0, now: now) }
    }

    func auditEntries() throws(AgentError) -> [AuditEntry] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT number, time, kind, fields, previous, digest FROM audit ORDER BY number"
            ).compactMap { AuditEntry($0) }
        }
    }

    func auditVerdict(noted: AuditHead?) throws(AgentError) -> AuditVerdict {
        try read { try AuditCheck(trail: trail, noted: noted).verdict(in: $0) }
    }

    // MARK: Rows

    private static let columns = """
        digest, study, envelope, received, started, snapshot, last_attempt, state, reason, reported, reported_reason, attempts, unfinished_starts, deliveries,
        job_approved, job_decided_by, job_decided, release, local_record,
        release_approved, release_decided_by, release_decided, job_decline_reason, release_decline_reason, sponsor, cause
        """

    private static func record(_ digest: Digest, in database: Database) throws -> JobRecord? {
        try Row.fetchOne(
            database, sql: "SELECT \(columns) FROM jobs WHERE digest = ?", arguments: [digest.description]
        ).map(decode)
    }

    private static func records(where condition: String, in database: Database) throws -> [JobRecord] {
        try Row.fetchAll(
            database, sql: "SELECT \(columns) FROM jobs WHERE \(condition) ORDER BY received, rowid"
        ).map(decode)
    }

    private static func decode(_ row: Row) throws -> JobRecord {
        let reported: String? = row["reported"]
        let status = reported.flatMap(JobStatusCode.init(rawValue:)).flatMap {
            JobStatus(code: $0, reason: row["reported_reason"])
        }
        guard let state = SiteJob.State(name: row["state"], reason: row["reason"]),
            let study = StudyID(rawValue: row["study"]), (reported == nil) == (status == nil)
        else { throw AgentError(.storeFailed, .agentStoreFailed) }
        let job = SiteJob(
            digest: try Digest(row["digest"] as String), state: state, reported: status, attempts: row["attempts"],
            unfinishedStarts: row["unfinished_starts"], deliveries: row["deliveries"])
        return JobRecord(
            job: job, study: study, envelope: row["envelope"],
            received: Timestamp(secondsSinceEpoch: row["received"]),
            started: (row["started"] as Int64?).map { Timestamp(secondsSinceEpoch: $0) },
            snapshot: row["snapshot"],
            lastAttempt: (row["last_attempt"] as Int64?).map { Timestamp(secondsSinceEpoch: $0) },
            jobDecision: decision(row, "job"), release: row["release"], localRecord: row["local_record"],
            releaseDecision: decision(row, "release"), sponsor: row["sponsor"], cause: row["cause"])
    }

    private static func decision(_ row: Row, _ what: String) -> JobRecord.Decision? {
        guard let isApproval: Bool = row["\(what)_approved"], let name: String = row["\(what)_decided_by"],
            let time: Int64 = row["\(what)_decided"]
        else { return nil }
        return JobRecord.Decision(
            isApproval: isApproval, name: name, time: Timestamp(secondsSinceEpoch: time),
            reason: (row["\(what)_decline_reason"] as String?).flatMap(DeclineReason.init(rawValue:)))
    }

    private static func save(_ record: JobRecord, in database: Database, now: Timestamp) throws {
        try database.execute(
            sql: """
                UPDATE jobs SET started = ?, snapshot = ?, last_attempt = ?, state = ?, reason = ?, reported = ?, reported_reason = ?, attempts = ?, unfinished_starts = ?, deliveries = ?,
                    job_approved = ?, job_decided_by = ?, job_decided = ?, release = ?, local_record = ?,
                    release_approved = ?, release_decided_by = ?, release_decided = ?,
                    job_decline_reason = ?, release_decline_reason = ?, sponsor = ?, cause = ?
                WHERE digest = ?
                """,
            arguments: [
                record.started?.secondsSinceEpoch, record.snapshot, record.lastAttempt?.secondsSinceEpoch,
                record.job.state.name, record.job.state.reason,
                record.job.reported?.code.rawValue, record.job.reported?.reason, record.job.attempts,
                record.job.unfinishedStarts, record.job.deliveries,
                record.jobDecision?.isApproval, record.jobDecision?.name, record.jobDecision?.time.secondsSinceEpoch,
                record.release, record.localRecord,
                record.releaseDecision?.isApproval, record.releaseDecision?.name,
                record.releaseDecision?.time.secondsSinceEpoch, record.jobDecision?.reason?.rawValue,
                record.releaseDecision?.reason?.rawValue, record.sponsor, record.cause, record.digest.description,
            ])
    }

    /// Every state that a job comes to, in the list of transitions and in the audit log.
    private func log(
        _ record: JobRecord, _ kind: AuditEntry.Kind, in database: Database, now: Timestamp
    ) throws {
        let state = record.job.state
        try database.execute(
            sql: "INSERT INTO transitions (job, state, reason, time) VALUES (?, ?, ?, ?)",
            arguments: [record.digest.description, state.name, state.reason, now.secondsSinceEpoch])
        try trail.append(kind, record.auditFields, in: database, now: now)
    }

    // MARK: Errors

    private func read<T>(_ body: (Database) throws -> T) throws(AgentError) -> T {
        do { return try database.read(body) } catch { throw Self.failure(error) }
    }

    private func write<T>(_ body: (Database) throws -> T) throws(AgentError) -> T {
        do { return try database.write(body) } catch { throw Self.failure(error) }
    }

    private static func failure(_ error: any Error) -> AgentError {
        if let error = error as? AgentError { return error }
        if let error = error as? LedgerError { return AgentError(.storeFailed, error.phrase) }
        if let error = error as? PrivacyError { return AgentError(.storeFailed, error.phrase) }
        if (error as? DatabaseError)?.resultCode == .SQLITE_FULL {
            return AgentError(.diskFull, .agentDiskFull(""))
        }
        return AgentError(.storeFailed, .agentStoreFailed)
    }
}
