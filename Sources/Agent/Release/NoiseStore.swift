internal import Foundation
internal import GRDB
internal import Privacy
internal import StrictJSON

/// The privacy budget of the site's dataset on disk, and the noise that was drawn for each release that it paid for: in the
/// jobs' database, so that the charge, the noise and the release are one transaction. Rows are only ever added; a release
/// that a person declines stays charged.
enum NoiseStore {
    /// A release's charge and noise, as they are written.
    struct Change: Sendable {
        let cost: PrivacyCost
        let sponsor: String
        let record: NoiseRecord
        /// What the release was decided on: other charges than these mean that it is to be decided anew.
        let earlier: [PrivacyBudget.Charge]
        /// What the site allows in all.
        let total: PrivacyTarget
    }

    static let schema = """
        -- What each noisy release cost the dataset, in units of 10^-12 rho, and its noise: as secret as the data.
        CREATE TABLE privacy_charges (
            number INTEGER NOT NULL PRIMARY KEY,
            job TEXT NOT NULL UNIQUE REFERENCES jobs (digest),
            sponsor TEXT NOT NULL,
            cost INTEGER NOT NULL CHECK (cost >= 0),
            noise BLOB NOT NULL
        ) STRICT;
        CREATE TRIGGER privacy_charges_are_not_changed BEFORE UPDATE ON privacy_charges BEGIN
            SELECT RAISE(ABORT, 'the privacy budget only grows');
        END;
        CREATE TRIGGER privacy_charges_are_not_removed BEFORE DELETE ON privacy_charges BEGIN
            SELECT RAISE(ABORT, 'the privacy budget only grows');
        END;
        """

    /// All charges, in the order in which they were made.
    /// - Throws: `PrivacyError` when what is stored cannot be used: nothing may leave then.
    static func charges(in database: Database) throws -> [PrivacyBudget.Charge] {
        try Row.fetchAll(database, sql: "SELECT job, sponsor, cost FROM privacy_charges ORDER BY number").map { row in
            try PrivacyBudget.Charge(
                release: row["job"], sponsor: row["sponsor"],
                cost: PrivacyCost(units: UInt64(row["cost"] as Int64)))
        }
    }

    /// Charges a release and keeps its noise, in the transaction that keeps the release.
    /// - Returns: false when another release was charged since this one was decided.
    /// - Throws: `privacy-already-charged`, `privacy-budget-spent`.
    static func append(_ change: Change, job: String, in database: Database) throws -> Bool {
        let charges = try charges(in: database)
        guard charges == change.earlier else { return false }
        var budget = try PrivacyBudget(dataset: dataset, total: change.total, charges: charges)
        try budget.spend(change.cost, release: job, sponsor: change.sponsor)
        try database.execute(
            sql: "INSERT INTO privacy_charges (job, sponsor, cost, noise) VALUES (?, ?, ?, ?)",
            arguments: [job, change.sponsor, Int64(change.cost.units), try StrictJSON.encode(change.record)])
        return true
    }

    /// An agent has one dataset.
    static let dataset = "site"
}
