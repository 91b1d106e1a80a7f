internal import GRDB

/// The schema, as the migrations that led to it. Append only: a migration that was ever released is never edited.
///
/// Instants are whole seconds since 1970 in UTC, hashes are raw bytes, digests are lower-case hex.
enum Migrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-people-and-sites") { try $0.execute(sql: peopleAndSites) }
        migrator.registerMigration("2-models") { try $0.execute(sql: models) }
        migrator.registerMigration("3-studies") { try $0.execute(sql: studies) }
        migrator.registerMigration("4-closed-studies") { try $0.execute(sql: closedStudies) }
        return migrator
    }

    private static let peopleAndSites = """
        CREATE TABLE sponsor (
            keyid TEXT NOT NULL PRIMARY KEY CHECK (length(keyid) = 64),
            name TEXT NOT NULL CHECK (name <> ''),
            role TEXT NOT NULL CHECK (role IN ('sponsor', 'lead')),
            publicKey TEXT NOT NULL,
            addedAt INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE challenge (
            challenge TEXT NOT NULL PRIMARY KEY,
            keyid TEXT NOT NULL REFERENCES sponsor (keyid) ON DELETE CASCADE,
            expiresAt INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX challengeByKey ON challenge (keyid);
        CREATE TABLE session (
            tokenHash BLOB NOT NULL PRIMARY KEY CHECK (length(tokenHash) = 32),
            keyid TEXT NOT NULL REFERENCES sponsor (keyid) ON DELETE CASCADE,
            expiresAt INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE invitation (
            tokenHash BLOB NOT NULL PRIMARY KEY CHECK (length(tokenHash) = 32),
            site TEXT NOT NULL CHECK (site <> ''),
            createdAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL,
            usedAt INTEGER,
            requestHash BLOB CHECK (length(requestHash) = 32),
            certificate TEXT,
            CHECK ((usedAt IS NULL) = (requestHash IS NULL)),
            CHECK ((usedAt IS NULL) = (certificate IS NULL))
        ) STRICT;
        CREATE TABLE site (
            site TEXT NOT NULL PRIMARY KEY CHECK (site <> ''),
            signingKey TEXT NOT NULL,
            signingKeyid TEXT NOT NULL UNIQUE CHECK (length(signingKeyid) = 64),
            serial TEXT NOT NULL UNIQUE,
            certificate TEXT NOT NULL,
            enrolledAt INTEGER NOT NULL,
            revokedAt INTEGER
        ) STRICT;
        """

    private static let models = """
        CREATE TABLE model (
            digest TEXT NOT NULL PRIMARY KEY CHECK (length(digest) = 64),
            manifest BLOB NOT NULL,
            addedBy TEXT NOT NULL,
            addedAt INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE modelFile (
            model TEXT NOT NULL REFERENCES model (digest),
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
            size INTEGER NOT NULL CHECK (size >= 0),
            isStored INTEGER NOT NULL CHECK (isStored IN (0, 1)),
            PRIMARY KEY (model, sha256)
        ) STRICT;
        """

    private static let studies = """
        CREATE TABLE envelope (
            digest TEXT NOT NULL PRIMARY KEY CHECK (length(digest) = 64),
            kind TEXT NOT NULL CHECK (kind IN ('protocol', 'job', 'release')),
            bytes BLOB NOT NULL,
            storedAt INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE study (
            id TEXT NOT NULL PRIMARY KEY,
            identifier TEXT NOT NULL,
            version TEXT NOT NULL,
            protocol TEXT NOT NULL UNIQUE REFERENCES envelope (digest),
            model TEXT REFERENCES model (digest),
            submittedBy TEXT NOT NULL,
            submittedAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL,
            revision INTEGER NOT NULL CHECK (revision > 0),
            UNIQUE (identifier, version)
        ) STRICT;
        CREATE TABLE studySite (
            study TEXT NOT NULL REFERENCES study (id),
            site TEXT NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (study, site)
        ) STRICT;
        CREATE INDEX studySiteBySite ON studySite (site);
        CREATE TABLE job (
            digest TEXT NOT NULL PRIMARY KEY REFERENCES envelope (digest),
            study TEXT NOT NULL REFERENCES study (id),
            site TEXT NOT NULL,
            nonce TEXT NOT NULL UNIQUE,
            issuedAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN (
                'queued', 'received', 'awaiting-job-approval', 'running', 'awaiting-release-approval',
                'released', 'refused', 'declined', 'failed')),
            reason TEXT,
            updatedAt INTEGER NOT NULL,
            UNIQUE (study, site),
            FOREIGN KEY (study, site) REFERENCES studySite (study, site),
            CHECK (reason IS NULL OR state IN ('refused', 'declined', 'failed'))
        ) STRICT;
        CREATE INDEX jobBySite ON job (site, state, issuedAt);
        CREATE TABLE "release" (
            job TEXT NOT NULL PRIMARY KEY REFERENCES job (digest),
            digest TEXT NOT NULL UNIQUE REFERENCES envelope (digest),
            receivedAt INTEGER NOT NULL
        ) STRICT;
        """

    private static let closedStudies = """
        ALTER TABLE study ADD COLUMN closedAt INTEGER;
        CREATE INDEX studyOpenByExpiry ON study (expiresAt) WHERE closedAt IS NULL;
        CREATE INDEX jobByExpiry ON job (expiresAt)
            WHERE state NOT IN ('released', 'refused', 'declined', 'failed');
        """
}
