internal import GRDB

/// The tables of `catalogue.sqlite`. Migrations are only ever appended.
enum CatalogueSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { db in
            // Keys and columns are one BLOB each (see CanonicalForm): a column of 100,000 cases loads in a millisecond.
            try db.execute(
                sql: """
                    CREATE TABLE snapshot (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        created TEXT NOT NULL,
                        site TEXT NOT NULL,
                        digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
                        cases INTEGER NOT NULL CHECK (cases >= 0),
                        patients INTEGER NOT NULL CHECK (patients BETWEEN 0 AND cases),
                        case_keys BLOB NOT NULL CHECK (length(case_keys) >= 4 * cases),
                        patient_keys BLOB NOT NULL CHECK (length(patient_keys) >= 4 * patients),
                        patient_of_case BLOB NOT NULL CHECK (length(patient_of_case) = 4 * cases)
                    );
                    CREATE TABLE current_snapshot (
                        only INTEGER PRIMARY KEY CHECK (only = 1),
                        snapshot INTEGER NOT NULL REFERENCES snapshot (id)
                    );
                    CREATE TABLE variable_column (
                        snapshot INTEGER NOT NULL REFERENCES snapshot (id),
                        position INTEGER NOT NULL,
                        variable TEXT NOT NULL,
                        kind TEXT NOT NULL CHECK (kind IN ('quantity', 'category')),
                        unit TEXT,
                        resolution TEXT,
                        low INTEGER,
                        high INTEGER,
                        levels TEXT,
                        codes BLOB NOT NULL,
                        PRIMARY KEY (snapshot, variable),
                        CHECK ((kind = 'category') = (levels IS NOT NULL)),
                        CHECK ((kind = 'quantity') = (unit IS NOT NULL AND resolution IS NOT NULL
                            AND low IS NOT NULL AND high IS NOT NULL))
                    );
                    CREATE TABLE object (
                        snapshot INTEGER NOT NULL REFERENCES snapshot (id),
                        case_index INTEGER NOT NULL CHECK (case_index >= 0),
                        position INTEGER NOT NULL CHECK (position >= 0),
                        path TEXT NOT NULL,
                        digest BLOB NOT NULL CHECK (length(digest) = 32),
                        PRIMARY KEY (snapshot, case_index, position)
                    ) WITHOUT ROWID;
                    CREATE TABLE unreadable (
                        path TEXT PRIMARY KEY,
                        reason TEXT NOT NULL
                    );
                    """)
        }
        return migrator
    }
}
