internal import Evidence
internal import Foundation
internal import GRDB
internal import Messages
internal import StrictJSON

extension JobStore {
    /// Append only: a migration that has been released is never edited.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-jobs") { database in
            try database.execute(
                sql: """
                    CREATE TABLE jobs (
                        digest TEXT NOT NULL PRIMARY KEY CHECK (length(digest) = 71),
                        study TEXT NOT NULL,
                        envelope BLOB NOT NULL,
                        received INTEGER NOT NULL,
                        started INTEGER,
                        snapshot INTEGER,
                        last_attempt INTEGER,
                        state TEXT NOT NULL CHECK (state IN (
                            'received', 'verified', 'awaiting-job-approval', 'approved', 'running', 'gated',
                            'awaiting-release-approval', 'sending', 'released', 'refused', 'declined', 'failed')),
                        reason TEXT,
                        reported TEXT,
                        reported_reason TEXT,
                        attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
                        deliveries INTEGER NOT NULL DEFAULT 1 CHECK (deliveries >= 1),
                        job_approved INTEGER CHECK (job_approved IN (0, 1)),
                        job_decided_by TEXT,
                        job_decided INTEGER,
                        release BLOB,
                        local_record BLOB,
                        release_approved INTEGER CHECK (release_approved IN (0, 1)),
                        release_decided_by TEXT,
                        release_decided INTEGER,
                        CHECK ((state IN ('refused', 'declined', 'failed')) = (reason IS NOT NULL)),
                        CHECK (state NOT IN ('gated', 'awaiting-release-approval', 'sending', 'released')
                            OR (release IS NOT NULL AND local_record IS NOT NULL)),
                        CHECK ((job_approved IS NULL) = (job_decided_by IS NULL)),
                        CHECK ((release_approved IS NULL) = (release_decided_by IS NULL))
                    ) STRICT;
                    CREATE INDEX jobs_state ON jobs (state);
                    -- A nonce belongs to the first job that brought it, for good.
                    CREATE TABLE nonces (
                        nonce TEXT NOT NULL PRIMARY KEY CHECK (length(nonce) = 32),
                        job TEXT NOT NULL
                    ) STRICT;
                    -- Every state that a job has been in, for the site's own audit.
                    CREATE TABLE transitions (
                        number INTEGER NOT NULL PRIMARY KEY,
                        job TEXT NOT NULL REFERENCES jobs (digest),
                        state TEXT NOT NULL,
                        reason TEXT,
                        time INTEGER NOT NULL
                    ) STRICT;
                    CREATE INDEX transitions_job ON transitions (job);
                    """)
        }
        migrator.registerMigration("2-starts-protocols") { database in
            try database.execute(
                sql: """
                    ALTER TABLE jobs ADD COLUMN unfinished_starts INTEGER NOT NULL DEFAULT 0
                        CHECK (unfinished_starts >= 0);
                    -- The digest of the protocol that the job says it brings.
                    ALTER TABLE jobs ADD COLUMN protocol TEXT CHECK (length(protocol) = 71);
                    CREATE INDEX jobs_protocol ON jobs (protocol);
                    """)
            for row in try Row.fetchAll(database, sql: "SELECT digest, envelope FROM jobs") {
                let job = try? Envelope(row["envelope"] as Data).unverifiedStatement.predicate.decode(JobPredicate.self)
                try database.execute(
                    sql: "UPDATE jobs SET protocol = ? WHERE digest = ?",
                    arguments: [job?.studyProtocol.digest.description, row["digest"] as String])
            }
        }
        migrator.registerMigration("3-audit") { database in
            try database.execute(
                sql: """
                    -- Why a person said no; stays at the site.
                    ALTER TABLE jobs ADD COLUMN job_decline_reason TEXT;
                    ALTER TABLE jobs ADD COLUMN release_decline_reason TEXT;
                    -- The key that signed the protocol, and the site's own code of a failure.
                    ALTER TABLE jobs ADD COLUMN sponsor TEXT;
                    ALTER TABLE jobs ADD COLUMN cause TEXT;
                    CREATE INDEX jobs_sponsor ON jobs (sponsor);
                    """)
            try database.execute(sql: AuditTrail.schema)
        }
        migrator.registerMigration("4-ledger") { database in
            try database.execute(sql: LedgerStore.schema)
        }
        migrator.registerMigration("5-noise") { database in
            try database.execute(sql: NoiseStore.schema)
        }
        migrator.registerMigration("6-statements") { database in
            try database.execute(sql: StatementStore.schema)
        }
        return migrator
    }
}
