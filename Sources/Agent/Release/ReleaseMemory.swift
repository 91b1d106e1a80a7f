internal import Disclosure
internal import GRDB
internal import Privacy
internal import StrictJSON

/// What a site keeps of a release for all later ones, in one transaction with it.
enum ReleaseMemory: Sendable {
    /// Exact numbers: their patients, and what they say of the snapshot's cases.
    case exact(ExactMemory)
    /// Noisy numbers: what they cost, and their noise.
    case noise(NoiseStore.Change)

    /// - Returns: false when another release was kept since this one was decided.
    func append(job: String, in database: Database) throws -> Bool {
        switch self {
        case .exact(let memory): try memory.append(job: job, in: database)
        case .noise(let change): try NoiseStore.append(change, job: job, in: database)
        }
    }

    /// What the audit log says of it; nil where the release's own entry says all.
    func auditFields(job: String) -> JSONValue? {
        switch self {
        case .exact: nil
        case .noise(let change): NoiseStore.auditFields(job: job, sponsor: change.sponsor, cost: change.cost)
        }
    }
}

/// What exact numbers leave behind: rows of the ledger for ever, and statements for as long as the snapshot is used.
struct ExactMemory: Sendable {
    /// What was kept of earlier releases.
    struct Loaded: Sendable {
        let ledger: LedgerStore.Loaded
        /// The digest of the snapshot that is decided about.
        let snapshot: String
        /// Of the same snapshot, in the order in which they were kept.
        let statements: [EarlierStatements]
    }

    let ledger: LedgerStore.Change
    let snapshot: String
    let statements: EarlierStatements

    func append(job: String, in database: Database) throws -> Bool {
        guard try LedgerStore.append(ledger, job: job, in: database) else { return false }
        try StatementStore.insert(statements, job: job, snapshot: snapshot, in: database)
        return true
    }
}

extension NoiseStore {
    /// The entry of a charge, by which `audit verify` checks the budget.
    static func auditFields(job: String, sponsor: String, cost: PrivacyCost) -> JSONValue {
        .object(["release": .string(job), "sponsor": .string(sponsor), "cost": .string(cost.description)])
    }
}
